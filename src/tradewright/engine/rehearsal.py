"""A run that is watched: what its strategies ask of the desk, row by row, and the indicators they declare.

It is the same run on the same road; what is watched is told by the strategies' own calls. It may end early, before the
bars do, and then nothing that belongs to an end happens.
"""

from __future__ import annotations

import contextlib
import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.errors import DataNotAvailableError
from tradewright.strategy.base import HOOKS
from tradewright.strategy.binding import lines_in
from tradewright.strategy.desk import Ticket
from tradewright.strategy.places import author_frame, spot

from .failures import strategy_frame
from .staging import Staged, stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.leaks import Spot
    from tradewright.domain.record import LogLine
    from tradewright.strategy.base import Strategy
    from tradewright.strategy.lines import Line

    from .plan import RunPlan
    from .steps import Footprints, Steps

__all__ = ["Declared", "Failure", "Intent", "Rehearsal", "Watch", "rehearse"]

_CALLS = ("submit", "market", "target_percent", "target_quantity", "close_position", "cancel", "replace")


class Intent(NamedTuple):
    """One call to the desk: in which row, which call, for which book, with what."""

    row: int
    call: str
    book: int
    said: tuple[Any, ...]


class Declared(NamedTuple):
    """An indicator line, and where the author declared it."""

    line: Line
    spot: Spot | None


class Failure(NamedTuple):
    """A run that could not go on: in which row (-1 before the first), why, and where in the author's text."""

    row: int
    sentence: str
    spot: Spot | None


class _EndedEarly(BaseException):
    """Ends a rehearsal from inside a hook, past everything that catches errors."""


@dataclass(eq=False)
class Rehearsal:
    """What was seen of a run.

    Attributes
    ----------
    plan : RunPlan
    until : int or None
        The last row that counts; None for all.
    staged : Staged or None
        The run as it was set up; None where that failed.
    intents : list of Intent
        In order; those of rows after `until` are left out.
    spots, log_spots : list of Spot or None
        Where each intent, and each line of the log, was said, where that was asked for.
    lines : list of Declared
    failure : Failure or None
    """

    plan: RunPlan
    until: int | None = None
    staged: Staged | None = None
    intents: list[Intent] = field(default_factory=list)
    spots: list[Spot | None] = field(default_factory=list)
    log_spots: list[Spot | None] = field(default_factory=list)
    lines: list[Declared] = field(default_factory=list)
    failure: Failure | None = None

    @property
    def row(self) -> int:
        """The row it is in."""
        return -1 if self.staged is None else self.staged.loop.board.cursor.row

    @property
    def logs(self) -> list[LogLine]:
        """What was logged up to the last row that counts."""
        if self.staged is None:
            return []
        board, logs = self.staged.loop.board, self.staged.loop.desk.logs
        last = len(board.market) - 1 if self.until is None else min(self.until, len(board.market) - 1)
        return [line for line in logs if line.time <= int(board.close_time[last])]


@dataclass(frozen=True)
class Watch:
    """What else is done while a run is watched.

    Parameters
    ----------
    with_spots : bool
        Note the author's line of every call to the desk.
    prepared : callable, optional
        Called with each strategy once it is prepared.
    deciding : callable, optional
        Called with each strategy before its first hook in the last row that counts.
    steps : Steps, optional
        Collects the author's lines that run in `steps_row`.
    steps_row : int
        -1 is the preparation, before the first row.
    footprints : Footprints, optional
        Collects the rows in which each of the author's lines runs.
    """

    with_spots: bool = False
    deciding: Callable[[Strategy], None] | None = None
    prepared: Callable[[Strategy], None] | None = None
    steps: Steps | None = None
    steps_row: int = -1
    footprints: Footprints | None = None


def rehearse(plan: RunPlan, *, until: int | None = None, watch: Watch | None = None) -> Rehearsal:
    """Run a plan, watched.

    Parameters
    ----------
    plan : RunPlan
        With strategies that have not run.
    until : int, optional
        Last row that is decided in. What belongs to the end of a run, `on_stop` and the last marks, is left out then.
    watch : Watch, optional
    """
    watch = watch or Watch()
    seen = Rehearsal(plan, until)
    for strategy in plan.strategies:
        _watch(strategy, seen, watch)
    try:
        seen.staged = stage(plan)
        _listen(seen, with_spots=watch.with_spots)
        seen.staged.loop.run()
    except _EndedEarly:
        pass
    except DataNotAvailableError as error:
        seen.failure = Failure(-1, str(error.message), None)
    except Exception as error:  # noqa: BLE001 - a run that fails is compared with one that does not
        seen.failure = _failure(error, seen)
    return seen


