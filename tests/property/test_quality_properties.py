"""What holds of quality reports whatever the prices: planted splits are found, explained ones not, walks are clean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.price_series import dates, placed, scaled, walk, without

from tradewright.domain.bars import Actions, Bars
from tradewright.domain.quality import Problem
from tradewright.marketdata.coverage import coverage_of
from tradewright.marketdata.quality import examine

SEEDS = st.integers(0, 10_000)
RATIOS = st.sampled_from([1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0])
WALKS = 300
ACCUSED = {None: 0, 5.0: 0, 3.0: 3}
"""How many of 300 walks of two years may be accused, by their degrees of freedom. Measured over 1,000: 0, 0 and 4."""


def of_split(bars: Bars) -> list[int]:
    return [finding.first_ns or 0 for finding in examine(bars).findings if finding.problem is Problem.SPLIT]


@settings(max_examples=60, deadline=None)
@given(SEEDS, RATIOS, st.booleans(), st.integers(30, 370), st.sampled_from([0.005, 0.01, 0.02]))
def test_a_planted_split_is_suspected_where_it_is_and_an_action_clears_it(
    seed: int, ratio: float, is_reverse: bool, row: int, volatility: float
) -> None:
    size = 1 / ratio if is_reverse else ratio
    bars = scaled(walk(seed, 400, volatility=volatility), row, size)
    assert of_split(bars) == [int(bars.labels()[row])]
    action = Actions(bars.sessions.labels[row : row + 1], np.array([size]))
    assert examine(replace(bars, actions=action)).counts().keys() <= {Problem.SPIKE}


@settings(max_examples=30, deadline=None)
@given(SEEDS, RATIOS, st.integers(30, 370))
def test_an_action_without_its_jump_is_always_mixed_adjustment(seed: int, ratio: float, row: int) -> None:
    bars = walk(seed, 400, volatility=0.01)
    action = Actions(bars.sessions.labels[row : row + 1], np.array([ratio]))
    assert Problem.MIXED_ADJUSTMENT in examine(replace(bars, actions=action)).counts()


@pytest.mark.parametrize("tails", ACCUSED)
def test_walks_are_not_accused_unless_their_tails_are_very_fat(tails: float | None) -> None:
    reports = [examine(walk(seed, tails=tails)) for seed in range(WALKS)]
    assert sum(not report.is_clean for report in reports) <= ACCUSED[tails]


@settings(deadline=None)
@given(st.sets(st.integers(1, 98), max_size=30))
def test_every_session_is_there_or_missing(gone: set[int]) -> None:
    bars = without(placed(dates("2023-01-03", "2023-12-29")[:100]), *gone)
    coverage = coverage_of(bars)
    assert coverage.expected == 100
    assert sum(gap.count for gap in coverage.gaps) == len(gone)


@settings(deadline=None)
@given(SEEDS, st.floats(-322, 306), st.sampled_from([0.0, 1e-8, 0.05, 1.0, 20.0]), st.sampled_from([0.0, 1.0, 1e308]))
def test_bars_at_the_ends_of_what_floats_hold_have_a_report(
    seed: int, exponent: float, spread: float, volume: float
) -> None:
    rng = np.random.default_rng(seed)
    bars = placed(dates("2000-01-03", "2000-12-29")[: rng.integers(1, 250)])
    moves = np.clip(rng.standard_normal((4, len(bars))) * spread, -5, 5)
    low, opening, close, high = np.sort(np.maximum(10.0**exponent * np.exp(moves), 5e-324), axis=0)
    days = np.sort(rng.choice(bars.sessions.labels, 2))
    actions = Actions(days, rng.choice([1e-6, 2.0, 1e6], 2), days, rng.choice([0.01, 1e300], 2))
    prices = {"open": opening, "high": high, "low": low, "close": close, "volume": np.full(len(bars), volume)}
    report = examine(replace(bars, **prices, actions=actions))
    assert report.rows == len(bars)


@settings(deadline=None)
@given(SEEDS, st.integers(0, 399), st.integers(0, 399))
def test_a_report_is_the_same_every_time_and_survives_being_stored(seed: int, first: int, second: int) -> None:
    bars = scaled(walk(seed, 400), max(first, 1), 2)
    volume = np.array(bars.volume)
    volume[second] = 0
    bars = replace(bars, volume=volume)
    report = examine(bars)
    assert report == examine(bars)
    assert type(report).from_dict(report.to_dict()) == report
