"""A record with everything that was found out about it, once: metrics, warnings and the trust bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.reporting.evidence import NO_EVIDENCE, Evidence
from tradewright.reporting.metrics import Metrics
from tradewright.reporting.trust import Chip, is_unreliable, trust_bar
from tradewright.reporting.warnings import ResultWarning, find_warnings

if TYPE_CHECKING:
    from tradewright.domain.bars import Bars
    from tradewright.domain.record import RunRecord
    from tradewright.quant.arrays import FloatArray

__all__ = ["Findings", "examine"]


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What every view of a result reads, so that all of them say the same."""

    record: RunRecord
    metrics: Metrics
    warnings: tuple[ResultWarning, ...]
    trust: tuple[Chip, ...]

    @property
    def is_unreliable(self) -> bool:
        """Whether a trust state fails, so that the headline must say so."""
        return is_unreliable(self.trust)


def examine(
    record: RunRecord,
    *,
    risk_free: float = 0.0,
    benchmark: Bars | FloatArray | None = None,
    evidence: Evidence = NO_EVIDENCE,
) -> Findings:
    """Compute metrics, warnings and trust states of a record; arguments as of `Metrics`."""
    metrics = Metrics(record, risk_free=risk_free, benchmark=benchmark, evidence=evidence)
    warnings = find_warnings(record, metrics)
    return Findings(record, metrics, warnings, trust_bar(record, metrics, warnings, evidence))
