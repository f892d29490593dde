"""A run in the compiled tier: from the board to records, through the fused loop, and back."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.syntax import lines_of
from tradewright.simulation.event_log import EventLog, OrderLog, by_column
from tradewright.strategy.base import Strategy
from tradewright.strategy.function import FunctionStrategy

from . import cache
from .account import account_of
from .loop_text import loop_text
from .records import EVENT_RING, ORDER_RING, load_books, load_exchange, new_books, new_exchange
from .source import STUDY, line_holder, own_value
from .subset import OutsideError
from .translate import Translator
from .twin import rules_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradewright.engine.loop import Loop

__all__ = ["SLOTS", "Prepared", "Ran", "compiled_run", "new_scratch", "own_arguments", "placed", "prepare"]

SLOTS = 16
"""Orders that may work at a time in one book."""
_EXACT = 2.0**53
_HOOKS = ("on_start", "on_fill", "on_order", "on_session_close", "on_stop", "ready")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the compiled loop is called with.

    Parameters
    ----------
    translator : Translator
    shared : list
        Arguments that depend on the bars and the account alone; nothing writes to them.
    scratch : list
        Arrays that a visit writes to and that mean nothing after it.
    own : list
        Arguments of one strategy with its parameters: `own_arguments`.
    first : int
        First row in which it decides.
    """

    translator: Translator
    shared: list[Any]
    scratch: list[Any]
    own: list[Any]
    first: int

    @property
    def arguments(self) -> list[Any]:
        """All of them, in the order of the loop."""
        return [*self.shared, *self.scratch, *self.own]


class Ran(NamedTuple):
    """How a compiled run went.

    `reason` says why it was not compiled, or is to go on interpreted from `loop.next_row`, in which case nothing of
    what was compiled has left a trace; it is None when the run is done. `compiled_in` is how many seconds it took to
    make machine code that was not in the cache; None where nothing was made or nobody gave a clock.
    """

    reason: str | None = None
    compiled_in: float | None = None


def compiled_run(loop: Loop, *, even_if_new: bool, even_if_cold: bool, from_row: int = 0) -> Ran:
    """Run to the last row in the compiled tier.

    Parameters
    ----------
    even_if_new, even_if_cold : bool
        Whether machine code of the strategy, and of the rules, is made where the cache has none.
    from_row : int
        Rows before it run interpreted; there the run is handed over.

    Returns
    -------
    Ran
    """
    try:
        prepared = prepare(loop)
    except OutsideError as refused:
        return Ran(placed(refused))
    rules = rules_text()
    text = loop_text(prepared.translator, cache.module_name("rules", rules))
    is_new, is_cold = not cache.has_code("loop", text), not cache.has_code("rules", rules)
    if (is_new and not even_if_new) or (is_cold and not even_if_cold):
        return Ran("it is not compiled yet, and compiling takes longer than the run")
    try:
        cache.load("rules", rules)
        visit = cache.load("loop", text).run
        seconds = _make(loop, prepared, visit, is_cold) if is_new else None
        if from_row > prepared.first:
            loop.run_until(from_row)
        return Ran(_drive(loop, prepared, visit), seconds)
    except OSError as error:
        return Ran(f"machine code cannot be kept in {cache.cache_folder()}: {error.strerror or error}")
    except _numba_error() as error:
        return Ran(f"the compiler refuses it: {str(error).splitlines()[0]}")


def _numba_error() -> type[Exception]:
    from numba.core.errors import NumbaError

    return NumbaError


def _make(loop: Loop, prepared: Prepared, visit: Any, is_cold: bool) -> float | None:
    """Make machine code that the cache has not: a visit to no row does. How long it took."""
    plan, row = loop.plan, prepared.first
    if plan.announce is not None:
        plan.announce(
            "compiling the rules for the first time, about 15 s" if is_cold else "compiling the strategy, about 1 s"
        )
    began = plan.clock() if plan.clock is not None else None
    visit(*_handed_over(loop, prepared), row, row, 1, 1, *prepared.arguments)
    return None if began is None or plan.clock is None else plan.clock() - began