def _failure(error: Exception, seen: Rehearsal) -> Failure | None:
    """What went wrong; None where it was after the last row that counts."""
    if seen.until is not None and seen.row > seen.until:
        return None
    frame = strategy_frame(error.__cause__ or error) or strategy_frame(error)
    where = None if frame is None or frame.lineno is None else spot(frame.filename, frame.lineno)
    return Failure(seen.row, str(getattr(error, "message", error)), where)


def _watch(strategy: Strategy, seen: Rehearsal, watch: Watch) -> None:
    """Note what a strategy declares, and end its run where that was asked for."""
    attributes = vars(strategy)
    attributes["use"] = _noting_lines(strategy.use, seen)
    attributes["setup"] = _preparing(strategy, watch)
    if seen.until is not None:
        gate = _Gate(strategy, seen, watch)
        for name in (*HOOKS, "ready"):
            attributes[name] = gate.around(getattr(strategy, name))
        attributes["on_stop"] = _nothing


def _nothing(*_: Any) -> None:
    """What a run that ends early does at its end."""


def _preparing(strategy: Strategy, watch: Watch) -> Callable[[], None]:
    setup = strategy.setup

    def preparing() -> None:
        steps = watch.steps if watch.steps_row < 0 else None
        with contextlib.nullcontext() if steps is None else steps.watching():
            setup()
        if watch.prepared is not None:
            watch.prepared(strategy)

    return preparing


class _Gate:
    """Stands before a strategy's hooks: ends the run after its last row, and has that row looked at."""

    def __init__(self, strategy: Strategy, seen: Rehearsal, watch: Watch) -> None:
        self._strategy, self._seen, self._watch = strategy, seen, watch
        self._until = -1 if seen.until is None else seen.until
        self._is_told = watch.deciding is None

    def around(self, hook: Callable[..., Any]) -> Callable[..., Any]:
        """The hook behind the gate."""

        def gated(*arguments: Any) -> Any:
            row = self._seen.row
            if row >= self._until or self._watch.steps is not None:
                return self._at(row, hook, arguments)
            if self._watch.footprints is not None:
                with self._watch.footprints.watching(row):
                    return hook(*arguments)
            return hook(*arguments)

        return gated

    def _at(self, row: int, hook: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        if row > self._until:
            raise _EndedEarly
        if row == self._until and not self._is_told and self._watch.deciding is not None:
            self._is_told = True
            self._watch.deciding(self._strategy)
        if self._watch.steps is not None and row == self._watch.steps_row:
            with self._watch.steps.watching():
                return hook(*arguments)
        return hook(*arguments)


def _noting_lines(use: Callable[..., Any], seen: Rehearsal) -> Callable[..., Any]:
    def noting(*arguments: Any, **keywords: Any) -> Any:
        frame = author_frame(inspect.currentframe())
        found = use(*arguments, **keywords)
        where = None if frame is None else spot(frame.f_code.co_filename, frame.f_lineno)
        seen.lines.extend(Declared(line, where) for line in lines_in(found))
        return found

    return noting


def _listen(seen: Rehearsal, *, with_spots: bool) -> None:
    """Note every call to the desk."""
    assert seen.staged is not None  # noqa: S101 - set one line before the call
    desk = seen.staged.loop.desk
    if with_spots:
        vars(desk)["log"] = _noting_logs(desk.log, seen)
    for name in _CALLS:
        vars(desk)[name] = _noting_calls(name, getattr(desk, name), seen, with_spots=with_spots)


def _noting_logs(log: Callable[..., None], seen: Rehearsal) -> Callable[..., None]:
    def noting(*said: Any) -> None:
        frame = author_frame(inspect.currentframe())
        seen.log_spots.append(None if frame is None else spot(frame.f_code.co_filename, frame.f_lineno))
        log(*said)

    return noting


def _noting_calls(name: str, call: Callable[..., Any], seen: Rehearsal, *, with_spots: bool) -> Callable[..., Any]:
    def noting(book: int, *said: Any) -> Any:
        row = seen.row
        if seen.until is None or row <= seen.until:
            seen.intents.append(Intent(row, name, book, tuple(_plain(each) for each in said)))
            if with_spots:
                frame = author_frame(inspect.currentframe())
                seen.spots.append(None if frame is None else spot(frame.f_code.co_filename, frame.f_lineno))
        return call(book, *said)

    return noting


def _plain(said: Any) -> Any:
    """A ticket as its fields, so that two of them can be compared; everything else as it is."""
    if isinstance(said, Ticket):
        fields = {name: getattr(said, name) for name in Ticket.__slots__}
        fields["oco"] = None if said.oco is None else said.oco.id
        return {name: value for name, value in fields.items() if value is not None}
    return dict(said) if isinstance(said, dict) else said
