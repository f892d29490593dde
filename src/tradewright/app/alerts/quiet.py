"""Quiet hours: when a channel tells nothing that is not critical."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from tradewright.domain.errors import ConfigError
from tradewright.domain.moments import utc

__all__ = ["QuietHours"]

_FORM = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s+(\S+)")
_HINT = "Write it as 22:00-07:00 Europe/Berlin."


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A part of every day, on the clock of a zone.

    Parameters
    ----------
    begin, end : datetime.time
        Where the end is not behind the beginning, it is of the next day.
    zone : str
    """

    begin: dt.time
    end: dt.time
    zone: str

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Quiet hours from words.

        Raises
        ------
        ConfigError
            When they are none.

        Examples
        --------
        >>> QuietHours.parse("22:00-07:00 Europe/Berlin").begin
        datetime.time(22, 0)
        """
        from zoneinfo import ZoneInfo

        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise ConfigError("These are no quiet hours.", hint=_HINT)
        *numbers, zone = found.groups()
        try:
            begin, end = (dt.time(int(numbers[at]), int(numbers[at + 1])) for at in (0, 2))
            ZoneInfo(zone)
        except (ValueError, OSError, LookupError):
            raise ConfigError("There is no such time or zone in the quiet hours.", hint=_HINT) from None
        if begin == end:
            raise ConfigError("The quiet hours begin when they end.", hint=_HINT)
        return cls(begin, end, zone)

    def holds(self, at_ns: int) -> bool:
        """Whether it is quiet; the first minute is, the one at which they end is not."""
        from zoneinfo import ZoneInfo

        now = utc(at_ns).astimezone(ZoneInfo(self.zone)).time()
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M} {self.zone}"
