"""Strategies without a leak, of many styles: a check must find nothing in any of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import itertools
import math
from collections import defaultdict, deque

import numpy as np
import pandas as pd
import polars as pl

import tradewright as tw
from tradewright import indicators as ta

from .markets import corpus

CLEAN, clean = corpus()


@clean()
def crossing_averages(bars):
    class S(tw.Strategy):
        fast, slow = tw.Param(8), tw.Param(21)

        def setup(self):
            self.quick = self.use(ta.sma, "close", self.fast)
            self.calm = self.use(ta.sma, "close", self.slow)

        def on_bar(self, ctx):
            if self.quick.crossed_above(self.calm):
                ctx.target_percent(0.95)
            elif self.quick.crossed_below(self.calm):
                ctx.close_position()

    return S


@clean()
def exponential_averages(bars):
    class S(tw.Strategy):
        def setup(self):
            self.quick, self.calm = self.use(ta.ema, "close", 12), self.use(ta.ema, "close", 26)

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.quick.value > self.calm.value else 0.0)

    return S


@clean()
def rsi_reversal(bars):
    class S(tw.Strategy):
        def setup(self):
            self.rsi = self.use(ta.rsi, "close", 14)

        def on_bar(self, ctx):
            if self.rsi.value < 35 and not ctx.has_position():
                ctx.buy(50)
            elif self.rsi.value > 60:
                ctx.close_position()

    return S


@clean()
def macd_histogram(bars):
    class S(tw.Strategy):
        def setup(self):
            self.macd = self.use(ta.macd, "close", 12, 26, 9)

        def on_bar(self, ctx):
            ctx.target_percent(0.8 if self.macd[0].value > self.macd[1].value else 0.0)

    return S


@clean()
def band_breaks(bars):
    class S(tw.Strategy):
        def setup(self):
            self.bands = self.use(ta.bollinger, "close", 20, 2.0)

        def on_bar(self, ctx):
            if ctx.close() < min(line.value for line in self.bands):
                ctx.buy(30)
            elif ctx.close() > max(line.value for line in self.bands):
                ctx.close_position()

    return S


@clean()
def expanding_score(bars):
    """Scaled by what was known so far: the right way of normalising."""

    def score(close):
        past = pd.Series(close).expanding(30)
        return ((pd.Series(close) - past.mean()) / past.std()).to_numpy()

    class S(tw.Strategy):
        def setup(self):
            self.z = self.use(score, "close")

        def on_bar(self, ctx):
            if self.z.value < -1:
                ctx.target_percent(0.9)
            elif self.z.value > 0.5:
                ctx.close_position()

    return S


@clean()
def pandas_indicator(bars):
    def momentum(close, n):
        return pd.Series(close).pct_change(n).to_numpy()

    class S(tw.Strategy):
        def setup(self):
            self.momentum = self.use(momentum, "close", 20)

        def on_bar(self, ctx):
            if ctx.new_month:
                ctx.target_percent(0.9 if self.momentum.value > 0 else 0.0)

    return S


@clean()
def polars_indicator(bars):
    def highest(high, n):
        return pl.Series(high).shift(1).rolling_max(n).to_numpy()

    class S(tw.Strategy):
        def setup(self):
            self.top = self.use(highest, "high", 20)
            self.bottom = self.use(lambda low: pl.Series(low).shift(1).rolling_min(10).to_numpy(), "low")

        def on_bar(self, ctx):
            if ctx.close() > self.top.value:
                ctx.target_percent(0.9)
            elif ctx.close() < self.bottom.value:
                ctx.close_position()

    return S


@clean()
def trailing_and_bracket(bars):
    class S(tw.Strategy):
        def setup(self):
            self.atr = self.use(ta.atr, 14)
            self.mean = self.use(ta.sma, "close", 20)

        def on_bar(self, ctx):
            if not ctx.has_position() and not ctx.open_orders() and ctx.close() > self.mean.value:
                reach = 2 * self.atr.value
                ctx.buy(20, stop_loss=ctx.close() - reach, take_profit=ctx.close() + 2 * reach)
            elif ctx.has_position() and ctx.date.weekday() == 4 and len(ctx.open_orders()) < 3:
                ctx.sell(5, trail_percent=3)

    return S


@clean()
def limits_that_expire(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            past = ctx.history(15)
            if not ctx.has_position():
                ctx.buy(10, limit_price=past.low[-5:].min(), time_in_force="day")
            elif ctx.close() > past.close.mean():
                ctx.sell(10, limit_price=ctx.close() * 1.01, time_in_force="ioc")

    return S


@clean()
def stops_good_till_a_date(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            past = ctx.history(10)
            if not ctx.open_orders() and not ctx.has_position():
                ctx.buy(10, stop_price=past.high.max() * 1.001, expires=ctx.timestamp + dt.timedelta(days=4))
            elif ctx.has_position() and ctx.close() < past.close[0]:
                ctx.close_position(tag="fell")

    return S


@clean()
def hears_of_fills(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.sma, "close", 10)
            self.entry, self.fills, self.news = None, 0, []

        def on_fill(self, ctx, fill):
            self.fills += 1
            self.entry = fill.price if fill.side > 0 else None
            ctx.log("filled", price=fill.price)

        def on_order(self, ctx, order):
            self.news.append(str(order.status))

        def on_bar(self, ctx):
            if self.entry is None and ctx.close() > self.mean.value:
                ctx.buy(10)
            elif self.entry is not None and abs(ctx.close() / self.entry - 1) > 0.03:
                ctx.close_position()

    return S


@clean()
def pyramids_from_callbacks(bars):
    class S(tw.Strategy):
        def setup(self):
            self.adds = 0

        def on_fill(self, ctx, fill):
            if fill.side > 0 and self.adds < 3:
                self.adds += 1
                ctx.buy(5, limit_price=fill.price * 0.99)

        def on_bar(self, ctx):
            if not ctx.has_position() and not ctx.open_orders():
                self.adds = 0
                ctx.buy(10)
            elif ctx.quantity() >= 20:
                ctx.cancel_all()
                ctx.close_position()

    return S


@clean()
def draws_from_its_own_generator(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            if ctx.rng.random() < 0.1:
                ctx.buy(int(ctx.rng.integers(1, 10)))
            elif ctx.rng.random() < 0.1:
                ctx.close_position()

    return S


@clean()
def seeded_noise_prepared(bars):
    class S(tw.Strategy):
        def setup(self):
            self.rng = np.random.default_rng(5)

        def on_bar(self, ctx):
            ctx.target_percent(float(self.rng.uniform(0, 1)))

    return S


@clean()
def a_function(bars):
    def strategy(ctx, n=15):
        past = ctx.history(n).close
        ctx.target_percent(0.9 if past[-1] > past.mean() else 0.1)

    return strategy


@clean()
def a_coroutine(bars):
    async def strategy(ctx):
        past = await ctx.history(bars=12)
        if past.closes[-1] > past.closes[0] * 1.02:
            await ctx.buy(10)
        elif past.closes[-1] < past.closes[0]:
            await ctx.close_position()

    return strategy


@clean(market="basket")
def signals_of_several(bars):
    class Plugin(tw.SignalStrategy):
        n = tw.Param(20)

        def initialize(self, config):
            self.speed = self.use(ta.roc, "close", self.n)

        def generate_signals(self, state):
            return [
                tw.Signal(name, tw.Direction.LONG if self.speed[name].value > 0 else tw.Direction.FLAT)
                for name in state.symbols
            ]

    return Plugin


@clean()
def a_bot_that_returns(bars):
    class Bot:
        def __init__(self):
            self.closes = deque(maxlen=20)

        def ready(self):
            return len(self.closes) == 20

        def required_warmup_bars(self):
            return 20

        def on_bar(self, bar):
            self.closes.append(bar.close)
            if self.ready() and bar.close > max(list(self.closes)[:-1]):
                return {"symbol": bar.symbol, "side": "buy", "quantity": 2}
            if self.ready() and bar.close < min(list(self.closes)[:-1]):
                return {"symbol": bar.symbol, "side": "sell", "quantity": 2}
            return None

    return Bot


@clean()
def a_bot_that_submits(bars):
    class Bot:
        def initialize(self, step=2.0):
            self.step, self.last = step, None

        def on_bar(self, candle):
            if self.last is None or candle.close < self.last - self.step:
                self.context.submit_order(symbol=candle.symbol, side="buy", quantity=1)
                self.last = candle.close
            elif candle.close > self.last + self.step and self.context.get_position(candle.symbol).quantity > 0:
                self.context.submit_order(symbol=candle.symbol, side="sell", quantity=1)
                self.last = candle.close

        def on_order_update(self, order):
            self.heard = order.id

    return Bot


@clean(market="uneven")
def rank_of_those_there_are(bars):
    class S(tw.Strategy):
        def setup(self):
            self.speed = self.use(ta.roc, "close", 20)

        def on_bar(self, ctx):
            best = ctx.rank(self.speed, top=1)
            for name in ctx.positions:
                if name not in best:
                    ctx.close_position(name)
            for name in best:
                ctx.target_percent(0.8, name)

    return S


@clean(market="uneven")
def each_for_itself(bars):
    class S(tw.Strategy):
        def setup(self):
            self.seen = defaultdict(lambda: deque(maxlen=10))

        def on_bar(self, ctx):
            for name in ctx.symbols:
                if ctx.is_stale(name):
                    continue
                past = self.seen[name]
                past.append(ctx.close(name))
                if len(past) == 10 and past[-1] == max(past):
                    ctx.target_percent(0.3, name)
                elif len(past) == 10 and past[-1] == min(past):
                    ctx.close_position(name)

    return S


@clean(market="basket")
def pair_by_spread(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            one, two = ctx.history("AAA", 30).close, ctx.history("BBB", 30).close
            spread = np.log(one) - np.log(two)
            z = (spread[-1] - spread.mean()) / spread.std()
            if z > 1.5:
                ctx.target_percent(0.4, "BBB")
                ctx.target_percent(-0.4, "AAA")
            elif abs(z) < 0.3:
                ctx.close_position("AAA")
                ctx.close_position("BBB")

    return S


CLEAN[-1] = CLEAN[-1]._replace(policies={"shorts": True})


@clean(market="basket")
def inverse_volatility(bars):
    class S(tw.Strategy):
        def setup(self):
            self.atr = self.use(ta.atr, 14)

        def on_bar(self, ctx):
            if not ctx.new_month:
                return
            weights = {name: ctx.close(name) / self.atr[name].value for name in ctx.symbols}
            total = sum(weights.values())
            for name, weight in sorted(weights.items()):
                ctx.target_percent(0.95 * weight / total, name)

    return S


@clean(market="quarters")
def opening_range(bars):
    class S(tw.Strategy):
        def setup(self):
            self.top = self.bottom = None

        def on_bar(self, ctx):
            if ctx.new_session:
                self.top, self.bottom = ctx.high(), ctx.low()
            elif ctx.close() > self.top and not ctx.has_position():
                ctx.buy(20, time_in_force="day")
            elif ctx.close() < self.bottom:
                ctx.close_position()

        def on_session_close(self, ctx):
            ctx.cancel_all()
            ctx.log("closed", position=ctx.quantity())

    return S


@clean(market="quarters")
def limit_for_the_day(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            if not ctx.open_orders() and not ctx.has_position():
                ctx.buy(10, limit_price=ctx.close() * 0.997, time_in_force="day")
            elif ctx.has_position() and not ctx.open_orders():
                ctx.sell(10, limit_price=ctx.close() * 1.003, time_in_force="day")

        def on_order(self, ctx, order):
            ctx.log("order", status=str(order.status))

    return S


@clean(market="quarters")
def longer_bars_in_between(bars):
    class S(tw.Strategy):
        def setup(self):
            self.hour = self.use(ta.sma, "close", 6, timeframe="1h")
            self.now = self.use(ta.sma, "close", 8)

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.now.value > self.hour.value else 0.0)

    return S


@clean()
def weeks_among_days(bars):
    class S(tw.Strategy):
        def setup(self):
            self.week = self.use(ta.sma, "close", 6, timeframe="1w")

        def on_bar(self, ctx):
            last = ctx.history(bars=2, timeframe="1w").close
            ctx.target_percent(0.9 if last[-1] > self.week.value else 0.0)

    return S


@clean(market="coins")
def around_the_clock(bars):
    class S(tw.Strategy):
        def setup(self):
            self.day = self.use(ta.ema, "close", 4, timeframe="1d")

        def on_bar(self, ctx):
            if ctx.timestamp.hour == 8:
                ctx.target_percent(0.8 if ctx.close() > self.day.value else 0.0)

    return S


@clean(margin=tw.Margin(0.5, 0.25), limits="bold")
def on_margin(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.sma, "close", 20)

        def on_bar(self, ctx):
            ctx.target_percent(1.5 if ctx.close() > self.mean.value else -0.5)

    return S


@clean(finalize=True)
def every_third_friday(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            if ctx.date.weekday() == 4 and 15 <= ctx.date.day <= 21:
                ctx.buy(10)
            elif ctx.date.weekday() == 0:
                ctx.close_position()

        def on_stop(self, ctx):
            ctx.log("done", equity=ctx.equity)

    return S


@clean()
def buys_and_holds(bars):
    def hold(ctx):
        if not ctx.has_position():
            ctx.target_percent(0.98)

    return hold


@clean()
def every_tenth_bar(bars):
    class S(tw.Strategy):
        def setup(self):
            self.clock = itertools.count()

        def on_bar(self, ctx):
            if next(self.clock) % 10 == 0:
                ctx.buy(1)

    return S


@clean()
def own_recursion_on_self(bars):
    class S(tw.Strategy):
        def setup(self):
            self.level, self.bars = None, 0

        def on_bar(self, ctx):
            self.level = ctx.close() if self.level is None else self.level + 0.1 * (ctx.close() - self.level)
            self.bars += 1
            if self.bars < 60:
                return
            ctx.target_percent(0.9 if ctx.close() > self.level else 0.0)

    return S


@clean()
def waits_for_what_it_needs(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            past = ctx.get_last_n_bars(None, None, 50)
            if len(past) < 50:
                return
            ctx.target_percent(0.9 if past.close[-1] > past.close.mean() else 0.0)

    return S


@clean()
def table_of_past_days(bars):
    frame = pd.DataFrame({"close": bars.close}, index=pd.to_datetime(bars.labels()))

    class S(tw.Strategy):
        def on_bar(self, ctx):
            past = frame.loc[: pd.Timestamp(ctx.date), "close"].tail(20)
            if len(past) == 20:
                ctx.target_percent(0.9 if past.iloc[-1] > past.mean() else 0.0)

    return S


@clean()
def rates_by_date(bars):
    days = bars.sessions.labels[::5]
    rates = {dt.date(1970, 1, 1) + dt.timedelta(days=int(day)): 0.02 + 0.01 * math.sin(day / 50) for day in days}

    class S(tw.Strategy):
        def on_bar(self, ctx):
            known = [day for day in rates if day <= ctx.date]
            rate = rates[max(known)] if known else 0.0
            ctx.target_percent(0.9 if rate < 0.025 else 0.2)

    return S


@clean()
def meetings_known_ahead(bars):
    """A calendar of dates is known before they come."""
    meetings = {dt.date(2015, month, 15) for month in range(1, 13)} | {
        dt.date(2016, month, 14) for month in range(1, 9)
    }

    class S(tw.Strategy):
        def on_bar(self, ctx):
            near = any(0 < (day - ctx.date).days <= 3 for day in meetings)
            ctx.target_percent(0.2 if near else 0.8)

    return S


@clean()
def caches_on_the_class(bars):
    class S(tw.Strategy):
        kept = {}  # noqa: RUF012 - on purpose: it is shared

        def setup(self):
            self.mean = self.use(ta.sma, "close", 10)

        def on_bar(self, ctx):
            if ctx.date not in S.kept:
                S.kept[ctx.date] = self.mean.value
            ctx.target_percent(0.9 if ctx.close() > S.kept[ctx.date] else 0.0)

    return S


@clean()
def memoised_helper(bars):
    @functools.cache
    def weight(bucket):
        return min(0.9, 0.1 * bucket)

    class S(tw.Strategy):
        def setup(self):
            self.rsi = self.use(ta.rsi, "close", 10)

        def on_bar(self, ctx):
            ctx.target_percent(weight(int(self.rsi.value // 10)))

    return S


@clean()
def state_machine(bars):
    @dataclasses.dataclass
    class State:
        name: str = "flat"
        since: int = 0

    class S(tw.Strategy):
        def setup(self):
            self.state = State()
            self.top = self.use(ta.donchian, 15)

        def on_bar(self, ctx):
            self.state.since += 1
            if self.state.name == "flat" and ctx.high() >= self.top[0].value:
                self.state = State("armed")
            elif self.state.name == "armed" and self.state.since > 3:
                ctx.buy(10)
                self.state = State("long")
            elif self.state.name == "long" and self.state.since > 12:
                ctx.close_position()
                self.state = State()

    return S


@clean()
def past_of_the_whole(bars):
    """The whole history is at hand, and only its past is read."""

    class S(tw.Strategy):
        def setup(self):
            kept = []
            self.use(lambda c: kept.append(c) or c, "close")
            self.closes, self.row = kept[0], -1

        def on_bar(self, ctx):
            self.row += 1
            past = self.closes[max(0, self.row - 9) : self.row + 1]
            ctx.target_percent(0.9 if past[-1] >= past.mean() else 0.0)

    return S


@clean(fill_at="close")
def filled_at_the_close(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.sma, "close", 10)

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if ctx.close() > self.mean.value else 0.0)

    return S


@clean()
def own_file_of_yesterdays(bars):
    lagged = pd.Series(bars.close, index=pd.to_datetime(bars.labels())).shift(1)

    class S(tw.Strategy):
        def on_bar(self, ctx):
            before = lagged.get(pd.Timestamp(ctx.date), np.nan)
            ctx.target_percent(0.9 if ctx.close() > before else 0.0)

    return S


@clean()
def trend_by_regression(bars):
    def slope(close, n):
        out = np.full(len(close), np.nan)
        x = np.arange(n) - (n - 1) / 2
        for i in range(n - 1, len(close)):
            out[i] = x @ close[i - n + 1 : i + 1] / (x @ x)
        return out

    class S(tw.Strategy):
        def setup(self):
            self.slope = self.use(slope, "close", 25)

        def on_bar(self, ctx):
            if self.slope.crossed_above(0):
                ctx.target_percent(0.9)
            elif self.slope.crossed_below(0):
                ctx.close_position()

    return S


@clean(latency_bars=1, insufficient="clip")
def late_and_clipped(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.wma, "close", 12)

        def on_bar(self, ctx):
            if ctx.close() > self.mean.value:
                ctx.buy(5000)
            else:
                ctx.close_position()

    return S


@clean()
def returns_its_orders(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            past = ctx.history(8)
            if past.close[-1] > past.high[:-1].max():
                return tw.OrderRequest(symbol="AAA", side=tw.OrderSide.BUY, quantity=5)
            if past.close[-1] < past.low[:-1].min() and ctx.has_position():
                return [tw.OrderRequest(symbol="AAA", side=tw.OrderSide.SELL, quantity=5)]
            return None

    return S


@clean(market="raw_with_actions")
def over_a_split_and_dividends(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.sma, "close", 15)

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if ctx.close() > self.mean.value else 0.0)
            ctx.log("cash", cash=round(ctx.cash, 2))

    return S


@clean(market="halves")
def two_exchanges(bars):
    class S(tw.Strategy):
        def setup(self):
            self.speed = self.use(ta.roc, "close", 10)

        def on_bar(self, ctx):
            for name in ctx.symbols:
                ctx.target_percent(0.4 if self.speed[name].value > 0 else 0.0, name)

        def on_session_close(self, ctx):
            ctx.log("end", symbols=len(ctx.symbols))

    return S


@clean(start="2015-09-01", end="2016-06-30")
def between_two_dates(bars):
    class S(tw.Strategy):
        def setup(self):
            self.adx = self.use(ta.adx, 14)

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.adx.value > 20 else 0.0)

    return S


@clean()
def asks_whether_it_is_ready(bars):
    class S(tw.Strategy):
        def setup(self):
            self.closes = []

        def ready(self):
            return True

        def on_bar(self, ctx):
            self.closes.append(ctx.close())
            if len(self.closes) > 25 and ctx.close() == max(self.closes[-25:]):
                ctx.buy(5)
            elif len(self.closes) > 25 and ctx.close() == min(self.closes[-25:]):
                ctx.close_position()

    return S


@clean()
def one_cancels_the_other(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            if ctx.has_position():
                if ctx.date.weekday() == 2:
                    ctx.sell(order_type="market_on_close")
                return
            if not ctx.open_orders():
                low = ctx.buy(10, limit_price=ctx.close() * 0.98)
                ctx.buy(10, stop_price=ctx.close() * 1.02, oco=low)
            elif ctx.date.day == 1:
                ctx.cancel_all()

    return S


@clean()
def replaces_its_limit(bars):
    class S(tw.Strategy):
        def setup(self):
            self.order = None

        def on_bar(self, ctx):
            if self.order is not None and self.order.is_open:
                self.order = ctx.replace(self.order, limit_price=ctx.close() * 0.995)
            elif not ctx.has_position():
                self.order = ctx.buy(10, limit_price=ctx.close() * 0.99)
            elif ctx.rng.random() < 0.2:
                ctx.close_position()

    return S


@clean()
def icebergs(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            if not ctx.open_orders() and not ctx.has_position():
                ctx.buy(500, limit_price=ctx.close() * 1.01, display_quantity=50)
            elif ctx.quantity() >= 200:
                ctx.cancel_all()
                ctx.close_position()

    return S


@clean(market="quarters")
def flat_before_the_close(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            late = ctx.timestamp.hour * 60 + ctx.timestamp.minute >= 20 * 60 + 30
            if late:
                ctx.close_position()
            elif ctx.new_session:
                ctx.buy(10)

    return S


@clean(market="quarters")
def volume_weighted(bars):
    class S(tw.Strategy):
        def setup(self):
            self.paid = self.traded = 0.0

        def on_bar(self, ctx):
            if ctx.new_session:
                self.paid = self.traded = 0.0
            bar = ctx.bar()
            self.paid += (bar.high + bar.low + bar.close) / 3 * bar.volume
            self.traded += bar.volume
            ctx.target_percent(0.8 if self.traded and bar.close > self.paid / self.traded else 0.0)

    return S


@clean(market="basket", limits="standard")
def within_limits(bars):
    class S(tw.Strategy):
        def setup(self):
            self.atr = self.use(ta.atr, 10)

        def on_bar(self, ctx):
            for name in ctx.symbols:
                if not ctx.has_position(name) and not ctx.open_orders(name):
                    ctx.buy(5, name, stop_loss=ctx.close(name) - 2 * self.atr[name].value)

    return S


@clean()
def fades_a_supertrend(bars):
    class S(tw.Strategy):
        def setup(self):
            self.trend = self.use(ta.supertrend, 10, 3.0)

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if ctx.close() > self.trend[0].value else 0.0)

    return S


@clean()
def pandas_exponential(bars):
    class S(tw.Strategy):
        def setup(self):
            self.quick = self.use(lambda c: pd.Series(c).ewm(span=10, min_periods=10).mean().to_numpy(), "close")
            self.calm = self.use(lambda c: pd.Series(c).ewm(span=30, min_periods=30).mean().to_numpy(), "close")

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.quick.value > self.calm.value else 0.0)

    return S


@clean()
def sees_the_volume_balance(bars):
    class S(tw.Strategy):
        def setup(self):
            self.obv = self.use(ta.obv, "close", "volume")

        def on_bar(self, ctx):
            if self.obv[-1] > 0 and ctx.new_month:
                ctx.target_percent(0.7)
            elif ctx.new_month:
                ctx.close_position()

    return S


@clean()
def all_time_highs(bars):
    class S(tw.Strategy):
        def setup(self):
            self.top = self.use(np.maximum.accumulate, "high")

        def on_bar(self, ctx):
            if ctx.high() >= self.top.value:
                ctx.target_percent(0.9)
            elif ctx.close() < self.top.value * 0.9:
                ctx.close_position()

    return S


@clean()
def walk_forward_fit(bars):
    """Fits on the past only, again every twenty bars."""

    class S(tw.Strategy):
        def setup(self):
            self.weights, self.count = None, 0

        def on_bar(self, ctx):
            past = ctx.history(60).close
            returns = np.diff(np.log(past))
            if self.count % 20 == 0:
                x = np.column_stack([returns[2:-1], returns[1:-2], returns[:-3]])
                self.weights, *_ = np.linalg.lstsq(x, returns[3:], rcond=None)
            self.count += 1
            guess = float(returns[-1:-4:-1] @ self.weights)
            ctx.target_percent(0.9 if guess > 0 else 0.0)

    return S


@clean()
def times_itself(bars):
    import time

    class S(tw.Strategy):
        def on_bar(self, ctx):
            began = time.perf_counter()
            past = ctx.history(20).close
            ctx.target_percent(0.9 if past[-1] > past.mean() else 0.0)
            ctx.log("took", seconds=time.perf_counter() - began)

    return S


@clean()
def seeds_the_shared_generator(bars):
    class S(tw.Strategy):
        def setup(self):
            np.random.seed(42)  # noqa: NPY002 - seeded, so the same each time

        def on_bar(self, ctx):
            if np.random.random() < 0.1:  # noqa: NPY002
                ctx.buy(1)

    return S


@clean()
def schedule_made_ahead(bars):
    """What is planned for later days is the strategy's own."""

    class S(tw.Strategy):
        def setup(self):
            self.plan = {}

        def on_bar(self, ctx):
            past = ctx.history(5).close
            if past[-1] == past.max():
                self.plan[ctx.date + dt.timedelta(days=7)] = 3.0
            for day in [day for day in self.plan if day <= ctx.date]:
                ctx.buy(self.plan.pop(day))
            if ctx.quantity() > 20:
                ctx.close_position()

    return S


