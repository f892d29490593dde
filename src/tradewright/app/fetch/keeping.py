"""What came of a series put into the store: beside the bars that it touches, without a look at all the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.app.import_data import found_at_reading
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.quality import Problem, QualityFinding
from tradewright.domain.stored import DayRange
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.quality import MOST_EXAMINED, examine

from .union import Held, retold, union

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradewright.domain.bars import Actions, Bars
    from tradewright.domain.stored import SeriesKey, StoredVersion
    from tradewright.ports.bar_store import BarStore

    from .union import Union

__all__ = ["Keeper"]

_SLACK_DAYS = 2
"""How far an instant lies from the date of its session, at most: zones, and sessions that begin the evening before."""
_NAMED = 1000
"""Bars left out that are told one by one; what is beyond is counted."""


class Keeper:
    """Writes what comes of series.

    Parameters
    ----------
    store : BarStore
    """

    def __init__(self, store: BarStore) -> None:
        self._store = store

    def keep(self, key: SeriesKey, came: Bars | None, actions: Actions | None) -> Union | None:
        """Put what came to what is stored, without a quality report; None where there is nothing to put anything to.

        Parameters
        ----------
        key : SeriesKey
        came : Bars or None
        actions : Actions or None
            What is known of splits, dividends and names by now; as it is stored where nobody was asked.
        """
        current = self._current(key)
        if current is None:
            found = None if came is None else union(None, came, actions)
        elif came is None:
            found = None if actions is None else self._retold(current, actions)
        else:
            found = union(self._held(current, came), came, actions)
        if found is not None and found.changes:
            with self._store.writing() as writer:
                writer.add(found.bars, found.mode)
        return found

    def _current(self, key: SeriesKey) -> StoredVersion | None:
        return next((each for each in self._store.series(key.instrument) if each.key == key), None)

    def _held(self, current: StoredVersion, came: Bars) -> Held:
        labels = came.sessions.labels
        return Held(
            self._tail(current), self._near(current, int(labels[0]), int(labels[-1])), lambda: self._all(current)
        )

    def _tail(self, current: StoredVersion) -> Bars:
        last = DayRange(current.last_ns // NS_PER_DAY - _SLACK_DAYS)
        return self._store.read(current.key, last, current.version)

    def _near(self, current: StoredVersion, first: int, last: int) -> Bars | None:
        try:
            return self._store.read(current.key, DayRange(first, last + 1), current.version)
        except DataNotAvailableError:
            return None

    def _all(self, current: StoredVersion) -> Bars:
        return self._store.read(current.key, version=current.version)

    def _retold(self, current: StoredVersion, actions: Actions) -> Union:
        found = retold(self._tail(current), actions)
        return retold(self._all(current), actions) if found.changes else found

    def look_over(self, key: SeriesKey, findings: Sequence[QualityFinding]) -> None:
        """Give the current version its report where it has none, or where bars were left out that it does not tell.

        What is told of a bar that was left out goes when there is one in its place. A series beyond
        `tradewright.marketdata.quality.MOST_EXAMINED` is left without.

        Parameters
        ----------
        key : SeriesKey
        findings : sequence of QualityFinding
            Of the bars that were left out now.
        """
        current = self._current(key)
        if current is None or current.rows > MOST_EXAMINED:
            return
        told = found_at_reading(current.quality)
        if current.quality is not None and set(findings) <= set(told):
            return
        bars = replace(self._all(current), source=current.source, origin={}, quality=None)
        noted = _unresolved((*self._told_before(key), *findings), bars)
        self._store.describe(current, examine(bars, noted=_counted(noted)))

    def _told_before(self, key: SeriesKey) -> list[QualityFinding]:
        """What was found at reading, of the latest version that somebody looked over."""
        reports = (each.quality for each in self._store.versions(key))
        return found_at_reading(next((each for each in reports if each is not None), None))


def _unresolved(findings: Iterable[QualityFinding], bars: Bars) -> list[QualityFinding]:
    """Each once, without those of bars that have come meanwhile."""
    stamps = bars.labels()

    def has_come(stamp: int) -> bool:
        return bool(stamps[min(int(np.searchsorted(stamps, stamp)), len(stamps) - 1)] == stamp)

    return [
        each
        for each in dict.fromkeys(findings)
        if each.problem is not Problem.IMPOSSIBLE or each.first_ns is None or not has_come(each.first_ns)
    ]


def _counted(findings: list[QualityFinding]) -> list[QualityFinding]:
    """Those beyond the first thousand as one."""
    others = findings[_NAMED:]
    if not others:
        return findings
    stamps = [each.first_ns for each in others if each.first_ns is not None]
    text = f"{len(others):,} more bars were left out."
    rest = replace(
        others[0], count=sum(each.count for each in others), first_ns=min(stamps, default=None),
        last_ns=max(stamps, default=None), sentence=text,
    )  # fmt: skip
    return [*findings[:_NAMED], rest]
