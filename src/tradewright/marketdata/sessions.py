"""Sessions: on which dates a market trades, from when to when, in UTC nanoseconds.

The only file that knows exchange_calendars; the library (and the pandas it brings) loads when an exchange's calendar is
first asked for. ``"24/7"`` and ``"24/5"`` need no library.
"""

from __future__ import annotations

import datetime as dt
import difflib
import warnings
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from tradewright.domain.errors import CalendarError
from tradewright.domain.instrument import ALWAYS_OPEN, WEEKDAYS
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["SessionTable", "known_days", "sessions_around", "sessions_between"]

# Names that the field uses and the library does not: both Indian exchanges keep the same days and hours, as those of
# New York do.
_ALIASES = {"XNSE": "XBOM", "NSE": "XBOM", "AMEX": "XNYS"}
_MONDAY, _SATURDAY = 0, 5
# The currency week begins on Monday morning in New Zealand; everything before that is weekend.
_SUNDAY_OPEN_NS = 18 * 3600 * NS_PER_SECOND
_FIRST_DAY = -25_567  # 1900-01-01: no calendar of the library is meant for earlier days
_NOT_A_TIME = np.iinfo(np.int64).min
_LAST_DAY = 84_005  # 2199-12-31: nanoseconds in int64 end in 2262


@dataclass(frozen=True, eq=False)
class SessionTable:
    """A calendar's sessions over a range of dates.

    Parameters
    ----------
    calendar : str
        Name as it was asked for.
    labels : (s,) int64
        Session dates as days since 1970-01-01, rising.
    opens, closes : (s,) int64
        UTC nanoseconds; half days and daylight saving are in them.
    zone : str
        Time zone of the market, such as ``"America/New_York"``.
    breaks : (Ints, Ints), optional
        When the market pauses for lunch and goes on, each (s,) UTC nanoseconds, both the close where it does not pause;
        None where it never does.
    """

    calendar: str
    labels: Ints
    opens: Ints
    closes: Ints
    zone: str
    breaks: tuple[Ints, Ints] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def is_around_the_clock(self) -> bool:
        """Whether sessions follow each other without a break, so that their open is only a date's beginning."""
        return self.calendar in (ALWAYS_OPEN, WEEKDAYS)

    @cached_property
    def extended(self) -> tuple[Ints, Ints]:
        """Start and end of each session with the hours around it: the local day, wider where the session is."""
        zone = ZoneInfo(self.zone)
        starts = np.minimum(_local_midnights(self.labels, zone), self.opens)
        stops = np.maximum(_local_midnights(self.labels + 1, zone), self.closes)
        return starts, np.minimum(stops, np.append(starts[1:], np.iinfo(np.int64).max))

    def of_labels(self, days: Ints) -> Ints:
        """Position of the session of each date, -1 where the market does not trade that day."""
        if len(self) == 0:
            return np.full(len(days), -1)
        position = np.minimum(np.searchsorted(self.labels, days), len(self) - 1)
        return np.where(self.labels[position] == days, position, -1)

    def of_instants(self, instants: Ints, *, extended: bool = False) -> Ints:
        """Position of the session that holds each instant (its open included, its close not), -1 where none does."""
        if len(self) == 0:
            return np.full(len(instants), -1)
        starts, stops = self.extended if extended else (self.opens, self.closes)
        position = np.searchsorted(starts, instants, "right") - 1
        position[instants >= stops[position]] = -1
        return position


def sessions_between(calendar: str, first_day: int, last_day: int) -> SessionTable:
    """The sessions of a calendar from one date to another, both included.

    Parameters
    ----------
    calendar : str
        ``"24/7"`` (a session is a UTC date), ``"24/5"`` (a UTC date from Monday to Friday; Sunday's trading from
        18:00 UTC belongs to Monday), a market identifier such as ``"XNYS"``, or an alias such as ``"XNAS"``.
    first_day, last_day : int
        Days since 1970-01-01.

    Raises
    ------
    CalendarError
        When the calendar is unknown or does not reach these dates.

    Examples
    --------
    >>> table = sessions_between("24/7", 0, 6)
    >>> len(table), table.zone
    (7, 'UTC')
    """
    if not _FIRST_DAY <= first_day <= last_day <= _LAST_DAY:
        raise CalendarError(
            f"Sessions from {_iso(first_day)} to {_iso(last_day)} cannot be had.",
            hint="Dates rise and lie between 1900 and 2199.",
        )
    table = _whole_years(calendar, first_day, last_day)
    keep = slice(int(np.searchsorted(table.labels, first_day)), int(np.searchsorted(table.labels, last_day, "right")))
    breaks = None if table.breaks is None else (table.breaks[0][keep], table.breaks[1][keep])
    return SessionTable(calendar, table.labels[keep], table.opens[keep], table.closes[keep], table.zone, breaks)


