"""When something is due: by the clock on a wall, or by the open or close of a market."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tradewright.domain.errors import ConfigError

__all__ = ["Anchor", "CalendarTime", "CronTime", "When", "read_when"]

_CALENDAR = re.compile(
    r"(?P<calendar>[A-Za-z0-9][A-Za-z0-9/_.-]{0,39})\s+(?P<anchor>open|close)(?:\s*(?P<sign>[+-])\s*(?P<parts>[^+-]*))?",
    re.IGNORECASE,
)
_PART = re.compile(r"(\d{1,6})\s*(s|sec|m|min|h|d)\b\s*", re.IGNORECASE)
_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_MOST_S = 7 * 86_400
_FIELDS = 5
_LONGEST = 200
_HINT = "Write five fields of cron ('30 18 * * mon-fri') or a session of a calendar ('XNYS close + 15 m')."


class Anchor(StrEnum):
    """An end of a session."""

    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class CalendarTime:
    """So long before or after each session's open or close; half days and holidays are those of the calendar.

    Parameters
    ----------
    calendar : str
        Such as ``"XNYS"`` or ``"24/7"``.
    anchor : Anchor
    offset_s : int
        Seconds after it, negative before it; at most a week.
    """

    calendar: str
    anchor: Anchor
    offset_s: int


@dataclass(frozen=True, slots=True)
class CronTime:
    """By the clock on a wall of a time zone.

    Parameters
    ----------
    expression : str
        Minute, hour, day of the month, month, day of the week.
    zone : str
    """

    expression: str
    zone: str


When = CalendarTime | CronTime


def read_when(text: str, zone: str = "UTC") -> When:
    """Read when something is due.

    Parameters
    ----------
    text : str
        Five fields of cron, or a calendar with ``open`` or ``close``, ``+`` or ``-`` and a length of time.
    zone : str
        Of a cron expression.

    Raises
    ------
    ConfigError
        When it is neither, or the zone is unknown. What the fields of cron hold is not looked at here.

    Examples
    --------
    >>> read_when("XNYS close + 15 m")
    CalendarTime(calendar='XNYS', anchor=<Anchor.CLOSE: 'close'>, offset_s=900)
    >>> read_when("XNYS open - 1 h 30 m").offset_s
    -5400
    >>> read_when("30 18 * * mon-fri", "Europe/Berlin").zone
    'Europe/Berlin'
    """
    said = " ".join(text.split())
    if len(said) > _LONGEST:
        raise ConfigError(f"when={said!r:.80} is too long.", hint=_HINT)
    if (found := _CALENDAR.fullmatch(said)) is not None:
        return CalendarTime(found["calendar"], Anchor(found["anchor"].lower()), _offset(said, found))
    if len(said.split(" ")) != _FIELDS:
        raise ConfigError(f"when={said!r:.80} is no time.", hint=_HINT)
    return CronTime(said, _known_zone(zone))


def _offset(said: str, found: re.Match[str]) -> int:
    if found["sign"] is None:
        return 0
    parts = found["parts"]
    seconds = sum(int(count) * _SECONDS[unit.lower()] for count, unit in _PART.findall(parts))
    if not parts or _PART.sub("", parts):
        raise ConfigError(f"when={said!r:.80} has no length of time behind its sign.", hint=_HINT)
    if seconds > _MOST_S:
        raise ConfigError(f"when={said!r:.80} lies more than a week from its session.", hint=_HINT)
    return seconds if found["sign"] == "+" else -seconds


def _known_zone(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"zone={zone!r:.60} is no time zone.", hint="Write one such as Europe/Berlin or UTC."
        ) from None
