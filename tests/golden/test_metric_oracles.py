"""Published numbers for the metrics; each test names its source."""

import math

import numpy as np
import pytest

from tradewright.quant import drawdown, ratios, returns, significance, statistics, tails

DAYS = 252

# empyrical's own test series. It drops the missing first return from some metrics and counts it as zero in others;
# here the caller says which.
MIXED = np.array([np.nan, 1.0, 10.0, -4.0, 2.0, 3.0, 2.0, 1.0, -10.0]) / 100.0
OBSERVED = statistics.drop_missing(MIXED)
ZERO_FILLED = statistics.missing_as_zero(MIXED)


def published(value):
    return pytest.approx(value, rel=1e-9)


def test_empyrical_max_drawdown_is_the_same_under_both_policies():
    assert drawdown.max_drawdown(returns.equity_from_returns(OBSERVED)) == published(-0.1)
    assert drawdown.max_drawdown(returns.equity_from_returns(ZERO_FILLED)) == published(-0.1)


def test_empyrical_cagr_counts_the_missing_return_as_zero():
    assert returns.cagr(ZERO_FILLED, DAYS) == published(1.9135925373)


def test_empyrical_calmar_counts_the_missing_return_as_zero():
    assert ratios.calmar(ZERO_FILLED, DAYS) == published(19.1359253732)


def test_empyrical_tail_ratio_counts_the_missing_return_as_zero():
    assert tails.tail_ratio(ZERO_FILLED) == published(0.9473684211)


def test_empyrical_volatility_drops_the_missing_return():
    assert ratios.volatility(OBSERVED, DAYS) == published(0.9136465400)


def test_empyrical_sharpe_drops_the_missing_return():
    assert ratios.sharpe(OBSERVED, DAYS) == published(1.7238613962)


def test_empyrical_sortino_drops_the_missing_return():
    assert ratios.sortino(OBSERVED, DAYS) == published(2.6055312517)


def test_empyrical_downside_risk_drops_the_missing_return():
    assert ratios.downside_risk(OBSERVED, DAYS) == published(0.6044832504)


def test_empyrical_stability_drops_the_missing_return():
    assert tails.stability(OBSERVED) == published(0.1529973666)


def test_probabilistic_sharpe_of_bailey_and_lopez_de_prado_2012():
    assert significance.probabilistic_sharpe(1.585 / math.sqrt(12), 24, -2.448, 10.164) == published(0.9132343069)


def test_minimum_track_record_of_bailey_and_lopez_de_prado_2012():
    days = significance.minimum_track_record_length(2.0 / math.sqrt(250), benchmark=1.0 / math.sqrt(250))
    assert days / 250 == published(2.7311878017)


def test_expected_maximum_of_a_hundred_standard_normals():
    assert significance.expected_maximum_sharpe(100) == published(2.5306028932)


def test_deflated_sharpe_of_bailey_and_lopez_de_prado_2014():
    deflated = significance.deflated_sharpe(
        2.5 / math.sqrt(250), 1250, -3.0, 10.0, trials=100, trials_variance=0.5 / 250
    )
    assert deflated == published(0.9003968344)


def test_minimum_backtest_length_of_bailey_borwein_lopez_de_prado_and_zhu_2014():
    assert significance.minimum_backtest_length_years(45, 1.0) == published(4.9980870045)


def test_growth_rate_over_three_years_of_365_days():
    assert returns.growth_rate(64_900.0, 176_000.0, 1095 / 365) == pytest.approx(0.3945, abs=5e-5)
