"""The use case: bars leave the store, and what was said of them leaves the book.

The book forgets first: a command that dies in between asks a source once more, and never takes for known what is gone.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tradewright.app.fetch.turns import turn_name
from tradewright.app.import_data import looked_over
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.stored import DayRange, WriteMode
from tradewright.domain.timeframe import NS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence

    from tradewright.app.fetch.series import FetchDesk
    from tradewright.domain.bars import Bars
    from tradewright.domain.stored import SeriesKey, StoredVersion
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.bar_store import BarStore

__all__ = ["Discarded", "Overdue", "Removed", "discard", "overdue", "remove_series", "remove_versions"]


@dataclass(frozen=True, slots=True)
class Removed:
    """What went: versions, and the bytes that were freed."""

    versions: tuple[StoredVersion, ...] = ()
    bytes: int = 0


async def remove_series(
    desk: FetchDesk, keys: Iterable[SeriesKey], waits: Callable[[str], None] = lambda _: None
) -> AsyncIterator[Removed]:
    """Take series with all their versions out of the store, one after the other; nobody fetches one meanwhile.

    What somebody who had the turn before has brought goes as well. A source counts as asked for nothing.

    Parameters
    ----------
    desk : FetchDesk
    keys : iterable of SeriesKey
    waits : callable
        Called with a sentence while somebody else has a series.

    Raises
    ------
    StorageError
        When the store or the book cannot be used; the series before it are gone.
    """
    for key in keys:
        async with desk.turns.taken(turn_name(key), waits):
            versions = tuple(desk.store.versions(key))
            freed = _removed(desk, versions)
        yield Removed(versions, freed)


async def remove_versions(
    desk: FetchDesk, versions: Sequence[StoredVersion], waits: Callable[[str], None] = lambda _: None
) -> Removed:
    """Take versions out of the store in one step.

    Where a current version goes, nobody fetches its series meanwhile, and its sources count as asked for nothing: the
    version that becomes current may lack what they said.

    Parameters
    ----------
    desk : FetchDesk
    versions : sequence of StoredVersion
    waits : callable
        Called with a sentence while somebody else has a series.

    Raises
    ------
    StorageError
        When the store or the book cannot be used, or a version has become current since it was listed.
    """
    async with AsyncExitStack() as turns:
        # In one order, so that two who remove several do not wait for each other.
        for name in sorted({turn_name(each.key) for each in versions if each.is_current}):
            await turns.enter_async_context(desk.turns.taken(name, waits))
        return Removed(tuple(versions), _removed(desk, versions))


def _removed(desk: FetchDesk, versions: Sequence[StoredVersion]) -> int:
    known = desk.book.asked()
    for key in {each.key for each in versions if each.is_current and each.key in known}:
        desk.book.forget(key)
    return desk.store.remove(versions)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A series that holds bars, or versions, of before a day.

    Parameters
    ----------
    key : SeriesKey
    before : int
        Days since 1970-01-01.
    versions : tuple of StoredVersion
        Those that begin before it.
    """

    key: SeriesKey
    before: int
    versions: tuple[StoredVersion, ...]


@dataclass(frozen=True, slots=True)
class Discarded:
    """What went of a series: bars of its current version, how many are left, versions and bytes."""

    key: SeriesKey
    rows: int
    left: int
    versions: int
    bytes: int


def overdue(store: BarStore, before: Mapping[Timeframe, int]) -> list[Overdue]:
    """The series of some timeframes that hold bars of before a day, the current version or an earlier one.

    Parameters
    ----------
    store : BarStore
    before : mapping of Timeframe to int
        The day, since 1970-01-01.
    """
    found = []
    for series in store.series():
        day = before.get(series.key.timeframe)
        if day is not None:
            versions = tuple(each for each in store.versions(series.key) if _begins_before(each, day))
            found += [Overdue(series.key, day, versions)] if versions else []
    return found


async def discard(desk: FetchDesk, due: Overdue, waits: Callable[[str], None] = lambda _: None) -> Discarded:
    """Take the bars of before a day out of a series, with every version that holds such.

    What is left becomes its current version; a series that has nothing else goes as a whole. Nobody fetches it
    meanwhile.

    Parameters
    ----------
    desk : FetchDesk
    due : Overdue
    waits : callable
        Called with a sentence while somebody else has the series.

    Raises
    ------
    StorageError, ResourceError
        When the store or the book cannot be used.
    """
    async with desk.turns.taken(turn_name(due.key), waits):
        if due.key in desk.book.asked():
            desk.book.forget(due.key, due.before)
        current = desk.store.versions(due.key)[0]
        left = _cut(desk.store, current, due.before) if _begins_before(current, due.before) else current.rows
        gone = [each for each in desk.store.versions(due.key) if not left or _is_earlier(each, due.before)]
        freed = desk.store.remove(gone)
    return Discarded(due.key, current.rows - left, left, len(gone), freed)


def _cut(store: BarStore, current: StoredVersion, before: int) -> int:
    """Make what is left of the current version the current one; how many bars that are."""
    kept = _kept(store, current, before)
    if kept is None:
        return 0
    if len(kept) < current.rows:
        with store.writing() as writer:
            writer.add(kept, WriteMode.REPLACE)
    return len(kept)


def _is_earlier(stored: StoredVersion, before: int) -> bool:
    return not stored.is_current and _begins_before(stored, before)


def _begins_before(stored: StoredVersion, day: int) -> bool:
    return stored.first_ns // NS_PER_DAY < day


def _kept(store: BarStore, current: StoredVersion, before: int) -> Bars | None:
    """What is left of the current version, described as it was; None where nothing is."""
    try:
        bars = store.read(current.key, DayRange(before))
    except DataNotAvailableError:
        return None
    noted = current.quality
    if noted is not None:
        begin = int(bars.labels()[0])
        findings = tuple(each for each in noted.findings if each.first_ns is None or each.first_ns >= begin)
        noted = replace(noted, findings=findings)
    plain = replace(bars, source=current.source, origin={}, quality=noted)
    return replace(plain, quality=None if noted is None else looked_over(plain))
