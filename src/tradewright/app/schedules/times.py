"""When something is due, as instants: sessions of calendars, and walls whose clocks are moved twice a year.

A wall says every time of a day once. Where a zone's clock is moved forward, a time that does not exist is due as long
after the move as it would have been (02:30 becomes 03:30). Where it is moved back, a time of day that occurs twice is
due at the first; a rhythm, which names no hours, goes on through both.
"""

from __future__ import annotations

import datetime as dt
import heapq
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tradewright.domain.control.timetable import Anchor, CalendarTime
from tradewright.domain.moments import utc
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND
from tradewright.marketdata.sessions import known_days, sessions_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.domain.control.timetable import CronTime, When
    from tradewright.ports.cron import CronReader, CronRule

__all__ = ["MOST_COUNTED", "DueTimes"]

MOST_COUNTED = 1000
"""Times of a pile that are counted."""
_AROUND = dt.timedelta(hours=4)
"""More than any clock is moved by."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_HOUR_NS = 3600 * NS_PER_SECOND
_DAYS = 40
"""Sessions that are looked up at once; no market is closed for longer, but for wars."""
_YEARS_NS = 2 * 366 * NS_PER_DAY


@dataclass(frozen=True)
class DueTimes:
    """Says when something is due.

    Parameters
    ----------
    read : CronReader
    """

    read: CronReader

    def following(self, when: When, after_ns: int) -> Iterator[int]:
        """Every time later than an instant, rising; ends where nothing more is known.

        Raises
        ------
        ConfigError, CalendarError
            When the expression is none, or the calendar is unknown.
        """
        if isinstance(when, CalendarTime):
            return _sessions(when, after_ns)
        return self._walls(when, after_ns)

    def next(self, when: When, after_ns: int) -> int | None:
        """The first of them."""
        return next(self.following(when, after_ns), None)

    def first(self, when: When, after_ns: int, count: int) -> list[int]:
        """The first few of them."""
        return list(islice(self.following(when, after_ns), count))

    def latest(self, when: When, after_ns: int, until_ns: int) -> list[int]:
        """Times later than an instant and not later than another one, rising: all, or the latest 1,000 or more."""
        reach = _HOUR_NS
        while True:
            begin = max(after_ns, until_ns - reach)
            found = list(takewhile(lambda due: due <= until_ns, self.following(when, begin)))
            if begin == after_ns or len(found) >= MOST_COUNTED:
                return found
            reach *= 2

    def _walls(self, when: CronTime, after_ns: int) -> Iterator[int]:
        yield from _on_the_wall(self.read(when.expression), ZoneInfo(when.zone), after_ns)


def _sessions(when: CalendarTime, after_ns: int) -> Iterator[int]:
    offset_ns = when.offset_s * NS_PER_SECOND
    first_known, last_known = known_days(when.calendar)
    day = max((after_ns - offset_ns) // NS_PER_DAY - 2, first_known)
    most = min(last_known, (after_ns + _YEARS_NS) // NS_PER_DAY)
    while day <= most:
        table = sessions_between(when.calendar, day, min(day + _DAYS, most))
        ends = table.opens if when.anchor is Anchor.OPEN else table.closes
        yield from (due for end in ends if (due := int(end) + offset_ns) > after_ns)
        day += _DAYS + 1


def _on_the_wall(rule: CronRule, zone: ZoneInfo, after_ns: int) -> Iterator[int]:
    """Times of a rule; around a move of the clock they are put into the order in which they come."""
    wall = utc(after_ns).astimezone(zone).replace(tzinfo=None, fold=0)
    at: dt.datetime | None = wall if _is_steady(wall, zone) else wall - _AROUND
    waiting: list[int] = []
    last_ns = after_ns
    while at is not None and (at := rule.after(at)) is not None:
        for due in _instants(at, zone, twice=rule.is_hourly):
            heapq.heappush(waiting, due)
        # A later time on the wall cannot come before this.
        sure_ns = _instant(at if _is_steady(at, zone) else at - _AROUND, zone)
        while waiting and waiting[0] <= sure_ns:
            if (due := heapq.heappop(waiting)) > last_ns:
                last_ns = due
                yield due


def _instants(wall: dt.datetime, zone: ZoneInfo, *, twice: bool) -> tuple[int, ...]:
    first = _instant(wall, zone)
    # Where the time does not exist the second reading is the earlier one.
    again = _instant(wall.replace(fold=1), zone) if twice else first
    return (first, again) if again > first else (first,)


def _instant(wall: dt.datetime, zone: ZoneInfo) -> int:
    passed = wall.replace(tzinfo=zone).astimezone(dt.UTC) - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * NS_PER_SECOND + passed.microseconds * 1000


def _is_steady(wall: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether the clock is not moved for some hours to either side."""
    before, after = (wall + way for way in (-_AROUND, _AROUND))
    return before.replace(tzinfo=zone).utcoffset() == after.replace(tzinfo=zone).utcoffset()
