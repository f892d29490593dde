"""Many parameter sets of one strategy through the compiled loop: what a search needs of each run, and no record."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.engine.break_even import PAYS_WHEN_CACHED, PAYS_WHEN_COLD, PAYS_WHEN_NEW
from tradewright.engine.dates import first_row_from
from tradewright.engine.staging import bind, stage
from tradewright.strategy.lines import Cursor

from . import cache
from .loop_text import loop_text
from .records import EVENT_RING, ORDER_RING, exchange_type, new_books, new_exchange
from .runner import SLOTS, new_scratch, own_arguments, placed, prepare
from .source import line_holder, own_value
from .subset import OutsideError
from .twin import measure_text, rules_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from tradewright.engine.ground import Ground
    from tradewright.engine.plan import RunPlan
    from tradewright.engine.staging import Staged
    from tradewright.strategy.base import Strategy

    from .runner import Prepared

    Floats = NDArray[np.float64]
    Make = Callable[[Mapping[str, Any]], Strategy]

__all__ = ["Sweep", "Swept", "open_sweep"]

_RAISED = (ValueError, IndexError, ZeroDivisionError, OverflowError)


def open_sweep(plan: RunPlan, ground: Ground, make: Make, trials: int | None) -> Sweep | str:
    """A sweep, or why there is none.

    Parameters
    ----------
    plan, ground, make
        See `Sweep`.
    trials : int, optional
        How many runs there will be: compiling has to pay, unless the plan asks for machine code.
    """
    try:
        sweep = Sweep(plan, ground, make)
    except OutsideError as refused:
        return placed(refused)
    bars = len(ground.market) * len(ground.market.symbols) * (trials or 1)
    if plan.engine != "compiled" and not sweep.pays(bars):
        return "it is not compiled yet, and compiling takes longer than the search"
    try:
        sweep.load()
    except OSError as error:
        return f"machine code cannot be kept in {cache.cache_folder()}: {error.strerror or error}"
    return sweep


class Swept(NamedTuple):
    """What a sweep keeps of one run.

    `curve` is the starting cash and the equity at each session close; `trades` is None where only lots can tell.
    """

    curve: Floats
    final_equity: float
    max_drawdown: float
    trades: int | None
    warmup_bars: int


@dataclass(slots=True)
class _Bench:
    """What one thread writes to."""

    exchange: Any
    books: Any
    header: Any
    fresh_header: Any
    fresh_books: Any
    scratch: list[Any]
    held: Floats
    parts: NDArray[np.int64]
    water: Floats
    count: NDArray[np.int64]


class Sweep:
    """Runs of one strategy that differ in its parameters only; threads may ask at once, machine code lets them run.

    Parameters
    ----------
    plan : RunPlan
        Of any of them; its strategy is not run.
    ground : Ground
        Of that plan.
    make : callable
        Gives the strategy of a parameter set.

    Raises
    ------
    OutsideError
        When such runs are not compiled, or end in something a sweep does not do.
    """

    def __init__(self, plan: RunPlan, ground: Ground, make: Make) -> None:
        if plan.finalize or plan.margin is not None:
            raise OutsideError("a sweep knows no margin account and closes nothing at the end")
        self._plan, self._ground, self._make = plan, ground, make
        self._staged: Staged = stage(plan, ground)
        self._prepared: Prepared = prepare(self._staged.loop)
        self._rules = rules_text()
        self._text = loop_text(self._prepared.translator, cache.module_name("rules", self._rules))
        self._run: Any = None
        self._measure: Any = None
        self._signature = self._signature_of(self._staged.loop.strategies[0])
        market = ground.market
        self._start = first_row_from(market.sessions, len(market), plan.start)
        self._columns = np.atleast_2d(self._prepared.shared[5])
        self._multipliers = np.array([each.multiplier for each in self._staged.loop.board.books])
        self._sessions = market.sessions.last_rows(len(market))
        spare = 16 * len(market.symbols) + 64
        self._most = EVENT_RING - 4 * spare, ORDER_RING - spare
        if min(self._most) <= 0:
            raise OutsideError("there are more symbols than the rings hold")
        self._local = threading.local()

    def pays(self, bars: int) -> bool:
        """Whether machine code is over sooner for so many symbol bars, by what lies in the cache."""
        if not cache.has_code("rules", self._rules):
            return bars >= PAYS_WHEN_COLD
        return bars >= (PAYS_WHEN_CACHED if cache.has_code("loop", self._text) else PAYS_WHEN_NEW)

    def load(self) -> None:
        """Load the machine code, or leave it to be made by the first run.

        Raises
        ------
        OSError
            When it cannot be kept.
        """
        cache.load("rules", self._rules)
        self._measure = cache.load("measure", measure_text()).measure
        self._run = cache.load("loop", self._text).run

    def evaluate(self, params: Mapping[str, Any]) -> Swept | None:
        """Run one parameter set; None where it is to be run by itself, because it raises or does not fit a sweep.

        Raises
        ------
        TradewrightError
            What the strategy raises while it declares its indicators, or of its parameters.
        """
        strategy = self._make(params)
        binder = bind(strategy, self._ground, Cursor(self._ground.market.close_time))
        del binder
        warmup = strategy.required_warmup_bars()
        first = max(warmup - 1, self._start)
        rows = len(self._ground.market)
        if first >= rows or self._signature_of(strategy) != self._signature:
            return None
        try:
            own = own_arguments(self._prepared.translator, strategy, strategy.ready_rows_by_symbol(), first)
        except OutsideError:
            return None
        bench = self._bench()
        self._renew(bench)
        try:
            reached = self._run(
                bench.exchange, bench.books, first, rows, *self._most, *self._prepared.shared, *bench.scratch, *own
            )
        except _RAISED:
            return None
        return self._measured(bench, first, warmup) if reached == rows else None

    def _measured(self, bench: _Bench, first: int, warmup: int) -> Swept:
        counted = first if self._plan.metrics_from == "ready" else self._start
        closes = self._sessions[self._sessions >= counted]
        curve = np.empty(len(closes) + 1)
        exchange = bench.exchange[0]
        self._measure(
            exchange["log"], int(exchange["n_log"]), self._columns, self._multipliers, float(self._plan.cash), counted,
            closes, bench.held, bench.parts, curve, bench.water, bench.count,
        )  # fmt: skip
        trades, simple = int(bench.count[0]), int(bench.count[1])
        return Swept(curve, float(bench.water[3]), float(bench.water[2]), trades if simple else None, warmup)

    def _bench(self) -> _Bench:
        found: _Bench | None = getattr(self._local, "bench", None)
        if found is None:
            found = self._local.bench = self._new_bench()
        return found

    def _new_bench(self) -> _Bench:
        board = self._staged.loop.board
        exchange, books = new_exchange(board.exchange, self._staged.loop.desk.gate.guard), new_books(board.books, SLOTS)
        # The rings stand last in the record: what is before them is the whole state.
        size = min(exchange_type().fields[name][1] for name in ("log", "placed"))  # type: ignore[index]
        header = exchange.view(np.uint8)[:size]
        count = len(board.books)
        scratch = new_scratch(self._prepared.translator, len(self._ground.market.symbols))
        return _Bench(
            exchange, books, header, header.copy(), books.copy(), scratch,
            np.zeros(count), np.zeros(count, np.int64), np.zeros(4), np.zeros(4, np.int64),
        )  # fmt: skip

    @staticmethod
    def _renew(bench: _Bench) -> None:
        bench.header[:] = bench.fresh_header
        bench.books[:] = bench.fresh_books

    def _signature_of(self, strategy: Strategy) -> tuple[Any, ...] | None:
        """What the text of the loop was written for: the kinds of the values it reads, never the values."""
        translator = self._prepared.translator
        try:
            numbers = [type(own_value(strategy, name)) for name in (*translator.numbers, *translator.state)]
            lines = [_kind(line_holder(strategy, path)) for path in translator.lines]
        except (AttributeError, OutsideError):
            return None
        return (*numbers, *lines)


def _kind(value: Any) -> tuple[Any, ...]:
    held = list(value.values()) if isinstance(value, dict) else [value]
    return isinstance(value, dict), len(held), *(type(line) for line in held[:1])