def placed(refused: OutsideError) -> str:
    """The reason with the file and line of what is not compiled, where it stands in the author's text."""
    if refused.line is None or refused.function is None:
        return refused.reason
    try:
        file = inspect.getsourcefile(refused.function)
        first = lines_of(refused.function)[1]
    except (OSError, TypeError):
        return refused.reason
    return f"{Path(file or '').name}, line {first + refused.line - 1}: {refused.reason}"


def prepare(loop: Loop) -> Prepared:
    """Check that the run keeps to what is compiled, and gather the arguments of the loop."""
    _require_plain(loop)
    strategy, board = loop.strategies[0], loop.board
    translator = Translator(strategy, len(board.market.symbols), account_of(loop))
    first = loop.first_rows[0]
    columns = [_stacked(loop, name) for name in ("open", "high", "low", "close", "volume")]
    market = board.market
    rows, symbols = len(market), len(market.symbols)
    starts = market.sessions.first_rows
    months = market.sessions.labels.astype("datetime64[D]").astype("datetime64[M]")
    new_month = starts[np.append(True, months[1:] != months[:-1])]
    terms = {term.tick for term in board.terms}
    if len(terms) > 1:
        raise OutsideError("the symbols' ticks differ")
    tick = terms.pop()
    shared: list[Any] = [
        market.open_time, market.close_time, *columns,
        _flags(rows, market.sessions.last_rows(rows)), _flags(rows, starts), _flags(rows, new_month),
        float("nan") if tick is None else float(tick), *translator.account.values(loop),
    ]  # fmt: skip
    own = own_arguments(translator, strategy, loop.contexts[0]._ready_rows, first)  # noqa: SLF001
    return Prepared(translator, shared, new_scratch(translator, symbols), own, first)


def new_scratch(translator: Translator, symbols: int) -> list[Any]:
    """Arrays for the loop to write to; each thread has its own."""
    return [np.zeros((4 + translator.rankings, max(symbols * SLOTS, symbols)), np.int64), np.zeros(symbols)]


def own_arguments(
    translator: Translator, strategy: Strategy, ready: Sequence[int] | NDArray[np.int64], first: int
) -> list[Any]:
    """What the loop takes of a bound strategy: its lines, numbers and state.

    Raises
    ------
    OutsideError
        When a line has gaps where it is read.
    """
    own: list[Any] = [
        np.asarray(ready, np.int64),
        *(_line(strategy, path, first - translator.back.get(name, 0)) for path, name in translator.lines.items()),
        *(_number(strategy, name) for name in translator.numbers),
    ]
    return [*own, _state(strategy, translator.state)] if translator.state else own


def _require_plain(loop: Loop) -> None:
    if len(loop.strategies) != 1:
        raise OutsideError("several strategies share the account")
    strategy, board = loop.strategies[0], loop.board
    if type(strategy).source is not Strategy.source and not isinstance(strategy, FunctionStrategy):
        raise OutsideError("the strategy is neither a class with on_bar nor a function")
    for hook in _HOOKS:
        if getattr(type(strategy), hook) is not getattr(Strategy, hook):
            raise OutsideError(f"the strategy has {hook}")
    if loop.delivery.is_needed:
        raise OutsideError("refused orders are raised")
    plan = loop.plan
    if plan.fill_at != "open" or plan.size_at != "decision" or plan.latency_bars or plan.latency_ms:
        raise OutsideError("orders fill at the deciding close, are sized at the fill, or are late")
    if any(track.present is not None for track in board.market.tracks):
        raise OutsideError("the symbols' times differ")


def _flags(rows: int, at: NDArray[np.int64]) -> NDArray[np.uint8]:
    flags = np.zeros(rows, np.uint8)
    flags[at] = 1
    return flags


def _stacked(loop: Loop, name: str) -> NDArray[np.float64]:
    tracks = loop.board.market.tracks
    column: NDArray[np.float64] = getattr(tracks[0], name)
    return column if len(tracks) == 1 else loop.board.market.block(name)


def _number(strategy: Strategy, name: str) -> float:
    value = own_value(strategy, name)
    if isinstance(value, int) and abs(value) >= _EXACT:
        raise OutsideError(f"self.{name} is beyond the whole numbers that are exact")
    return float(value)


