"""The Sharpe ratio of the best trial, deflated by the number of all."""

import math

import numpy as np
import pytest

from tradewright.domain.search import TrialCount
from tradewright.quant.significance import probabilistic_sharpe
from tradewright.quant.undefined import Undefined
from tradewright.research.selection import (
    SharpeEstimate,
    deflated_sharpe_of_best,
    effective_trials,
    estimate_sharpe,
    sharpe_variance,
)
from tradewright.research.trial_returns import sharpe_of_trials


def test_the_published_example_of_a_deflated_sharpe_ratio():
    # Annual ratio 2.5 from 1250 days at 250 a year, 100 trials whose annual ratios have a variance of a half.
    best = SharpeEstimate(2.5 / math.sqrt(250), 1250, -3.0, 10.0)
    count = TrialCount("any", 100, 0.5 / 250, 100)
    assert deflated_sharpe_of_best(best, count) == pytest.approx(0.9003968344, abs=1e-10)


def test_one_trial_is_not_deflated():
    best = SharpeEstimate(0.1, 500, -0.5, 5.0)
    single = deflated_sharpe_of_best(best, TrialCount("any", 1, None, 1))
    assert single == probabilistic_sharpe(0.1, 500, -0.5, 5.0)


def test_more_trials_deflate_more():
    best = SharpeEstimate(0.1, 500, 0.0, 3.0)
    values = [deflated_sharpe_of_best(best, TrialCount("any", n, 0.001, n)) for n in (2, 10, 1000)]
    assert values == sorted(values, reverse=True)


def test_a_run_outside_any_search_has_no_deflated_ratio():
    with pytest.raises(Undefined, match="it is not part of a search"):
        deflated_sharpe_of_best(SharpeEstimate(0.1, 500, 0.0, 3.0), TrialCount("", 0, None))


def test_without_the_variance_of_the_trials_there_is_no_deflated_ratio():
    with pytest.raises(Undefined, match="fewer than two of the 7 trials have a Sharpe ratio"):
        deflated_sharpe_of_best(SharpeEstimate(0.1, 500, 0.0, 3.0), TrialCount("any", 7, None, 1))


def test_the_estimate_carries_the_moments_of_the_sample():
    returns = np.array([0.01, -0.02, 0.03, 0.0, 0.01])
    estimate = estimate_sharpe(returns)
    centred = returns - returns.mean()
    assert estimate.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1))
    assert estimate.observations == 5
    assert estimate.skew == pytest.approx((centred**3).mean() / returns.std() ** 3)
    assert estimate.kurtosis == pytest.approx((centred**4).mean() / returns.std() ** 4)


def test_trials_without_a_ratio_do_not_enter_the_variance():
    assert sharpe_variance(np.array([0.1, np.nan, 0.3])) == pytest.approx(0.02)
    with pytest.raises(Undefined, match="there are 1 trials with a Sharpe ratio and at least 2"):
        sharpe_variance(np.array([0.1, np.nan]))


def test_the_ratio_of_every_column_at_once():
    returns = np.random.default_rng(4).normal(0.001, 0.01, (50, 3))
    returns[:, 1] = 0.002
    ratios = sharpe_of_trials(returns)
    assert math.isnan(ratios[1])
    expected = returns.mean(axis=0) / returns.std(axis=0, ddof=1)
    np.testing.assert_allclose(ratios[[0, 2]], expected[[0, 2]])


def test_one_period_has_no_ratio():
    with pytest.raises(Undefined, match="there are 1 returns for each trial"):
        sharpe_of_trials(np.zeros((1, 3)))


def test_uncorrelated_trials_count_in_full_and_copies_count_once():
    grid = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    assert effective_trials(grid) == pytest.approx(2.0)
    assert effective_trials(np.repeat(grid[:, :1], 5, axis=1)) == pytest.approx(1.0)


def test_trials_correlated_by_a_half_count_half_beyond_the_first():
    one, two, three = np.array([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]) / 2.0
    pair = np.column_stack([one + three, two + three])
    assert np.corrcoef(pair.T)[0, 1] == pytest.approx(0.5)
    assert effective_trials(pair) == pytest.approx(1.5)


def test_opposite_trials_are_no_more_than_their_number():
    column = np.array([1.0, -1.0, 2.0, -2.0])
    assert effective_trials(np.column_stack([column, -column])) == 2.0


def test_trials_that_never_vary_are_not_counted():
    column = np.array([1.0, -1.0, 2.0, -2.0])
    assert effective_trials(np.column_stack([column, np.zeros(4)])) == 1.0
    with pytest.raises(Undefined, match="no trial has returns that vary"):
        effective_trials(np.zeros((4, 2)))
