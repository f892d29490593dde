import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.quant import tails
from tradewright.quant.undefined import Undefined

HUNDRED = np.arange(-50.0, 51.0) / 1_000.0


def test_value_at_risk_is_a_loss_and_negative():
    assert tails.value_at_risk(HUNDRED, 0.05) == pytest.approx(-0.045)


def test_conditional_value_at_risk_averages_what_lies_at_or_beyond():
    assert tails.conditional_value_at_risk(HUNDRED, 0.05) == pytest.approx(-0.0475)


def test_tail_ratio_of_a_symmetric_sample_is_one():
    assert tails.tail_ratio(HUNDRED) == pytest.approx(1.0)
    assert tails.tail_ratio(np.where(HUNDRED > 0, 2 * HUNDRED, HUNDRED)) == pytest.approx(2.0)


def test_steady_growth_is_perfectly_stable():
    assert tails.stability(np.full(20, 0.01)) == pytest.approx(1.0)


def test_growth_that_is_undone_has_no_stability():
    assert tails.stability(np.expm1([0.1, 0.1, 0.0, -0.1])) == pytest.approx(0.0, abs=1e-20)


def test_a_level_outside_zero_to_one_is_refused():
    with pytest.raises(ConfigError, match=r"Value at risk needs a level between 0 and 1, not 5"):
        tails.value_at_risk(HUNDRED, 5)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: tails.value_at_risk(np.array([])), "there are 0 returns"),
        (lambda: tails.tail_ratio(np.zeros(9)), "the 5th percentile of the returns is zero"),
        (lambda: tails.stability(np.array([0.1, -1.0])), "has no logarithm"),
        (lambda: tails.stability(np.zeros(4)), "the cumulated returns do not vary"),
        (lambda: tails.stability(np.array([0.1])), "at least 2 are needed"),
    ],
)
def test_what_has_no_value_says_why(call, reason):
    with pytest.raises(Undefined, match=reason):
        call()