def _line(strategy: Strategy, path: str, needed_from: int) -> NDArray[np.float64]:
    value = line_holder(strategy, path)
    if isinstance(value, dict):
        block: NDArray[np.float64] | None = getattr(value, "block", None)
        return np.stack([line._by_row for line in value.values()]) if block is None else block  # noqa: SLF001
    values: NDArray[np.float64] = value._by_row  # noqa: SLF001
    if needed_from < 0 or (needed_from < len(values) and np.isnan(np.min(values[needed_from:]))):
        owner = "" if path.startswith(STUDY) else "self."
        raise OutsideError(f"{owner}{path} has gaps, or is read before it begins")
    return values


def _state(strategy: Strategy, names: list[str]) -> NDArray[np.void]:
    state = np.zeros(1, np.dtype([(name, np.float64) for name in names]))
    for name in names:
        state[name] = _number(strategy, name)
    return state


def _drive(loop: Loop, prepared: Prepared, run: Any) -> str | None:
    """Visit the loop until it has reached the last row, draining the rings in between."""
    board = loop.board
    try:
        exchange, books = _handed_over(loop, prepared)
    except IndexError:
        return "more orders work than a record holds"
    events: list[NDArray[np.float64]] = []
    orders: list[NDArray[np.float64]] = []
    tags: dict[int, str] = {}
    rows, row = len(board.market), max(prepared.first, loop.next_row)
    spare = 16 * len(books) + 64
    most = EVENT_RING - 4 * spare, ORDER_RING - spare
    if min(most) <= 0:
        return "there are more symbols than the rings hold"
    while row < rows:
        try:
            reached = run(exchange, books, row, rows, *most, *prepared.arguments)
        except (ValueError, IndexError, ZeroDivisionError, OverflowError):
            return "something was raised, which the interpreted run tells"
        _drain(exchange[0], prepared.translator.tags, events, orders, tags)
        if reached == row:
            return "one bar has more events than the rings hold"
        row = reached
        if loop.plan.progress is not None:
            loop.plan.progress(row, rows)
    _keep(loop, prepared, exchange[0], books, (events, orders, tags))
    return None


def _handed_over(loop: Loop, prepared: Prepared) -> tuple[Any, Any]:
    """Records with the state of the objects, be it that of the first row or of any row boundary."""
    board = loop.board
    exchange, books = new_exchange(board.exchange, loop.desk.gate.guard), new_books(board.books, SLOTS)
    exchange["drained"] = board.exchange.log.length
    exchange["watched"], exchange["flat"] = loop.happenings.last_look
    if prepared.translator.state:
        prepared.own[-1] = _state(loop.strategies[0], prepared.translator.state)
    return exchange, books


def _drain(
    exchange: Any,
    words: list[str],
    events: list[NDArray[np.float64]],
    orders: list[NDArray[np.float64]],
    tags: dict[int, str],
) -> None:
    n_log, n_placed = int(exchange["n_log"]), int(exchange["n_placed"])
    events.append(by_column(exchange["log"][:n_log].view(np.float64).reshape(n_log, EventLog.width)))
    placed = by_column(exchange["placed"][:n_placed].view(np.float64).reshape(n_placed, OrderLog.width + 1))
    orders.append(placed[:-1])
    for number in np.flatnonzero(placed[-1] >= 0.0).tolist():
        tags[int(placed[0, number])] = words[int(placed[-1, number])]
    exchange["drained"] += n_log
    exchange["n_log"] = exchange["n_placed"] = 0


def _keep(
    loop: Loop, prepared: Prepared, exchange: Any, books: Any, logs: tuple[list[Any], list[Any], dict[int, str]]
) -> None:
    """Bring the objects to where the records are, as if the run had been interpreted."""
    board, desk = loop.board, loop.desk
    load_exchange(exchange, board.exchange, desk.gate.guard)
    load_books(books, board.books)
    board.exchange.log.take(logs[0])
    board.exchange.placed.take(logs[1])
    desk.orders.tags.update(logs[2])
    board.cursor.row = len(board.market) - 1
    strategy = loop.strategies[0]
    for name in prepared.translator.state:
        value = prepared.own[-1][name].item()
        kind = type(getattr(strategy, name))
        setattr(strategy, name, kind(value) if value.is_integer() else value)
