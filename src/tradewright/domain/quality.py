"""What was found wrong, or worth a second look, in a series of bars.

The values only: how problems are found is `marketdata.quality`, how they are shown is `reporting`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Gravity", "Problem", "QualityFinding", "QualityReport"]


class Problem(StrEnum):
    """What may be wrong with bars."""

    IMPOSSIBLE = "impossible"  # a row that cannot be: refused or dropped, never kept
    DUPLICATE = "duplicate"  # a time that stands twice
    DISORDER = "disorder"  # a row before the one above it
    OUTSIDE = "outside"  # a row outside the calendar's sessions
    GAP = "gap"  # a session, or bars inside a session, that the calendar has and the series has not
    SPIKE = "spike"  # a price far from both neighbours
    STALE = "stale"  # the same prices over and over
    ZERO_VOLUME = "zero_volume"  # bars in which nothing traded although volume is known
    SPLIT = "split"  # a jump between two closes that looks like a split and no action explains
    MIXED_ADJUSTMENT = "mixed_adjustment"  # prices that contain some of their actions and not others
    UNAPPLIED = "unapplied"  # a corporate action that neither the prices nor a run over them contain


class Gravity(StrEnum):
    """How much a finding takes from what is computed from the bars."""

    NOTICE = "notice"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """One problem: where, how much, and the sentence that says so.

    Parameters
    ----------
    problem : Problem
    gravity : Gravity
    count : int
        Rows concerned, or missing ones.
    first_ns, last_ns : int or None
        Stamps of the first and last row concerned, UTC nanoseconds (session dates as midnights for daily and longer
        bars); None where the row has no readable stamp.
    line : int or None
        Line of the file, counted from 1 with the header, of the first row concerned; None where there is no file.
    sentence : str
        What it is, with the numbers; complete in itself.
    """

    problem: Problem
    gravity: Gravity
    count: int
    first_ns: int | None
    last_ns: int | None
    line: int | None
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as stored and as written to JSON."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> QualityFinding:
        """The finding that `to_dict` wrote."""
        kinds = {"problem": Problem(values["problem"]), "gravity": Gravity(values["gravity"])}
        return cls(**{**values, **kinds})


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Everything found in one series.

    Parameters
    ----------
    instrument : str
        ``EXCHANGE:SYMBOL``.
    timeframe : str
    adjustment : str
    source : str
        File or provider.
    rows : int
        Bars that are there.
    expected_rows : int or None
        Bars that the calendar has between the first and the last; None where it does not say, as for minutes that
        exist only when something traded.
    first_ns, last_ns : int
        Stamps of the first and last bar.
    findings : tuple of QualityFinding
        The gravest kind first, then by time.
    """

    instrument: str
    timeframe: str
    adjustment: str
    source: str
    rows: int
    expected_rows: int | None
    first_ns: int
    last_ns: int
    findings: tuple[QualityFinding, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def gravity(self) -> Gravity | None:
        """The gravest of the findings, None where there is none."""
        ranks = tuple(Gravity)
        return max((finding.gravity for finding in self.findings), key=ranks.index, default=None)

    @property
    def coverage(self) -> float | None:
        """Share of the expected bars that are there, 0 to 1; None where nothing says how many to expect."""
        return min(self.rows / self.expected_rows, 1.0) if self.expected_rows else None

    def counts(self) -> dict[Problem, int]:
        """Rows concerned by kind of problem, kinds without any left out."""
        counted: Counter[Problem] = Counter()
        for finding in self.findings:
            counted[finding.problem] += finding.count
        return dict(counted)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as stored and as written to JSON."""
        plain = {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__ if name != "findings"}
        return plain | {"findings": [finding.to_dict() for finding in self.findings]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> QualityReport:
        """The report that `to_dict` wrote."""
        findings = tuple(QualityFinding.from_dict(each) for each in values["findings"])
        known = {name: values[name] for name in cls.__dataclass_fields__}
        return cls(**{**known, "findings": findings})


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, StrEnum) else value
