"""What writing bars would make of a series: allowed or not, into which segments, under which version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Bars
from tradewright.domain.errors import DataError
from tradewright.domain.stored import SeriesKey, WriteEffect, WriteMode

from .content import actions_from, fingerprint, sessions_of
from .merge import appended
from .reading import load_columns
from .segments import COLUMNS, Segment, columns_of, cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tradewright.domain.bars import Actions

    from .catalogue import Head
    from .segments import Shelf

    Columns = Mapping[str, NDArray[Any]]

__all__ = ["Plan", "plan_of"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a series is to become.

    Parameters
    ----------
    effect : WriteEffect
    version : str
    segments : tuple of Segment
        All of the version, in order; of those that are there already the size is known.
    to_write : dict of str to columns
        The others, by name.
    actions : Actions
    first_ns, last_ns : int
        Stamps of the first and last bar.
    new_rows : int
    """

    effect: WriteEffect
    version: str
    segments: tuple[Segment, ...]
    to_write: dict[str, Columns]
    actions: Actions
    first_ns: int
    last_ns: int
    new_rows: int


def plan_of(shelf: Shelf, head: Head | None, bars: Bars, mode: WriteMode, segment_rows: int) -> Plan:
    """Decide what becomes of a series.

    Parameters
    ----------
    shelf : Shelf
    head : Head or None
        The current version of the series.
    bars : Bars
    mode : WriteMode
    segment_rows : int

    Raises
    ------
    DataError
        When the mode does not allow it.
    """
    if head is None:
        return _whole(WriteEffect.ADDED, bars, segment_rows, new_rows=len(bars))
    if mode is WriteMode.REPLACE:
        # Written again even where it is the same: that is how a damaged file is mended.
        same = head.version == bars.fingerprint and _description(head) == _description(bars)
        effect = WriteEffect.UNCHANGED if same else WriteEffect.REPLACED
        return _whole(effect, bars, segment_rows, new_rows=len(bars) - head.rows)
    _require_same_description(head, bars)
    if head.version == bars.fingerprint:
        return _nothing(head)
    if mode is WriteMode.NEW:
        raise DataError(
            f"{SeriesKey.of(bars)} is stored with {head.rows:,} bars, and {bars.source} has others.",
            hint="Import with --append to add what comes after them, or with --replace to make these the current ones.",
        )
    return _append(shelf, head, bars, segment_rows)


def _description(described: Head | Bars) -> tuple[object, ...]:
    return described.instrument, described.synthetic


def _require_same_description(head: Head, bars: Bars) -> None:
    mine, other = head.instrument.to_dict(), bars.instrument.to_dict()
    mine["synthetic"], other["synthetic"] = head.synthetic, bars.synthetic
    for name, value in mine.items():
        if other[name] != value:
            raise DataError(
                f"{bars.instrument.id} is stored with {name}={value!r}, and {bars.source} says {other[name]!r}.",
                hint="State it as before, or import with --replace.",
            )


def _nothing(head: Head) -> Plan:
    actions = actions_from(head.actions)
    return Plan(WriteEffect.UNCHANGED, head.version, head.segments, {}, actions, head.first_ns, head.last_ns, 0)


def _whole(effect: WriteEffect, bars: Bars, segment_rows: int, *, new_rows: int) -> Plan:
    parts = list(cut(columns_of(bars), segment_rows))
    labels = bars.labels()
    return Plan(
        effect=effect,
        version=bars.fingerprint,
        segments=tuple(segment for segment, _ in parts),
        to_write={segment.name: columns for segment, columns in parts},
        actions=bars.actions,
        first_ns=int(labels[0]),
        last_ns=int(labels[-1]),
        new_rows=new_rows,
    )


def _append(shelf: Shelf, head: Head, bars: Bars, segment_rows: int) -> Plan:
    kept = head.segments[: _untouched(head, int(bars.sessions.labels[0]), segment_rows)]
    old = _end_of(shelf, head, bars, head.segments[len(kept) :])
    merged = appended(old, bars)
    known = {segment.name: segment for segment in head.segments}
    parts = list(cut(columns_of(merged), segment_rows))
    to_write = {segment.name: columns for segment, columns in parts if segment.name not in known}
    version = _fingerprint(shelf, head, kept, merged)
    if version == head.version:
        return _nothing(head)
    return Plan(
        effect=WriteEffect.APPENDED,
        version=version,
        segments=kept + tuple(known.get(segment.name, segment) for segment, _ in parts),
        to_write=to_write,
        actions=merged.actions,
        first_ns=head.first_ns,
        last_ns=int(merged.labels()[-1]),
        new_rows=len(merged) - len(old),
    )


def _untouched(head: Head, first_session: int, segment_rows: int) -> int:
    """How many leading segments lie wholly before the new bars and are full; the last one is always looked at."""
    count = 0
    for segment in head.segments[:-1]:
        if segment.last_session >= first_session or segment.rows != segment_rows:
            break
        count += 1
    return count


def _end_of(shelf: Shelf, head: Head, bars: Bars, segments: tuple[Segment, ...]) -> Bars:
    columns = load_columns(shelf, head.folder, segments)
    numbers: dict[str, Any] = {name: columns[name] for name in COLUMNS if name != "session"}
    return Bars(
        instrument=head.instrument,
        timeframe=bars.timeframe,
        sessions=sessions_of(columns["session"]),
        actions=actions_from(head.actions),
        adjustment=bars.adjustment,
        source=head.source,
        synthetic=head.synthetic,
        **numbers,
    )


def _fingerprint(shelf: Shelf, head: Head, kept: tuple[Segment, ...], end: Bars) -> str:
    if not kept:
        return end.fingerprint
    columns = columns_of(end)

    def pieces(name: str) -> Iterator[NDArray[Any]]:
        for segment in kept:
            yield shelf.read(head.folder, segment, (name,))[name]
        yield columns[name]

    return fingerprint(SeriesKey.of(end), pieces, end.actions)
