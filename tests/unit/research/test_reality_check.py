"""White's reality check and Hansen's test: the papers' steps, what the p-values mean, and what is refused."""

import tracemalloc

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.quant.undefined import Undefined
from tradewright.research import reality_check
from tradewright.research.reality_check import superior_performance
from tradewright.research.resampling import stationary_rows


def noise(rows=200, trials=30, seed=0):
    return np.random.default_rng(seed).normal(0.0, 0.01, (rows, trials))


def rng(seed=7):
    return np.random.default_rng(seed)


def naive(excess, draws, length, seed):
    """The four p-values with loops, from the same rows drawn."""
    rows = len(excess)
    source, drawn = rng(seed), []
    while len(drawn) < draws:
        drawn += list(stationary_rows(rows, min(64, draws - len(drawn)), length, source))
    means = excess.mean(axis=0)
    worlds = np.array([excess[each].mean(axis=0) for each in drawn])
    errors = np.sqrt(((worlds - means) ** 2).mean(axis=0))
    bad = means / errors < -np.sqrt(2 * np.log(np.log(rows)))
    centres = (np.maximum(means, 0.0), np.where(bad, 0.0, means), means)
    observed = max(0.0, *(means / errors))
    maxima = [[max(0.0, *((world - centre) / errors)) for world in worlds] for centre in centres]
    white = sum(max(world - means) >= max(means) for world in worlds)
    return [(1 + white) / (1 + draws)] + [
        (1 + sum(each >= observed for each in found)) / (1 + draws) for found in maxima
    ]


def values_of(result):
    return [result.reality_check, result.spa_lower, result.spa, result.spa_upper]


@pytest.mark.parametrize("length", [1.0, 6.0])
def test_they_are_the_steps_of_the_papers(length):
    returns = noise(60, 5) + np.array([0.001, 0.0, -0.001, -0.006, 0.0002])
    result = superior_performance(returns, rng=rng(), draws=150, block_length=length)
    assert values_of(result) == pytest.approx(naive(returns, 150, length, 7))


def test_the_bounds_of_hansens_test_enclose_it():
    for seed in range(10):
        result = superior_performance(noise(seed=seed) - 0.0005, rng=rng(), draws=200)
        assert result.spa_lower <= result.spa <= result.spa_upper


def test_bad_trials_make_whites_test_milder_and_hansens_not():
    # One trial with an edge beside many that are volatile and lose: the reality check is drowned in their noise.
    good = noise(400, 1, seed=1) * 0.5 + 0.001
    bad = noise(400, 80, seed=2) * 6.0 - 0.02
    alone = superior_performance(good, rng=rng(), draws=300)
    crowd = superior_performance(np.hstack([good, bad]), rng=rng(), draws=300)
    assert alone.spa < 0.02
    assert crowd.spa < 0.05
    assert crowd.best == 0
    assert crowd.reality_check > 0.5


def test_a_benchmark_is_taken_from_every_trial():
    returns, benchmark = noise(), noise(trials=1, seed=9)[:, 0] + 0.01
    against = superior_performance(returns, benchmark, rng=rng(), draws=100)
    by_hand = superior_performance(returns - benchmark[:, None], rng=rng(), draws=100)
    assert against == by_hand
    assert against.spa == 1.0
    assert against.statistic == 0.0


def test_trials_that_equal_the_benchmark_are_left_out_and_counted():
    returns = noise(trials=4)
    returns[:, 2] = 0.0
    result = superior_performance(returns, rng=rng(), draws=100)
    assert (result.trials, result.trials_left_out) == (3, 1)
    assert values_of(result) == values_of(superior_performance(np.delete(returns, 2, 1), rng=rng(), draws=100))


def test_no_p_value_is_below_one_over_the_draws_and_one():
    result = superior_performance(noise() + 0.02, rng=rng(), draws=99)
    assert values_of(result) == [0.01] * 4


def test_the_number_of_tiles_changes_no_bit(monkeypatch):
    returns = noise(trials=40)
    whole = superior_performance(returns, rng=rng(), draws=100)
    monkeypatch.setattr(reality_check, "_TILE_BYTES", 8 * (200 + 100) * 7)
    assert superior_performance(returns, rng=rng(), draws=100) == whole


def test_memory_is_bounded_for_many_trials():
    returns = noise(2_000, 600)
    tracemalloc.start()
    superior_performance(returns, rng=rng(), draws=100, block_length=1.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64e6


def test_without_a_length_blocks_follow_the_autocorrelation():
    assert superior_performance(noise(), rng=rng(), draws=50).block_length < 5.0
    smooth = np.cumsum(noise(400), axis=0)
    assert superior_performance(smooth, rng=rng(), draws=50).block_length > 20.0


def test_a_benchmark_of_other_periods_is_refused():
    with pytest.raises(ConfigError, match="The benchmark has 199 returns and the trials have 200"):
        superior_performance(noise(), np.zeros(199), rng=rng())


def test_a_missing_return_of_the_benchmark_is_named():
    benchmark = np.zeros(200)
    benchmark[3] = np.nan
    with pytest.raises(Undefined, match="benchmark's return is not finite in period 3"):
        superior_performance(noise(), benchmark, rng=rng())


def test_too_little_says_nothing():
    with pytest.raises(Undefined, match="there are 19 returns for each trial and at least 20"):
        superior_performance(noise(19), rng=rng())
    with pytest.raises(Undefined, match="no trial has excess returns that vary"):
        superior_performance(np.zeros((50, 3)), rng=rng())


def test_worlds_that_are_all_the_observed_one_say_nothing():
    with pytest.raises(Undefined, match="blocks are too long for the draws"):
        superior_performance(np.tile([[0.5], [-0.25]], (10, 1)), rng=AllOneBlock(), draws=3, block_length=20)


class AllOneBlock:
    """A generator that never begins a new block."""

    def random(self, shape):
        return np.ones(shape)

    def integers(self, high, size):
        return np.zeros(size, np.int64)
