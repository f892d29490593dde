"""How likely the winner of a search is luck: every number where it can be computed, a reason where not."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.honesty import SearchHonesty
from tradewright.domain.search import TrialState
from tradewright.domain.space import Space
from tradewright.quant import significance
from tradewright.quant.ratios import per_period
from tradewright.quant.undefined import Undefined
from tradewright.research.overfitting import probability_of_overfitting
from tradewright.research.reality_check import superior_performance
from tradewright.research.selection import deflated_sharpe_of_best, effective_trials, estimate_sharpe
from tradewright.research.stability import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradewright.domain.search import SearchRecord
    from tradewright.reporting.result import Result
    from tradewright.research.overfitting import Overfitting
    from tradewright.research.reality_check import SuperiorPerformance
    from tradewright.research.selection import SharpeEstimate
    from tradewright.research.stability import Neighbourhood

__all__ = ["Judge"]

_NO_BEST = "no trial has a value"


class Judge:
    """Computes the honesty of one search, each number once.

    Parameters
    ----------
    record : SearchRecord
    risk_free : float
        Annual.
    best_run : callable
        Gives the plain backtest of the best trial.
    """

    def __init__(self, record: SearchRecord, risk_free: float, best_run: Callable[[], Result]) -> None:
        self._record = record
        self._risk_free = per_period(risk_free, record.periods_per_year)
        self._best_run = best_run
        self._reasons: dict[str, str] = {}

    def honesty(self) -> SearchHonesty:
        """All numbers."""
        record, annual = self._record, math.sqrt(self._record.periods_per_year)
        median = self._asked("neighbour_median", lambda: self._sign * self._neighbours.median)
        share = self._asked("neighbour_share", lambda: self._neighbours.share_within(0.5))
        luck = self._asked("expected_best_sharpe", self._luck)
        estimate = self._asked("best_sharpe", lambda: self._estimate)
        found = {
            "deflated_sharpe": self._asked(
                "deflated_sharpe", lambda: deflated_sharpe_of_best(self._estimate, record.count)
            ),
            "probabilistic_sharpe": self._asked("probabilistic_sharpe", self._probabilistic),
            "pbo": self._asked("pbo", lambda: self.overfitting.probability),
            "out_of_sample_sharpe": self._asked("out_of_sample_sharpe", lambda: annual * self._chosen_elsewhere()),
            "reality_check": self._asked("reality_check", lambda: self._superior.reality_check),
            "spa": self._asked("spa", lambda: self._superior.spa),
            "track_record_years": self._asked("track_record_years", self._track_record),
            "break_even_bps": self._asked("break_even_bps", self._break_even),
            "effective_trials": self._asked("effective_trials", lambda: effective_trials(record.returns)),
        }
        return SearchHonesty(
            trials=record.count.configurations,
            trials_variance=record.count.variance,
            expected_best_sharpe=None if luck is None else luck * annual,
            best_sharpe=None if estimate is None else estimate.sharpe * annual,
            pbo_splits=0 if found["pbo"] is None else self.overfitting.splits,
            years=len(record.returns) / record.periods_per_year,
            neighbours=self._asked("neighbours", lambda: len(self._neighbours.neighbours)) or 0,
            neighbour_median=median,
            neighbour_share=share,
            reasons=dict(self._reasons),
            **found,
        )

    @cached_property
    def overfitting(self) -> Overfitting:
        """What the splits of the overfitting test showed.

        Raises
        ------
        Undefined
            When there is too little to split.
        """
        return probability_of_overfitting(self._excess)

    def splits(self) -> Overfitting | None:
        """The same; None where there is too little to split."""
        try:
            return self.overfitting
        except Undefined:
            return None

    def _asked(self, field: str, compute: Callable[[], Any]) -> Any:
        try:
            return compute()
        except Undefined as undefined:
            self._reasons[field] = undefined.reason
            return None

    @cached_property
    def _best_returns(self) -> NDArray[np.float64]:
        best = self._record.best
        if best is None:
            raise Undefined(_NO_BEST)
        returns = self._record.returns_of(best)
        if returns is None:
            raise Undefined("the best trial's equity fell to nothing, so returns have no base")
        return np.ascontiguousarray(returns)

    @cached_property
    def _estimate(self) -> SharpeEstimate:
        return estimate_sharpe(self._best_returns, self._risk_free)

    @cached_property
    def _superior(self) -> SuperiorPerformance:
        # A stream of its own: the p-values are the same whenever they are asked for.
        return superior_performance(self._excess, rng=np.random.default_rng([self._record.seed, 1]))

    @cached_property
    def _excess(self) -> NDArray[np.float64]:
        """Returns over cash of all trials: of the better ones alone, every number would look better than it is."""
        pruned = sum(trial.state is TrialState.PRUNED for trial in self._record.trials)
        if pruned:
            raise Undefined(f"{pruned:,} trials were given up early, and a selection of trials says nothing")
        returns = self._record.returns
        return returns - self._risk_free if self._risk_free else returns

    @cached_property
    def _neighbours(self) -> Neighbourhood:
        trials = self._record.trials
        values = [math.nan if trial.value is None else self._sign * trial.value for trial in trials]
        around = Surroundings(Space.of_description(self._record.space), [trial.params for trial in trials], values)
        return around.of(around.best())

    @property
    def _sign(self) -> float:
        return 1.0 if self._record.objectives[0].maximize else -1.0

    def _luck(self) -> float:
        count = self._record.count
        if count.variance is None:
            raise Undefined(f"fewer than two of the {count.configurations} trials have a Sharpe ratio")
        return significance.expected_maximum_sharpe(count.configurations, count.variance)

    def _chosen_elsewhere(self) -> float:
        """What the trial chosen in one half of the time did in the other, not annualised."""
        return float(np.median(self.overfitting.out_of_sample))

    def _probabilistic(self) -> float:
        return significance.probabilistic_sharpe(*self._estimate)

    def _track_record(self) -> float:
        estimate = self._estimate
        periods = significance.minimum_track_record_length(estimate.sharpe, estimate.skew, estimate.kurtosis)
        return periods / self._record.periods_per_year

    def _break_even(self) -> float:
        if self._record.best is None:
            raise Undefined(_NO_BEST)
        metrics = self._best_run().metrics
        value = metrics["break_even_bps"]
        if value is None:
            raise Undefined(metrics.reason("break_even_bps") or "it is undefined")
        return float(value)
