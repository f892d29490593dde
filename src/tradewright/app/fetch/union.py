"""What came put to what is stored: bars of either, and of both those that came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import Actions, Bars, SessionIndex
from tradewright.domain.errors import DataError
from tradewright.domain.stored import WriteMode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.app.live.feed.placing import PlacedBar
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe

__all__ = ["Held", "Union", "bars_of", "retold", "union"]

_TIMES = ("open_time", "close_time")
_NUMBERS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored of a series, as far as it has to be looked at.

    Parameters
    ----------
    tail : Bars
        Its last bars; with the actions of the series.
    near : Bars or None
        Its bars of the days of those that came, and perhaps more; None where it has none.
    whole : callable
        Gives all of it.
    """

    tail: Bars
    near: Bars | None
    whole: Callable[[], Bars]


@dataclass(frozen=True, slots=True)
class Union:
    """What is to be written.

    Parameters
    ----------
    bars : Bars
        What came and lies after the stored series, or the whole series where anything lies elsewhere.
    mode : WriteMode
    new, revised : int
        How many bars the store does not have yet, and how many it has with other values.
    is_retold : bool
        Whether something else is known of splits, dividends and names.
    """

    bars: Bars
    mode: WriteMode
    new: int
    revised: int
    is_retold: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything would be another than it is."""
        return self.new + self.revised > 0 or self.is_retold


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


def union(held: Held | None, came: Bars, actions: Actions | None = None) -> Union:
    """Put bars that came to those that are stored; none is ever taken away.

    Parameters
    ----------
    held : Held or None
    came : Bars
    actions : Actions, optional
        What is known of splits, dividends and names by now; as it is stored when left out.

    Raises
    ------
    DataError
        Where one are made up and the others are not.
    """
    if held is None:
        return Union(replace(came, actions=actions or came.actions), WriteMode.NEW, len(came), 0)
    tail = held.tail
    _require_same_kind(tail, came)
    known = tail.actions if actions is None else actions
    is_retold = not _are_same(known, tail.actions)
    came = replace(came, actions=known, instrument=tail.instrument)
    new, revised = _compared(held.near, came)
    later = int(np.searchsorted(came.open_time, tail.close_time[-1]))
    if not (new.any() or revised.any() or is_retold):
        return Union(came, WriteMode.APPEND, 0, 0)
    counts = int(new.sum()), int(revised.sum()), is_retold
    end = int(tail.sessions.labels[-1])
    is_after = later < len(came) and not (new[:later].any() or revised.any())
    if is_after and _are_same(known.until(end), tail.actions.until(end)):
        return Union(came.rows(later, len(came)), WriteMode.APPEND, *counts)
    return Union(_merged(held.whole(), came), WriteMode.REPLACE, *counts)


def _require_same_kind(stored: Bars, came: Bars) -> None:
    if stored.synthetic != came.synthetic:
        made_up, real = (stored, came) if stored.synthetic else (came, stored)
        raise DataError(
            f"{came.instrument.id} cannot hold SYNTHETIC bars ({made_up.source}) and real ones ({real.source}).",
            hint="Take the stored series out with 'tradewright data remove' first.",
        )


def retold(stored: Bars, actions: Actions) -> Union:
    """The stored bars with what is known of splits, dividends and names by now."""
    return Union(
        replace(stored, actions=actions, quality=None, origin={}), WriteMode.REPLACE, 0, 0,
        not _are_same(actions, stored.actions),
    )  # fmt: skip


def _are_same(one: Actions, other: Actions) -> bool:
    return [bytes(part) for part in one.content()] == [bytes(part) for part in other.content()]


def _compared(near: Bars | None, came: Bars) -> tuple[Any, Any]:
    """Which of the bars that came are new, and which are stored with other values."""
    if near is None:
        return np.ones(len(came), np.bool_), np.zeros(len(came), np.bool_)
    at = np.minimum(np.searchsorted(near.open_time, came.open_time), len(near) - 1)
    both = near.open_time[at] == came.open_time
    return ~both, both & _differ(near, at, came)


def _differ(stored: Bars, at: Any, came: Bars) -> Any:
    differing = stored.close_time[at] != came.close_time
    for name in _NUMBERS:
        differing |= getattr(stored, name)[at] != getattr(came, name)
    return differing


def _merged(stored: Bars, came: Bars) -> Bars:
    """The whole series: what came stands over what was there at the same time."""
    # Both rise: looking each bar up takes a small part of the time of telling all stamps apart.
    at = np.minimum(np.searchsorted(came.open_time, stored.open_time), len(came) - 1)
    kept = came.open_time[at] != stored.open_time
    times = np.concatenate((stored.open_time[kept], came.open_time))
    order = np.argsort(times, kind="stable")
    columns: dict[str, Any] = {
        name: np.concatenate((column[kept], getattr(came, name)))[order] for name, column in stored.columns().items()
    }
    labels = np.concatenate((stored.sessions.row_labels(len(stored))[kept], came.sessions.row_labels(len(came))))
    return replace(
        stored, sessions=SessionIndex.of_labels(labels[order]), source=came.source, actions=came.actions, quality=None,
        origin={}, **columns,
    )  # fmt: skip
