import math

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.quant import ratios, significance
from tradewright.quant.undefined import Undefined


def test_normal_distribution_function_and_its_inverse():
    assert significance.normal_cdf(0.0) == 0.5
    assert significance.normal_cdf(1.959963984540054) == pytest.approx(0.975)
    assert significance.normal_quantile(significance.normal_cdf(-2.5)) == pytest.approx(-2.5)
    assert significance.normal_cdf(-38.0) > 0.0


def test_standard_error_with_normal_moments_is_that_of_lo():
    error = significance.standard_error_of_sharpe_estimate(0.5, 101)
    assert error == pytest.approx(math.sqrt((1.0 + 0.5 * 0.25) / 100))


def test_negative_skew_and_fat_tails_widen_the_standard_error():
    plain = significance.standard_error_of_sharpe_estimate(0.2, 100)
    assert significance.standard_error_of_sharpe_estimate(0.2, 100, -1.0, 3.0) > plain
    assert significance.standard_error_of_sharpe_estimate(0.2, 100, 0.0, 9.0) > plain


def test_standard_error_of_a_sample_is_annualised():
    returns = np.random.default_rng(2).normal(0.001, 0.01, 500)
    daily = significance.sharpe_standard_error(returns, 1)
    assert significance.sharpe_standard_error(returns, 252) == pytest.approx(daily * math.sqrt(252))
    assert daily == pytest.approx(1 / math.sqrt(500), rel=0.02)


def test_the_standard_error_is_the_spread_of_estimates_over_many_samples():
    rng = np.random.default_rng(3)
    estimates = [ratios.sharpe(rng.normal(0.1, 1.0, 250), 1) for _ in range(2_000)]
    expected = significance.standard_error_of_sharpe_estimate(0.1, 250)
    assert np.std(estimates) == pytest.approx(expected, rel=0.05)


def test_a_ratio_equal_to_its_benchmark_is_a_coin_toss():
    assert significance.probabilistic_sharpe(0.1, 100, benchmark=0.1) == 0.5


def test_after_the_minimum_track_record_the_probability_is_the_confidence():
    needed = significance.minimum_track_record_length(0.1, -0.5, 5.0, benchmark=0.02, confidence=0.9)
    before = significance.probabilistic_sharpe(0.1, math.floor(needed), -0.5, 5.0, benchmark=0.02)
    after = significance.probabilistic_sharpe(0.1, math.ceil(needed), -0.5, 5.0, benchmark=0.02)
    assert before < 0.9 <= after


def test_one_trial_is_no_selection():
    assert significance.expected_maximum_sharpe(1) == 0.0
    single = significance.deflated_sharpe(0.1, 500, 0.0, 3.0, trials=1, trials_variance=0.01)
    assert single == significance.probabilistic_sharpe(0.1, 500)


def test_the_best_of_more_trials_is_worth_less():
    worth = [
        significance.deflated_sharpe(0.1, 500, 0.0, 3.0, trials=trials, trials_variance=0.001)
        for trials in (1, 10, 100, 1_000)
    ]
    assert worth == sorted(worth, reverse=True)
    assert len(set(worth)) == 4


def test_expected_maximum_grows_with_the_deviation_of_the_trials():
    assert significance.expected_maximum_sharpe(50, 4.0) == pytest.approx(2 * significance.expected_maximum_sharpe(50))


def test_expected_maximum_is_close_to_a_simulation():
    best = np.random.default_rng(4).normal(size=(20_000, 50)).max(axis=1)
    assert significance.expected_maximum_sharpe(50) == pytest.approx(best.mean(), rel=0.02)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: significance.standard_error_of_sharpe_estimate(0.1, 1), "there are 1 returns"),
        (lambda: significance.probabilistic_sharpe(1.0, 10, 5.0, 3.0), "contradict each other"),
        (lambda: significance.minimum_track_record_length(0.1, benchmark=0.1), "no track record is long enough"),
        (lambda: significance.minimum_backtest_length_years(10, 0.0), "luck reaches any Sharpe ratio"),
        (lambda: significance.sharpe_standard_error(np.full(9, 0.01), 252), "the returns do not vary"),
    ],
)
def test_what_has_no_value_says_why(call, reason):
    with pytest.raises(Undefined, match=reason):
        call()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: significance.normal_quantile(1.0), r"A probability between 0 and 1 is needed, not 1\.0"),
        (lambda: significance.expected_maximum_sharpe(0), "A search has at least one trial, not 0"),
    ],
)
def test_impossible_arguments_are_refused(call, sentence):
    with pytest.raises(ConfigError, match=sentence):
        call()
