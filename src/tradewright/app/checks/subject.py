"""What is checked: a strategy with its bars and policies, run whole, and again on other histories."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tradewright.engine.ground import Ground
from tradewright.engine.rehearsal import rehearse

from .cutting import rows_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.bars import Bars
    from tradewright.engine.plan import RunPlan
    from tradewright.engine.rehearsal import Rehearsal
    from tradewright.marketdata.market import Market

__all__ = ["Subject"]


@dataclass(frozen=True)
class Subject:
    """A plan that can be made anew, with fresh strategies, as often as it is run.

    Parameters
    ----------
    make : callable
        Gives the plan.
    """

    make: Callable[[], RunPlan]

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
    def whole(self) -> Rehearsal:
        """The run over all bars, as it would be made otherwise; what the strategy prints is not shown."""
        return self.again(with_spots=True)

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
        series: Mapping[str, Bars] | None = None,
        *,
        until: int | None = None,
        with_spots: bool = False,
    ) -> Rehearsal:
        """Run it with fresh strategies, over other bars where they are given, up to a row where one is given."""
        plan = self.make()
        detail = plan.detail
        if until is not None:
            detail = {
                name: bars.rows(0, max(1, rows_until(bars, self.instant(until)))) for name, bars in detail.items()
            }
        shown = self.series if series is None else series
        plan = replace(plan, series=shown, detail=detail, progress=None, engine="python")
        with contextlib.redirect_stdout(io.StringIO()):
            return rehearse(plan, until=until, with_spots=with_spots)

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
