"""What a warning is, and what the rules that raise one may look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tradewright.domain.quality import QualityReport
    from tradewright.domain.record import RunRecord
    from tradewright.reporting.metrics import Metrics

__all__ = ["Case", "Found", "ResultWarning", "Severity"]


class Severity(StrEnum):
    """How much a warning takes from a result."""

    NOTICE = "notice"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class ResultWarning:
    """One thing to know about a result: a stable code, how grave it is, and a sentence with the numbers."""

    code: str
    severity: Severity
    sentence: str

    def __str__(self) -> str:
        return self.sentence


Found = ResultWarning | None


class Case(NamedTuple):
    """A run as the rules see it; `quality` is None where the data was not checked."""

    record: RunRecord
    metrics: Metrics
    quality: tuple[QualityReport, ...] | None