@clean(market="basket")
def sets_in_order(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.sma, "close", 10)

        def on_bar(self, ctx):
            strong = {name for name in ctx.symbols if ctx.close(name) > self.mean[name].value}
            for name in sorted(set(ctx.symbols) - strong):
                ctx.close_position(name)
            for name in sorted(strong):
                ctx.target_percent(0.3, name)

    return S


@clean()
def frame_kept_from_the_past(bars):
    class S(tw.Strategy):
        def setup(self):
            self.rows = []

        def on_bar(self, ctx):
            self.rows.append({"date": ctx.date, "close": ctx.close()})
            if len(self.rows) % 5 == 0 and len(self.rows) > 30:
                frame = pd.DataFrame(self.rows[-30:]).set_index("date")
                ctx.target_percent(0.9 if frame["close"].iloc[-1] > frame["close"].median() else 0.0)

    return S


@clean(market="basket")
def inverse_volatility_monthly(bars):
    """A moving deviation rounds otherwise where its history begins later."""

    class S(tw.Strategy):
        def setup(self):
            self.spread = self.use(lambda c: pd.Series(c).pct_change().rolling(30).std().to_numpy(), "close")

        def on_bar(self, ctx):
            if ctx.new_month:
                inverse = {name: 1 / self.spread[name].value for name in ctx.symbols}
                for name in ctx.symbols:
                    ctx.target_percent(0.9 * inverse[name] / sum(inverse.values()), name)

    return S


