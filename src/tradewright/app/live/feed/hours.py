"""Market hours of a live feed: when bars may close, when sessions end, and for how long a market was open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import CalendarError
from tradewright.domain.instrument import WEEKDAYS
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.open_hours import open_hours
from tradewright.marketdata.periods import padding_days, periods
from tradewright.marketdata.placement import Hours
from tradewright.marketdata.sessions import SessionTable, sessions_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe

__all__ = ["CalendarTimes", "MarketHours", "calendar_of"]

_AHEAD_DAYS = 400
_SPARE_DAYS = 60


def calendar_of(instrument: Instrument) -> str:
    """Name of the instrument's calendar.

    Raises
    ------
    CalendarError
        When it names none: its bars have no sessions.
    """
    if instrument.calendar is None:
        raise CalendarError(
            f"{instrument.id} names no calendar, so a live feed cannot know its sessions.",
            hint="Give the instrument one, such as XNYS, 24/5 or 24/7.",
        )
    return instrument.calendar


class CalendarTimes:
    """The times of one calendar around now, kept some hundred days ahead.

    Parameters
    ----------
    calendar : str
    timeframe : Timeframe
    hours : Hours
    now_ns : int

    Raises
    ------
    CalendarError
        When the calendar is unknown, or not known for today.
    """

    def __init__(self, calendar: str, timeframe: Timeframe, hours: Hours, now_ns: int) -> None:
        self.calendar = calendar
        self.timeframe = timeframe
        self.is_extended = hours is Hours.EXTENDED and timeframe.is_intraday
        self._seen_ns = 0
        self._build(now_ns)

    def _build(self, now_ns: int) -> None:
        pad = padding_days(self.timeframe) + _SPARE_DAYS
        table = sessions_around(self.calendar, now_ns, now_ns + _AHEAD_DAYS * NS_PER_DAY, pad_days=pad)
        open_ = open_hours(table, self.timeframe.nanoseconds)
        self._starts, self._stops = open_.opens.tolist(), open_.closes.tolist()
        self._ends = self._session_ends(table)
        self._wide = self._wide_sessions(table)
        self._begins = (table.extended[0] if self.is_extended else table.opens).tolist()
        self._days = table.labels.tolist()
        self._good_until = now_ns + (_AHEAD_DAYS - _SPARE_DAYS) * NS_PER_DAY
        self._good_from = now_ns - (_SPARE_DAYS // 2) * NS_PER_DAY

    def _session_ends(self, table: SessionTable) -> list[int]:
        if self.timeframe.is_intraday:
            ends = table.extended[1] if self.is_extended else table.closes
            return [int(each) for each in ends]
        # The table ends inside its last period, whose end is not known for that.
        return [int(each) for each in periods(table, self.timeframe).closes[:-1]]

    def _wide_sessions(self, table: SessionTable) -> tuple[list[int], list[int]]:
        """Sessions with hours that no one counts on: around those of an exchange, or at the ends of a weekend."""
        if self.is_extended:
            return table.extended[0].tolist(), table.extended[1].tolist()
        has_edges = table.calendar == WEEKDAYS and self.timeframe.is_intraday
        return (table.opens.tolist(), table.closes.tolist()) if has_edges else ([], [])

    def _reach(self, at_ns: int) -> None:
        if not self._good_from <= at_ns <= self._good_until:
            self._build(at_ns)

    def next_slot(self, at_ns: int) -> int | None:
        """The first instant after another at which a bar of regular hours may close."""
        if not self.timeframe.is_intraday:
            return self.next_end(at_ns)
        self._reach(at_ns)
        at = bisect_right(self._stops, at_ns)
        if at == len(self._stops):
            return None
        start, stop, step = self._starts[at], self._stops[at], self.timeframe.nanoseconds
        offset = (self._seen_ns - start) % step if start < self._seen_ns < stop else 0
        base = start + offset - step if offset else start
        return int(min(base + step * ((max(at_ns, start) - base) // step + 1), stop))

    def learn(self, close_ns: int) -> None:
        """A bar closed then: where the market stays open, the next ones close whole timeframes later.

        Until the first bar of a session they are taken to be counted from its open; a source may count whole hours.
        """
        self._seen_ns = close_ns

    def day(self, at_ns: int) -> int:
        """Date of the session that an instant is in, or of the last one before it: days since 1970-01-01."""
        self._reach(at_ns)
        return int(self._days[max(bisect_right(self._begins, at_ns) - 1, 0)])

    def next_end(self, at_ns: int) -> int | None:
        """The first end of a session after an instant; of a period for bars of a week or month."""
        self._reach(at_ns)
        at = bisect_right(self._ends, at_ns)
        return None if at == len(self._ends) else self._ends[at]

    def is_end(self, at_ns: int) -> bool:
        """Whether a session ends at an instant."""
        self._reach(at_ns)
        at = bisect_left(self._ends, at_ns)
        return at < len(self._ends) and self._ends[at] == at_ns

    def may_close(self, at_ns: int) -> bool:
        """Whether a bar may close at an instant that no one counts on: in its session and outside the regular hours."""
        self._reach(at_ns)
        starts, stops = self._wide
        at = bisect_left(starts, at_ns) - 1
        if at < 0 or at_ns > stops[at]:
            return False
        regular = bisect_left(self._stops, at_ns)
        return regular == len(self._starts) or self._starts[regular] >= at_ns

    def stretches(self, first_ns: int, last_ns: int) -> Iterable[tuple[int, int]]:
        """When it is open between two instants, pauses for lunch left out, as (from, to)."""
        self._reach(first_ns)
        at = bisect_right(self._stops, first_ns)
        while at < len(self._stops) and self._starts[at] < last_ns:
            yield max(self._starts[at], first_ns), min(self._stops[at], last_ns)
            at += 1

    def open_since(self, at_ns: int) -> int | None:
        """When the market opened that is open at an instant; None where it is shut."""
        self._reach(at_ns)
        at = bisect_right(self._stops, at_ns)
        return self._starts[at] if at < len(self._starts) and self._starts[at] <= at_ns else None

    def next_open(self, at_ns: int) -> int | None:
        """When it opens next, after a pause for lunch included."""
        self._reach(at_ns)
        at = bisect_right(self._starts, at_ns)
        return self._starts[at] if at < len(self._starts) else None

    def next_close(self, at_ns: int) -> int | None:
        """When it shuts next, for lunch included."""
        self._reach(at_ns)
        at = bisect_right(self._stops, at_ns)
        return self._stops[at] if at < len(self._stops) else None


class MarketHours:
    """The hours of a feed's markets together. Open means regular hours; pauses for lunch are not open.

    Parameters
    ----------
    instruments : sequence of Instrument
    timeframe : Timeframe
    hours : Hours
    now_ns : int

    Raises
    ------
    CalendarError
        When a calendar is missing, unknown, or not known for today.
    """

    def __init__(self, instruments: Sequence[Instrument], timeframe: Timeframe, hours: Hours, now_ns: int) -> None:
        names = {each.symbol: calendar_of(each) for each in instruments}
        times = {name: CalendarTimes(name, timeframe, hours, now_ns) for name in dict.fromkeys(names.values())}
        self.calendars = tuple(times.values())
        self.of_symbol = {symbol: times[name] for symbol, name in names.items()}
        self.is_extended = any(each.is_extended for each in self.calendars)

    def next_point(self, at_ns: int) -> int | None:
        """The first instant after another at which a bar may close or a session ends, of any market."""
        found = [each.next_slot(at_ns) for each in self.calendars] + [each.next_end(at_ns) for each in self.calendars]
        return min((each for each in found if each is not None), default=None)

    def day(self, at_ns: int) -> int:
        """Date of the latest session that has begun by an instant, of any market: days since 1970-01-01."""
        return max(each.day(at_ns) for each in self.calendars)

    def is_open(self, at_ns: int) -> bool:
        """Whether any of the markets is open."""
        return self.open_since(at_ns) is not None

    def open_since(self, at_ns: int) -> int | None:
        """The earliest opening among the markets that are open; None when all are shut."""
        found = (each.open_since(at_ns) for each in self.calendars)
        return min((each for each in found if each is not None), default=None)

    def next_open(self, at_ns: int) -> int | None:
        """When the next of the markets opens; None where calendars know no further."""
        found = (each.next_open(at_ns) for each in self.calendars)
        return min((each for each in found if each is not None), default=None)

    def next_close(self, at_ns: int) -> int | None:
        """When the next of the markets shuts; None where calendars know no further."""
        found = (each.next_close(at_ns) for each in self.calendars)
        return min((each for each in found if each is not None), default=None)

    def open_ns(self, first_ns: int, last_ns: int) -> int:
        """Nanoseconds between two instants in which any of the markets was open."""
        if last_ns <= first_ns:
            return 0
        pieces = sorted(piece for each in self.calendars for piece in each.stretches(first_ns, last_ns))
        if not pieces:
            return 0
        reached = np.maximum.accumulate([stop for _, stop in pieces]).tolist()
        shut = sum(max(after[0] - until, 0) for (_, after), until in zip(pairwise(pieces), reached, strict=False))
        return int(reached[-1] - pieces[0][0] - shut)
