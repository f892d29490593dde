"""What is checked: a strategy with its bars and policies, run whole, and again on other histories."""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.engine.ground import Ground
from tradewright.engine.rehearsal import Watch, rehearse
from tradewright.engine.steps import Footprints, Steps

from .aligned import OtherFuture
from .alignment import Alignment
from .chance import same_chance
from .cutting import altered_series, cut_series, rows_until
from .outside import Outside
from .readers import other_files, reading_otherwise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.bars import Bars
    from tradewright.engine.plan import RunPlan
    from tradewright.engine.rehearsal import Rehearsal
    from tradewright.engine.steps import Step
    from tradewright.marketdata.market import Market
    from tradewright.research.leak_futures import Future
    from tradewright.strategy.base import Strategy

__all__ = ["OURS", "History", "Preparation", "Subject"]


def _rows_of(value: Any) -> int:
    """How many rows a value holds that is a column; -1 where it is none."""
    is_column = isinstance(value, (np.ndarray, list, tuple)) or hasattr(type(value), "to_numpy")
    return len(value) if is_column and np.ndim(value) else -1


_SHORT = 50
"""An array this short is a part of something, not a whole history, however early the row."""

_SELDOM = 3
"""A line that runs in fewer than one of so many rows is rare."""

OURS = frozenset({"use", "setup", "params", "_binder", "on_stop"})
"""Attributes of a strategy that are not its author's."""


@dataclass(frozen=True)
class History:
    """Another history: cut after a row, with nothing behind it or with another future.

    Parameters
    ----------
    row : int
        The last row that is known.
    future : Future or None
        None where the bars end.
    seed : int
        Of the other future.
    """

    row: int
    future: Future | None = None
    seed: int = 0


class Preparation(NamedTuple):
    """What strategies hold once they are prepared, by name and strategy, and the author's lines that ran for it."""

    held: list[dict[str, Any]]
    steps: list[Step]


def _quiet(plan: RunPlan, series: Mapping[str, Bars]) -> RunPlan:
    return replace(plan, series=series, progress=None, engine="python")


