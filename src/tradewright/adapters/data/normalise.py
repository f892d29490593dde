"""The one road from a table to bars, whatever the format.

Columns are found, numbers and stamps read, impossible rows named (refused, or dropped and counted), stamps placed in
the calendar's sessions. Nothing is repaired.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.actions import FactorRows, actions_from_columns, actions_from_factors
from tradewright.adapters.data.columns import find_columns, optional_position, position_of
from tradewright.adapters.data.left_out import NAMED_ROWS, LeftOut, findings_of, is_half_adjusted
from tradewright.adapters.data.numbers import to_floats
from tradewright.adapters.data.raw import BadRows, ImportNote, RawTable, ReadRequest, Suspects
from tradewright.adapters.data.rules import price_faults
from tradewright.adapters.data.stamps import Stamps, joined, read_stamps
from tradewright.adapters.data.timing import Timing, stamps_of, time_rows
from tradewright.domain.bars import Actions, Adjustment, Bars, SessionIndex
from tradewright.domain.errors import BadRowsError, CalendarError, DataError, DataNotAvailableError
from tradewright.domain.instrument import ALWAYS_OPEN
from tradewright.domain.quality import Gravity, Problem
from tradewright.marketdata.placement import Hours, spacing_fault
from tradewright.marketdata.prints import suspect_rows
from tradewright.marketdata.quality import examine

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Faults = dict[int, str]

__all__ = ["normalise"]

_ACTION_COLUMNS = ("ex_dividend", "split_ratio")


@dataclass(frozen=True, slots=True)
class _Values:
    """The numbers of a table by name, all (n,) float64, and the column of stamps as it came."""

    numbers: dict[str, Floats]
    time: Any
    faults: Faults

    def take(self, rows: Ints) -> dict[str, Floats]:
        return {name: column[rows] for name, column in self.numbers.items()}


def normalise(table: RawTable, request: ReadRequest) -> tuple[Bars, ImportNote]:
    """Turn an opened table into bars.

    Parameters
    ----------
    table : RawTable
    request : ReadRequest

    Returns
    -------
    bars : Bars
        With the report on their quality, which tells every row that was left out.
    note : ImportNote
        What was left out.

    Raises
    ------
    BadRowsError
        When rows are impossible, hard to believe or there twice and are not to be dropped, or out of order.
    CalendarError
        When the instrument names no calendar, or stamps contradict it.
    DataError
        When columns, stamps or volumes cannot be read as stated.
    DataNotAvailableError
        When no row is left.
    """
    if request.instrument.calendar is None:
        raise CalendarError(
            f"{request.instrument.id} names no calendar, so its {request.timeframe} bars have no session to close in.",
            hint="Pass calendar='XNYS' (or another exchange's name), or '24/7' for a market without sessions.",
        )
    values = _load(table, request)
    stamps = read_stamps(values.time, request.epoch, table.source)
    if len(stamps.wall) == 0:
        raise DataNotAvailableError(f"{table.source} has column names but no rows.")
    left_out = _impossible(table, request, values, stamps)
    rows = np.arange(len(stamps.wall))
    _refuse_bad_rows(table, request, [row for _, row in left_out], len(rows))
    gone = [at for at, _ in left_out if at is not None]
    rows = np.delete(rows, gone) if gone else rows
    timing, misplaced = _timed(table, request, time_rows(table, request, stamps, _some(table, rows)))
    said = [*(row for _, row in left_out), *_repeated(table, values, timing), *misplaced]
    bars, timing, doubted = _without_suspects(table, request, _bars(table, request, values, timing), timing, values)
    said.extend(doubted)
    report = examine(bars, line_of=_lines(table, timing), noted=findings_of(table, said, len(stamps.wall)))
    return replace(bars, quality=report), ImportNote.of(table, len(bars), said)


def _lines(table: RawTable, timing: Timing) -> Callable[[int], int] | None:
    return (lambda row: table.line_of(int(timing.rows[row]))) if table.has_lines else None


def _impossible(
    table: RawTable, request: ReadRequest, values: _Values, stamps: Stamps
) -> list[tuple[int | None, LeftOut]]:
    """Each row that cannot be a bar, with its position; None for lines that are no rows at all."""
    unread = dict(stamps.faults)
    faults = price_faults(values.numbers, has_volume="volume" in values.numbers) | values.faults | unread
    positions = np.array(list(faults), np.int64)
    moments = stamps_of(request, stamps, positions).tolist() if faults else []
    rows: list[tuple[int | None, LeftOut]] = [(None, LeftOut(*each)) for each in table.rejected()]
    for at, moment in zip(faults, moments, strict=True):
        stamp = None if at in unread else moment
        rows.append((at, LeftOut(table.line_of(at), faults[at], stamp_ns=stamp)))
    return rows


def _load(table: RawTable, request: ReadRequest) -> _Values:
    positions: dict[str, int] = find_columns(table, request.columns)
    if not request.instrument.has_volume and "volume" not in request.columns:
        positions.pop("volume", None)
    if request.adjust is not None:
        positions["adjusted"] = position_of(table, request.adjust)
    if request.actions is None and request.adjustment is Adjustment.RAW:
        positions |= {name: at for name in _ACTION_COLUMNS if (at := optional_position(table, name)) is not None}
    time = positions.pop("time")
    clock = _clock(table, request, time)
    columns = table.load(dict.fromkeys(positions.values(), True) | dict.fromkeys((time, *clock), False))
    lengths = {table.names[position]: len(column) for position, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise DataError(f"The columns of {table.source} differ in length: {lengths}.")
    numbers: dict[str, Floats] = {}
    faults: Faults = {}
    for name, position in positions.items():
        numbers[name], unread = to_floats(columns[position])
        faults |= {row: f"its {name} {reason}" for row, reason in unread}
    stamps = joined(columns[time], columns[clock[0]], table.source) if clock else columns[time]
    return _Values(numbers, stamps, faults)


def _clock(table: RawTable, request: ReadRequest, time: int) -> tuple[int, ...]:
    """The column with the times of day, where a table keeps them apart from the dates."""
    apart = request.timeframe.is_intraday and "time" not in request.columns and table.names[time].lower() == "date"
    position = optional_position(table, "time") if apart else None
    return () if position is None else (position,)


def _refuse_bad_rows(table: RawTable, request: ReadRequest, left_out: list[LeftOut], read: int) -> None:
    if not left_out or request.bad_rows is BadRows.DROP:
        return
    hint = "Repair the source, or pass bad_rows='drop' to leave such rows out."
    if len(left_out) == read and all(row.reason.startswith("its time '") for row in left_out):
        hint = "Write times as 2024-12-31 or 2024-12-31T15:30:00Z: of other orders day and month cannot be told."
    if is_half_adjusted(left_out, read):
        hint = (
            "Some price columns seem adjusted and others not: say with columns= which belong together, or use adjust=."
        )
    _refuse(table, left_out, "cannot be used", hint)


def _refuse(table: RawTable, rows: list[LeftOut], verdict: str, hint: str) -> None:
    first, others = min(rows), len(rows) - 1
    more = f"; so are {others} more" if others else ""
    raise BadRowsError(
        f"{table.row_word.capitalize()} {first.line} of {table.source} {verdict}: {first.reason}{more}.",
        rows=tuple(sorted((row.line, row.reason) for row in rows)[:NAMED_ROWS]),
        hint=hint,
    )


def _some(table: RawTable, rows: Ints) -> Ints:
    if len(rows) == 0:
        raise DataNotAvailableError(f"No row of {table.source} can be used.")
    return rows


def _timed(table: RawTable, request: ReadRequest, timing: Timing) -> tuple[Timing, list[LeftOut]]:
    """Leave out, or refuse, the rows that the calendar has no place for; check the rest against the timeframe."""
    outside = np.flatnonzero(timing.outside)
    misplaced: list[LeftOut] = []
    if len(outside):
        if request.hours is not Hours.REGULAR and request.bad_rows is not BadRows.DROP:
            raise timing.complaint(table, request, outside)
        misplaced = _misplaced(table, request, timing, outside)
        timing = timing.without(outside)
        _some(table, timing.rows)
    begins_short = request.instrument.calendar != ALWAYS_OPEN
    fault = spacing_fault(request.timeframe, timing.spacing_stamps, timing.labels, begins_short=begins_short)
    if fault is not None:
        row, reason = fault
        raise DataError(
            f"{table.place(int(timing.rows[row]))} {reason}.",
            hint="Pass the timeframe that the rows really have, or remove the row.",
        )
    return timing, misplaced


def _misplaced(table: RawTable, request: ReadRequest, timing: Timing, outside: Ints) -> list[LeftOut]:
    reason = f"it lies outside the sessions of {request.instrument.calendar}"
    is_asked = request.timeframe.is_intraday and request.hours is Hours.REGULAR
    gravity = Gravity.NOTICE if is_asked else Gravity.WARN
    return [
        LeftOut(table.line_of(int(timing.rows[at])), reason, Problem.OUTSIDE, gravity, int(timing.stamps[at]))
        for at in outside
    ]


def _repeated(table: RawTable, values: _Values, timing: Timing) -> list[LeftOut]:
    """Rows whose time stood there before; those with other numbers are graver."""
    at = np.minimum(np.searchsorted(timing.rows, timing.repeats[:, 1]), len(timing.rows) - 1)
    pairs = zip(timing.repeats.tolist(), timing.stamps[at].tolist(), strict=True)
    return [_repeat(table, values, (again, first), stamp) for (again, first), stamp in pairs]


def _repeat(table: RawTable, values: _Values, pair: tuple[int, int], stamp: int) -> LeftOut:
    again, first = pair
    where = f"it has the same time as {table.row_word} {table.line_of(first)}"
    for name, column in values.numbers.items():
        if column[again] != column[first] and not np.isnan(column[[again, first]]).all():
            differs = f" and another {name}, {column[again]:g} instead of {column[first]:g}"
            return LeftOut(table.line_of(again), where + differs, Problem.DUPLICATE, Gravity.WARN, stamp)
    return LeftOut(table.line_of(again), where + " and the same values", Problem.DUPLICATE, Gravity.NOTICE, stamp)


def _without_suspects(
    table: RawTable, request: ReadRequest, bars: Bars, timing: Timing, values: _Values
) -> tuple[Bars, Timing, list[LeftOut]]:
    """The bars as they are, or refused or left out where they are hard to believe, as asked."""
    if request.suspects is Suspects.KEEP:
        return bars, timing, []
    found = suspect_rows(bars)
    doubted = [
        LeftOut(table.line_of(int(timing.rows[row])), reason, problem, stamp_ns=int(timing.stamps[row]))
        for row, (problem, reason) in sorted(found.items())
    ]
    if not doubted:
        return bars, timing, []
    if request.suspects is Suspects.REFUSE:
        _refuse(table, doubted, "is hard to believe", "Look at the source, or pass suspects='keep' or 'drop'.")
    timing = timing.without(np.array(sorted(found), np.int64))
    _some(table, timing.rows)
    return _bars(table, request, values, timing), timing, doubted


def _bars(table: RawTable, request: ReadRequest, values: _Values, timing: Timing) -> Bars:
    numbers = values.numbers if len(timing.rows) == len(values.numbers["close"]) else values.take(timing.rows)
    if request.adjust is not None:
        numbers = _adjusted(numbers)
    sessions = SessionIndex.of_labels(timing.labels)
    instrument = request.instrument
    if "volume" not in numbers:
        instrument = instrument.without_volume()
    elif instrument.has_volume and not numbers["volume"].any():
        raise DataError(
            f"Every volume of {table.source} is 0, so no order could ever fill.",
            hint="Pass volume='none' to declare that volume is not known.",
        )
    return Bars(
        instrument=instrument,
        timeframe=request.timeframe,
        open_time=timing.open_time,
        close_time=timing.close_time,
        open=numbers["open"],
        high=numbers["high"],
        low=numbers["low"],
        close=numbers["close"],
        volume=numbers.get("volume", np.zeros(len(timing.rows))),
        sessions=sessions,
        actions=_actions(request, numbers, timing.labels),
        adjustment=request.adjustment,
        source=table.source,
    )


def _actions(request: ReadRequest, numbers: dict[str, Floats], labels: Ints) -> Actions:
    if isinstance(request.actions, FactorRows):
        return actions_from_factors(request.actions, np.unique(labels))
    if request.actions is not None:
        return request.actions
    return actions_from_columns(labels, numbers.get("ex_dividend"), numbers.get("split_ratio"))


def _adjusted(numbers: dict[str, Floats]) -> dict[str, Floats]:
    """Scale open, high and low by adjusted close / close; rounding may not push them past the close."""
    close = numbers["adjusted"]
    factor = close / numbers["close"]
    scaled = {name: numbers[name] * factor for name in ("open", "high", "low")}
    scaled["high"] = np.maximum(scaled["high"], np.maximum(scaled["open"], close))
    scaled["low"] = np.minimum(scaled["low"], np.minimum(scaled["open"], close))
    return numbers | scaled | {"close": close}
