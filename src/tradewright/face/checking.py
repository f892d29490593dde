"""`tw.check`: whether a strategy decides by what was known when it decided."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tradewright.app.checks.check import CUTS
from tradewright.app.checks.check import check as check_plan
from tradewright.app.checks.origin import made_again
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
    """Check a strategy for bias, by running it again and again on other histories.

    Look-ahead and repainting are looked for on histories that are cut after many bars, a warm-up that is too short
    where history begins later, unstable chance by running twice. ``docs/guides/check-for-bias.md`` tells how.

    Parameters
    ----------
    strategy, bars, params
        As for `tradewright.backtest`.
    cuts : int
        About how many bars the history is cut after; each is run twice.
    progress : callable, optional
        Called with (cuts done, cuts).
    **policies
        Of the run, as for `tradewright.backtest`: ``fill_at``, ``shorts``, ``margin``, ``costs``, ``start`` …

    Returns
    -------
    CheckReport
        ``passed``, ``findings`` (each with ``kind``, ``symbol``, ``bar``, ``before``, ``after``, ``file``, ``line``),
        ``checks``, ``summary()``, ``to_dict()``; ``result`` is the run itself, whose trust bar knows of the check.

    Raises
    ------
    TradewrightError
        When the strategy cannot be run over the bars at all.

    Examples
    --------
    >>> import numpy as np
    >>> import tradewright as tw
    >>> class Peeking(tw.Strategy):
    ...     def setup(self):
    ...         self.next = self.use(lambda close: np.roll(close, -1), "close")
    ...     def on_bar(self, ctx):
    ...         ctx.target_percent(0.9 if self.next.value > ctx.close() else 0.0)
    >>> report = tw.check(Peeking, tw.synthetic_bars(bars=120, seed=1), cuts=8)
    >>> report.passed, report.findings[0].kind.value
    (False, 'look-ahead')
    """

    def make() -> RunPlan:
        return plan_of(_fresh(strategy), bars, params=params, **policies)

    def remake(series: Mapping[str, Bars]) -> RunPlan | None:
        again = _again(strategy, bars, _shaped(bars, series))
        return None if again is None else plan_of(again, bars, params=params, **policies)

    return check_plan(make, remake=remake, cuts=cuts, progress=progress)


def _again(strategy: Any, bars: Any, other: Any) -> Any:
    """The strategy as its own text makes it on other bars; None where none of it can be made again."""
    if not isinstance(strategy, (list, tuple)):
        return made_again(strategy, bars, other)
    made = [made_again(each, bars, other) for each in strategy]
    if all(each is None for each in made):
        return None
    return [_fresh(each) if new is None else new for each, new in zip(strategy, made, strict=True)]


def _shaped(given: Any, series: Mapping[str, Bars]) -> Any:
    """Bars in the shape in which others were given."""
    if hasattr(given, "close_time"):
        return next(iter(series.values()))
    return dict(series) if hasattr(given, "keys") else list(series.values())


def _fresh(strategy: Any) -> Any:
    """The strategy, or a copy of an instance: each run needs one of its own."""
    if isinstance(strategy, (list, tuple)):
        return [_fresh(each) for each in strategy]
    return copy.deepcopy(strategy) if isinstance(strategy, Strategy) else strategy
