import math

import numpy as np
import pytest

from tradewright.quant import trade_statistics as trades
from tradewright.quant.undefined import Undefined

RESULTS = np.array([10.0, 20.0, -5.0, 0.0, -15.0, 30.0])
WINNERS = np.array([1.0, 2.0])
LOSERS = np.array([-1.0, -2.0, -3.0])


def test_a_trade_at_zero_counts_as_a_trade_that_was_not_won():
    assert trades.win_rate(RESULTS) == 0.5


def test_profit_factor_by_hand():
    assert trades.profit_factor(RESULTS) == 3.0


def test_profit_factor_of_losers_alone_is_zero_and_defined():
    assert trades.profit_factor(LOSERS) == 0.0


def test_expectancy_and_averages_by_hand():
    assert trades.expectancy(RESULTS) == pytest.approx(40.0 / 6)
    assert trades.average_win(RESULTS) == 20.0
    assert trades.average_loss(RESULTS) == -10.0
    assert trades.payoff_ratio(RESULTS) == 2.0


def test_kelly_by_hand():
    assert trades.kelly(RESULTS) == pytest.approx(0.5 - 0.5 / 2.0)


def test_sqn_by_hand():
    assert trades.sqn(RESULTS) == pytest.approx(math.sqrt(6) * (40.0 / 6) / np.std(RESULTS, ddof=1))


def test_best_and_worst_trade():
    assert (trades.best_trade(RESULTS), trades.worst_trade(RESULTS)) == (30.0, -15.0)


def test_a_trade_at_zero_ends_a_streak():
    assert trades.longest_winning_streak(RESULTS) == 2
    assert trades.longest_losing_streak(RESULTS) == 1
    assert trades.longest_losing_streak(LOSERS) == 3
    assert trades.longest_losing_streak(WINNERS) == 0


EVERY_STATISTIC = [getattr(trades, name) for name in trades.__all__]


@pytest.mark.parametrize("statistic", EVERY_STATISTIC, ids=trades.__all__)
def test_without_trades_there_are_no_statistics(statistic):
    with pytest.raises(Undefined, match="there are no closed trades"):
        statistic(np.array([]))


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: trades.profit_factor(WINNERS), "no trade lost"),
        (lambda: trades.average_loss(WINNERS), "no trade lost"),
        (lambda: trades.average_win(LOSERS), "no trade won"),
        (lambda: trades.kelly(WINNERS), "no trade lost"),
        (lambda: trades.sqn(np.array([5.0])), "there are 1 trade results and at least 2 are needed"),
        (lambda: trades.sqn(np.full(3, 5.0)), "the trade results do not vary"),
    ],
)
def test_what_has_no_value_says_why(call, reason):
    with pytest.raises(Undefined, match=reason):
        call()
