import math

import numpy as np
import pytest

from tradewright.quant import ratios
from tradewright.quant.undefined import Undefined

FOUR = np.array([0.02, -0.01, 0.03, 0.00])
GAINS = np.array([0.01, 0.02])


def test_an_annual_rate_is_shared_out_evenly():
    assert ratios.per_period(0.0504, 252) == pytest.approx(0.0002)


def test_volatility_is_the_sample_deviation_over_a_year():
    assert ratios.volatility(FOUR, 252) == pytest.approx(np.std(FOUR, ddof=1) * math.sqrt(252))


def test_volatility_of_constant_returns_is_zero_and_defined():
    assert ratios.volatility(np.full(3, 0.5), 252) == 0.0


def test_sharpe_by_hand():
    assert ratios.sharpe(FOUR, 252) == pytest.approx(0.01 / math.sqrt(0.001 / 3) * math.sqrt(252))


def test_sharpe_takes_the_risk_free_rate_per_period():
    assert ratios.sharpe(FOUR, 1, risk_free=0.005) == pytest.approx(0.005 / math.sqrt(0.001 / 3))


def test_sharpe_with_population_deviation():
    assert ratios.sharpe(FOUR, 1, ddof=0) == pytest.approx(0.01 / math.sqrt(0.001 / 4))


def test_downside_risk_averages_over_all_periods():
    assert ratios.downside_risk(FOUR, 1) == pytest.approx(math.sqrt(0.0001 / 4))


def test_sortino_by_hand():
    assert ratios.sortino(FOUR, 252) == pytest.approx(0.01 / 0.005 * math.sqrt(252))


def test_sortino_measures_both_reward_and_risk_from_the_target():
    assert ratios.downside_risk(FOUR, 1, target=-0.005) == pytest.approx(0.005 / 2)
    assert ratios.sortino(FOUR, 1, target=-0.005) == pytest.approx(0.015 / 0.0025)


def test_calmar_by_hand():
    assert ratios.calmar(np.array([0.5, -0.2]), 2) == pytest.approx(0.2 / 0.2)


def test_omega_by_hand():
    assert ratios.omega(FOUR) == pytest.approx(5.0)
    assert ratios.omega(FOUR, 0.01) == pytest.approx(0.03 / 0.03)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: ratios.sharpe(np.array([0.01]), 252), "there are 1 returns and at least 2 are needed"),
        (lambda: ratios.sharpe(np.full(9, 0.01), 252), "the returns do not vary"),
        (lambda: ratios.sortino(GAINS, 252), "no return fell below the target"),
        (lambda: ratios.calmar(GAINS, 252), "there was no drawdown"),
        (lambda: ratios.omega(GAINS), "no return fell below the threshold"),
        (lambda: ratios.omega(np.array([])), "there are 0 returns"),
        (lambda: ratios.sharpe(np.array([0.1, np.nan, 0.2]), 252), "not finite at position 1"),
    ],
)
def test_what_has_no_value_says_why(call, reason):
    with pytest.raises(Undefined, match=reason):
        call()
