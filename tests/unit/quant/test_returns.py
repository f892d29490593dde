import numpy as np
import pytest

from tradewright.quant import returns
from tradewright.quant.undefined import Undefined

THREE = np.array([0.10, -0.20, 0.50])


def test_returns_and_equity_undo_each_other():
    equity = returns.equity_from_returns(THREE, 1_000.0)
    np.testing.assert_allclose(equity, [1_000.0, 1_100.0, 880.0, 1_320.0])
    np.testing.assert_allclose(returns.returns_from_equity(equity), THREE)


def test_total_return_compounds():
    assert returns.total_return(THREE) == pytest.approx(0.32)


def test_annual_return_does_not_compound():
    assert returns.annual_return(THREE, 12) == pytest.approx(0.4 / 3 * 12)


def test_cagr_compounds_to_the_total_return_over_the_sample():
    assert returns.cagr(THREE, 3) == pytest.approx(0.32)
    assert returns.cagr(THREE, 6) == pytest.approx(1.32**2 - 1.0)


def test_losing_everything_grows_by_minus_one_a_year():
    assert returns.growth_rate(100.0, 0.0, 2.0) == -1.0


def test_best_and_worst_return():
    assert (returns.best_return(THREE), returns.worst_return(THREE)) == (0.5, -0.2)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: returns.total_return(np.array([])), "there are 0 returns and at least 1 are needed"),
        (lambda: returns.total_return(np.array([0.1, np.nan])), "the returns are not finite at position 1"),
        (lambda: returns.returns_from_equity(np.array([1.0])), "there are 1 equity values and at least 2 are needed"),
        (lambda: returns.returns_from_equity(np.array([1.0, 0.0, 1.0])), "equity is not positive"),
        (lambda: returns.growth_rate(1.0, 2.0, 0.0), "no time has passed"),
        (lambda: returns.growth_rate(0.0, 2.0, 1.0), "positive first value"),
        (lambda: returns.growth_rate(1.0, -2.0, 1.0), "last value that is not negative"),
        (lambda: returns.growth_rate(1.0, 9.0, 1e-6), "the span is too short to be annualised"),
    ],
)
def test_what_has_no_value_says_why(call, reason):
    with pytest.raises(Undefined, match=reason):
        call()
