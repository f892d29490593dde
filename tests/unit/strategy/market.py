"""Small markets with known prices, and strategies that write down what they saw."""

from __future__ import annotations

import numpy as np
from tests.builders import weekdays

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.instrument import Equity
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, Timeframe
from tradewright.face.backtest import backtest
from tradewright.simulation.costs import Costs
from tradewright.strategy.base import Strategy

FREE = Costs.none()


def daily(closes, symbol="AAPL", *, skip=(), first=0) -> Bars:
    """Weekday bars from Monday 2020-01-06 on: open is the last close, high and low lie 1 beyond both."""
    closes = np.asarray(closes, float)
    opens = np.concatenate(([closes[0]], closes[:-1]))
    days = weekdays(len(closes) + first)[first:]
    start = days * NS_PER_DAY + 870 * NS_PER_MINUTE
    keep = np.setdiff1d(np.arange(len(closes)), list(skip))
    columns = [opens, np.maximum(opens, closes) + 1, np.minimum(opens, closes) - 1, closes, np.full(len(closes), 1e6)]
    return Bars(
        Equity(symbol, exchange="XNYS"), Timeframe.parse("1d"), start[keep], (start + 390 * NS_PER_MINUTE)[keep],
        *(column[keep] for column in columns),
        SessionIndex(days[keep], np.arange(len(keep), dtype=np.int64)), source="test",
    )  # fmt: skip


def hourly(closes, symbol="AAPL", per_session=6) -> Bars:
    """Hours of weekday sessions that open at 14:30 UTC."""
    closes = np.asarray(closes, float)
    sessions = len(closes) // per_session
    days = weekdays(sessions)
    hours = np.arange(per_session, dtype=np.int64) * 60 + 870
    start = (days[:, None] * NS_PER_DAY + hours[None, :] * NS_PER_MINUTE).ravel()
    return Bars(
        Equity(symbol, exchange="XNYS"), Timeframe.parse("1h"), start, start + 60 * NS_PER_MINUTE,
        closes, closes + 1, closes - 1, closes, np.full(len(closes), 1e6),
        SessionIndex(days, np.arange(sessions, dtype=np.int64) * per_session), source="test",
    )  # fmt: skip


def rising(count, start=100.0):
    """Closes that rise by one."""
    return np.arange(count) + start


def run(strategy, bars, **options):
    """A run without costs."""
    return backtest(strategy, bars, **{"costs": FREE, **options})


def probe(look, *, setup=None):
    """A strategy that keeps what `look(self, ctx)` gives at every bar, in ``seen`` of the class."""

    class Probe(Strategy):
        seen: list = []  # noqa: RUF012 - shared with the test on purpose

        def setup(self):
            if setup is not None:
                setup(self)

        def on_bar(self, ctx):
            # What `look` asks stands outside this text: the text says that it begins with the first ready symbol.
            assert isinstance(ctx.symbols, list)
            type(self).seen.append(look(self, ctx))

    return Probe


def seen(look, bars, *, setup=None, **options):
    """What a probe saw, bar by bar."""
    strategy = probe(look, setup=setup)
    run(strategy, bars, **options)
    return strategy.seen
