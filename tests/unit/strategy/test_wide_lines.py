"""One indicator of many symbols: the values and beginnings are those of each symbol by itself."""

from __future__ import annotations

import numpy as np
import pytest

import tradewright as tw
from tradewright import indicators as ta
from tradewright.marketdata.market import Market
from tradewright.strategy.binding import Binder
from tradewright.strategy.lines import Cursor
from tradewright.strategy.wide import WideLines, leading_gaps


def binder(bars: int = 60) -> Binder:
    series = {f"S{seed}": tw.synthetic_bars(symbol=f"S{seed}", bars=bars, seed=seed) for seed in range(3)}
    market = Market(series)
    return Binder(market, Cursor(market.close_time))


@pytest.mark.parametrize(
    ("function", "arguments"),
    [(ta.roc, ("close", 5)), (ta.sma, (7,)), (ta.atr, ()), (ta.mfi, ("high", "low", "close", "volume", 4))],
)
def test_values_and_beginnings_are_those_of_each_symbol_by_itself(function, arguments) -> None:
    together, alone = binder(), binder()
    lines = together.use(function, arguments, {}, None, None)
    assert isinstance(lines, WideLines)
    for number, (symbol, line) in enumerate(lines.items()):
        single = alone.use(function, arguments, {}, symbol, None)
        assert line._by_row.tobytes() == single._by_row.tobytes()
        assert (line.first_valid, line.name, line.symbol_number) == (single.first_valid, single.name, number)
        assert not line._by_row.flags.writeable
    assert lines.block.shape == (3, 60)
    assert len(together.lines) == 3


@pytest.mark.parametrize(
    ("function", "arguments", "keywords"),
    [(ta.macd, ("close",), {}), (lambda close: close * 2, ("close",), {}), (ta.vwap, (), {})],
    ids=["several outputs", "a plain function", "an input beside the columns"],
)
def test_what_is_not_one_column_of_numbers_is_asked_for_symbol_by_symbol(function, arguments, keywords) -> None:
    lines = binder().use(function, arguments, keywords, None, None)
    assert list(lines) == ["S0", "S1", "S2"]
    assert not isinstance(lines, WideLines)


def test_a_history_too_short_for_an_indicator_says_how_many_bars_would_do() -> None:
    lines = binder(bars=10).use(ta.roc, ("close", 20), {}, None, None)
    assert {line.first_valid for line in lines.values()} == {20}


def test_equal_arguments_are_evaluated_once() -> None:
    both = binder()
    first, again = (both.use(ta.roc, ("close", 5), {}, None, None) for _ in range(2))
    assert first.block is again.block


def test_leading_gaps_may_be_longer_than_declared() -> None:
    nan = np.nan
    block = np.array([[nan, 1.0, 2.0, 3.0], [nan, nan, nan, 4.0], [nan] * 4, [0.0, nan, nan, nan]])
    assert leading_gaps(block, 1) == [1, 3, 4, 0]
