import numpy as np
import pytest

from tradewright.quant import activity
from tradewright.quant.undefined import Undefined


def test_time_in_market_is_a_share_of_bars():
    assert activity.time_in_market(np.array([True, False, True, True])) == 0.75


def test_average_gross_exposure_is_taken_bar_by_bar():
    exposure, equity = np.array([0.0, 100.0, 300.0]), np.array([100.0, 100.0, 200.0])
    assert activity.average_gross_exposure(exposure, equity) == pytest.approx(2.5 / 3)


def test_turnover_counts_both_sides_over_mean_equity_per_year():
    assert activity.turnover(600.0, np.array([100.0, 200.0]), 2.0) == 2.0


def test_break_even_cost_is_where_nothing_is_left():
    assert activity.break_even_cost_bps(50.0, 100_000.0) == pytest.approx(5.0)
    assert activity.break_even_cost_bps(-50.0, 100_000.0) == pytest.approx(-5.0)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: activity.time_in_market(np.array([], dtype=bool)), "there are no bars"),
        (lambda: activity.average_gross_exposure(np.ones(2), np.ones(3)), "there are 2 exposures but 3 equity values"),
        (lambda: activity.average_gross_exposure(np.ones(1), np.zeros(1)), "equity is not positive"),
        (lambda: activity.turnover(1.0, np.ones(1), 0.0), "no time has passed"),
        (lambda: activity.turnover(1.0, np.zeros(1), 1.0), "mean equity is not positive"),
        (lambda: activity.break_even_cost_bps(1.0, 0.0), "nothing was traded"),
    ],
)
def test_what_has_no_value_says_why(call, reason):
    with pytest.raises(Undefined, match=reason):
        call()
