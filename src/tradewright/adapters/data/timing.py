"""When each row's bar opens and is complete, from what its stamp was said to mean."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.left_out import NAMED_ROWS
from tradewright.adapters.data.one_instrument import require_one_instrument
from tradewright.adapters.data.raw import BadRows, RawTable, ReadRequest, Stamp
from tradewright.adapters.data.stamps import Stamps, local_to_utc, utc_to_local
from tradewright.domain.errors import BadRowsError, CalendarError, DataError
from tradewright.domain.timeframe import NS_PER_DAY, TimeUnit
from tradewright.marketdata.placement import (
    Hours,
    PlacedRows,
    place_ends,
    place_instants,
    place_labels,
    session_dates,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Timing", "stamps_of", "time_rows"]

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Timing:
    """The rows that are left, and when their bars open, close, and in which session; all (n,).

    `stamps` are the instants or dates (as nanoseconds) as read, for messages and for checks of spacing. `repeats` are
    rows that were left out because their time stood there before, (m, 2): each with the row that was kept instead.
    """

    rows: Ints
    stamps: Ints
    open_time: Ints
    close_time: Ints
    labels: Ints
    outside: Mask
    is_intraday: bool
    repeats: Ints = field(default_factory=lambda: np.empty((0, 2), np.int64))

    @property
    def spacing_stamps(self) -> Ints:
        """What rises from row to row: openings of intraday bars, dates of longer ones."""
        return self.open_time if self.is_intraday else self.stamps // NS_PER_DAY

    def without(self, positions: Ints) -> Timing:
        """The same without some of its rows."""
        names = ("rows", "stamps", "open_time", "close_time", "labels", "outside")
        kept: dict[str, Any] = {name: np.delete(getattr(self, name), positions) for name in names}
        return replace(self, **kept)

    def complaint(self, table: RawTable, request: ReadRequest, outside: Ints) -> CalendarError:
        """What is wrong with rows outside the calendar's sessions, and what to pass."""
        first = int(outside[0])
        verb = "do" if self.is_intraday else "are none"
        others = f" ({len(outside)} of {len(self.rows)} rows {verb})" if len(outside) > 1 else ""
        place = table.place(int(self.rows[first]))
        calendar = request.instrument.calendar
        if self.is_intraday:
            text = f"{place}, {_instant(self.stamps[first])}, lies outside the sessions of {calendar}{others}."
            return CalendarError(text, hint=_intraday_hint(request))
        day = int(self.stamps[first] // NS_PER_DAY)
        text = (
            f"{place}, {np.datetime64(day, 'D')}, a {_WEEKDAYS[(day + 3) % 7]}, is not a session of {calendar}{others}."
        )
        return CalendarError(
            text, hint="Pass the calendar that trades on that day, or bad_rows='drop' to leave it out."
        )


def _intraday_hint(request: ReadRequest) -> str:
    if request.hours is Hours.EXTENDED:
        return "Check calendar= and tz=, or pass bad_rows='drop' to leave such rows out."
    return (
        "Pass sessions='extended' to keep hours before and after the session, sessions='regular' to leave them out, "
        "or stamp='end' if stamps mark where bars end."
    )


def time_rows(table: RawTable, request: ReadRequest, stamps: Stamps, rows: Ints) -> Timing:
    """Read the stamps of the usable rows as stated and place them in the calendar.

    Raises
    ------
    BadRowsError
        When rows are out of order or stand twice, or a wall-clock time happens twice or never.
    DataError
        When stamps are not what was stated.
    """
    if request.timeframe.is_intraday:
        return _time_intraday(table, request, stamps, rows)
    return _time_daily(table, request, stamps, rows)


def stamps_of(request: ReadRequest, stamps: Stamps, rows: Ints) -> Ints:
    """Where rows that did not become bars would have been, as their stamps say: UTC nanoseconds.

    Dates are those written; a wall-clock time that happens twice or never is taken as it falls.
    """
    if not request.timeframe.is_intraday:
        return stamps.wall[rows] // NS_PER_DAY * NS_PER_DAY
    length = request.timeframe.nanoseconds if request.stamp is Stamp.END else 0
    if stamps.utc is not None:
        return stamps.utc[rows] - length
    return local_to_utc(stamps.wall[rows], request.tz or "UTC")[0] - length


def _time_intraday(table: RawTable, request: ReadRequest, stamps: Stamps, rows: Ints) -> Timing:
    instants = _instants(table, request, stamps, rows)
    kept, repeats = _rising(table, request, rows, instants)
    rows, instants = _taken(rows, kept), _taken(instants, kept)
    calendar = request.instrument.calendar or ""
    place = place_ends if request.stamp is Stamp.END else place_instants
    placed = place(calendar, request.timeframe, instants, request.hours)
    return replace(_timing(rows, instants, placed, is_intraday=True), repeats=repeats)


def _time_daily(table: RawTable, request: ReadRequest, stamps: Stamps, rows: Ints) -> Timing:
    days, outside = _session_days(table, request, stamps, rows)
    kept, repeats = _rising(table, request, rows, days * NS_PER_DAY)
    rows, days = _taken(rows, kept), _taken(days, kept)
    placed = place_labels(request.instrument.calendar or "", request.timeframe, days)
    timing = _timing(rows, days * NS_PER_DAY, placed, is_intraday=False)
    return replace(timing, outside=placed.outside | outside[kept], repeats=repeats)


def _taken(column: Ints, kept: Ints) -> Ints:
    """The column at those positions; itself where they are all, for a million rows need no copy."""
    return column if len(kept) == len(column) else column[kept]


def _timing(rows: Ints, stamps: Ints, placed: PlacedRows, *, is_intraday: bool) -> Timing:
    return Timing(rows, stamps, placed.open_time, placed.close_time, placed.labels, placed.outside, is_intraday)


def _instants(table: RawTable, request: ReadRequest, stamps: Stamps, rows: Ints) -> Ints:
    if stamps.utc is not None:
        return stamps.utc if len(rows) == len(stamps.utc) else stamps.utc[rows]
    if request.tz is None:
        raise DataError(
            f"The stamps of {table.source} name no time zone.",
            hint="Pass tz='America/New_York' (or the zone they are written in, or 'UTC').",
        )
    instants, unclear = local_to_utc(stamps.wall[rows], request.tz)
    if unclear.any():
        row = int(np.argmax(unclear))
        raise BadRowsError(
            f"{table.place(int(rows[row]))}, {_instant(stamps.wall[rows][row])}, happens twice or never in "
            f"{request.tz}, where the clocks change that night.",
            rows=tuple(
                (table.line_of(int(rows[at])), "its time is unclear") for at in np.flatnonzero(unclear)[:NAMED_ROWS]
            ),
            hint="Write the stamps in UTC.",
        )
    return instants


def _session_days(table: RawTable, request: ReadRequest, stamps: Stamps, rows: Ints) -> tuple[Ints, Mask]:
    if request.stamp is Stamp.SESSION:
        wall = _midnights(table, request, stamps, rows)
        return wall // NS_PER_DAY, np.zeros(len(rows), np.bool_)
    instants = _instants(table, request, stamps, rows) - (request.stamp is Stamp.END)
    if request.timeframe.unit is TimeUnit.DAY:
        return _dates_where_known(request.instrument.calendar or "", instants)
    local = instants if request.tz is None else utc_to_local(instants, request.tz)
    return local // NS_PER_DAY, np.zeros(len(rows), np.bool_)


def _dates_where_known(calendar: str, instants: Ints) -> tuple[Ints, Mask]:
    days, outside = session_dates(calendar, instants)
    return np.where(outside, instants // NS_PER_DAY, days), outside


def _midnights(table: RawTable, request: ReadRequest, stamps: Stamps, rows: Ints) -> Ints:
    """Session labels: dates, or midnights as written, or midnights in the stated zone; nothing else is a date."""
    wall = stamps.wall[rows]
    if stamps.utc is not None and request.tz is not None and (wall % NS_PER_DAY).any():
        wall = utc_to_local(stamps.utc[rows], request.tz)
    timed = np.flatnonzero(wall % NS_PER_DAY)
    if len(timed):
        row = int(timed[0])
        raise DataError(
            f"{table.place(int(rows[row]))} is stamped {_instant(wall[row])}, which is no session date.",
            hint="Pass stamp='start' or 'end' if stamps are instants, or tz= if they are midnights of another zone.",
        )
    return wall


def _rising(table: RawTable, request: ReadRequest, rows: Ints, stamps: Ints) -> tuple[Ints, Ints]:
    """Positions to keep, so that times rise, and (left out, kept instead) of each row whose time stood there before.

    Disorder is refused whatever was asked: which of two rows is the wrong one cannot be told. So are several
    instruments in one table, of which a row for each time would be no series.
    """
    steps = np.diff(stamps)
    if (steps <= 0).any():
        require_one_instrument(table)
    if request.bad_rows is not BadRows.DROP:
        hint = "Remove one of the two, or pass bad_rows='drop' to keep the first."
        _refuse(table, rows, stamps, steps == 0, ("has the same time as the row before it", hint))
    _refuse(table, rows, stamps, steps < 0, ("comes before the row above it", "Sort the rows by time, oldest first."))
    kept = np.append(True, steps > 0)[: len(rows)]
    instead = np.maximum.accumulate(np.where(kept, np.arange(len(rows)), 0))
    return np.flatnonzero(kept), np.stack((rows[~kept], rows[instead[~kept]]), axis=1)


def _refuse(table: RawTable, rows: Ints, stamps: Ints, broken: Mask, said: tuple[str, str]) -> None:
    if not broken.any():
        return
    what, hint = said
    found = np.flatnonzero(broken) + 1
    lines = tuple((table.line_of(int(rows[row])), what) for row in found[:NAMED_ROWS])
    row = int(found[0])
    raise BadRowsError(f"{table.place(int(rows[row]))} ({_instant(stamps[row])}) {what}.", rows=lines, hint=hint)


def _instant(nanoseconds: np.int64) -> str:
    text = str(np.datetime64(int(nanoseconds), "ns").astype("datetime64[s]")).replace("T", " ")
    return text.removesuffix(":00") if not text.endswith("00:00:00") else text[:10]
