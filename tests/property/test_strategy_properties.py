"""What a strategy decides depends on nothing that comes later, whatever its form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.strategy.market import daily, run

from tradewright.domain.signal import Signal
from tradewright.quant import indicators as ta
from tradewright.strategy.base import Strategy
from tradewright.strategy.lines import Cursor, Line, SparseLine

ROWS = 160


class Lines(Strategy):
    """Reads lines of both paces, crossings, windows, histories, ranks and the account."""

    def setup(self):
        self.fast = self.use(ta.ema, "close", 3)
        self.slow = self.use(ta.sma, "close", 9)
        self.weeks = self.use(ta.sma, "close", 2, timeframe="1w")
        self.macd = self.use(ta.macd, "close")

    def on_bar(self, ctx):
        if self.fast["AA"].crossed_above(self.slow["AA"]):
            ctx.target_percent(0.3, "AA")
        elif self.fast["AA"].crossed_below(self.slow["AA"]):
            ctx.close_position("AA")
        for symbol in ctx.rank(self.macd_lines(), top=1):
            if ctx.close(symbol) > self.weeks[symbol].value and self.slow[symbol][-4:].mean() < ctx.close(symbol):
                ctx.target_percent(0.2, symbol)
            elif len(ctx.get_last_n_bars(symbol, "1w", 3)) == 3 and ctx.has_position(symbol):
                ctx.sell(1, symbol, limit_price=ctx.high(symbol))

    def macd_lines(self):
        return {symbol: lines[0] for symbol, lines in self.macd.items()}


async def waiting(ctx):
    for symbol in await ctx.symbols():
        if await ctx.close(symbol) > await ctx.sma(symbol, 9) and not await ctx.has_position(symbol):
            await ctx.buy(symbol, quantity=5 + int(ctx.rng.integers(5)))
        elif await ctx.rsi(symbol, 5) > 70:
            await ctx.close_position(symbol)


class Signals:
    def generate_signals(self, state):
        found = []
        for symbol in state.symbols:
            closes = state.history(symbol, bars=12).close
            found.append(Signal(symbol, "long" if closes[-1] > closes.mean() else "flat", weight=None))
        return found


class Bot:
    def required_warmup_bars(self):
        return 10

    def on_bar(self, bar):
        closes = self.get_last_n_bars(bar.symbol, "1d", 10).close
        side = "BUY" if bar["close"] > closes.mean() else "SELL"
        return {"symbol": bar.symbol, "side": side, "quantity": 2, "limit_price": bar.low, "type": "LIMIT"}


def walks(seed):
    rng = np.random.default_rng(seed)
    bars = {}
    for symbol in ("AA", "BB"):
        skip = rng.choice(np.arange(30, ROWS), 5, replace=False)
        bars[symbol] = daily(100 * np.exp(rng.normal(0, 0.02, ROWS).cumsum()), symbol, skip=skip)
    return bars


def shaken(bars, moment, seed):
    """The same bars up to a moment, others after it."""
    rng = np.random.default_rng(seed)
    later = bars.close_time > moment
    factor = np.where(later, np.exp(rng.normal(0, 0.1, len(bars)).cumsum()), 1.0)
    columns = {name: getattr(bars, name) * factor for name in ("open", "high", "low", "close")}
    return replace(bars, **columns, volume=np.where(later, bars.volume * rng.uniform(0, 2, len(bars)), bars.volume))


def decisions(result, row):
    """Every order that was decided up to a row."""
    orders = result.record.orders
    names = ("row", "book", "side", "type", "quantity", "limit", "stop")
    known = orders["row"] <= row
    return np.array([orders[name][known] for name in names])


@pytest.mark.parametrize("strategy", [Lines, waiting, Signals, Bot], ids=lambda each: each.__name__)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), row=st.integers(60, ROWS - 20))
def test_other_bars_later_change_no_decision(strategy, seed, row):
    bars = walks(seed)
    whole = run(strategy, bars)
    moment = int(whole.record.timeline.close_time[row])
    other = run(strategy, {name: shaken(each, moment, seed + 1) for name, each in bars.items()})
    assert np.array_equal(decisions(whole, row), decisions(other, row), equal_nan=True)


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30),
    row=st.integers(0, 29),
    back=st.integers(0, 29),
)
def test_a_line_gives_the_value_of_its_row_or_an_error(values, row, back):
    column = np.array(values)
    row = min(row, len(column) - 1)
    cursor = Cursor(np.arange(len(column), dtype=np.int64))
    cursor.row = row
    every = np.arange(len(column), dtype=np.int64)
    for line in (Line("line", column, cursor, 0, 0), SparseLine("line", column, every, cursor, 0, 0)):
        if back <= row:
            assert line.ago(back) == line[-back - 1] == line[-back - 1 :][0] == column[row - back]
            assert len(line[-back - 1 :]) == back + 1
        else:
            with pytest.raises(Exception, match="has no value"):
                line.ago(back)
