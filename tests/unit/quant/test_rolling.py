import numpy as np
import pytest

from tradewright.quant import ratios, rolling

RETURNS = np.random.default_rng(3).normal(0.0005, 0.01, 5_000)


def test_each_window_has_the_sharpe_and_volatility_of_its_own_returns():
    sharpe = rolling.rolling_sharpe(RETURNS, 126, 252.0, 0.0001)
    volatility = rolling.rolling_volatility(RETURNS, 126, 252.0)
    for last in (125, 126, 4_221, 4_222, 4_999):
        window = RETURNS[last - 125 : last + 1]
        assert sharpe[last] == pytest.approx(ratios.sharpe(window, 252.0, 0.0001))
        assert volatility[last] == pytest.approx(ratios.volatility(window, 252.0))


def test_there_is_no_value_before_the_first_whole_window():
    assert np.isnan(rolling.rolling_sharpe(RETURNS, 126, 252.0)[:125]).all()
    assert np.isnan(rolling.rolling_volatility(RETURNS[:100], 126, 252.0)).all()


def test_a_window_whose_returns_do_not_vary_has_no_sharpe_and_no_volatility_to_speak_of():
    flat = np.concatenate((RETURNS[:10], np.full(10, 0.001), RETURNS[:10]))
    sharpe = rolling.rolling_sharpe(flat, 5, 252.0)
    assert np.isnan(sharpe[14:20]).all()
    assert np.isfinite(sharpe[4:14]).all()
    assert rolling.rolling_volatility(flat, 5, 252.0)[14:20] == pytest.approx(0.0, abs=1e-12)
