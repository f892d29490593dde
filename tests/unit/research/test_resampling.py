"""Blocks of rows drawn again, and how long they should be."""

import math
from typing import Any

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.quant.undefined import Undefined
from tradewright.research.resampling import (
    automatic_block_length,
    circular_block_rows,
    require_draws,
    stationary_rows,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def autoregressive(rho, rows, seed):
    noise = rng(seed).normal(size=rows)
    values = np.empty(rows)
    values[0] = noise[0]
    for t in range(1, rows):
        values[t] = rho * values[t - 1] + noise[t]
    return values


def test_a_stationary_draw_goes_on_around_the_circle_or_begins_anew():
    drawn = stationary_rows(50, 200, 5.0, rng())
    assert drawn.shape == (200, 50)
    goes_on = np.diff(drawn, axis=1) % 50 == 1
    # A new block begins with probability 1/5, and one in fifty of those happens to begin at the next row.
    assert np.mean(goes_on) == pytest.approx(0.8 + 0.2 / 50, abs=0.01)


def test_every_row_is_drawn_as_often_as_another():
    for drawn in (stationary_rows(20, 4_000, 4.0, rng()), circular_block_rows(20, 4_000, 4, rng())):
        counts = np.bincount(drawn.ravel(), minlength=20)
        np.testing.assert_allclose(counts, 4_000, rtol=0.1)


def test_blocks_of_one_row_are_drawn_on_their_own():
    drawn = stationary_rows(1_000, 20, 1.0, rng())
    assert np.mean(np.diff(drawn, axis=1) == 1) < 0.01


def test_circular_blocks_have_one_length_and_the_last_is_cut():
    drawn = circular_block_rows(10, 3, 4, rng())
    assert drawn.shape == (3, 10)
    for line in drawn:
        for first, size in ((0, 4), (4, 4), (8, 2)):
            block = line[first : first + size]
            assert np.array_equal(block, (block[0] + np.arange(size)) % 10)


@pytest.mark.parametrize("length", [0.5, 11])
def test_an_impossible_block_is_refused(length):
    with pytest.raises(ConfigError, match="cannot be drawn from 10"):
        stationary_rows(10, 2, length, rng())
    with pytest.raises(ConfigError, match="cannot be drawn from 10"):
        circular_block_rows(10, 2, int(length * 2 if length > 1 else 0), rng())


def test_there_must_be_something_to_draw_and_a_draw():
    with pytest.raises(Undefined, match="nothing to draw from"):
        stationary_rows(0, 2, 1.0, rng())
    with pytest.raises(ConfigError, match="at least once, not 0 times"):
        require_draws(0)


@pytest.mark.parametrize("draws", ["5", 2.5, True, None, 10**10])
def test_draws_are_a_whole_number_that_can_be_held(draws: Any) -> None:
    with pytest.raises(ConfigError, match="A resampling does not draw"):
        require_draws(draws)


def test_independent_values_need_short_blocks():
    lengths = [automatic_block_length(rng(seed).normal(size=1_000)) for seed in range(20)]
    assert np.median(lengths) < 4.0


@pytest.mark.parametrize(("rho", "circular"), [(0.3, False), (0.7, False), (0.7, True)])
def test_autoregressive_values_need_the_blocks_that_theory_gives(rho, circular):
    # For an autoregression of order one G/g(0) = 2ρ/(1-ρ²), which gives b = (2 (G/g)²/c n)^(1/3), c = 2 or 4/3.
    rows = 5_000
    ratio = 2 * rho / (1 - rho * rho)
    expected = (2 * ratio * ratio / (4 / 3 if circular else 2) * rows) ** (1 / 3)
    lengths = [automatic_block_length(autoregressive(rho, rows, seed), circular=circular) for seed in range(10)]
    assert np.median(lengths) == pytest.approx(expected, rel=0.2)


def test_blocks_of_one_length_are_longer_than_the_mean_of_random_ones():
    values = autoregressive(0.5, 2_000, 3)
    ratio = automatic_block_length(values, circular=True) / automatic_block_length(values)
    assert ratio == pytest.approx(1.5 ** (1 / 3))


def test_the_rule_by_hand():
    # Twelve values, one up and one down: correlations of (-1)^k (12-k)/12. No window of five is free of them, so the
    # last significant lag of 9 (ceil √12 + 5) counts, and the bandwidth is 9.
    values = np.array([1.0, -1.0] * 6)
    covariances = [(-1) ** k * (12 - k) / 12 for k in range(10)]
    weights = [1.0 if k / 9 <= 0.5 else 2 * (1 - k / 9) for k in range(10)]
    spectrum = covariances[0] + 2 * sum(w * c for w, c in zip(weights[1:], covariances[1:], strict=True))
    slope = 2 * sum(k * weights[k] * covariances[k] for k in range(1, 10))
    expected = (2 * slope**2 / (2 * spectrum**2) * 12) ** (1 / 3)
    assert spectrum > 0
    assert automatic_block_length(values) == pytest.approx(min(max(expected, 1.0), math.ceil(12 / 3)))


def test_a_trend_takes_long_blocks_and_none_is_longer_than_allowed():
    assert 40.0 < automatic_block_length(np.arange(900.0)) < 90.0
    assert automatic_block_length(np.sin(np.arange(60) / 3)) == 20.0


def test_values_that_undo_each_other_take_the_longest_blocks_allowed():
    assert automatic_block_length(np.array([1.0, -1.0] * 10)) == 7.0


def test_constant_values_need_no_blocks():
    assert automatic_block_length(np.full(50, 0.5)) == 1.0


def test_too_few_values_have_no_rule():
    with pytest.raises(Undefined, match="there are 9 returns and at least 10"):
        automatic_block_length(np.arange(9.0))
