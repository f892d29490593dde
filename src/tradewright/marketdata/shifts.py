"""Stamps that lie elsewhere: whether one series' bars look like another's some time before or after.

Bars are known by logarithms that no unit and hardly an adjustment changes: of close over the close before, of close
over open, and of high over low. Two series are aligned where most of their bars lie closer together in these than half
a usual bar is large.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from tradewright.domain.errors import CalendarError
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, NS_PER_SECOND
from tradewright.marketdata.sessions import sessions_around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["Shift", "shift_of"]

_FEWEST = 5
"""Bars that both must have: fewer look alike by chance."""

_ALIKE = 0.5
"""Share of a usual bar's size up to which bars are the same ones."""

_QUARTERS = 14 * 4
"""Zones lie up to 14 hours from UTC, in steps of a quarter of an hour."""

_DAYS = 3


@dataclass(frozen=True, slots=True)
class Shift:
    """How the second series' stamps lie to the first's.

    Parameters
    ----------
    seconds : float
        By which they are later; of a zone those of the first bar, of sessions those of a usual one.
    stamps : (m,) int64
        The second's stamps without it.
    sessions : int
        By how many sessions, where it is counted so; else 0.
    zone : str or None
        Whose offset from UTC it is, where it changes with summer time.
    is_one_bar : bool
        Whether it is as long as a bar.
    """

    seconds: float
    stamps: Ints
    sessions: int = 0
    zone: str | None = None
    is_one_bar: bool = False


def shift_of(first: Bars, second: Bars) -> Shift | None:
    """The shift under which the series are the same bars; None where they are without one, or are under none."""
    limit = _ALIKE * float(np.median(np.abs(_shape(first)).sum(axis=0)))
    if min(len(first), len(second)) < _FEWEST or limit == 0 or _alike(first, second, second.labels(), limit):
        return None
    found = [(_alike(first, second, each.stamps, limit), each) for each in _candidates(first, second)]
    best = max(found, key=lambda each: each[0], default=None)
    return best[1] if best is not None and best[0] else None


def _shape(bars: Bars) -> Floats:
    """Steps from the bar before, bodies and ranges, (3, n)."""
    steps = np.diff(np.log(bars.close), prepend=np.log(bars.close[:1]))
    return np.stack((steps, np.log(bars.close / bars.open), np.log(bars.high / bars.low)))


def _alike(first: Bars, second: Bars, stamps: Ints, limit: float) -> int:
    """How many bars of equal stamps are alike; 0 where it is not most of them, or most have no partner."""
    _, here, there = np.intersect1d(first.labels(), stamps, assume_unique=True, return_indices=True)
    if len(here) < max(_FEWEST, min(len(first), len(second)) / 2):
        return 0
    count = int((np.abs(_shape(first)[:, here] - _shape(second)[:, there]).sum(axis=0) <= limit).sum())
    return count if count > len(here) / 2 else 0


def _candidates(first: Bars, second: Bars) -> Iterator[Shift]:
    """What is tried; of those under which equally many bars are alike the first counts."""
    stamps = second.labels()
    if not first.timeframe.is_intraday:
        yield from _by_session(first, second)
        for days in _both_ways(_DAYS):
            yield Shift(days * 86_400.0, stamps - days * NS_PER_DAY)
        return
    step = first.timeframe.nanoseconds
    for bars in _both_ways(1):
        yield Shift(bars * step / NS_PER_SECOND, stamps - bars * step, is_one_bar=True)
    for quarters in _both_ways(_QUARTERS):
        shift = quarters * 15 * NS_PER_MINUTE
        yield Shift(shift / NS_PER_SECOND, stamps - shift)
    yield from _by_zone(second)


def _both_ways(most: int) -> Iterator[int]:
    for size in range(1, most + 1):
        yield from (size, -size)


def _by_session(first: Bars, second: Bars) -> Iterator[Shift]:
    """A session as either has it: Friday's bar under Monday's date is one session late."""
    stamps = second.labels()
    known = np.union1d(first.labels(), stamps)
    at = np.searchsorted(known, stamps)
    for sessions in _both_ways(1):
        moved = np.clip(at - sessions, 0, len(known) - 1)
        # What has no session to go to keeps a stamp that nobody has.
        away = at - sessions != moved
        yield Shift(sessions * 86_400.0, np.where(away, stamps + 1 + np.arange(len(stamps)), known[moved]), sessions)


def _by_zone(second: Bars) -> Iterator[Shift]:
    """Local times of the market taken for UTC, or UTC for local times: other hours in summer than in winter."""
    stamps, calendar = second.labels(), second.instrument.calendar
    try:
        zone = sessions_around(calendar or "", int(stamps[0]), int(stamps[-1])).zone
    except CalendarError:
        return
    offsets = _offsets(stamps, zone)
    if (offsets == offsets[0]).all():
        return
    for sign in (1, -1):
        moved = stamps - sign * offsets
        if (np.diff(moved) > 0).all():
            yield Shift(float(sign * offsets[0] / NS_PER_SECOND), moved, zone=zone)


def _offsets(stamps: Ints, zone: str) -> Ints:
    """The zone's distance from UTC at noon of each stamp's date, nanoseconds."""
    days, inverse = np.unique(stamps // NS_PER_DAY, return_inverse=True)
    place, begin = ZoneInfo(zone), dt.datetime(1970, 1, 1, 12)  # noqa: DTZ001 - the zone is put on below
    noons = [(begin + dt.timedelta(days=int(day))).replace(tzinfo=place).utcoffset() for day in days]
    seconds = np.array([0 if each is None else int(each.total_seconds()) for each in noons], np.int64)
    return np.asarray((seconds * NS_PER_SECOND)[inverse])
