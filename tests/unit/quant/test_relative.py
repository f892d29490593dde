import math

import numpy as np
import pytest

from tradewright.quant import relative
from tradewright.quant.undefined import Undefined

MARKET = np.array([0.01, -0.02, 0.03, 0.00])
LEVERED = 2.0 * MARKET + 0.001


def test_beta_is_the_slope_on_the_benchmark():
    assert relative.beta(LEVERED, MARKET) == pytest.approx(2.0)


def test_alpha_is_what_the_slope_leaves_per_year():
    assert relative.alpha(LEVERED, MARKET, 252) == pytest.approx(0.252)


def test_alpha_takes_the_risk_free_rate_from_both_sides():
    assert relative.alpha(LEVERED, MARKET, 252, risk_free=0.0005) == pytest.approx(0.252 + 0.0005 * 252)


def test_active_return_tracking_error_and_information_ratio_by_hand():
    active = np.array([0.01, 0.03, -0.02, 0.00])
    asset = MARKET + active
    error = math.sqrt((0.005**2 + 0.025**2 + 0.025**2 + 0.005**2) / 3)
    assert relative.active_return(asset, MARKET, 12) == pytest.approx(0.06)
    assert relative.tracking_error(asset, MARKET, 12) == pytest.approx(error * math.sqrt(12))
    assert relative.information_ratio(asset, MARKET, 12) == pytest.approx(0.005 / error * math.sqrt(12))


def test_correlation_with_a_levered_benchmark_is_one():
    assert relative.benchmark_correlation(LEVERED, MARKET) == pytest.approx(1.0)
    assert relative.benchmark_correlation(-MARKET, MARKET) == pytest.approx(-1.0)


def test_a_perfect_replica_has_no_tracking_error_and_no_information_ratio():
    assert relative.tracking_error(MARKET, MARKET, 252) == 0.0
    with pytest.raises(Undefined, match="the differences to the benchmark do not vary"):
        relative.information_ratio(MARKET + 1e-17 * np.array([1.0, -1.0, 2.0, 0.0]), MARKET, 252)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: relative.beta(MARKET, np.full(4, 0.01)), "the benchmark returns do not vary"),
        (lambda: relative.beta(MARKET[:3], MARKET), "there are 3 returns but 4 benchmark returns"),
        (lambda: relative.tracking_error(MARKET[:1], MARKET[:1], 252), "at least 2 are needed"),
        (lambda: relative.benchmark_correlation(np.zeros(4), MARKET), "the returns do not vary"),
    ],
)
def test_what_has_no_value_says_why(call, reason):
    with pytest.raises(Undefined, match=reason):
        call()
