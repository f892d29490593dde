"""Opening a version: its segments, or those of a range, as the columns of bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import Bars
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.stored import ALL_DAYS, DayRange, short_version

from .catalogue import Head, report_from
from .content import actions_from, fingerprint, sessions_of
from .segments import COLUMNS, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from tradewright.domain.stored import SeriesKey

    from .segments import Segment, Shelf

    Columns = Mapping[str, NDArray[Any]]

__all__ = ["load_columns", "open_bars", "range_text", "require_content", "rows_of", "stored_fingerprint"]


def load_columns(shelf: Shelf, folder: str, segments: Sequence[Segment]) -> Columns:
    """All rows of segments, one after the other; what a single one holds is not copied.

    Raises
    ------
    GoneError
        When a segment is not there.
    StorageError
        When a segment is not what was written.
    """
    if len(segments) == 1:
        return shelf.read(folder, segments[0])
    rows = sum(segment.rows for segment in segments)
    joined: dict[str, NDArray[Any]] = {}
    first = 0
    for segment in segments:
        stop = first + segment.rows
        for name, column in shelf.read(folder, segment).items():
            joined.setdefault(name, np.empty(rows, column.dtype))[first:stop] = column
        first = stop
    return joined


def open_bars(shelf: Shelf, key: SeriesKey, head: Head, days: DayRange = ALL_DAYS) -> Bars:
    """The bars of a version, or those of a range of days.

    Raises
    ------
    GoneError
        When a segment is not there.
    StorageError
        When a segment is not what was written.
    DataNotAvailableError
        When the range has no bar.
    """
    segments = [each for each in head.segments if days.meets(each.first_session, each.last_session)]
    if not segments:
        raise _nothing_then(key, head, days)
    columns = load_columns(shelf, head.folder, segments)
    rows = rows_of(columns["session"], days)
    if rows.start >= rows.stop:
        raise _nothing_then(key, head, days)
    whole = rows.stop - rows.start == head.rows
    bars = Bars(
        instrument=head.instrument,
        timeframe=key.timeframe,
        sessions=sessions_of(columns["session"][rows]),
        actions=actions_from(head.actions),
        adjustment=key.adjustment,
        source=f"{head.source} (store, version {short_version(head.version)})",
        synthetic=head.synthetic,
        origin={"kind": "store", **key.to_dict(), "version": head.version, **({} if whole else range_text(days))},
        quality=report_from(head.quality) if whole else None,
        **{name: columns[name][rows] for name in COLUMNS if name != "session"},
    )
    if whole:
        # The catalogue knows it: hashing would cost as much as reading. `check` compares the two.
        bars.__dict__["fingerprint"] = head.version
    return bars


def rows_of(session: NDArray[Any], days: DayRange) -> slice:
    """Which of the rows, by their session dates, lie in a range."""
    first = 0 if days.first is None else int(np.searchsorted(session, days.first))
    return slice(first, len(session) if days.stop is None else int(np.searchsorted(session, days.stop)))


def range_text(days: DayRange) -> dict[str, str]:
    """A range as its first and last date, the last included; a side that is open is left out."""
    sides = {"start": days.first, "end": None if days.stop is None else days.stop - 1}
    return {name: _date(day) for name, day in sides.items() if day is not None}


def _nothing_then(key: SeriesKey, head: Head, days: DayRange) -> DataNotAvailableError:
    begin = "" if days.first is None else f" from {_date(days.first)}"
    end = "" if days.stop is None else f" to {_date(days.stop - 1)}"
    held = f"{_date(head.segments[0].first_session)} to {_date(head.segments[-1].last_session)}"
    return DataNotAvailableError(f"{key} has no bars{begin}{end}.", hint=f"It is stored from {held}.")


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))


def stored_fingerprint(shelf: Shelf, key: SeriesKey, head: Head) -> str:
    """The fingerprint of what the segments hold; one column of one segment is in memory at a time."""

    def pieces(name: str) -> Iterator[NDArray[Any]]:
        return (shelf.read(head.folder, segment, (name,))[name] for segment in head.segments)

    return fingerprint(key, pieces, actions_from(head.actions))


def require_content(shelf: Shelf, key: SeriesKey, head: Head) -> None:
    """Compare the content of the segments with the fingerprint that the catalogue knows.

    Raises
    ------
    GoneError
        When a segment is not there.
    StorageError
        When a segment cannot be read, or the content is another.
    """
    if stored_fingerprint(shelf, key, head) != head.version:
        raise damaged(shelf.place(head.folder), f"its bars are not those of version {short_version(head.version)}")
