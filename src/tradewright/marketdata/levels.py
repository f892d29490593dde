"""Levels: where the ratio of two series' prices steps and stays, as adjustments make it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tradewright.marketdata.jumps import RATIOS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["Levels", "Step", "levels_of"]

_RATIO_LOGS = np.log([new / old for new, old in RATIOS])
_NEAR = 0.02
"""How far (in logarithm) a step may lie from a split's: both sides show one market, so that nothing else moves."""

_FEWEST = 3
_WINDOW = 5
"""Sessions to either side of a step that show whether the ratio stays, at least and at most."""


@dataclass(frozen=True, slots=True)
class Step:
    """The first session after a step, the logarithm of the ratio before over that after, and the split it fits."""

    at_ns: int
    size: float
    ratio: tuple[int, int] | None = None

    @property
    def is_split(self) -> bool:
        """Whether it fits one."""
        return self.ratio is not None


@dataclass(frozen=True, slots=True)
class Levels:
    """What the ratio of prices is, beside what differs.

    Parameters
    ----------
    of_rows : (common,) float64
        Logarithm of the first side's prices over the second's at which each bar's ratio stays.
    of_splits : (common,) float64
        What of that splits explain.
    splits, others : tuple of Step
        Steps that fit a split, and smaller ones.
    scale : float or None
        The level where it is one throughout, and not none.
    """

    of_rows: Floats
    of_splits: Floats
    splits: tuple[Step, ...] = ()
    others: tuple[Step, ...] = ()
    scale: float | None = None


def levels_of(first: Bars, second: Bars, rows: tuple[Ints, Ints], tolerance: float) -> Levels:
    """Find the levels.

    Parameters
    ----------
    first, second : Bars
    rows : ((common,) int64, (common,) int64)
        Rows of bars that both have, rising.
    tolerance : float
        What counts as the same price, a fraction; a level lies further than that from the next.
    """
    here, there = rows
    if len(here) == 0:
        return Levels(np.empty(0), np.empty(0))
    apart = np.log(first.close[here] / second.close[there])
    labels = first.sessions.row_labels(len(first))[here]
    begins = np.flatnonzero(np.append(True, labels[1:] != labels[:-1]))
    counts = np.diff(np.append(begins, len(here)))
    by_session = np.array([np.median(part) for part in np.split(apart, begins[1:])])
    at = _steps(by_session, tolerance)
    bounds = [0, *at, len(by_session)]
    levels = [float(np.median(by_session[begin:stop])) for begin, stop in pairwise(bounds)]
    steps = [
        _step(int(first.labels()[here[begins[session]]]), before - after)
        for session, (before, after) in zip(at, pairwise(levels), strict=True)
    ]
    return Levels(
        np.repeat(np.repeat([_level(each, tolerance) for each in levels], np.diff(bounds)), counts),
        np.repeat(_of_splits(at, steps, len(by_session)), counts),
        tuple(each for each in steps if each.is_split),
        tuple(each for each in steps if not each.is_split),
        _scale(levels, by_session, tolerance),
    )


def _of_splits(at: list[int], steps: list[Step], sessions: int) -> Floats:
    """What splits explain of each session's level."""
    explained = np.zeros(sessions)
    for session, step in zip(at, steps, strict=True):
        if step.is_split:
            explained[:session] += step.size
    return explained


def _steps(by_session: Floats, tolerance: float) -> list[int]:
    """Sessions at which the ratio has become another and stays: calm before, calm after, and apart."""
    found: list[int] = []
    for at in (np.flatnonzero(np.abs(np.diff(by_session)) > tolerance) + 1).tolist():
        before, after = by_session[max(at - _WINDOW, 0) : at], by_session[at : at + _WINDOW]
        step = abs(float(np.median(before) - np.median(after)))
        is_apart = not found or at - found[-1] >= _FEWEST
        stays = min(len(before), len(after)) >= _FEWEST and step > tolerance and is_apart
        if stays and max(_spread(before), _spread(after)) <= min(tolerance, step / 10):
            found.append(at)
    return found


def _spread(values: Floats) -> float:
    return float(np.median(np.abs(values - np.median(values))))


def _step(at_ns: int, size: float) -> Step:
    nearest = int(np.abs(_RATIO_LOGS - abs(size)).argmin())
    fits = abs(float(_RATIO_LOGS[nearest]) - abs(size)) <= _NEAR
    return Step(at_ns, size, RATIOS[nearest] if fits else None)


def _level(level: float, tolerance: float) -> float:
    return level if abs(level) > tolerance else 0.0


def _scale(levels: list[float], by_session: Floats, tolerance: float) -> float | None:
    """One level throughout, further from none than prices may differ, and all of them near it."""
    if len(levels) > 1 or abs(levels[0]) <= tolerance or _spread(by_session) > tolerance:
        return None
    return levels[0]