@dataclass(frozen=True)
class Subject:
    """A plan that can be made anew, with fresh strategies, as often as it is run.

    Parameters
    ----------
    make : callable
        Gives the plan.
    remake : callable, optional
        Gives the plan with the strategies that their own text makes on other bars; None where it cannot be run again.
    """

    make: Callable[[], RunPlan]
    remake: Callable[[Mapping[str, Bars]], RunPlan | None] | None = None

    @cached_property
    def plan(self) -> RunPlan:
        """The plan, its strategies not run."""
        return self.make()

    @cached_property
    def ground(self) -> Ground:
        """Its bars up to the end, on one timeline."""
        return Ground.of(self.plan)

    @property
    def series(self) -> Mapping[str, Bars]:
        """The bars of the run."""
        return self.ground.series

    @property
    def market(self) -> Market:
        """Their timeline."""
        return self.ground.market

    @cached_property
    def outside(self) -> Outside:
        """What the strategies' code holds outside of them, as it stood before the first run."""
        given = [value for strategy in self.plan.strategies for value in vars(strategy).values()]
        return Outside([*(strategy.source() for strategy in self.plan.strategies), *given])

    @cached_property
    def alignment(self) -> Alignment:
        """Which values of others belong to which row."""
        return Alignment(self.market)

    @cached_property
    def whole(self) -> Rehearsal:
        """The run over all bars, as it would be made otherwise; what the strategy prints is not shown."""
        return self.again(watch=Watch(with_spots=True))

    @property
    def first_row(self) -> int:
        """Row of the first decision of any strategy."""
        staged = self.whole.staged
        return 0 if staged is None else min(staged.loop.first_rows)

    @property
    def warmup(self) -> int:
        """Bars that the strategies wait for."""
        staged = self.whole.staged
        return 1 if staged is None else max(staged.warmup)

    @cached_property
    def decided(self) -> np.ndarray:
        """Rows in which orders were placed, or at least something was asked of the desk."""
        staged = self.whole.staged
        placed = () if staged is None else staged.loop.desk.orders.rows.table()[:, 2]
        asked = [intent.row for intent in self.whole.intents]
        return np.unique(np.asarray(placed if len(placed) else asked, np.int64))

    def again(
        self,
        history: History | None = None,
        *,
        series: Mapping[str, Bars] | None = None,
        watch: Watch | None = None,
        until: int | None = None,
        **policies: Any,
    ) -> Rehearsal:
        """Run it with fresh strategies as on the first day: nothing is left of the runs before.

        Parameters
        ----------
        history : History, optional
            Another one than that of the bars.
        series : mapping of symbol to Bars, optional
            Other bars altogether.
        watch : Watch, optional
        until : int, optional
            The last row that is decided in; that of the history by default.
        **policies
            Other fields of the plan.
        """
        self.outside.restore()
        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(self.still())
                return self._run(stack, history, series or self.series, watch or Watch(), until, policies)
        finally:
            self.outside.restore()

    @contextlib.contextmanager
    def still(self, seed: int = 0) -> Any:
        """Hold shared chance, and what is printed, while a run is watched."""
        # An indicator that is computed over bars in which nothing happens may divide by zero there.
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), same_chance(seed):
            warnings.simplefilter("ignore")
            yield

    def _run(
        self,
        stack: contextlib.ExitStack,
        history: History | None,
        series: Mapping[str, Bars],
        watch: Watch,
        until: int | None,
        policies: Mapping[str, Any],
    ) -> Rehearsal:
        # Asked before anything is changed: the text must read for it what it read for the run.
        remake = self.remake if history is not None and history.future is not None and self.is_remade else None
        if history is not None:
            until = history.row if until is None else min(until, history.row)
            series, watch = self._other(stack, series, history, watch)
        remade = None if remake is None else remake(series)
        plan = self.fresh_plan() if remade is None else _quiet(remade, self.series)
        detail = plan.detail
        if until is not None and until >= 0 and series is self.series:
            known = self.instant(until)
            detail = {name: bars.rows(0, max(1, rows_until(bars, known))) for name, bars in detail.items()}
        plan = replace(plan, series=series, detail=detail, **policies)
        return rehearse(plan, until=until, watch=watch)

    def fresh_plan(self) -> RunPlan:
        """The plan with strategies that have not run, over the bars of the run; nobody is told of its progress."""
        return _quiet(self.make(), self.series)

    @cached_property
    def is_remade(self) -> bool:
        """Whether the strategies' own text, run again on the same bars, gives strategies that decide the same."""
        self.outside.restore()
        try:
            with self.still():
                plan = None if self.remake is None else self.remake(self.series)
                seen = None if plan is None else rehearse(_quiet(plan, self.series), until=len(self.market) - 1)
        finally:
            self.outside.restore()
        return seen is not None and seen.failure is None and seen.intents == self.whole.intents

    def run_here(self) -> None:
        """Run it once as anybody would, and leave behind what it leaves behind."""
        with self.still():
            rehearse(self.fresh_plan(), until=len(self.market) - 1)

    def _other(
        self, stack: contextlib.ExitStack, series: Mapping[str, Bars], history: History, watch: Watch
    ) -> tuple[Mapping[str, Bars], Watch]:
        """Bars of another history, with what the author's code holds beside them changed along."""
        instant = self.instant(history.row)
        if history.future is None:
            return cut_series(series, instant, 2 * self.warmup + 64), watch
        rng = np.random.default_rng([history.seed, history.row])
        other = OtherFuture(self.alignment, history.row, history.future, rng)
        self.outside.rewritten(lambda value: reading_otherwise(value, other))
        stack.enter_context(other_files(other))

        def changed(strategy: Strategy) -> None:
            author = strategy.author()
            for name, value in list(vars(author).items()):
                if name not in OURS:
                    made = other(value)
                    if made is not value:
                        vars(author)[name] = made

        def prepared(strategy: Strategy) -> None:
            if watch.prepared is not None:
                watch.prepared(strategy)
            changed(strategy)

        shown = altered_series(series, instant, history.future, rng)
        return shown, replace(watch, prepared=prepared, deciding=changed)

    def steps(self, row: int, history: History | None = None) -> list[Step]:
        """The author's lines that run in a row, on a history that knows it."""
        steps = Steps(longest=max(row + 1, _SHORT))
        self.again(history, until=row, watch=Watch(steps=steps, steps_row=row))
        return steps.steps

    @cached_property
    def counts_bars(self) -> bool:
        """Whether something is held by row of the whole history: it is read by counting bars from the first one on."""
        lengths = {len(self.market), *(len(track.bars) for track in self.market.tracks)}
        lengths |= {length - 1 for length in lengths}
        held = [
            value for attributes in self.preparation().held for name, value in attributes.items() if name not in OURS
        ]
        return any(_rows_of(value) in lengths for value in [*held, *(value for _, value in self.outside.values())])

    @cached_property
    def rare_rows(self) -> np.ndarray:
        """Rows in which lines of the author's run that seldom do: the first, the middle and the last of each."""
        footprints = Footprints()
        self.again(until=len(self.market) - 1, watch=Watch(footprints=footprints))
        seldom = [rows for rows in footprints.rows.values() if len(rows) * _SELDOM < len(self.market)]
        return np.unique([row for rows in seldom for row in (rows[0], rows[len(rows) // 2], rows[-1])]).astype(np.int64)

    def preparation(self, history: History | None = None) -> Preparation:
        """What the strategies hold once they are prepared, on a history, and the author's lines that ran for it."""
        steps, held = Steps(with_identities=True), []

        def note(strategy: Strategy) -> None:
            held.append(dict(vars(strategy.author())))

        watch = Watch(steps=steps, prepared=note)
        self.again(history, until=-1, watch=watch)
        return Preparation(held, steps.steps)

    def instant(self, row: int) -> int:
        """When the bars of a row have closed, UTC nanoseconds."""
        return int(self.market.close_time[row])

    def label(self, row: int) -> str:
        """A bar as people name it: its session date, or its open in UTC for bars shorter than a day."""
        if row < 0:
            return "before the first bar"
        stamp = int(self.market.timeline(0).labels()[row])
        unit = "m" if self.market.timeframe.is_intraday else "D"
        return str(np.datetime64(stamp, "ns").astype(f"datetime64[{unit}]")).replace("T", " ")
