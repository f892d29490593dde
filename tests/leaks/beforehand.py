"""Strategies whose leak was computed before any run, in the text that made them; the line that reads it is marked."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import pandas as pd

import tradewright as tw
from tradewright import indicators as ta

from .markets import corpus

BEFOREHAND, leak = corpus()
AHEAD = "look-ahead"


def dates(bars):
    return [stamp.date() for stamp in pd.to_datetime(bars.open_time)]


@leak(AHEAD)
def autoregression_fit_on_all(bars):
    returns = np.diff(np.log(bars.close))
    lagged = np.column_stack([np.ones(len(returns) - 3), returns[2:-1], returns[1:-2], returns[:-3]])
    beta, *_ = np.linalg.lstsq(lagged, returns[3:], rcond=None)

    class S(tw.Strategy):
        def on_bar(self, ctx):
            last = np.diff(np.log(ctx.history(4).close))[::-1]
            expected = beta[0] + last @ beta[1:]  # leak
            ctx.target_percent(0.9 if expected > 0 else 0.0)

    return S


@leak(AHEAD)
def regimes_clustered_over_all(bars):
    moves = np.abs(np.diff(np.log(bars.close), prepend=np.log(bars.close[0])))
    calm = pd.Series(moves).rolling(10, min_periods=1).mean().to_numpy()
    centres = np.quantile(calm, [0.2, 0.5, 0.9])
    for _ in range(15):
        nearest = np.argmin(np.abs(calm[:, None] - centres), axis=1)
        centres = np.array([calm[nearest == each].mean() for each in range(3)])
    regimes = dict(zip(dates(bars), nearest.tolist(), strict=True))

    class S(tw.Strategy):
        def on_bar(self, ctx):
            ctx.target_percent((0.9, 0.4, 0.0)[regimes[ctx.date]])  # leak

    return S


@leak(AHEAD)
def scaled_between_all_extremes(bars):
    low, high = bars.close.min(), bars.close.max()

    def strategy(ctx, cheap=0.3):
        place = (ctx.close() - low) / (high - low)  # leak
        if place < cheap and not ctx.has_position():
            ctx.buy(50)
        elif place > 0.7 and ctx.has_position():
            ctx.close_position()

    return strategy


@dataclasses.dataclass
class Levels:
    support: float
    resistance: float


@leak(AHEAD)
def levels_in_an_object(bars):
    levels = Levels(float(np.percentile(bars.low, 10)), float(np.percentile(bars.high, 90)))

    class S(tw.Strategy):
        def on_bar(self, ctx):
            if ctx.close() < levels.support * 1.01 and not ctx.has_position():  # leak
                ctx.target_percent(0.9)
            elif ctx.close() > levels.resistance * 0.99 and ctx.has_position():  # leak
                ctx.close_position()

    return S


@leak(AHEAD)
def sized_by_the_coming_volatility(bars):
    coming = pd.Series(bars.close).pct_change().rolling(10).std().shift(-10).ffill().bfill()
    by_date = pd.Series(coming.to_numpy(), index=dates(bars))

    class S(tw.Strategy):
        def setup(self):
            self.mean = self.use(ta.sma, "close", 20)

        def on_bar(self, ctx):
            if ctx.close() > self.mean.value:
                ctx.target_percent(min(0.9, 0.008 / by_date[ctx.date]))  # leak
            else:
                ctx.target_percent(0.0)

    return S


@leak(AHEAD, "basket")
def winners_of_the_whole_sample(bars):
    gains = {name: each.close[-1] / each.close[0] for name, each in bars.items()}
    winner = max(gains, key=gains.get)

    class S(tw.Strategy):
        def on_bar(self, ctx):
            if ctx.new_month:
                ctx.target_percent(0.9, winner)  # leak

    return S


@leak(AHEAD, "basket")
def best_of_the_coming_month(bars):
    closes = pd.DataFrame({name: pd.Series(each.close, dates(each)) for name, each in bars.items()})
    coming = closes.pct_change(20).shift(-20).dropna(how="all")
    best = coming.idxmax(axis=1).to_dict()

    class S(tw.Strategy):
        def on_bar(self, ctx):
            if ctx.new_month:
                pick = best.get(ctx.date)  # leak
                for name in ctx.symbols:
                    ctx.target_percent(0.9 if name == pick else 0.0, name)

    return S


@leak(AHEAD, "quarters")
def close_of_the_day_on_its_bars(bars):
    days = pd.Series(bars.close, pd.to_datetime(bars.open_time)).resample("1D").last().dropna()
    closes = {stamp.date(): value for stamp, value in days.items()}

    class S(tw.Strategy):
        def on_bar(self, ctx):
            ctx.target_percent(0.9 if ctx.close() < closes[ctx.date] else 0.0)  # leak

    return S


@leak(AHEAD, "quarters")
def hours_labelled_by_their_beginning(bars):
    series = pd.Series(bars.close, pd.to_datetime(bars.open_time))
    hourly = series.resample("1h", label="left").last().reindex(series.index, method="ffill")
    rising = dict(zip(bars.close_time.tolist(), (hourly > series).tolist(), strict=True))

    class S(tw.Strategy):
        def on_bar(self, ctx):
            if rising[int(ctx.timestamp.timestamp()) * 10**9]:  # leak
                ctx.target_percent(0.9)
            else:
                ctx.close_position()

    return S


@leak(AHEAD)
def plain_list_read_ahead(bars):
    def strategy(ctx, table, row):
        row[0] += 1
        ctx.target_percent(0.9 if table[min(row[0] + 4, len(table) - 1)] > ctx.close() else 0.0)  # leak

    return functools.partial(strategy, table=list(bars.close), row=[0])