def sessions_around(calendar: str, first_ns: int, last_ns: int, *, pad_days: int = 10) -> SessionTable:
    """The sessions around two instants (UTC nanoseconds), with some days to either side; at least one.

    Where the calendar is known for fewer of the days to either side, there are fewer.

    Raises
    ------
    CalendarError
        When the calendar is unknown, does not reach these dates, or has no session there.
    """
    first_day, last_day = first_ns // NS_PER_DAY - pad_days, last_ns // NS_PER_DAY + pad_days
    try:
        table = sessions_between(calendar, first_day, last_day)
    except CalendarError:
        known = known_days(calendar)
        first_day = max(first_day, min(known[0], first_ns // NS_PER_DAY))
        last_day = min(last_day, max(known[1], last_ns // NS_PER_DAY))
        table = sessions_between(calendar, first_day, last_day)
    if len(table) == 0:
        raise CalendarError(f"The calendar {calendar} has no session from {_iso(first_day)} to {_iso(last_day)}.")
    return table


def _whole_years(calendar: str, first_day: int, last_day: int) -> SessionTable:
    """Whole years, so that symbols with slightly different ranges share one calendar."""
    if calendar == ALWAYS_OPEN:
        return _around_the_clock(np.arange(first_day, last_day + 1, dtype=np.int64))
    if calendar == WEEKDAYS:
        return _on_weekdays(np.arange(first_day, last_day + 1, dtype=np.int64))
    january = _days(dt.date(_date(first_day).year, 1, 1))
    december = _days(dt.date(_date(last_day).year, 12, 31))
    try:
        return _exchange_sessions(calendar, january, december)
    except _OutOfBoundsError:
        # Some calendars are known for a few years only; what was asked for may still lie inside.
        return _known_part(calendar, first_day, last_day)


def _known_part(calendar: str, first_day: int, last_day: int) -> SessionTable:
    try:
        return _exchange_sessions(calendar, first_day, last_day)
    except _OutOfBoundsError as error:
        raise CalendarError(
            f"The calendar {calendar} does not reach from {_iso(first_day)} to {_iso(last_day)}: {error}"
        ) from error


def _around_the_clock(days: Ints) -> SessionTable:
    return SessionTable(ALWAYS_OPEN, days, days * NS_PER_DAY, (days + 1) * NS_PER_DAY, "UTC")


def _on_weekdays(days: Ints) -> SessionTable:
    weekday = (days + 3) % 7
    days, weekday = days[weekday < _SATURDAY], weekday[weekday < _SATURDAY]
    # Every session closes at 24:00 UTC although Friday's trading ends earlier: later is the pessimistic reading.
    opens = np.where(weekday == _MONDAY, (days - 1) * NS_PER_DAY + _SUNDAY_OPEN_NS, days * NS_PER_DAY)
    return SessionTable(WEEKDAYS, days, opens, (days + 1) * NS_PER_DAY, "UTC")


@lru_cache(maxsize=64)
def known_days(calendar: str) -> tuple[int, int]:
    """The first and the last day that a calendar can be asked for, days since 1970-01-01.

    Raises
    ------
    CalendarError
        When the calendar is unknown.
    """
    if calendar in (ALWAYS_OPEN, WEEKDAYS):
        return _FIRST_DAY, _LAST_DAY
    found = _of_library(calendar)
    first, last = found.bound_min(), found.bound_max()
    return _FIRST_DAY if first is None else _days(first.date()), _LAST_DAY if last is None else _days(last.date())


class _OutOfBoundsError(Exception):
    """The library's calendar does not cover the dates."""


@lru_cache(maxsize=64)
def _exchange_sessions(calendar: str, first_day: int, last_day: int) -> SessionTable:
    import exchange_calendars

    try:
        found = _of_library(calendar, start=_iso(first_day), end=_iso(last_day))
    except exchange_calendars.errors.NoSessionsError:
        nothing = np.empty(0, np.int64)
        return SessionTable(calendar, nothing, nothing, nothing, "UTC")
    except ValueError as error:
        raise _OutOfBoundsError(str(error)) from error
    labels = np.asarray(found.sessions_nanos, np.int64) // NS_PER_DAY
    opens, closes = np.asarray(found.opens_nanos, np.int64), np.asarray(found.closes_nanos, np.int64)
    return SessionTable(calendar, labels, opens, closes, str(found.tz), _breaks(found, closes))


def _of_library(calendar: str, **dates: str) -> Any:
    import exchange_calendars

    try:
        with warnings.catch_warnings():
            # What the library says to pandas' developers is nothing that a user could act on.
            warnings.simplefilter("ignore")
            return exchange_calendars.get_calendar(_ALIASES.get(calendar, calendar), **dates)
    except exchange_calendars.errors.InvalidCalendarName:
        raise _unknown(calendar) from None


def _breaks(found: Any, closes: Ints) -> tuple[Ints, Ints] | None:
    """Pauses for lunch; the library says NaT where there is none."""
    starts, ends = np.asarray(found.break_starts_nanos, np.int64), np.asarray(found.break_ends_nanos, np.int64)
    pauses = starts != _NOT_A_TIME
    return (np.where(pauses, starts, closes), np.where(pauses, ends, closes)) if pauses.any() else None


def _unknown(calendar: str) -> CalendarError:
    import exchange_calendars

    names = [*exchange_calendars.get_calendar_names(), *_ALIASES]
    near = difflib.get_close_matches(calendar.upper(), names, n=3, cutoff=0.5)
    hint = (
        f"Did you mean {' or '.join(near)}?" if near else "Use a market identifier such as XNYS, XLON or XNSE, or 24/7."
    )
    return CalendarError(f"There is no calendar named '{calendar}'.", hint=hint)


def _local_midnights(days: Ints, zone: ZoneInfo) -> Ints:
    """UTC nanoseconds at which each date begins in a time zone."""
    begins = (dt.datetime.combine(_date(int(day)), dt.time(), zone).timestamp() for day in days)
    return np.fromiter(begins, np.float64, len(days)).astype(np.int64) * NS_PER_SECOND


def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


def _days(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days


def _iso(day: int) -> str:
    return _date(day).isoformat()
