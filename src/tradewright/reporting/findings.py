"""A record with everything that was found out about it, once: metrics, data quality, warnings and the trust bar."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tradewright.reporting.doubt import Case, ResultWarning
from tradewright.reporting.evidence import NO_EVIDENCE, Evidence
from tradewright.reporting.metrics import Metrics
from tradewright.reporting.trust import Chip, is_unreliable, trust_bar
from tradewright.reporting.warnings import find_warnings

if TYPE_CHECKING:
    from tradewright.domain.bars import Bars
    from tradewright.domain.quality import QualityReport
    from tradewright.domain.record import RunRecord
    from tradewright.quant.arrays import FloatArray

__all__ = ["Findings", "examine"]


class Findings:
    """What every view of a result reads, so that all of them say the same.

    Each part is found when it is first read: a metric costs neither a quality check nor a warning.

    Parameters
    ----------
    record : RunRecord
    metrics : Metrics
    evidence : Evidence
    """

    def __init__(self, record: RunRecord, metrics: Metrics, evidence: Evidence = NO_EVIDENCE) -> None:
        self.record = record
        self.metrics = metrics
        self.evidence = evidence

    @cached_property
    def quality(self) -> tuple[QualityReport, ...] | None:
        """The quality reports of the bars; None where the data was not checked."""
        ask = self.evidence.quality
        return None if ask is None else tuple(ask())

    @cached_property
    def warnings(self) -> tuple[ResultWarning, ...]:
        """What to know before believing the numbers, in a fixed order."""
        return find_warnings(self._case)

    @cached_property
    def trust(self) -> tuple[Chip, ...]:
        """The trust bar: eight states in fixed order."""
        return trust_bar(self._case, self.warnings, self.evidence)

    @property
    def is_unreliable(self) -> bool:
        """Whether a trust state fails, so that the headline must say so."""
        return is_unreliable(self.trust)

    @property
    def _case(self) -> Case:
        return Case(self.record, self.metrics, self.quality)


def examine(
    record: RunRecord,
    *,
    risk_free: float = 0.0,
    benchmark: Bars | FloatArray | None = None,
    evidence: Evidence = NO_EVIDENCE,
) -> Findings:
    """A record's findings, each computed when it is first read; arguments as of `Metrics`."""
    return Findings(record, Metrics(record, risk_free=risk_free, benchmark=benchmark, evidence=evidence), evidence)
