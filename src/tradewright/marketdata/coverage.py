"""Coverage: which bars the calendar has between the first and the last of a series, and which are missing.

Daily and longer bars are counted by session. Bars inside sessions are counted in the market's open hours only, slot by
slot, so that nights, weekends, holidays, half days, lunch and changes of the clock are never gaps.

Minutes in which nothing traded have no row in many sources, so a missing bar is judged by the series itself: where at
most one bar in a hundred is followed by a missing one the series is complete and every missing bar is a gap; elsewhere
only runs that are more than twice as long as the longest that chance would make of the series' own runs. What is
missing at the same place of most sessions, such as the closing auction, is how the series is made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import CalendarError
from tradewright.domain.instrument import WEEKDAYS
from tradewright.domain.timeframe import NS_PER_DAY, TimeUnit
from tradewright.marketdata.open_hours import OpenHours, open_hours
from tradewright.marketdata.periods import padding_days, periods
from tradewright.marketdata.sessions import SessionTable, sessions_around

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

    Ints = NDArray[np.int64]

__all__ = ["Absence", "Coverage", "Habit", "coverage_of"]

_COMPLETE = 0.01
"""Share of bars followed by a missing one up to which a series counts as complete."""

_FEW = 3
"""Runs of missing bars that say nothing about a series' density, however short it is."""

_CHANCE = 0.01
"""Chance of one run of the tolerated length in the whole series."""

_PATIENCE = 2.0
"""Trading is quieter at night and at noon, so runs are longer than independent chances would make them."""

_FEWEST_SESSIONS = 3
"""Sessions below which nothing can be called the habit of a series."""

_AT_CLOSE = -1
_PLACES = {_AT_CLOSE: "before the close", 0: "after the open"}


@dataclass(frozen=True, slots=True)
class Absence:
    """Bars that are missing one after another.

    Parameters
    ----------
    first_ns, last_ns : int
        Stamps that the first and the last of them would have, UTC nanoseconds.
    count : int
    sessions : int
        Whole sessions among them; 0 where only a part of one is missing.
    """

    first_ns: int
    last_ns: int
    count: int
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Habit:
    """Bars that most sessions lack at the same place: how the series is made.

    Parameters
    ----------
    place : {"after the open", "before the close", "inside"}
    count : int
        Bars of each session.
    sessions : int
        Sessions that lack them.
    first_ns : int
        Stamp of the first of them, in the first such session.
    """

    place: str
    count: int
    sessions: int
    first_ns: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is there of what the calendar has.

    Parameters
    ----------
    expected : int or None
        Bars that the calendar has from the first to the last; None where the source writes no row for a bar in which
        nothing traded, or holds other hours than the session's.
    gaps : tuple of Absence
        In order of time.
    quiet : Absence or None
        The bars that are missing as if nothing traded in them, together.
    longest_quiet : int
        Most of those in a row.
    habits : tuple of Habit
    """

    expected: int | None
    gaps: tuple[Absence, ...] = ()
    quiet: Absence | None = None
    longest_quiet: int = 0
    habits: tuple[Habit, ...] = ()


def coverage_of(bars: Bars) -> Coverage:
    """Compare a series with its calendar.

    A series without a calendar, or beyond the dates that its calendar knows, has no expected bars and no gaps.
    """
    labels = bars.sessions.labels
    try:
        table = _table(bars, int(labels[0]), int(labels[-1]))
    except CalendarError:
        return Coverage(None)
    if len(table) == 0:
        return Coverage(None)
    return _intraday(bars, table) if bars.timeframe.is_intraday else _daily(bars, table)


def _table(bars: Bars, first: int, last: int) -> SessionTable:
    calendar = bars.instrument.calendar
    if calendar is None:
        raise CalendarError(f"{bars.instrument.id} names no calendar.")
    # As wide as the reader asks for, so that both share one calendar.
    pad = padding_days(bars.timeframe) or 10
    table = sessions_around(calendar, first * NS_PER_DAY, last * NS_PER_DAY, pad_days=pad)
    chosen = np.ones(len(table), np.bool_) if _is_grouped(bars) else (table.labels >= first) & (table.labels <= last)
    if calendar == WEEKDAYS and not _is_grouped(bars):
        chosen &= ~_is_currency_holiday(table.labels)
    breaks = None if table.breaks is None else (table.breaks[0][chosen], table.breaks[1][chosen])
    return SessionTable(calendar, table.labels[chosen], table.opens[chosen], table.closes[chosen], table.zone, breaks)


def _is_grouped(bars: Bars) -> bool:
    """Whether a bar holds more than one session."""
    timeframe = bars.timeframe
    return not timeframe.is_intraday and not (timeframe.unit is TimeUnit.DAY and timeframe.count == 1)


def _is_currency_holiday(days: Ints) -> NDArray[np.bool_]:
    """Christmas and New Year, on which currencies are not quoted."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12
    day = (dates - dates.astype("datetime64[M]")).astype(np.int64)
    return np.asarray(((month == 11) & (day == 24)) | ((month == 0) & (day == 0)))


