"""`tw.check`: whether a strategy decides by what was known when it decided."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tradewright.app.checks.check import CUTS
from tradewright.app.checks.check import check as check_plan
from tradewright.face.backtest import plan_of
from tradewright.strategy.base import Strategy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.app.checks.report import CheckReport
    from tradewright.domain.bars import Bars
    from tradewright.engine.plan import RunPlan

__all__ = ["check"]


def check(
    strategy: Any,
    bars: Bars | Mapping[str, Bars] | Sequence[Bars],
    *,
    params: Mapping[str, Any] | None = None,
    cuts: int = CUTS,
    progress: Callable[[int, int], None] | None = None,
    **policies: Any,
) -> CheckReport:
    """Check a strategy for bias, by running it again and again."""

    def make() -> RunPlan:
        return plan_of(_fresh(strategy), bars, params=params, **policies)

    return check_plan(make, cuts=cuts, progress=progress)


def _fresh(strategy: Any) -> Any:
    """The strategy, or a copy of an instance: each run needs one of its own."""
    if isinstance(strategy, (list, tuple)):
        return [_fresh(each) for each in strategy]
    return copy.deepcopy(strategy) if isinstance(strategy, Strategy) else strategy
