"""Searches over noise are called noise, and an edge is called an edge: hundreds of whole searches, seeds fixed.

Two kinds of noise: trials that know nothing of each other, and a grid of moving-average crossings over one random walk,
whose trials resemble each other. A search passes for skill where the deflated Sharpe ratio of its best trial reaches
95 %; of searches over noise at most one in twenty may. The same rule with the number of trials forced to one must fail
on the same searches, or it would prove nothing.
"""

from functools import cache

import numpy as np
import pytest

from tradewright.domain.search import TrialCount
from tradewright.research.overfitting import probability_of_overfitting
from tradewright.research.reality_check import superior_performance
from tradewright.research.selection import (
    deflated_sharpe_of_best,
    effective_trials,
    estimate_sharpe,
    sharpe_variance,
)
from tradewright.research.trial_returns import sharpe_of_trials

pytestmark = pytest.mark.slow

SEEDS, ROWS, TRIALS = 200, 500, 1_000
CONFIDENCE = 0.95
FAST, SLOW = range(2, 42), range(50, 300, 10)
# Ten blocks make 252 splits: the mean over hundreds of searches needs no more.
BLOCKS = 10


def independent_trials(seed):
    return np.random.default_rng(seed).normal(0.0, 0.01, (ROWS, TRIALS))


def crossings_of_a_random_walk(seed):
    """Long while the fast average is above the slow one, from the next bar on; returns after the longest warm-up."""
    moves = np.random.default_rng(seed).normal(0.0, 0.01, ROWS + SLOW.stop)
    sums = np.concatenate([[0.0], np.cumsum(np.cumprod(1.0 + moves))])
    average = {length: (sums[length:] - sums[:-length])[-ROWS - 1 : -1] / length for length in (*FAST, *SLOW)}
    columns = [(average[fast] > average[slow]) * moves[-ROWS:] for fast in FAST for slow in SLOW]
    return np.column_stack(columns)


def with_an_edge(seed):
    """Noise but for one trial: 0.3 standard deviations a period, where luck among a thousand gives 0.15."""
    returns = independent_trials(seed)
    returns[:, seed] += 0.003
    return returns


@cache
def judged(search, seeds=SEEDS):
    """Of every search: deflated ratio, the same with one trial counted, PBO, and trials that they amount to."""
    found = []
    for seed in range(seeds):
        returns = search(seed)
        ratios = sharpe_of_trials(returns)
        best = estimate_sharpe(returns[:, int(np.nanargmax(ratios))])
        deflated = [
            deflated_sharpe_of_best(best, TrialCount("noise", count, sharpe_variance(ratios))) for count in (TRIALS, 1)
        ]
        pbo = probability_of_overfitting(returns, BLOCKS).probability
        found.append((*deflated, pbo, effective_trials(returns)))
    return np.array(found).T


@pytest.mark.parametrize("search", [independent_trials, crossings_of_a_random_walk])
def test_the_best_of_a_thousand_trials_of_noise_does_not_pass_for_skill(search):
    deflated, with_one_trial, _, _ = judged(search)
    assert np.mean(deflated < CONFIDENCE) >= 0.95
    assert np.mean(with_one_trial < CONFIDENCE) < 0.95


@pytest.mark.parametrize("search", [independent_trials, crossings_of_a_random_walk])
def test_choosing_among_noise_is_overfitting_half_of_the_time(search):
    _, _, pbo, _ = judged(search)
    assert np.mean(pbo) == pytest.approx(0.5, abs=0.1)


def test_independent_trials_amount_to_their_number_and_a_grid_to_fewer():
    assert np.mean(judged(independent_trials)[3]) == pytest.approx(TRIALS, rel=0.001)
    assert np.mean(judged(crossings_of_a_random_walk)[3]) < TRIALS / 3


def test_an_edge_among_noise_passes_and_is_found_again_out_of_sample():
    deflated, _, pbo, _ = judged(with_an_edge, 40)
    assert np.mean(deflated > CONFIDENCE) >= 0.95
    # Not zero: half of the rows are in sample, where luck among a thousand gives 0.2 and at times beats the edge.
    assert np.mean(pbo) < 0.1


def test_under_no_skill_p_values_are_below_five_percent_about_that_often():
    p_values = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        found = superior_performance(rng.normal(0.0, 0.01, (200, 20)), rng=rng, draws=199)
        p_values.append((found.reality_check, found.spa))
    rejected = np.mean(np.array(p_values) < 0.05, axis=0)
    assert rejected.max() < 0.1
    assert rejected.min() > 0.01


def test_an_edge_is_no_luck_to_the_reality_check():
    returns = with_an_edge(3)[:, :50]
    found = superior_performance(returns, rng=np.random.default_rng(0), draws=500)
    assert found.best == 3
    assert max(found.reality_check, found.spa_upper) < 0.01
