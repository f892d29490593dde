"""A search with everything that was found out about it, once: honesty, the best's run, warnings, trust, the verdict."""

from __future__ import annotations

import statistics
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tradewright.domain.errors import ConfigError, TradewrightError
from tradewright.reporting.search import texts, trials, verdicts
from tradewright.reporting.search.doubts import find_doubts
from tradewright.reporting.search.meanings import honesty_rows
from tradewright.reporting.trust import is_unreliable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from tradewright.domain.honesty import SearchHonesty
    from tradewright.domain.search import SearchRecord, Trial
    from tradewright.reporting.result import Result
    from tradewright.reporting.search.meanings import HonestyRow
    from tradewright.reporting.trust import Chip
    from tradewright.reporting.verdict import Verdict
    from tradewright.reporting.warnings import ResultWarning

__all__ = ["SearchFindings", "Sources", "Splits"]


class Splits(Protocol):
    """What the splits of the overfitting test showed: one value per split."""

    @property
    def logits(self) -> NDArray[Any]:
        """Of the out-of-sample rank of the trial chosen in sample; above 0 is better than the median."""

    @property
    def in_sample(self) -> NDArray[Any]:
        """Performance of the chosen trial in the half it was chosen on."""

    @property
    def out_of_sample(self) -> NDArray[Any]:
        """Performance of it in the other half."""


class Sources(NamedTuple):
    """Where what the record does not hold comes from; each is asked when it is first needed, at most once.

    `run` gives the plain backtest of parameters of the space, the others as they were in the search.
    """

    honesty: Callable[[], SearchHonesty]
    run: Callable[[Mapping[str, Any]], Result]
    splits: Callable[[], Splits | None] | None = None


class SearchFindings:
    """What every view of a search reads, so that all of them say the same.

    Parameters
    ----------
    record : SearchRecord
    sources : Sources
    """

    def __init__(self, record: SearchRecord, sources: Sources) -> None:
        self.record = record
        self._sources = sources

    @cached_property
    def honesty(self) -> SearchHonesty:
        """How likely the best is luck."""
        return self._sources.honesty()

    @cached_property
    def honesty_rows(self) -> tuple[HonestyRow, ...]:
        """Every number about luck, with its meaning and, where it is absent, the reason."""
        return honesty_rows(self.honesty, self.written)

    def written(self, value: float | None, place: int = 0) -> str:
        """A value of an objective, of the first unless another is named, by the number rule of its unit."""
        return texts.value_text(self.record.objectives[place], value, self.record.config.currency)

    @cached_property
    def splits(self) -> Splits | None:
        """What the splits of the overfitting test showed; None where it was not made."""
        ask = self._sources.splits
        return None if ask is None else ask()

    @cached_property
    def best(self) -> Trial | None:
        """The trial with the best first objective."""
        return self.record.best

    @cached_property
    def pareto(self) -> tuple[Trial, ...]:
        """Trials that no other is better than in every objective."""
        return trials.pareto_front(self.record)

    def run(self, params: Mapping[str, Any]) -> Result:
        """The plain backtest of parameters, which knows of how many trials it is one."""
        honesty = self.honesty
        return self._sources.run(params).with_evidence(
            trials=honesty.trials,
            trials_variance=honesty.trials_variance,
            pbo=honesty.pbo,
            pbo_reason=honesty.reasons.get("pbo", "not computed"),
        )

    @cached_property
    def best_run(self) -> Result | TradewrightError:
        """The run of the best parameters, or why there is none."""
        if self.best is None:
            return ConfigError("No trial of the search has a value, so there is no best one.", hint="See .trials.")
        try:
            return self.run(self.best.params)
        except TradewrightError as error:
            # A search that was kept can be shown after its data is gone; whoever asks for the run gets the error.
            return error

    @property
    def best_result(self) -> Result | None:
        """The run of the best parameters; None where it cannot be had."""
        return None if isinstance(self.best_run, TradewrightError) else self.best_run

    @property
    def why_no_run(self) -> str:
        """Why the best's run cannot be had; nothing where it can."""
        return self.best_run.message if isinstance(self.best_run, TradewrightError) else ""

    @cached_property
    def warnings(self) -> tuple[ResultWarning, ...]:
        """What to know before believing the best: of the search first, then of the best's run."""
        own = find_doubts(self.record, self.honesty, self.written)
        codes = {warning.code for warning in own}
        of_run = self.best_result.warnings if self.best_result is not None else ()
        return own + tuple(warning for warning in of_run if warning.code not in codes)

    @cached_property
    def trust(self) -> tuple[Chip, ...]:
        """The trust bar: the eight states of a run in their order, said of the best of the search."""
        return verdicts.trust_bar(self.record, self.honesty, self.best_run)

    @property
    def is_unreliable(self) -> bool:
        """Whether a trust state fails, so that the headline must say so."""
        return is_unreliable(self.trust)

    @cached_property
    def verdict(self) -> Verdict:
        """Whether the best reads as luck."""
        values = [trial.value for trial in self.record.trials if trials.is_valued(trial) and trial.value is not None]
        median = self.written(statistics.median(values)) if values else ""
        return verdicts.verdict(self.best, self.honesty, self.warnings, median)
