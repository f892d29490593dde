"""Prices that are hard to believe: far from both neighbours, or the same over and over; and bars without trades.

Thresholds and their reasons stand in `docs/reference/data-quality.md`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.quality import Gravity, Problem, QualityFinding
from tradewright.domain.timeframe import NS_PER_MINUTE
from tradewright.marketdata.findings import in_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.marketdata.findings import Site

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Span = tuple[int, int]

__all__ = ["spike_findings", "spikes", "stale", "stale_findings", "suspect_rows", "zero_volume_findings"]

_NAMED_RUNS = 20
"""Runs of one kind that are told one by one, the longest ones; what is beyond is one finding with its count."""

_BLOCK = 64
"""Bars over which the usual move is taken; the larger of two neighbouring blocks counts, for storms have edges."""

_STRETCH = 1024 * _BLOCK
"""Bars that are looked at together: what is computed on the way takes ten times the memory of a price."""

_QUANTILE = 0.8
"""Of the moves in a block: unlike the median it survives bars that do not move at all."""

_SIGMAS_AT_QUANTILE = 1.2816
"""A normal variable is within this many deviations in 80 of 100 cases."""

_SIGMAS = 10.0
"""Deviations by which a spike leaves its neighbours and comes back."""

_WICK_SIGMAS = 20.0
"""The same for a high or low alone: real trading makes long wicks, so they must be twice as far out."""

_COMES_BACK = 0.5
"""Share of the smaller of its two moves that a spike may leave behind: a jump that stays is news."""

_FEWEST_TICKS = 5
_SMALLEST_MOVE = 0.005
"""Half a percent, below which nothing is called a spike."""

_REPEATS = {True: 10, False: 3}
"""Bars alike, from which a run is called stale: shorter than a day, and a day or longer."""

_FLAT_MINUTES = 60
"""How long one single price may stand in bars shorter than a day before it is called stale."""

_CHANCE = 0.01
"""Chance of one run of the tolerated length in the whole series."""

_FEW = 3
"""Runs that say nothing about how often the market stands still, however short the series is."""


def _usual_moves(close: Floats) -> Floats:
    """The usual move from bar to bar in each block of rows, or in a neighbour where that is larger; logarithms."""
    at = int(_QUANTILE * (_BLOCK - 1))
    parts = []
    for first, stop in _stretches(len(close)):
        logs = np.log(close[max(first - 1, 0) : stop])
        moves = np.abs(np.diff(logs, prepend=logs[0]))[min(first, 1) :]
        parts.append(np.partition(_whole_blocks(moves), at, axis=1)[:, at] / _SIGMAS_AT_QUANTILE)
    usual = np.concatenate(parts)
    wide = usual.copy()
    wide[1:] = np.maximum(wide[1:], usual[:-1])
    wide[:-1] = np.maximum(wide[:-1], usual[1:])
    return wide


def _whole_blocks(moves: Floats) -> Floats:
    """Moves, one block to a row; the last is filled up with the moves before it, a lone one with its own."""
    if len(moves) <= _BLOCK:
        return np.resize(moves, (1, _BLOCK))
    return np.concatenate([moves, moves[::-1][: -len(moves) % _BLOCK]]).reshape(-1, _BLOCK)


def _stretches(rows: int) -> list[Span]:
    """First row and end of stretches that are looked at one by one, to bound memory; whole blocks but for the end."""
    starts = list(range(0, rows, _STRETCH))
    if len(starts) > 1 and rows - starts[-1] < 2 * _BLOCK:
        starts.pop()
    return list(zip(starts, [*starts[1:], rows], strict=True))


@np.errstate(all="ignore")  # at the ends of what floats hold, infinity compares as it should
def spikes(bars: Bars) -> Mask:
    """Rows of which an open, close, high or low stands far out and alone; (n,) bool."""
    found = np.zeros(len(bars), np.bool_)
    if len(bars) < _FEWEST_TICKS:
        return found
    usual = _usual_moves(bars.close)
    for first, stop in _stretches(len(bars)):
        # A row is judged by its neighbours: one more to either side belongs to the look, not to the answer.
        begin, end = max(first - 1, 0), min(stop + 1, len(bars))
        sigma = np.repeat(usual[begin // _BLOCK : -(-end // _BLOCK)], _BLOCK)[begin % _BLOCK :][: end - begin]
        found[first:stop] = _spikes_among(bars, slice(begin, end), sigma)[first - begin : stop - begin]
    return found


def _spikes_among(bars: Bars, rows: slice, sigma: Floats) -> Mask:
    """Spikes among some rows, the first and the last of which count as ends."""
    found = np.zeros(rows.stop - rows.start, np.bool_)
    floor = np.maximum(_SMALLEST_MOVE, _FEWEST_TICKS * bars.instrument.tick / bars.close[rows])
    opening, close = np.log(bars.open[rows]), np.log(bars.close[rows])
    limit = np.maximum(_SIGMAS * sigma, floor)
    found[1:-1] = _leaves_and_returns(close[:-2], close[1:-1], close[2:], limit[1:-1])
    found[1:] |= _leaves_and_returns(close[:-1], opening[1:], close[1:], limit[1:])
    limit = np.maximum(_WICK_SIGMAS * sigma, floor)
    # A wick is far from the body of its own bar and from both neighbours.
    found |= _stands_out(bars.high[rows], np.maximum(bars.open[rows], bars.close[rows]), limit)
    found |= _stands_out(1 / bars.low[rows], 1 / np.minimum(bars.open[rows], bars.close[rows]), limit)
    return found


def _leaves_and_returns(before: Floats, at: Floats, after: Floats, limit: Floats) -> Mask:
    there, back = at - before, after - at
    smaller = np.minimum(np.abs(there), np.abs(back))
    is_far = (there * back < 0) & (smaller >= limit)
    return np.asarray(is_far & (np.abs(there + back) <= _COMES_BACK * smaller))


def _stands_out(extreme: Floats, body: Floats, limit: Floats) -> Mask:
    nearby = body.copy()
    nearby[1:] = np.maximum(nearby[1:], extreme[:-1])
    nearby[:-1] = np.maximum(nearby[:-1], extreme[1:])
    return np.asarray(extreme > nearby * (1 + limit))


def spike_findings(site: Site) -> Iterator[QualityFinding]:
    """Prices far from both neighbours."""
    bars = site.bars

    def sentence(span: Span) -> str:
        first = span[0]
        if span[1] > first:
            return f"The prices of {site.stamp(first)} to {site.stamp(span[1])} stand far from those around them."
        lowest, highest = bars.low[first], bars.high[first]
        before = f"after a close of {bars.close[first - 1]:g}" if first else "at the beginning"
        after = f", before an open of {bars.open[first + 1]:g}" if first + 1 < len(bars) else ""
        return f"The bar of {site.stamp(first)} reaches from {lowest:g} to {highest:g} {before}{after}: a spike."

    yield from _told(site, Problem.SPIKE, Gravity.WARN, in_runs(spikes(bars)), sentence)


def stale(bars: Bars) -> list[Span]:
    """First and last row of each run of bars that are alike for longer than chance or a quiet market explains."""
    same = np.zeros(len(bars), np.bool_)
    same[1:] = bars.close[1:] == bars.close[:-1]
    if not same.any():
        return []
    for name in ("open", "high", "low"):
        column = getattr(bars, name)
        same[1:] &= column[1:] == column[:-1]
    if bars.instrument.has_volume:
        # A bar in which nothing traded is told apart: its prices are the last ones by right.
        same &= bars.volume > 0
    runs = [(first - 1, last) for first, last in in_runs(same)]
    chance = _longest_by_chance(float(same.mean()), len(bars)) if len(runs) > _FEW else 0.0
    return [span for span in runs if span[1] - span[0] + 1 >= max(chance, _fewest_alike(bars, span[0]))]


def _longest_by_chance(share: float, rows: int) -> float:
    return 1 + math.log(rows / _CHANCE) / -math.log(min(share, 0.99)) if share > 0 else 0.0


def _fewest_alike(bars: Bars, row: int) -> int:
    timeframe = bars.timeframe
    fewest = _REPEATS[timeframe.is_intraday]
    if timeframe.is_intraday and bars.high[row] == bars.low[row]:
        return max(fewest, _FLAT_MINUTES * NS_PER_MINUTE // timeframe.nanoseconds)
    return fewest


def stale_findings(site: Site) -> Iterator[QualityFinding]:
    """The same open, high, low and close bar after bar."""

    def sentence(span: Span) -> str:
        first, last = span
        count, close = last - first + 1, site.bars.close[first]
        return f"{count} bars from {site.stamp(first)} to {site.stamp(last)} repeat the same prices, close {close:g}."

    yield from _told(site, Problem.STALE, Gravity.NOTICE, stale(site.bars), sentence)


def zero_volume_findings(site: Site) -> Iterator[QualityFinding]:
    """Bars in which nothing traded, where volume is known: no order fills in them."""
    if not site.bars.instrument.has_volume:
        return

    def sentence(span: Span) -> str:
        first, last = span
        if first == last:
            return f"The bar of {site.stamp(first)} has a volume of 0, so nothing fills in it."
        where = f"from {site.stamp(first)} to {site.stamp(last)}"
        return f"{last - first + 1} bars {where} have a volume of 0, so nothing fills in them."

    runs = in_runs(np.asarray(site.bars.volume == 0))
    yield from _told(site, Problem.ZERO_VOLUME, Gravity.NOTICE, runs, sentence)


def suspect_rows(bars: Bars) -> dict[int, tuple[Problem, str]]:
    """Rows that are hard to believe, each with what is wrong and the reason; the first of a stale run is not one.

    Reasons begin with "its".
    """
    found: dict[int, tuple[Problem, str]] = {}
    if bars.instrument.has_volume:
        found |= dict.fromkeys(np.flatnonzero(bars.volume == 0).tolist(), (Problem.ZERO_VOLUME, "its volume is 0"))
    for first, last in stale(bars):
        found |= dict.fromkeys(range(first + 1, last + 1), (Problem.STALE, "its prices repeat those before"))
    for row in np.flatnonzero(spikes(bars)).tolist():
        found[row] = (
            Problem.SPIKE,
            f"its prices ({bars.low[row]:g} to {bars.high[row]:g}) stand far from those around",
        )
    return found


def _told(
    site: Site, problem: Problem, gravity: Gravity, runs: list[Span], sentence: Callable[[Span], str]
) -> Iterator[QualityFinding]:
    """A finding for each of the longest runs, and one for all the others."""
    by_length = sorted(runs, key=lambda span: span[0] - span[1])
    named, others = sorted(by_length[:_NAMED_RUNS]), sorted(by_length[_NAMED_RUNS:])
    for span in named:
        yield site.finding(problem, gravity, span, sentence(span))
    if others:
        rows = sum(last - first + 1 for first, last in others)
        where = f"between {site.stamp(others[0][0])} and {site.stamp(others[-1][1])}"
        text = f"{rows} more bars in {len(others)} places {where} have the same fault."
        yield site.rest(problem, gravity, others, text)
