"""A crossing: previous at or below, now above."""

import numpy as np

from tradewright.quant import indicators as ta


def test_rising_from_below_or_from_the_level_itself_crosses_above():
    line = np.array([1.0, 3.0, 2.0, 2.5])
    assert ta.crossed_above(line, 2.0).tolist() == [False, True, False, True]


def test_falling_from_above_or_from_the_level_itself_crosses_below():
    line = np.array([3.0, 1.0, 2.0, 1.5])
    assert ta.crossed_below(line, 2.0).tolist() == [False, True, False, True]


def test_touching_is_not_crossing():
    line = np.array([1.0, 2.0, 1.0])
    assert not ta.crossed_above(line, 2.0).any()


def test_two_lines_cross_where_their_order_changes():
    fast, slow = np.array([1.0, 2.0, 5.0, 4.0]), np.array([2.0, 2.0, 4.0, 6.0])
    assert ta.crossed_above(fast, slow).tolist() == [False, False, True, False]
    assert ta.crossed_below(fast, slow).tolist() == [False, False, False, True]


def test_a_missing_value_on_either_side_is_no_crossing():
    line = np.array([np.nan, 3.0, 1.0, np.nan, 3.0])
    assert not ta.crossed_above(line, 2.0).any()


def test_the_first_bar_and_an_empty_line_cross_nothing():
    assert ta.crossed_above(np.array([5.0]), 1.0).tolist() == [False]
    assert ta.crossed_below(np.array([]), 1.0).tolist() == []


def test_averages_of_constant_prices_do_not_cross_though_their_last_bits_differ():
    prices = np.full(500, 0.1)
    fast, slow = ta.sma(prices, 10), ta.sma(prices, 30)
    assert fast[-1] != slow[-1]
    assert not ta.crossed_above(fast, slow).any()
    assert not ta.crossed_below(fast, slow).any()
