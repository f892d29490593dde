"""Fewer points to draw: rows gathered into buckets of a fixed grid, without losing an extreme.

A bucket lies at a multiple of its width from 1970-01-01, whatever range is asked for: panning over a curve never moves
the points that stay in view, and ranges can be kept and put side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Sampled", "begins", "level_for", "sampled", "totals"]

_LONGEST = 1 << 61
"""Longest bucket: 73 years of nanoseconds, so that its edges are numbers of 64 bits."""


class Sampled(NamedTuple):
    """What a column does in each bucket: first, smallest, largest and last value; NaN where it has none."""

    first: Floats
    low: Floats
    high: Floats
    last: Floats


def level_for(times: Ints, width: int, most: int) -> int:
    """The smallest level whose buckets, ``width × 2^level`` long, are no more than so many.

    Parameters
    ----------
    times : (n,) int64
        Rising instants.
    width : int
        Nominal length of a row.
    most : int
        At least 1.
    """
    level = max(0, (len(times) // most).bit_length() - 1)
    while width << level < _LONGEST and len(begins(times, width << level)) > most:
        level += 1
    return level


def begins(times: Ints, width: int) -> Ints:
    """The row at which each bucket of that width begins; (k,) int64, buckets without a row are not there."""
    if not len(times):
        return np.empty(0, np.int64)
    changed = np.flatnonzero(np.diff(times // width)) + 1
    return np.concatenate((np.zeros(1, np.int64), changed.astype(np.int64)))


def sampled(values: Floats, starts: Ints) -> Sampled:
    """First, smallest, largest and last value of each bucket, missing values left out.

    Parameters
    ----------
    values : (n,) float64
        NaN where there is no value.
    starts : (k,) int64
        As of `begins`.
    """
    if not len(starts):
        return Sampled(*(np.empty(0, np.float64) for _ in Sampled._fields))
    stops = np.append(starts[1:], len(values))
    return Sampled(
        _value_at(values, _next_known(values)[starts], starts, stops),
        np.fmin.reduceat(values, starts),
        np.fmax.reduceat(values, starts),
        _value_at(values, _last_known(values)[stops - 1], starts, stops),
    )


def totals(values: Floats, starts: Ints) -> Floats:
    """The sum of each bucket, as of volume; missing values count nothing."""
    return np.add.reduceat(np.nan_to_num(values, nan=0.0), starts) if len(starts) else np.empty(0, np.float64)


def _value_at(values: Floats, rows: Ints, starts: Ints, stops: Ints) -> Floats:
    inside = (rows >= starts) & (rows < stops)
    return np.where(inside, values[np.where(inside, rows, 0)], np.nan)


def _last_known(values: Floats) -> Ints:
    """For each row the latest row up to it that has a value; -1 before the first."""
    rows: Ints = np.where(np.isnan(values), -1, np.arange(len(values), dtype=np.int64))
    return np.maximum.accumulate(rows)


def _next_known(values: Floats) -> Ints:
    """For each row the first row from it on that has a value; the count of rows after the last."""
    rows: Ints = np.where(np.isnan(values), len(values), np.arange(len(values), dtype=np.int64))
    return np.minimum.accumulate(rows[::-1])[::-1]