# ---------------------------------------------------------------- a day and longer


def _daily(bars: Bars, table: SessionTable) -> Coverage:
    labels, keys = table.labels, table.labels
    there = bars.sessions.labels
    if _is_grouped(bars):
        grouped = periods(table, bars.timeframe)
        labels, keys = grouped.labels, grouped.ids
        # Several days are known by their sessions: a bar on another date has no place to count from.
        is_placed = np.isin(there, table.labels) | (bars.timeframe.unit is not TimeUnit.DAY)
        there = grouped.ids_of(there[is_placed])
    if len(there) == 0:
        return Coverage(None)
    inside = slice(int(np.searchsorted(keys, there[0])), int(np.searchsorted(keys, there[-1], "right")))
    labels, missing = labels[inside], ~np.isin(keys[inside], there)
    return Coverage(len(labels), tuple(_missing_labels(labels, missing)))


def _missing_labels(labels: Ints, missing: NDArray[np.bool_]) -> list[Absence]:
    stamps = labels * NS_PER_DAY
    return [
        Absence(int(stamps[first]), int(stamps[stop - 1]), stop - first, stop - first)
        for first, stop in _runs(np.flatnonzero(missing))
    ]


def _runs(positions: Ints) -> list[tuple[int, int]]:
    """First and one past the last of each run of consecutive numbers."""
    if len(positions) == 0:
        return []
    breaks = np.flatnonzero(np.diff(positions) != 1)
    first = positions[np.concatenate(([0], breaks + 1))]
    stop = positions[np.concatenate((breaks, [len(positions) - 1]))] + 1
    return list(zip(first.tolist(), stop.tolist(), strict=True))