@clean()
def trained_before_it_trades(bars):
    taught = 150
    returns = np.diff(np.log(bars.close[:taught]))
    middle, spread = float(returns.mean()), float(returns.std())

    class S(tw.Strategy):
        def required_warmup_bars(self):
            return taught

        def on_bar(self, ctx):
            last = ctx.history(2).close
            score = (math.log(last[1] / last[0]) - middle) / spread
            if abs(score) > 1:
                ctx.target_percent(0.5 if score < 0 else 0.0)

    return S


@clean()
def table_of_the_past_made_beforehand(bars):
    frame = pd.DataFrame({"close": bars.close}, [stamp.date() for stamp in pd.to_datetime(bars.open_time)])
    frame["mean"] = frame["close"].rolling(20).mean()

    class S(tw.Strategy):
        def on_bar(self, ctx):
            row = frame.loc[ctx.date]
            if not np.isnan(row["mean"]):
                ctx.target_percent(0.9 if row["close"] > row["mean"] else 0.0)

    return S


@clean(market="quarters")
def average_of_the_session_so_far(bars):
    class S(tw.Strategy):
        def setup(self):
            self.sum = self.count = 0

        def on_bar(self, ctx):
            if ctx.new_session:
                self.sum = self.count = 0
            self.sum, self.count = self.sum + ctx.close(), self.count + 1
            ctx.target_quantity(10 if ctx.close() < self.sum / self.count else 0)

    return S
