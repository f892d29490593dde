"""Bars cut after an instant: what comes later is left out, or replaced by what did not come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.research.leak_futures import Future, altered, flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bars

__all__ = ["altered_series", "cut_series", "rows_until"]


def rows_until(bars: Bars, instant: int) -> int:
    """How many bars have closed by an instant."""
    return int(np.searchsorted(bars.close_time, instant, "right"))


def cut_series(series: Mapping[str, Bars], instant: int, least: int) -> dict[str, Bars]:
    """The bars up to an instant, and after them bars in which nothing happens.

    One such bar is left of every symbol, at the time of its next real one: without it the cut itself would end a
    session, a week, or the life of a symbol that has not begun. A symbol with fewer than `least` bars gets so many that
    indicators can be computed for it, though not read.
    """
    return {name: _cut(bars, rows_until(bars, instant), least) for name, bars in series.items()}


def _cut(bars: Bars, known: int, least: int) -> Bars:
    stop = min(len(bars), max(known + 1, least))
    if known >= stop:
        return bars
    kept = bars.rows(0, stop)
    prices, volume = flat(np.stack((kept.open, kept.high, kept.low, kept.close)), kept.volume, known)
    return _with(kept, prices, volume)


def altered_series(
    series: Mapping[str, Bars], instant: int, future: Future, rng: np.random.Generator
) -> dict[str, Bars]:
    """The bars up to an instant, and after them as many as there were, at the same times, with other prices."""
    return {name: _altered(bars, rows_until(bars, instant), future, rng) for name, bars in series.items()}


def _altered(bars: Bars, known: int, future: Future, rng: np.random.Generator) -> Bars:
    if known >= len(bars):
        return bars
    prices = np.stack((bars.open, bars.high, bars.low, bars.close))
    return _with(bars, *altered(prices, bars.volume, known, future, rng))


def _with(bars: Bars, prices: np.ndarray, volume: np.ndarray) -> Bars:
    named = dict(zip(("open", "high", "low", "close"), prices, strict=True))
    return replace(bars, volume=volume, **named)
