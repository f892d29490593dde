"""What a store of bars speaks of: series, their versions, and what writing and checking came to.

A version is named by its content, `Bars.fingerprint`: equal bars have one version, however often they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .bars import Adjustment
from .moments import utc
from .timeframe import Timeframe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .actions import CorporateAction
    from .bars import Bars
    from .instrument import Instrument
    from .quality import QualityReport

__all__ = [
    "ALL_DAYS",
    "CheckedVersion",
    "DayRange",
    "SeriesKey",
    "StoredVersion",
    "WriteEffect",
    "WriteMode",
    "Written",
    "short_version",
]

_SHOWN_DIGITS = 12


def short_version(version: str) -> str:
    """The first digits of a version, enough to tell it and to ask for it."""
    return version[:_SHOWN_DIGITS]


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """Which series: one instrument's bars of one timeframe with one adjustment.

    Parameters
    ----------
    instrument : str
        ``EXCHANGE:SYMBOL``.
    timeframe : Timeframe
    adjustment : Adjustment
    """

    instrument: str
    timeframe: Timeframe
    adjustment: Adjustment = Adjustment.RAW

    @classmethod
    def of(cls, bars: Bars) -> SeriesKey:
        """The series that bars belong to."""
        return cls(bars.instrument.id, bars.timeframe, bars.adjustment)

    @property
    def symbol(self) -> str:
        """The instrument's short name."""
        return self.instrument.partition(":")[2]

    def to_dict(self) -> dict[str, str]:
        """Plain values."""
        return {
            "instrument": self.instrument,
            "timeframe": str(self.timeframe),
            "adjustment": str(self.adjustment),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, str]) -> SeriesKey:
        """The key that `to_dict` wrote."""
        return cls(values["instrument"], Timeframe.parse(values["timeframe"]), Adjustment(values["adjustment"]))

    def __str__(self) -> str:
        return f"{self.instrument} {self.timeframe} {self.adjustment}"


@dataclass(frozen=True, slots=True)
class DayRange:
    """Sessions from a day up to, and without, another: days since 1970-01-01, None where a side is open."""

    first: int | None = None
    stop: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it leaves nothing out."""
        return self.first is None and self.stop is None

    def meets(self, first: int, last: int) -> bool:
        """Whether any of the days `first` to `last` lies in it."""
        return (self.first is None or last >= self.first) and (self.stop is None or first < self.stop)


ALL_DAYS = DayRange()


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version of a series, as the store describes it without opening its bars.

    Parameters
    ----------
    key : SeriesKey
    instrument : Instrument
    version : str
        Content fingerprint of the bars.
    rows : int
    first_ns, last_ns : int
        Stamps of the first and last bar, UTC nanoseconds: session dates of daily and longer bars, open times of
        shorter ones.
    imported_ns : int
        When it was written, UTC nanoseconds.
    source : str
        Where the bars came from.
    synthetic : bool
    quality : QualityReport or None
        What was found when it was written; None where nobody looked.
    bytes : int
        On disk; versions share what they have in common.
    is_current : bool
        Whether it is the one read when no version is asked for.
    announced : tuple of CorporateAction
        What was said of the instrument by those whose bars these are: splits, dividends, other names, its end.
    """

    key: SeriesKey
    instrument: Instrument
    version: str
    rows: int
    first_ns: int
    last_ns: int
    imported_ns: int
    source: str
    synthetic: bool
    quality: QualityReport | None
    bytes: int
    is_current: bool
    announced: tuple[CorporateAction, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; times are ISO 8601 in UTC, dates those of sessions."""
        names = ("version", "rows", "source", "synthetic", "bytes", "is_current")
        return {
            **self.key.to_dict(),
            "description": self.instrument.to_dict(),
            "first": self.first,
            "last": self.last,
            "imported_at": utc(self.imported_ns).isoformat(),
            "quality": None if self.quality is None else self.quality.to_dict(),
            **{name: getattr(self, name) for name in names},
        }

    @property
    def first(self) -> str:
        """Stamp of the first bar as text."""
        return self._text(self.first_ns)

    @property
    def last(self) -> str:
        """Stamp of the last bar as text."""
        return self._text(self.last_ns)

    def _text(self, stamp_ns: int) -> str:
        moment = utc(stamp_ns)
        return moment.isoformat() if self.key.timeframe.is_intraday else moment.date().isoformat()


class WriteMode(StrEnum):
    """What may become of a series that is stored already."""

    NEW = "new"
    """Nothing: other content is refused."""
    APPEND = "append"
    """Bars may be added after its last; where both have bars they must be the same."""
    REPLACE = "replace"
    """The bars become its current version; the one before stays readable."""


class WriteEffect(StrEnum):
    """What became of it."""

    ADDED = "added"
    APPENDED = "appended"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Written:
    """What writing one series came to: its current version now, and how many rows it has more than before."""

    effect: WriteEffect
    version: StoredVersion
    new_rows: int


@dataclass(frozen=True, slots=True)
class CheckedVersion:
    """Whether the stored content of a version is what was written; `fault` is the sentence that says why not."""

    stored: StoredVersion
    fault: str | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing was wrong."""
        return self.fault is None
