"""What came put to what is stored: bars of either, and of both those that came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.stored import WriteMode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.app.live.feed.placing import PlacedBar
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe

__all__ = ["Union", "bars_of", "union"]

_TIMES = ("open_time", "close_time")
_NUMBERS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True)
class Union:
    """What is to be written.

    Parameters
    ----------
    bars : Bars
        What came, or the whole series where it lies not after the stored one.
    mode : WriteMode
    new, revised : int
        How many bars the store does not have yet, and how many it has with other values.
    """

    bars: Bars
    mode: WriteMode
    new: int
    revised: int

    @property
    def changes(self) -> bool:
        """Whether anything would be another than it is."""
        return self.new + self.revised > 0


def bars_of(placed: Sequence[PlacedBar], instrument: Instrument, timeframe: Timeframe, source: str) -> Bars:
    """Placed bars of one instrument, oldest first, as a series without actions; at least one."""
    types = {**dict.fromkeys(_TIMES, np.int64), **dict.fromkeys(_NUMBERS, np.float64)}
    columns: dict[str, Any] = {
        name: np.array([getattr(each.bar, name) for each in placed], kind) for name, kind in types.items()
    }
    labels = np.array([each.day for each in placed], np.int64)
    return Bars(
        instrument=instrument, timeframe=timeframe, sessions=SessionIndex.of_labels(labels), source=source, **columns
    )


def union(stored: Bars | None, came: Bars) -> Union:
    """Put bars that came to those that are stored; none is ever taken away."""
    if stored is None:
        return Union(came, WriteMode.NEW, len(came), 0)
    if came.open_time[0] >= stored.close_time[-1]:
        return Union(came, WriteMode.APPEND, len(came), 0)
    at = np.searchsorted(stored.open_time, came.open_time)
    at_stored = np.minimum(at, len(stored) - 1)
    known = stored.open_time[at_stored] == came.open_time
    others = known & _differ(stored, at_stored, came)
    new, revised = int((~known).sum()), int(others.sum())
    return Union(_merged(stored, came), WriteMode.REPLACE, new, revised)


def _differ(stored: Bars, at: Any, came: Bars) -> Any:
    differing = stored.close_time[at] != came.close_time
    for name in _NUMBERS:
        differing |= getattr(stored, name)[at] != getattr(came, name)
    return differing


def _merged(stored: Bars, came: Bars) -> Bars:
    """The whole series, with its actions: what came stands over what was there at the same time."""
    kept = ~np.isin(stored.open_time, came.open_time)
    times = np.concatenate((stored.open_time[kept], came.open_time))
    order = np.argsort(times, kind="stable")
    columns: dict[str, Any] = {
        name: np.concatenate((column[kept], getattr(came, name)))[order] for name, column in stored.columns().items()
    }
    labels = np.concatenate((stored.sessions.row_labels(len(stored))[kept], came.sessions.row_labels(len(came))))
    return replace(
        stored, sessions=SessionIndex.of_labels(labels[order]), source=came.source, quality=None, origin={}, **columns
    )
