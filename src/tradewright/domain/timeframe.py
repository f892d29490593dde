"""Timeframes: how long one bar lasts, from one minute to one month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .errors import ConfigError

__all__ = ["NS_PER_DAY", "NS_PER_MINUTE", "NS_PER_SECOND", "TimeUnit", "Timeframe"]

NS_PER_SECOND = 1_000_000_000
NS_PER_MINUTE = 60 * NS_PER_SECOND
NS_PER_DAY = 86_400 * NS_PER_SECOND

_PATTERN = re.compile(r"^\s*(\d+)?\s*([A-Za-z]+)\s*$")
_HALF_HOUR = 30


class TimeUnit(StrEnum):
    """The units a timeframe counts."""

    MINUTE = "m"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "mo"


_MINUTES = {TimeUnit.MINUTE: 1, TimeUnit.HOUR: 60, TimeUnit.DAY: 1440, TimeUnit.WEEK: 10_080, TimeUnit.MONTH: 43_200}
_SPELLINGS = {
    **dict.fromkeys(("m", "min", "minute", "minutes", "t"), TimeUnit.MINUTE),
    **dict.fromkeys(("h", "hour", "hours"), TimeUnit.HOUR),
    **dict.fromkeys(("d", "day", "days", "daily"), TimeUnit.DAY),
    **dict.fromkeys(("w", "wk", "week", "weeks", "weekly"), TimeUnit.WEEK),
    **dict.fromkeys(("mo", "mon", "month", "months", "monthly"), TimeUnit.MONTH),
}


@dataclass(frozen=True, slots=True)
class Timeframe:
    """A count of minutes, hours, days, weeks or months.

    Daily and longer bars are keyed by their session label, shorter ones by the instant they open.

    Examples
    --------
    >>> Timeframe.parse("5m").minutes, str(Timeframe.parse("1 day"))
    (5, '1d')
    """

    count: int
    unit: TimeUnit

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ConfigError(f"A timeframe counts at least one unit, not {self.count}.")

    @classmethod
    def parse(cls, text: str | Timeframe) -> Timeframe:
        """Read ``"1m"``, ``"15min"``, ``"1h"``, ``"1d"``, ``"1w"``, ``"1mo"`` and their long spellings.

        Raises
        ------
        ConfigError
            When the text names no timeframe.
        """
        if isinstance(text, Timeframe):
            return text
        found = _PATTERN.match(str(text))
        # A capital M is the month of several vendors; every other letter is read without regard to case.
        unit = None if found is None else _SPELLINGS.get("mo" if found[2] == "M" else found[2].lower())
        if found is None or unit is None:
            raise ConfigError(f"'{text}' is not a timeframe.", hint="Use 1m, 5m, 15m, 1h, 4h, 1d, 1w or 1mo.")
        return cls(int(found[1] or 1), unit)

    @property
    def is_intraday(self) -> bool:
        """Whether a bar is shorter than a session."""
        return self.unit in (TimeUnit.MINUTE, TimeUnit.HOUR)

    @property
    def fits_half_hours(self) -> bool:
        """Whether it is minutes that divide half an hour, whose bars are the same from the hour and from an open on."""
        return self.unit is TimeUnit.MINUTE and _HALF_HOUR % self.count == 0

    @property
    def minutes(self) -> int:
        """Nominal length in minutes (a day as 1440, a month as 30 days); for ordering, not for arithmetic on dates."""
        return self.count * _MINUTES[self.unit]

    @property
    def nanoseconds(self) -> int:
        """Nominal length in nanoseconds."""
        return self.minutes * NS_PER_MINUTE

    def __lt__(self, other: Timeframe) -> bool:
        return self.minutes < other.minutes

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"
