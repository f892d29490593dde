"""What holds for the metrics of any sample."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tradewright.quant import drawdown, ratios, relative, returns, significance, tails, trade_statistics
from tradewright.quant.undefined import Undefined

EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)
samples = st.lists(st.integers(-900, 2_000), min_size=3, max_size=60).map(lambda whole: np.array(whole) / 10_000.0)
scales = st.floats(0.25, 4.0)


def close_to(value):
    return pytest.approx(value, rel=1e-9, abs=1e-12)


def defined(metric, *arguments):
    try:
        return metric(*arguments)
    except Undefined:
        assume(False)


@EXAMPLES
@given(sample=samples, scale=scales)
def test_drawdown_does_not_depend_on_the_currency(sample, scale):
    equity = returns.equity_from_returns(sample, 1_000.0)
    assert drawdown.max_drawdown(equity * scale) == close_to(drawdown.max_drawdown(equity))


@EXAMPLES
@given(sample=samples)
def test_drawdown_lies_between_ruin_and_nothing_and_is_the_deepest_episode(sample):
    equity = returns.equity_from_returns(sample)
    deepest = drawdown.max_drawdown(equity)
    assert -1.0 < deepest <= 0.0
    assert min(drawdown.drawdown_episodes(equity).depth, default=0.0) == deepest


@EXAMPLES
@given(sample=samples)
def test_episodes_do_not_overlap_and_cover_all_time_under_water(sample):
    equity = returns.equity_from_returns(sample)
    episodes = drawdown.drawdown_episodes(equity)
    assert np.all(episodes.peak[1:] >= episodes.end[:-1])
    assert np.all((episodes.peak < episodes.trough) & (episodes.trough <= episodes.end))
    under_water = sum(episodes.end - episodes.peak) - np.count_nonzero(episodes.recovered)
    assert under_water == np.count_nonzero(drawdown.drawdown_series(equity) < 0.0)


@EXAMPLES
@given(sample=samples)
def test_growing_at_the_annual_rate_gives_the_total_return(sample):
    years = len(sample) / 252
    rate = returns.cagr(sample, 252)
    assert years * np.log1p(rate) == pytest.approx(np.log1p(returns.total_return(sample)), rel=1e-6, abs=1e-9)


@EXAMPLES
@given(sample=samples, leverage=scales)
def test_sharpe_and_sortino_do_not_depend_on_leverage(sample, leverage):
    for metric in (ratios.sharpe, ratios.sortino):
        unlevered = defined(metric, sample, 252)
        assert metric(sample * leverage, 252) == close_to(unlevered)


@EXAMPLES
@given(sample=samples)
def test_sharpe_changes_its_sign_with_the_position(sample):
    long = defined(ratios.sharpe, sample, 252)
    assert ratios.sharpe(-sample, 252) == close_to(-long)


@EXAMPLES
@given(sample=samples)
def test_omega_of_the_opposite_position_is_the_inverse(sample):
    assume(sample.min() < 0.0 < sample.max())
    assert ratios.omega(-sample) == close_to(1.0 / ratios.omega(sample))


@EXAMPLES
@given(sample=samples)
def test_the_tail_is_no_better_than_its_border(sample):
    assert tails.conditional_value_at_risk(sample) <= tails.value_at_risk(sample) + 1e-15


@EXAMPLES
@given(sample=samples, slope=scales, shift=st.floats(-0.01, 0.01))
def test_beta_and_alpha_recover_a_straight_line(sample, slope, shift):
    asset = slope * sample + shift
    assert defined(relative.beta, asset, sample) == pytest.approx(slope, rel=1e-6)
    assert relative.alpha(asset, sample, 1) == pytest.approx(shift, abs=1e-8)


@EXAMPLES
@given(results=samples, scale=scales)
def test_ratios_of_trades_do_not_depend_on_the_currency(results, scale):
    for metric in (trade_statistics.profit_factor, trade_statistics.kelly, trade_statistics.sqn):
        in_one_currency = defined(metric, results)
        assert metric(results * scale) == close_to(in_one_currency)


@EXAMPLES
@given(results=samples)
def test_expectancy_is_what_wins_and_losses_leave(results):
    wins, losses = np.count_nonzero(results > 0), np.count_nonzero(results < 0)
    total = wins * defined(trade_statistics.average_win, results) + losses * defined(
        trade_statistics.average_loss, results
    )
    assert trade_statistics.expectancy(results) == pytest.approx(total / len(results), abs=1e-12)


@EXAMPLES
@given(ratio=st.floats(-0.5, 0.5), observations=st.integers(10, 5_000), benchmark=st.floats(-0.3, 0.3))
def test_a_probability_stays_one_and_falls_with_the_benchmark(ratio, observations, benchmark):
    lower = significance.probabilistic_sharpe(ratio, observations, benchmark=benchmark)
    higher = significance.probabilistic_sharpe(ratio, observations, benchmark=benchmark + 0.1)
    assert 0.0 <= higher <= lower <= 1.0
