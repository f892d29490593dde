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
    ratio: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Levels:
    """What the ratio of prices is, beside what differs.

    Parameters
    ----------
    of_rows : (common,) float64
        Logarithm of the first side's prices over the second's at which each bar's ratio stays.
    splits, others : tuple of Step
        Steps that fit a split, and smaller ones.
    scale : float or None
        The level where it is one throughout, and not none.
    """

    of_rows: Floats
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
        return Levels(np.empty(0))
    apart = np.log(first.close[here] / second.close[there])
    labels = first.sessions.row_labels(len(first))[here]
    begins = np.flatnonzero(np.append(True, labels[1:] != labels[:-1]))
    stops = np.append(begins[1:], len(here))
    by_session = np.array([np.median(apart[a:b]) for a, b in zip(begins.tolist(), stops.tolist(), strict=True)])
    steps = _steps(by_session, tolerance)
    bounds = [0, *steps, len(by_session)]
    levels = [float(np.median(by_session[a:b])) for a, b in pairwise(bounds)]
    of_sessions = np.repeat([_level(each, tolerance) for each in levels], np.diff(bounds))
    told = [
        _step(int(first.labels()[here[begins[at]]]), before - after)
        for at, before, after in zip(steps, levels[:-1], levels[1:], strict=True)
    ]
    return Levels(
        np.repeat(of_sessions, stops - begins),
        tuple(each for each in told if each.ratio != (1, 1)),
        tuple(each for each in told if each.ratio == (1, 1)),
        _scale(levels, by_session, tolerance),
    )


def _steps(by_session: Floats, tolerance: float) -> list[int]:
    """Sessions at which the ratio has become another and stays: calm before, calm after, and apart."""
    found = []
    for at in (np.flatnonzero(np.abs(np.diff(by_session)) > 2 * tolerance) + 1).tolist():
        before, after = by_session[max(at - _WINDOW, 0) : at], by_session[at : at + _WINDOW]
        step = abs(float(np.median(before) - np.median(after)))
        stays = min(len(before), len(after)) >= _FEWEST and step > 2 * tolerance
        if stays and max(_spread(before), _spread(after)) <= tolerance:
            found.append(at)
    return found


def _spread(values: Floats) -> float:
    return float(np.median(np.abs(values - np.median(values))))


def _step(at_ns: int, size: float) -> Step:
    nearest = int(np.abs(_RATIO_LOGS - abs(size)).argmin())
    fits = abs(float(_RATIO_LOGS[nearest]) - abs(size)) <= _NEAR
    return Step(at_ns, size, RATIOS[nearest] if fits else (1, 1))


def _level(level: float, tolerance: float) -> float:
    return level if abs(level) > tolerance else 0.0


def _scale(levels: list[float], by_session: Floats, tolerance: float) -> float | None:
    """One level throughout, further from none than prices may differ, and all of them near it."""
    if len(levels) > 1 or abs(levels[0]) <= tolerance or _spread(by_session) > tolerance:
        return None
    return levels[0]
