"""What is drawn of a curve: nothing that matters is lost, whatever range and however few points are asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.stores import minutes

from tradewright.domain.timeframe import NS_PER_MINUTE
from tradewright.quant import buckets
from tradewright.reporting.series import Window, drawn_bars

MINUTE = NS_PER_MINUTE


@st.composite
def columns(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Rising minutes with holes, and values of which some are missing."""
    steps = draw(st.lists(st.integers(1, 50), min_size=1, max_size=200))
    times = (draw(st.integers(0, 10**7)) + np.cumsum(steps)) * MINUTE
    numbers = st.one_of(st.floats(-1e9, 1e9), st.just(float("nan")))
    values = draw(st.lists(numbers, min_size=len(steps), max_size=len(steps)))
    return times.astype(np.int64), np.array(values, np.float64)


def known(values: np.ndarray) -> np.ndarray:
    """The values that are there."""
    return values[~np.isnan(values)]


@given(columns(), st.integers(1, 60))
def test_extremes_first_and_last_equal_the_raw_ones(column: Any, most: int) -> None:
    times, values = column
    starts = buckets.begins(times, MINUTE << buckets.level_for(times, MINUTE, most))
    drawn = buckets.sampled(values, starts)
    raw = known(values)
    assert len(starts) <= most or most == 1
    for side in drawn:
        assert len(side) == len(starts)
    if not len(raw):
        assert all(np.isnan(side).all() for side in drawn)
        return
    assert (known(drawn.low).min(), known(drawn.high).max()) == (raw.min(), raw.max())
    assert (known(drawn.first)[0], known(drawn.last)[-1]) == (raw[0], raw[-1])


@given(columns(), st.integers(0, 12))
def test_a_bucket_holds_what_lies_in_it_and_nothing_else(column: Any, level: int) -> None:
    times, values = column
    starts = buckets.begins(times, MINUTE << level)
    drawn = buckets.sampled(values, starts)
    for place, rows in enumerate(np.split(np.arange(len(times)), starts[1:])):
        assert len(set(times[rows] // (MINUTE << level))) == 1
        inside = known(values[rows])
        if len(inside):
            shown = [side[place] for side in drawn]
            assert shown == [inside[0], inside.min(), inside.max(), inside[-1]]
        else:
            assert all(np.isnan(side[place]) for side in drawn)


BARS_OF_A_MONTH = minutes(20, 60)
FIRST, LAST = int(BARS_OF_A_MONTH.open_time[0]), int(BARS_OF_A_MONTH.open_time[-1])


@given(st.integers(10, 1500), st.integers(0, 1199), st.integers(1, 1200))
def test_bars_are_drawn_on_a_grid_that_a_range_does_not_move(most: int, begin: int, count: int) -> None:
    bars = BARS_OF_A_MONTH
    times = bars.open_time
    stop = min(begin + count, len(times)) - 1
    drawn = drawn_bars(bars, Window(most, int(times[begin]), int(times[stop]) + 1))
    assert (np.diff(drawn.times) > 0).all()
    assert len(drawn.times) <= most
    assert drawn.is_raw == (stop - begin + 1 <= most)
    assert drawn.bars is not None
    if drawn.is_raw:
        assert drawn.times.tolist() == times[begin : stop + 1].tolist()
        return
    assert not (drawn.times % drawn.bucket_ns).any()
    inside = (times >= drawn.times[0]) & (times < drawn.times[-1] + drawn.bucket_ns)
    assert drawn.bars["high"].max() == bars.high[inside].max()
    assert drawn.bars["low"].min() == bars.low[inside].min()
    assert drawn.bars["open"][0] == bars.open[inside][0]
    assert drawn.bars["close"][-1] == bars.close[inside][-1]
    assert drawn.bars["volume"].sum() == bars.volume[inside].sum()