# ---------------------------------------------------------------- shorter than a day


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What is missing, cut at the bounds of stretches; all (m,) int64."""

    first: Ints
    stop: Ints
    stretch: Ints

    @property
    def counts(self) -> Ints:
        return self.stop - self.first

    def where(self, chosen: NDArray[np.bool_]) -> _Pieces:
        return _Pieces(self.first[chosen], self.stop[chosen], self.stretch[chosen])


def _intraday(bars: Bars, table: SessionTable) -> Coverage:
    hours = open_hours(table, bars.timeframe.nanoseconds)
    pieces = _missing_pieces(bars, hours)
    whole = _whole_sessions(hours, pieces) if not table.is_around_the_clock else np.zeros(len(pieces.first), np.bool_)
    habits, habitual = _habits(hours, pieces, whole)
    rest = pieces.where(~whole & ~habitual)
    grave = rest.counts >= _suspicious_length(rest.counts, len(bars))
    gaps = [*_runs_of_sessions(hours, pieces.where(whole)), *_absences(hours, rest.where(grave))]
    quiet = _together(hours, rest.where(~grave))
    is_told = quiet is None and not habits and (table.is_around_the_clock or not _has_other_hours(bars, table))
    return Coverage(
        len(bars) + int(pieces.counts.sum()) if is_told else None,
        tuple(sorted(gaps, key=lambda gap: gap.first_ns)),
        quiet,
        int(rest.counts[~grave].max(initial=0)),
        habits,
    )


def _missing_pieces(bars: Bars, hours: OpenHours) -> _Pieces:
    apart = np.flatnonzero(bars.open_time[1:] != bars.close_time[:-1])
    first, stop = hours.slot_of(bars.close_time[apart]), hours.slot_of(bars.open_time[apart + 1])
    first, stop = first[stop > first], stop[stop > first]
    begin, end = hours.stretch_of(first), hours.stretch_of(stop - 1)
    times = end - begin + 1
    stretch = np.repeat(begin, times) + np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    floor, roof = hours.bases[stretch], hours.bases[stretch] + hours.slots[stretch]
    return _Pieces(np.maximum(np.repeat(first, times), floor), np.minimum(np.repeat(stop, times), roof), stretch)


def _whole_sessions(hours: OpenHours, pieces: _Pieces) -> NDArray[np.bool_]:
    """Which pieces belong to sessions of which nothing is there."""
    missing = np.bincount(hours.sessions[pieces.stretch], pieces.counts, hours.sessions[-1] + 1)
    rooms = np.bincount(hours.sessions, hours.slots)
    return np.asarray((missing == rooms)[hours.sessions[pieces.stretch]])


def _habits(hours: OpenHours, pieces: _Pieces, whole: NDArray[np.bool_]) -> tuple[tuple[Habit, ...], NDArray[np.bool_]]:
    """Pieces of the same length at the same place of more than half of the sessions, and which pieces those are."""
    habitual = np.zeros(len(pieces.first), np.bool_)
    sessions = int(hours.sessions[-1]) + 1
    if sessions < _FEWEST_SESSIONS or len(pieces.first) == 0:
        return (), habitual
    offset = pieces.first - hours.bases[pieces.stretch]
    at_close = pieces.stop == hours.bases[pieces.stretch] + hours.slots[pieces.stretch]
    place = np.where(at_close, _AT_CLOSE, offset)
    keys = np.stack((hours.parts[pieces.stretch], place, pieces.counts), axis=1)[~whole]
    names, inverse, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    positions = np.flatnonzero(~whole)
    habits = []
    for number in np.flatnonzero(counts > sessions / 2):
        members = positions[inverse.reshape(-1) == number]
        habitual[members] = True
        stamp = hours.stamp_of(int(pieces.first[members[0]]))
        name = _PLACES.get(int(names[number, 1]), "inside")
        habits.append(Habit(name, int(names[number, 2]), int(counts[number]), stamp))
    return tuple(habits), habitual


def _suspicious_length(counts: Ints, rows: int) -> float:
    """The shortest run of missing bars that is no matter of chance.

    Runs end with a chance that the share of runs longer than one bar tells, which a few long gaps do not move.
    """
    runs = len(counts)
    if runs <= max(_FEW, _COMPLETE * rows):
        return 1
    goes_on = max(float((counts > 1).mean()), runs / (runs + rows))
    return 1 + _PATIENCE * math.log(runs / _CHANCE) / -math.log(min(goes_on, 0.99))


def _absences(hours: OpenHours, pieces: _Pieces) -> list[Absence]:
    columns = zip(pieces.first.tolist(), pieces.stop.tolist(), strict=True)
    return [Absence(hours.stamp_of(first), hours.stamp_of(stop - 1), stop - first) for first, stop in columns]


def _runs_of_sessions(hours: OpenHours, pieces: _Pieces) -> list[Absence]:
    """Whole sessions that are missing one after another."""
    found = []
    for first, stop in _runs(np.unique(hours.sessions[pieces.stretch])):
        stretches = np.flatnonzero((hours.sessions >= first) & (hours.sessions < stop))
        begin, last = int(hours.bases[stretches[0]]), int(stretches[-1])
        end = int(hours.bases[last] + hours.slots[last])
        found.append(Absence(hours.stamp_of(begin), hours.stamp_of(end - 1), end - begin, stop - first))
    return found


def _together(hours: OpenHours, pieces: _Pieces) -> Absence | None:
    if len(pieces.first) == 0:
        return None
    first, last = int(pieces.first[0]), int(pieces.stop[-1]) - 1
    return Absence(hours.stamp_of(first), hours.stamp_of(last), int(pieces.counts.sum()))


def _has_other_hours(bars: Bars, table: SessionTable) -> bool:
    """Whether there are bars before a session's open or after its close; each session's first and last row tell."""
    first = bars.sessions.first_rows
    opens, closes = bars.open_time[first], bars.close_time[bars.sessions.last_rows(len(bars))]
    begin = np.maximum(np.searchsorted(table.opens, opens, "right") - 1, 0)
    end = np.searchsorted(table.closes, closes)
    return bool((opens < table.opens[begin]).any() or (opens >= table.closes[begin]).any() or (end != begin).any())
