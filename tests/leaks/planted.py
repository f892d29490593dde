"""Strategies with a planted leak each; the line that is to be found is marked."""

# What is wrong with these texts is why they are here.
# ruff: noqa: B905, C901, DTZ011, E741, NPY002, RUF012, S311

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import random
import time
import uuid
from collections import deque

import numpy as np
import pandas as pd
import polars as pl

import tradewright as tw
from tradewright import indicators as ta

from .markets import corpus, days

LEAKS, leak = corpus()
AHEAD, REPAINT, WARM, LOOSE = "look-ahead", "repainting", "warm-up", "unstable"


# ---------------------------------------------------------------- indicators


@leak(AHEAD)
def rolled_close(bars):
    class S(tw.Strategy):
        def setup(self):
            self.next = self.use(lambda c: np.roll(c, -1), "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.next.value > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def centred_average(bars):
    def centred(close, window):
        return pd.Series(close).rolling(window, center=True).mean().to_numpy()

    class S(tw.Strategy):
        def setup(self):
            self.mid = self.use(centred, "close", 11)  # leak

        def on_bar(self, ctx):
            if self.mid.is_ready and ctx.close() < self.mid.value * 0.99:
                ctx.buy(10)
            elif ctx.has_position():
                ctx.close_position()

    return S


@leak(AHEAD)
def whole_sample_z_score(bars):
    class S(tw.Strategy):
        def setup(self):
            self.z = self.use(lambda c: (c - c.mean()) / c.std(), "close")  # leak

        def on_bar(self, ctx):
            if self.z.value < -1:
                ctx.target_percent(0.9)
            elif self.z.value > 1:
                ctx.close_position()

    return S


@leak(AHEAD)
def min_max_scaled(bars):
    def scaled(values):
        return (values - values.min()) / (values.max() - values.min())

    class S(tw.Strategy):
        def setup(self):
            self.place = self.use(scaled, "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.place.value < 0.3 else 0.0)

    return S


@leak(AHEAD)
def back_filled(bars):
    def filled(close):
        return pd.Series(close).rolling(30).mean().bfill().to_numpy()

    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(filled, "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if ctx.close() > self.mean.value else 0.0)

    return S


@leak(AHEAD)
def shifted_target(bars):
    def forward_return(close):
        return (pd.Series(close).shift(-5) / pd.Series(close) - 1).fillna(0).to_numpy()

    class S(tw.Strategy):
        def setup(self):
            self.label = self.use(forward_return, "close")  # leak

        def on_bar(self, ctx):
            if self.label.value > 0.02:
                ctx.target_percent(0.95)
            elif self.label.value < -0.02:
                ctx.close_position()

    return S


@leak(AHEAD)
def detrended_by_a_fit(bars):
    def detrended(close):
        x = np.arange(len(close))
        slope, level = np.polyfit(x, close, 1)
        return close - (slope * x + level)

    class S(tw.Strategy):
        def setup(self):
            self.rest = self.use(detrended, "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.rest.value < 0 else 0.1)

    return S


@leak(AHEAD)
def low_passed_by_fourier(bars):
    def smooth(close):
        spectrum = np.fft.rfft(close)
        spectrum[12:] = 0
        return np.fft.irfft(spectrum, len(close))

    class S(tw.Strategy):
        def setup(self):
            self.smooth = self.use(smooth, "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.smooth[-1] > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def filtered_forward_and_back(bars):
    def zero_phase(close, alpha):
        def once(values):
            out = np.empty_like(values)
            level = values[0]
            for place, value in enumerate(values):
                level += alpha * (value - level)
                out[place] = level
            return out

        return once(once(close)[::-1])[::-1]

    class S(tw.Strategy):
        def setup(self):
            self.line = self.use(zero_phase, "close", 0.2)  # leak

        def on_bar(self, ctx):
            if self.line.crossed_above(100.0) or ctx.close() > self.line.value * 1.02:
                ctx.target_percent(0.5)
            elif ctx.close() < self.line.value * 0.98:
                ctx.close_position()

    return S


@leak(AHEAD)
def interpolated_swings(bars):
    def swings(close):
        x = np.arange(len(close))
        turns = [0] + [i for i in range(1, len(close) - 1) if (close[i] - close[i - 1]) * (close[i + 1] - close[i]) < 0]
        return np.interp(x, turns, close[turns])

    class S(tw.Strategy):
        def setup(self):
            self.swing = self.use(swings, "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.swing.value < ctx.close() else 0.0)

    return S


@leak(REPAINT)
def zigzag_marks(bars):
    def marks(high, low, reach):
        out = np.zeros(len(high))
        for i in range(reach, len(high) - reach):
            if high[i] == high[i - reach : i + reach + 1].max():
                out[i] = 1.0
            if low[i] == low[i - reach : i + reach + 1].min():
                out[i] = -1.0
        return out

    class S(tw.Strategy):
        def setup(self):
            self.mark = self.use(marks, "high", "low", 4)  # leak

        def on_bar(self, ctx):
            if self.mark.value < 0:
                ctx.target_percent(0.9)
            elif self.mark.value > 0:
                ctx.close_position()

    return S


@leak(REPAINT)
def week_before_it_ends(bars):
    def week_close(close, session):
        weeks = pd.Series(close).groupby((np.asarray(session) + 3) // 7)
        return weeks.transform("last").to_numpy()

    class S(tw.Strategy):
        def setup(self):
            self.week = self.use(week_close, "close", "session")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.8 if self.week.value > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def ranked_over_everything(bars):
    class S(tw.Strategy):
        def setup(self):
            self.rank = self.use(lambda c: pd.Series(c).rank(pct=True).to_numpy(), "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(1 - self.rank.value)

    return S


@leak(AHEAD)
def scaler_fit_by_hand(bars):
    class Scaler:
        def fit(self, x):
            self.mean, self.scale = x.mean(), x.std()
            return self

        def transform(self, x):
            return (x - self.mean) / self.scale

    def scaled(close):
        returns = np.diff(np.log(close), prepend=np.log(close[0]))
        return Scaler().fit(returns).transform(returns)

    class S(tw.Strategy):
        def setup(self):
            self.score = self.use(scaled, "close")  # leak

        def on_bar(self, ctx):
            if self.score.value < -1.5:
                ctx.buy(20)
            elif self.score.value > 1.5:
                ctx.close_position()

    return S


@leak(AHEAD)
def regression_fit_on_all(bars):
    def predicted(close):
        r = np.diff(np.log(close), prepend=np.log(close[0]))
        x = np.column_stack([np.roll(r, k) for k in range(1, 6)])
        y = np.roll(r, -1)
        beta, *_ = np.linalg.lstsq(x[6:-1], y[6:-1], rcond=None)
        return x @ beta

    class S(tw.Strategy):
        def setup(self):
            self.guess = self.use(predicted, "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.guess.value > 0 else 0.0)

    return S


@leak(AHEAD)
def last_extreme_of_all(bars):
    class S(tw.Strategy):
        def setup(self):
            self.top = self.use(lambda h: np.full(len(h), h.max()), "high")  # leak

        def on_bar(self, ctx):
            if ctx.close() > 0.97 * self.top.value:
                ctx.close_position()
            elif not ctx.has_position():
                ctx.buy(50)

    return S


@leak(AHEAD)
def polars_backward_fill(bars):
    def filled(close):
        frame = pl.DataFrame({"c": close}).with_columns(pl.col("c").shift(-2).fill_null(strategy="forward").alias("n"))
        return frame["n"].to_numpy()

    class S(tw.Strategy):
        def setup(self):
            self.n = self.use(filled, "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.n.value > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def reversed_average(bars):
    class S(tw.Strategy):
        def setup(self):
            self.slow = self.use(lambda c: ta.ema(c[::-1].copy(), 10)[::-1].copy(), "close")  # leak

        def on_bar(self, ctx):
            if self.slow.is_ready:
                ctx.target_percent(0.9 if self.slow.value > ctx.close() else 0.0)

        def required_warmup_bars(self):
            return 20

    return S


@leak(AHEAD, "basket")
def ahead_in_one_of_three(bars):
    class S(tw.Strategy):
        def setup(self):
            self.fast = self.use(ta.sma, "close", 5)
            self.odd = self.use(lambda c: np.append(c[2:], c[-2:]), "close", symbol="BBB")  # leak

        def on_bar(self, ctx):
            for name in ctx.symbols:
                if name == "BBB" and self.odd.value > ctx.close(name):
                    ctx.target_percent(0.3, name)
                elif ctx.close(name) < self.fast[name].value:
                    ctx.close_position(name)

    return S


@leak(AHEAD, "quarters")
def day_range_known_in_the_morning(bars):
    def day_high(high, session):
        return pd.Series(high).groupby(np.asarray(session)).transform("max").to_numpy()

    class S(tw.Strategy):
        def setup(self):
            self.top = self.use(day_high, "high", "session")  # leak

        def on_bar(self, ctx):
            if ctx.high() >= self.top.value and ctx.has_position():
                ctx.close_position()
            elif not ctx.has_position() and ctx.close() < self.top.value * 0.995:
                ctx.buy(10)

    return S


# ---------------------------------------------------------------- prepared in setup


def everything(strategy):
    """The whole closes of a run, by way of an indicator that gives its input back."""
    seen = []
    strategy.use(lambda c: seen.append(np.array(c)) or c, "close")
    return seen[0]


@leak(AHEAD)
def off_by_one_array(bars):
    class S(tw.Strategy):
        def setup(self):
            self.closes = everything(self)
            self.row = 0

        def on_bar(self, ctx):
            self.row += 1
            if self.row < len(self.closes) and self.closes[self.row] > ctx.close():  # leak
                ctx.target_percent(0.9)
            else:
                ctx.target_percent(0.0)

    return S


@leak(AHEAD)
def signals_precomputed_by_shift(bars):
    class S(tw.Strategy):
        def setup(self):
            close = pd.Series(everything(self))
            self.signal = (close.shift(-1) > close).to_numpy()  # leak
            self.i = -1

        def on_bar(self, ctx):
            self.i += 1
            if self.signal[self.i]:
                ctx.target_percent(0.9)
            else:
                ctx.close_position()

    return S


@leak(AHEAD)
def threshold_from_all_history(bars):
    class S(tw.Strategy):
        def setup(self):
            closes = everything(self)
            self.cheap = float(np.quantile(closes, 0.25))  # leak

        def on_bar(self, ctx):
            if ctx.close() < self.cheap:
                ctx.target_percent(0.9)
            elif ctx.close() > 1.1 * self.cheap:
                ctx.close_position()

    return S


@leak(AHEAD)
def period_chosen_on_the_data(bars):
    class S(tw.Strategy):
        def setup(self):
            closes = everything(self)

            def gain(n):
                mean = pd.Series(closes).rolling(n).mean().to_numpy()
                held = (closes > mean)[:-1]
                return float(np.sum(np.diff(closes)[held]))

            self.period = max(range(5, 60), key=gain)  # leak
            self.mean = self.use(ta.sma, "close", self.period)  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if ctx.close() > self.mean.value else 0.0)

    return S


@leak(AHEAD)
def crash_days_left_out(bars):
    class S(tw.Strategy):
        def setup(self):
            closes = everything(self)
            ahead = pd.Series(closes).rolling(5).min().shift(-5).to_numpy()
            self.crash = ahead < closes * 0.96  # leak
            self.mean = self.use(ta.sma, "close", 10)
            self.row = 8

        def on_bar(self, ctx):
            self.row += 1
            if self.crash[self.row]:
                ctx.close_position()
                return
            if self.mean.crossed_above(ctx.close()) or not ctx.has_position():
                ctx.buy(10)

    return S


@leak(AHEAD)
def generator_one_ahead(bars):
    class S(tw.Strategy):
        def setup(self):
            self.feed = iter(everything(self)[1:])

        def on_bar(self, ctx):
            following = next(self.feed, 0.0)  # leak
            if following > ctx.close():
                ctx.buy(5)
            elif ctx.has_position():
                ctx.close_position()

    return S


@leak(AHEAD)
def plan_in_a_dataclass(bars):
    @dataclasses.dataclass
    class Plan:
        buys: set
        sells: set

    class S(tw.Strategy):
        def setup(self):
            closes = everything(self)
            turns = [i for i in range(2, len(closes) - 2) if closes[i] == closes[i - 2 : i + 3].min()]
            tops = [i for i in range(2, len(closes) - 2) if closes[i] == closes[i - 2 : i + 3].max()]
            self.plan = Plan(set(turns), set(tops))
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            if self.row in self.plan.buys:  # leak
                ctx.target_percent(0.9)
            elif self.row in self.plan.sells:  # leak
                ctx.close_position()

    return S


@leak(AHEAD)
def only_in_december(bars):
    class S(tw.Strategy):
        def setup(self):
            self.closes = everything(self)
            self.mean = self.use(ta.sma, "close", 20)
            self.row = 18

        def on_bar(self, ctx):
            self.row += 1
            if ctx.date.month == 12 and ctx.date.day > 20:
                best = max(self.closes[self.row : self.row + 4])  # leak
                ctx.target_percent(0.9 if best > ctx.close() * 1.005 else 0.0)
            elif ctx.close() > self.mean.value:
                ctx.target_percent(0.5)
            else:
                ctx.close_position()

    return S


# ---------------------------------------------------------------- past the context


@leak(AHEAD)
def tomorrows_open_by_the_desk(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            opens, row = ctx._desk.board.opens[0], ctx._cursor.row
            if row + 1 < len(opens) and opens[row + 1] > ctx.close():  # leak
                ctx.buy(10)
            elif ctx.has_position():
                ctx.close_position()

    return S


@leak(AHEAD)
def bars_behind_a_history(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            seen = ctx.history(20).close
            whole = ctx.history(1)._bars.close
            row = ctx._cursor.row
            later = float(whole[min(row + 3, len(whole) - 1)])  # leak
            ctx.target_percent(0.9 if later > seen[-1] else 0.0)

    return S


@leak(AHEAD)
def cursor_moved_ahead(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.sma, "close", 10)

        def on_bar(self, ctx):
            cursor = ctx._cursor
            now, last = cursor.row, len(ctx._market) - 1
            cursor.row += cursor.row < last
            ahead = self.mean.value  # leak
            cursor.row -= 1 if cursor.row > now else 0
            ctx.target_percent(0.9 if ahead > self.mean.value else 0.0)

    return S


# ---------------------------------------------------------------- held outside


@leak(AHEAD)
def bars_in_a_closure(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            now = int(ctx.timestamp.timestamp() * 1e9)
            row = int(np.searchsorted(bars.close_time, now))
            following = bars.close[min(row + 1, len(bars) - 1)]  # leak
            ctx.target_percent(0.9 if following > bars.close[row] else 0.0)

    return S


@leak(AHEAD)
def function_with_closes_around_it(bars):
    closes = bars.close.tolist()
    count = {"row": -1}

    def strategy(ctx):
        count["row"] += 1
        window = closes[count["row"] + 1 : count["row"] + 4]  # leak
        if window and max(window) > ctx.close() * 1.01:
            ctx.buy(10)
        elif ctx.has_position():
            ctx.close_position()

    return strategy


@leak(AHEAD)
def frame_by_tomorrows_date(bars):
    index = pd.to_datetime(bars.labels())
    frame = pd.DataFrame({"close": bars.close, "open": bars.open}, index=index)

    class S(tw.Strategy):
        def on_bar(self, ctx):
            today = pd.Timestamp(ctx.date)
            later = frame.loc[today + dt.timedelta(days=1) : today + dt.timedelta(days=6), "close"]  # leak
            if len(later) and later.iloc[-1] > ctx.close():
                ctx.target_percent(0.9)
            else:
                ctx.close_position()

    return S


@leak(AHEAD)
def mapping_by_date(bars):
    by_day = {dt.date(1970, 1, 1) + dt.timedelta(days=int(d)): c for d, c in zip(bars.sessions.labels, bars.close)}

    class S(tw.Strategy):
        ahead = 1

        def on_bar(self, ctx):
            day = ctx.date + dt.timedelta(days=self.ahead)
            following = by_day.get(day, ctx.close())  # leak
            ctx.target_percent(0.9 if following > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def closure_of_forward_returns(bars):
    forward = np.append(np.diff(bars.close), 0.0)

    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            if forward[self.row] > 0:  # leak
                ctx.target_percent(0.9)
            else:
                ctx.close_position()

    return S


@leak(AHEAD)
def class_attribute_of_labels(bars):
    class S(tw.Strategy):
        labels = (pd.Series(bars.close).shift(-3) > pd.Series(bars.close)).to_numpy()

        def setup(self):
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            ctx.target_percent(0.9 if self.labels[self.row] else 0.0)  # leak

    return S


@leak(AHEAD)
def winners_of_an_earlier_run(bars):
    def hold_some(ctx):
        if ctx.date.day % 7 == 0 and not ctx.has_position():
            ctx.buy(10)
        elif ctx.date.day % 5 == 0:
            ctx.close_position()

    earlier = tw.backtest(hold_some, bars)

    class S(tw.Strategy):
        def setup(self):
            won = earlier.trades[earlier.trades["net"] > 0]
            self.good = {stamp.date() for stamp in won["entry_time"]}  # leak

        def on_bar(self, ctx):
            if ctx.date + dt.timedelta(days=1) in self.good and not ctx.has_position():  # leak
                ctx.buy(100)
            elif ctx.has_position() and ctx.date.day % 5 == 0:
                ctx.close_position()

    return S


@leak(AHEAD)
def file_read_in_setup(bars):
    path = future_file()

    class S(tw.Strategy):
        def setup(self):
            frame = pd.read_csv(path, parse_dates=["date"]).set_index("date")
            self.following = frame["close"].shift(-1)  # leak

        def on_bar(self, ctx):
            following = self.following.get(pd.Timestamp(ctx.date), np.nan)  # leak
            ctx.target_percent(0.9 if following > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def file_of_signals(bars):
    path = future_file()

    class S(tw.Strategy):
        def setup(self):
            frame = pd.read_csv(path)
            self.best = dict(zip(frame["date"], frame["best"]))  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.best.get(str(ctx.date), 0) > 0.01 else 0.0)  # leak

    return S


@leak(AHEAD)
def kept_on_the_class(bars):
    class S(tw.Strategy):
        kept = None

        def setup(self):
            if S.kept is None:
                S.kept = everything(self)
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            later = S.kept[min(self.row + 2, len(S.kept) - 1)]  # leak
            ctx.target_percent(0.9 if later > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def mean_in_the_class_body(bars):
    class S(tw.Strategy):
        fair = float(bars.close.mean())

        def on_bar(self, ctx):
            if ctx.close() < self.fair * 0.95:  # leak
                ctx.target_percent(0.9)
            elif ctx.close() > self.fair * 1.05:
                ctx.close_position()

    return S


@leak(AHEAD)
def cached_reader(bars):
    @functools.cache
    def table():
        return tw.synthetic_bars("AAA", bars=420, seed=11).close

    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            ahead = table()[min(self.row + 1, 419)]  # leak
            ctx.target_percent(0.9 if ahead > ctx.close() else 0.0)

    return S


# ---------------------------------------------------------------- other forms


@leak(AHEAD)
def coroutine_with_the_future(bars):
    closes = bars.close

    async def strategy(ctx):
        row = int(np.searchsorted(bars.sessions.labels, (ctx.date - dt.date(1970, 1, 1)).days))
        if row + 1 < len(closes) and closes[row + 1] > closes[row]:  # leak
            await ctx.buy(10)
        elif (await ctx.position()).quantity:
            await ctx.close_position()

    return strategy


@leak(AHEAD)
def signals_that_know(bars):
    class Plugin(tw.SignalStrategy):
        def initialize(self, config):
            self.line = self.use(lambda c: np.append(c[1:], c[-1]), "close")  # leak

        def generate_signals(self, state):
            up = self.line.value > state.close("AAA")
            return [tw.Signal("AAA", tw.Direction.LONG if up else tw.Direction.FLAT)]

    return Plugin


@leak(AHEAD)
def bot_with_a_list(bars):
    future = bars.close

    class Bot:
        def __init__(self):
            self.n = -1

        def on_bar(self, bar):
            self.n += 1
            if future[min(self.n + 1, len(future) - 1)] > bar.close:  # leak
                return {"symbol": bar.symbol, "side": "buy", "quantity": 1}
            return None

    return Bot


@leak(AHEAD)
def size_by_the_coming_range(bars):
    class S(tw.Strategy):
        def setup(self):
            self.span = self.use(lambda h, l: np.append((h - l)[1:], 1.0), "high", "low")  # leak

        def on_bar(self, ctx):
            if ctx.new_month:
                ctx.close_position()
                ctx.buy(round(20 / max(self.span.value, 0.1)))

    return S


@leak(AHEAD)
def limit_at_tomorrows_low(bars):
    lows = bars.low

    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            ctx.cancel_all()
            if not ctx.has_position() and self.row + 1 < len(lows):
                ctx.buy(10, limit_price=lows[self.row + 1] * 1.001)  # leak
            elif ctx.has_position():
                ctx.close_position()

    return S


# ---------------------------------------------------------------- chance


@leak(LOOSE)
def shared_random(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            if random.random() < 0.1:  # leak
                ctx.buy(1)

    return S


@leak(LOOSE)
def shared_numpy_random(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            draw = np.random.normal()  # leak
            ctx.target_percent(0.5 if draw > 0.5 else 0.0)

    return S


@leak(LOOSE)
def unseeded_generator(bars):
    class S(tw.Strategy):
        def setup(self):
            self.rng = np.random.default_rng()

        def on_bar(self, ctx):
            if self.rng.random() < 0.2:  # leak
                ctx.buy(1)

    return S


@leak(LOOSE)
def by_the_clock(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            if int(time.time() * 1e6) % 3 == 0:  # leak
                ctx.buy(1)  # leak: where the runs that are compared happen to agree on the line above

    return S


@leak(LOOSE)
def by_the_day_it_is(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            age = (dt.date.today() - ctx.date).days  # leak
            if age % 9 == 0:
                ctx.buy(1)

    return S


@leak(LOOSE)
def remembers_on_the_class(bars):
    class S(tw.Strategy):
        seen = deque(maxlen=5)

        def on_bar(self, ctx):
            self.seen.append(ctx.close())
            if len(self.seen) < 5:  # leak
                ctx.buy(1)

    return S


@leak(LOOSE)
def by_a_fresh_identifier(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            draw = uuid.uuid4().int % 10  # leak
            if draw < 3:
                ctx.buy(1)

    return S


# ---------------------------------------------------------------- warm-up


@leak(WARM)
def average_from_the_first_bar(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(lambda c: pd.Series(c).rolling(60, min_periods=1).mean().to_numpy(), "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if ctx.close() > self.mean.value else 0.0)

    return S


@leak(WARM)
def slow_recursion_from_the_first_bar(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(lambda c: pd.Series(c).ewm(span=120, adjust=False).mean().to_numpy(), "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if ctx.close() > self.mean.value else 0.0)

    return S


@leak(WARM)
def declared_too_short(bars):
    class S(tw.Strategy):
        def required_warmup_bars(self):
            return 5

        def on_bar(self, ctx):
            past = ctx.get_last_n_bars(None, None, 50).close  # leak
            ctx.target_percent(0.9 if ctx.close() > past.mean() else 0.0)  # leak

    return S


@functools.cache
def future_file():
    """A file with what came after each day, as an earlier study may have left it."""
    import atexit
    import tempfile
    from pathlib import Path

    bars = days()
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    dates = bars.sessions.labels.astype("datetime64[D]").astype(str)
    best = np.append(np.diff(np.log(bars.close)), 0.0)
    path = Path(folder.name) / "study.csv"
    pd.DataFrame({"date": dates, "close": bars.close, "best": best}).to_csv(path, index=False)
    return path


# ---------------------------------------------------------------- more of the same kinds, in other words


@leak(LOOSE, "basket", cash=900.0)
def order_of_a_set(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            if ctx.date.day % 10 == 0:
                for name in {"AAA", "BBB", "CCC"}:  # noqa: PLC0208  # leak
                    ctx.buy(5, name)
            elif ctx.date.day % 10 == 5:
                for name in list(ctx.positions):
                    ctx.close_position(name)

    return S


@leak(LOOSE)
def bucket_by_hash(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            bucket = hash(str(ctx.date)) % 5  # leak
            if bucket == 0:
                ctx.buy(1)

    return S


@leak(AHEAD)
def same_mode_convolution(bars):
    class S(tw.Strategy):
        def setup(self):
            self.m = self.use(lambda c: np.convolve(c, np.ones(9) / 9, mode="same"), "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if ctx.close() < self.m.value else 0.0)

    return S


@leak(AHEAD)
def gradient_of_prices(bars):
    class S(tw.Strategy):
        def setup(self):
            self.slope = self.use(np.gradient, "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.slope.value > 0 else 0.0)

    return S


@leak(AHEAD)
def polynomial_smoother(bars):
    def smooth(close, reach):
        out = close.copy()
        x = np.arange(-reach, reach + 1)
        for i in range(reach, len(close) - reach):
            out[i] = np.polyval(np.polyfit(x, close[i - reach : i + reach + 1], 2), 0)
        return out

    class S(tw.Strategy):
        def setup(self):
            self.soft = self.use(smooth, "close", 4)  # leak

        def on_bar(self, ctx):
            if len(ctx.get_last_n_bars(None, None, 3)) == 3:
                ctx.target_percent(0.9 if self.soft.value > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def out_before_the_last_bar(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            last = len(ctx._market) - 2  # leak
            if ctx._cursor.row >= last:  # leak
                ctx.close_position()
            elif not ctx.has_position():
                ctx.target_percent(0.9)

    return S


@leak(AHEAD)
def size_by_whole_volatility(bars):
    class S(tw.Strategy):
        def setup(self):
            returns = np.diff(np.log(everything(self)))
            self.scale = 0.01 / returns.std()  # leak

        def on_bar(self, ctx):
            if ctx.new_month:
                ctx.target_percent(min(0.9, self.scale))

    return S


@leak(AHEAD)
def default_argument(bars):
    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def on_bar(self, ctx, closes=bars.close):
            self.row += 1
            after = closes[min(self.row + 1, len(closes) - 1)]  # leak
            ctx.target_percent(0.9 if after > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def partial_with_the_future(bars):
    def strategy(ctx, table):
        now = np.datetime64(ctx.date, "D").astype(int)
        after = [close for day, close in table if now < day < now + 6]  # leak
        ctx.target_percent(0.9 if after and after[-1] > ctx.close() else 0.0)

    return functools.partial(strategy, table=list(zip(bars.sessions.labels.tolist(), bars.close.tolist())))


@leak(AHEAD)
def table_of_a_class(bars):
    class Table:
        closes = bars.close.tolist()

    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            after = Table.closes[min(self.row + 1, len(Table.closes) - 1)]  # leak
            ctx.target_percent(0.9 if after > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def attribute_of_a_function(bars):
    def strategy(ctx):
        strategy.row += 1
        after = strategy.closes[min(strategy.row + 1, len(strategy.closes) - 1)]  # leak
        ctx.target_percent(0.9 if after > ctx.close() else 0.0)

    strategy.row, strategy.closes = -1, bars.close
    return strategy


@leak(AHEAD)
def memory_view(bars):
    view = memoryview(bars.close)

    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            after = view[min(self.row + 1, len(view) - 1)]  # leak
            ctx.target_percent(0.9 if after > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def text_of_signals(bars):
    signals = "".join("B" if after > now else "S" for now, after in zip(bars.close, bars.close[1:])) + "S"

    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            if signals[self.row] == "B":  # leak
                ctx.target_percent(0.9)
            else:
                ctx.close_position()

    return S


@leak(AHEAD)
def private_values_of_a_line(bars):
    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.sma, "close", 5)

        def on_bar(self, ctx):
            row = ctx._cursor.row
            ahead = self.mean._by_row[min(row + 4, len(self.mean._by_row) - 1)]  # leak
            ctx.target_percent(0.9 if ahead > self.mean.value else 0.0)

    return S


@leak(AHEAD)
def stop_at_the_coming_low(bars):
    class S(tw.Strategy):
        def setup(self):
            kept = []
            self.use(lambda low: kept.append(low) or low, "low")
            self.lows, self.row = kept[0], -1

        def on_fill(self, ctx, fill):
            if fill.side > 0:
                coming = self.lows[self.row + 1 : self.row + 6]  # leak
                ctx.sell(10, stop_price=min(coming) * 0.999 if len(coming) else ctx.close() * 0.9)

        def on_bar(self, ctx):
            self.row += 1
            if not ctx.has_position() and self.row % 7 == 0:
                ctx.buy(10)

    return S


@leak(AHEAD)
def said_in_the_log(bars):
    closes = bars.close

    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            if self.row % 5 == 0 and self.row + 1 < len(closes):
                ctx.log("expects", price=float(closes[self.row + 1]))  # leak

    return S


@leak(AHEAD)
def instance_that_was_given(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            self.row += 1
            after = self.future[min(self.row, len(self.future) - 1)]  # leak
            ctx.target_percent(0.9 if after > ctx.close() else 0.0)

    made = S()
    made.row, made.future = -1, bars.close[1:]
    return made


@leak(AHEAD, "quarters")
def resampled_by_label(bars):
    index = pd.to_datetime(bars.open_time)

    class S(tw.Strategy):
        def setup(self):
            days = pd.Series(bars.close, index=index).resample("1D").last().dropna()
            self.day = days.reindex(index, method="ffill")  # leak

        def on_bar(self, ctx):
            now = pd.Timestamp(ctx.bar().timestamp).tz_localize(None)
            ctx.target_percent(0.9 if self.day.loc[now] > ctx.close() else 0.0)  # leak

    return S


@leak(AHEAD, "basket")
def best_of_all_chosen_first(bars):
    class S(tw.Strategy):
        def setup(self):
            kept = {}
            for name in ("AAA", "BBB", "CCC"):
                self.use(lambda c, name=name: kept.__setitem__(name, c) or c, "close", symbol=name)
            self.best = max(kept, key=lambda name: kept[name][-1] / kept[name][0])  # leak

        def on_bar(self, ctx):
            if ctx.new_month:
                ctx.target_percent(0.9, self.best)  # leak

    return S


# ---------------------------------------------------------------- places where one does not look


@leak(AHEAD)
def ready_when_it_rises(bars):
    closes = bars.close

    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def ready(self):
            self.row += 1
            return closes[min(self.row + 1, len(closes) - 1)] > closes[self.row]  # leak

        def on_bar(self, ctx):
            ctx.buy(1)

    return S


@leak(AHEAD)
def chosen_on_start(bars):
    class S(tw.Strategy):
        def on_start(self, ctx):
            whole = ctx._market.tracks[0].bars.close
            self.limit = np.percentile(whole, 30)  # leak

        def on_bar(self, ctx):
            if ctx.close() < self.limit:  # leak
                ctx.target_percent(0.9)
            elif ctx.close() > 1.05 * self.limit:
                ctx.close_position()

    return S


@leak(AHEAD, "quarters")
def tomorrows_open_at_the_close(bars):
    class S(tw.Strategy):
        def on_bar(self, ctx):
            if ctx.new_session:
                ctx.close_position()

        def on_session_close(self, ctx):
            row, opens = ctx._cursor.row, ctx._market.tracks[0].bars.open
            gap = opens[min(row + 1, len(opens) - 1)] / ctx.close() - 1  # leak
            if gap > 0:
                ctx.buy(10)

    return S


@leak(AHEAD)
def seldom_and_in_one_line(bars):
    closes = bars.close

    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.sma, "close", 10)
            self.row = 8

        def on_bar(self, ctx):
            self.row += 1
            fell = ctx.close() < 0.97 * self.mean.value
            after = fell and self.row + 3 < len(closes) and closes[self.row + 3] > ctx.close()  # leak
            if after and not ctx.has_position():
                ctx.buy(10)
            elif ctx.has_position() and ctx.close() > self.mean.value:
                ctx.close_position()

    return S


@leak(AHEAD, "basket")
def table_of_closes_filled_back(bars):
    frame = pd.DataFrame({name: each.close for name, each in bars.items()}, index=pd.to_datetime(bars["AAA"].labels()))

    class S(tw.Strategy):
        def setup(self):
            self.returns = frame.pct_change(5).shift(-5)  # leak

        def on_bar(self, ctx):
            coming = self.returns.loc[pd.Timestamp(ctx.date)].dropna()  # leak
            best = coming.idxmax() if len(coming) else "AAA"
            for name in ctx.universe:
                ctx.target_percent(0.9 if name == best else 0.0, name)

    return S


@leak(AHEAD)
def object_that_is_asked(bars):
    class Oracle:
        def __init__(self, closes):
            self.closes, self.row = closes, -1

        def __call__(self):
            self.row += 1
            return self.closes[min(self.row + 1, len(self.closes) - 1)]  # leak

    class S(tw.Strategy):
        def setup(self):
            self.oracle = Oracle(bars.close)

        def on_bar(self, ctx):
            ahead = self.oracle()
            ctx.target_percent(0.9 if ahead > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def property_of_the_class(bars):
    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        @property
        def tomorrow(self):
            return float(bars.open[min(self.row + 1, len(bars) - 1)])  # leak

        def on_bar(self, ctx):
            self.row += 1
            ctx.target_percent(0.9 if self.tomorrow > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def lazy_frame_of_polars(bars):
    table = pl.DataFrame({"day": bars.sessions.labels, "close": bars.close})

    class S(tw.Strategy):
        def on_bar(self, ctx):
            day = (ctx.date - dt.date(1970, 1, 1)).days
            after = table.lazy().filter(pl.col("day") > day).head(1).collect()["close"].to_list()  # leak
            ctx.target_percent(0.9 if after and after[0] > ctx.close() else 0.0)

    return S


@leak(AHEAD)
def warm_up_by_the_data(bars):
    class S(tw.Strategy):
        def setup(self):
            kept = []
            self.use(lambda c: kept.append(c) or c, "close")
            self.start = int(np.argmin(kept[0]))  # leak
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            if self.row == self.start:
                ctx.target_percent(0.95)

    return S


@leak(AHEAD)
def parameters_in_a_namespace(bars):
    import types

    study = types.SimpleNamespace(best=[int(row) for row in np.argsort(np.append(np.diff(bars.close), 0.0))[-60:]])

    class S(tw.Strategy):
        def setup(self):
            self.row = -1

        def on_bar(self, ctx):
            self.row += 1
            ctx.target_percent(0.9 if self.row in study.best else 0.0)  # leak

    return S


@leak(AHEAD)
def second_of_two(bars):
    class Plain(tw.Strategy):
        def on_bar(self, ctx):
            if ctx.new_month:
                ctx.buy(1)

    class Ahead(tw.Strategy):
        def setup(self):
            self.next = self.use(lambda c: pd.Series(c).shift(-1).ffill().to_numpy(), "close")  # leak

        def on_bar(self, ctx):
            ctx.target_percent(0.5 if self.next.value > ctx.close() else 0.0)

    return [Plain, Ahead]
