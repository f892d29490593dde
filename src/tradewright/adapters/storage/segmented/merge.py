"""Appending: what comes after the stored bars is added, what they share must be the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.actions import Actions, statements_of
from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import NS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.actions import CorporateAction

    Pairs = list[tuple[int, float]]

__all__ = ["appended"]

_COMPARED = ("open_time", "close_time", "open", "high", "low", "close", "volume")
_SAME = {"split": 1e-5, "dividend": 1e-3}
"""Share by which an action may differ and be the same: dividends of factor files, which are rounded to seven digits and
all written anew with every dividend, come back with another rounding."""

_HINT = "Import with --replace to make the new bars the current version; the old ones stay readable."


def appended(old: Bars, new: Bars) -> Bars:
    """The old bars and, after them, those of the new ones that come later; `old` may be the end of a longer series.

    Raises
    ------
    DataError
        When the new bars begin before the old ones, or say something else about a time or an action that both cover;
        names the first difference with both values.
    """
    first = int(np.searchsorted(old.open_time, new.open_time[0]))
    shared = int(np.searchsorted(new.open_time, old.open_time[-1], "right"))
    if shared:
        _require_equal(old.rows(first, len(old)) if first < len(old) else None, new.rows(0, shared))
    actions = _joined_actions(old, new)
    if shared == len(new):
        return replace(old, actions=actions)
    later = new.rows(shared, len(new))
    if later.open_time[0] < old.close_time[-1]:
        raise DataError(
            f"The bar of {new.instrument.id} at {_moment(later, 0)} in {new.source} opens before the last stored one "
            f"is complete.",
            hint=_HINT,
        )
    return _one_after_the_other(old, later, actions)


def _one_after_the_other(old: Bars, later: Bars, actions: Actions) -> Bars:
    labels = np.concatenate([bars.sessions.row_labels(len(bars)) for bars in (old, later)])
    columns: dict[str, Any] = {
        name: np.concatenate((column, getattr(later, name))) for name, column in old.columns().items()
    }
    return replace(later, sessions=SessionIndex.of_labels(labels), actions=actions, quality=None, **columns)


def _require_equal(old: Bars | None, new: Bars) -> None:
    """Refuse bars that say something else than stored ones over the same stretch of time."""
    if old is None:
        raise _difference(new, 0, "the store has no bar then")
    both = min(len(old), len(new))
    differing = _differing_row(old, new, both)
    if differing < both:
        raise _first_difference(old, new, differing)
    if len(old) > both:
        # More stored bars up to the last one the new ones reach: the new ones lack some.
        if old.open_time[both] <= new.open_time[-1]:
            raise _difference(old, both, f"{new.source} has no bar then")
    elif len(new) > both:
        raise _difference(new, both, "the store has no bar then")


def _differing_row(old: Bars, new: Bars, rows: int) -> int:
    differs = old.sessions.row_labels(len(old))[:rows] != new.sessions.row_labels(len(new))[:rows]
    for name in _COMPARED:
        differs |= getattr(old, name)[:rows] != getattr(new, name)[:rows]
    return int(np.argmax(differs)) if differs.any() else rows


def _first_difference(old: Bars, new: Bars, row: int) -> DataError:
    if old.open_time[row] < new.open_time[row]:
        return _difference(old, row, f"{new.source} has no bar then")
    if old.open_time[row] > new.open_time[row]:
        return _difference(new, row, "the store has no bar then")
    for name in _COMPARED[2:]:
        mine, other = float(getattr(old, name)[row]), float(getattr(new, name)[row])
        if mine != other:
            return _difference(old, row, f"{name} {mine!r} is stored, {new.source} has {other!r}")
    if old.close_time[row] != new.close_time[row]:
        mine_ns, other_ns = int(old.close_time[row]), int(new.close_time[row])
        return _difference(
            old, row, f"the stored bar closes at {_instant(mine_ns)}, that of {new.source} at {_instant(other_ns)}"
        )
    return _difference(old, row, f"it belongs to another session in {new.source}")


def _difference(bars: Bars, row: int, what: str) -> DataError:
    return DataError(
        f"The stored bars of {bars.instrument.id} {bars.timeframe} contradict the new ones first at "
        f"{_moment(bars, row)}: {what}.",
        hint=_HINT,
    )


def _moment(bars: Bars, row: int) -> str:
    if bars.timeframe.is_intraday:
        return _instant(int(bars.open_time[row]))
    return _date(int(bars.labels()[row]) // NS_PER_DAY)


def _instant(nanoseconds: int) -> str:
    return f"{np.datetime_as_string(np.datetime64(nanoseconds, 'ns'), unit='s')}Z"


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))


# ---------------------------------------------------------------- actions


def _joined_actions(old: Bars, new: Bars) -> Actions:
    mine, other = old.actions, new.actions
    split = _joined_kind(
        "split", (old, _pairs(mine.split_days, mine.split_ratios)), (new, _pairs(other.split_days, other.split_ratios))
    )
    paid = _joined_kind(
        "dividend",
        (old, _pairs(mine.dividend_days, mine.dividends)),
        (new, _pairs(other.dividend_days, other.dividends)),
    )
    return Actions(*_columns(split), *_columns(paid), _joined_statements(old, new))


def _joined_statements(old: Bars, new: Bars) -> tuple[CorporateAction, ...]:
    """What was said of both; bars that bring statements have put theirs to the stored ones already."""
    if new.actions.announced or not old.actions.announced:
        return new.actions.announced
    known = {each.identity for each in old.actions.announced}
    end = int(old.sessions.labels[-1])
    others = statements_of(new.actions, new.symbol, new.source)
    added = [each for each in others if each.identity not in known and each.day > end]
    return tuple(sorted((*old.actions.announced, *added), key=lambda each: each.identity))


def _joined_kind(kind: str, stored: tuple[Bars, Pairs], coming: tuple[Bars, Pairs]) -> Pairs:
    """The actions of one kind of both; refused where they contradict each other."""
    (old, mine), (new, others) = stored, coming
    days = int(new.sessions.labels[0]), int(old.sessions.labels[-1]), int(new.sessions.labels[-1])
    other = _settled(mine, others, _SAME[kind])
    found = _joined_pairs(mine, other, days)
    if isinstance(found, int):
        raise DataError(
            f"The stored {kind}s of {old.instrument.id} contradict those of {new.source} first on {_date(found)}: "
            f"{_values(mine, found)} is stored, {new.source} has {_values(other, found)}.",
            hint=_HINT,
        )
    return found


def _settled(old: Pairs, new: Pairs, tolerance: float) -> Pairs:
    """The new actions, those that differ from a stored one by rounding alone as they are stored."""
    return [
        next(
            (mine for mine in old if mine[0] == day and abs(mine[1] - value) <= tolerance * abs(mine[1])), (day, value)
        )
        for day, value in new
    ]


def _values(pairs: Pairs, day: int) -> str:
    return " and ".join(repr(value) for each, value in pairs if each == day) or "none"


def _pairs(days: NDArray[np.int64], values: NDArray[np.float64]) -> Pairs:
    return list(zip(days.tolist(), values.tolist(), strict=True))


def _joined_pairs(old: Pairs, new: Pairs, days: tuple[int, int, int]) -> Pairs | int:
    """Actions of both, or the first day on which they contradict each other.

    Where both have sessions they must be the same. Before the first new session the stored ones count, and the new
    ones may know no other; after the last stored session the new ones count, as far as they reach.
    """
    begin, end, reach = days
    kept = [pair for pair in old if pair[0] <= end]
    coming = [pair for pair in old if pair[0] > end]
    added = [pair for pair in new if pair[0] > end]
    strange = [pair for pair in new if pair[0] <= end and pair not in kept]
    strange += [pair for pair in kept if pair[0] >= begin and pair not in new]
    strange += [pair for pair in coming if pair[0] <= reach and pair not in added]
    if strange:
        return min(strange)[0]
    beyond = [pair for pair in coming if pair not in added]
    return kept + (sorted(added + beyond) if beyond else added)


def _columns(pairs: Any) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    return (
        np.array([day for day, _ in pairs], np.int64),
        np.array([value for _, value in pairs], np.float64),
    )
