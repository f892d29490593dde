"""A walk with everything that was found out about it, once: its stitched run, warnings, trust, the verdict."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tradewright.reporting.search import texts
from tradewright.reporting.trust import is_unreliable
from tradewright.reporting.walk import doubts

if TYPE_CHECKING:
    from tradewright.domain.walk import WalkRecord
    from tradewright.reporting.result import Result
    from tradewright.reporting.trust import Chip
    from tradewright.reporting.verdict import Verdict
    from tradewright.reporting.walk.numbers import WalkNumbers
    from tradewright.reporting.warnings import ResultWarning

__all__ = ["WalkFindings"]


class WalkFindings:
    """What every view of a walk reads, so that all of them say the same.

    Parameters
    ----------
    record : WalkRecord
    result : Result
        Of the stitched run.
    numbers : WalkNumbers
    """

    def __init__(self, record: WalkRecord, result: Result, numbers: WalkNumbers) -> None:
        self.record = record
        self.result = result
        self.numbers = numbers

    @property
    def currency(self) -> str:
        """Of the account."""
        return self.result.config.currency

    def written(self, value: float | None, place: int = 0) -> str:
        """A value of an objective, of the first unless another is named, by the number rule of its unit."""
        return texts.value_text(self.record.objectives[place], value, self.currency)

    @property
    def objective(self) -> str:
        """What was looked for in training."""
        return texts.objective_label(self.record.objectives[0])

    @cached_property
    def warnings(self) -> tuple[ResultWarning, ...]:
        """What to know before believing it: of the walk first, then of its stitched run."""
        return doubts.find_doubts(self.record, self.numbers, self.result.metrics["total_return"]) + self.result.warnings

    @property
    def trust(self) -> tuple[Chip, ...]:
        """The trust bar of the stitched run."""
        return self.result.trust

    @property
    def is_unreliable(self) -> bool:
        """Whether a trust state fails, so that the headline must say so."""
        return is_unreliable(self.trust)

    @cached_property
    def verdict(self) -> Verdict:
        """Whether what was chosen in training held out of sample."""
        return doubts.verdict(self.record, self.numbers, self.result.metrics["total_return"])
