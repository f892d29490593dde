"""Whatever a stream loses, repeats, delays or reorders: the rows are the true rows, each once, in order."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.feed_stage import NS, ScriptedHistory, ScriptedStream, Stage, at, rows_in, whole
from tests.timed_bars import sessions_of

import tradewright as tw
from tradewright.app.live.feed.assembly import Assembly
from tradewright.app.live.feed.hours import MarketHours
from tradewright.app.live.feed.placing import Placer
from tradewright.app.live.feed.settings import FeedSettings
from tradewright.domain.live.session import Row, SessionClosed
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.market import Market
from tradewright.marketdata.placement import Hours
from tradewright.marketdata.resample import resample

# Half days, changes of the clock, lunch, holidays, the end of a year, around the clock.
WEEKS = [
    (tw.Equity("X", "XNYS"), "2023-11-20", "2023-11-28"),
    (tw.Equity("X", "XNYS"), "2024-03-07", "2024-03-12"),
    (tw.Equity("X", "XNYS"), "2024-10-31", "2024-11-05"),
    (tw.Equity("X", "XETR"), "2023-12-27", "2024-01-03"),
    (tw.Equity("X", "XHKG"), "2024-02-07", "2024-02-15"),
    (tw.Equity("X", "XTKS"), "2024-10-31", "2024-11-06"),
    (tw.FxPair("XUSD"), "2023-12-28", "2024-01-03"),
    (tw.Crypto("XUSD"), "2023-12-30", "2024-01-02"),
]
FRAMES = ["5m", "30m", "1h", "4h", "1d"]


@pytest.mark.parametrize(("instrument", "first", "last"), WEEKS, ids=lambda each: getattr(each, "calendar", each))
@pytest.mark.parametrize("frame", FRAMES)
def test_bars_placed_one_by_one_have_the_sessions_of_the_stored_series(instrument, first, last, frame):
    series = sessions_of(instrument, frame, first, last)
    placer = Placer(instrument, Timeframe.parse(frame), Hours.STRICT)
    hours = MarketHours([instrument], Timeframe.parse(frame), Hours.STRICT, int(series.open_time[0]))
    assembly = Assembly(hours, (instrument.symbol,))
    assembly.begin(int(series.open_time[0]))
    rows = []
    for number in range(len(series)):
        (placed,) = placer.place([series.bar(number)]).placed
        assembly.accept(placed)
        released = assembly.release(placed.bar.close_time, acts=True)
        rows += released.rows
        assert released.closed == ()
    assert [row.bars[0] for row in rows] == [series.bar(number) for number in range(len(series))]
    assert [row.day for row in rows] == series.sessions.row_labels(len(series)).tolist()
    ended = [number for number, row in enumerate(rows) if row.ends]
    assert ended == series.sessions.last_rows(len(series)).tolist()


@pytest.mark.parametrize(("instrument", "first", "last"), WEEKS, ids=lambda each: getattr(each, "calendar", each))
@pytest.mark.parametrize("frame", FRAMES)
def test_the_next_bar_is_expected_where_the_stored_bars_have_it(instrument, first, last, frame):
    series = resample(sessions_of(instrument, "5m", first, last), frame)
    hours = MarketHours([instrument], Timeframe.parse(frame), Hours.STRICT, int(series.open_time[0]))
    (times,) = hours.calendars
    labels = series.sessions.row_labels(len(series))
    expected, found = [], []
    for row in range(len(series) - 1):
        times.learn(int(series.close_time[row]))
        quoted = [times.open_since(int(close) - 1) is not None for close in series.close_time[row : row + 2]]
        if all(quoted) and (labels[row] == labels[row + 1] or instrument.calendar != "24/5"):
            expected.append(int(series.close_time[row + 1]))
            found.append(times.next_slot(int(series.close_time[row])))
    assert found == expected


SERIES = {
    name: whole(tw.Equity(name, "XNYS"), "5m", "2023-11-22", "2023-11-27") for name in ("A", "B", "C")
}  # the Friday is a half day


BEGIN = at("2023-11-24T14:00")


@dataclass(frozen=True)
class Disturbance:
    """What goes wrong, small enough to be printed; the details follow from the seed."""

    seed: int
    symbols: int
    traded: float
    lost: float
    twice: float
    slow: float
    out: tuple
    mute: tuple
    down: tuple
    took_s: float
    has_fallback: bool
    at_once: bool

    def truth(self):
        """The bars that there were."""
        rng = random.Random(self.seed)  # noqa: S311 - a seeded play
        series = [SERIES[name] for name in self.names]
        return [each.bar(row) for each in series for row in range(len(each)) if rng.random() < self.traded]

    @property
    def names(self):
        return sorted(SERIES)[: self.symbols]

    def arrivals(self, truth):
        """When the stream gives each bar, in seconds after its close."""
        rng = random.Random(self.seed + 1)  # noqa: S311 - a seeded play
        plans = {}
        for bar in truth:
            found = [rng.uniform(0.05, 2.5)] if rng.random() >= self.lost else []
            found += [rng.uniform(0.05, 400.0)] * (rng.random() < self.twice)
            plans[bar] = tuple(rng.uniform(5.0, 900.0) if rng.random() < self.slow else each for each in found)
        return plans

    def stage(self, starts):
        """The stage on which it happens."""
        truth = self.truth()
        stage = Stage([SERIES[name] for name in self.names], starts, timeframe="5m")
        stage.at_once = self.at_once
        stage.bars[:] = truth
        stage.history = ScriptedHistory(stage.clock, truth, lag_s=1.0, down=self.down, took_s=self.took_s)
        plan = self.arrivals(truth).get
        stage.stream = ScriptedStream(stage.clock, truth, plan, out=self.out, mute=self.mute)
        if self.has_fallback:
            stage.fallback = ScriptedStream(stage.clock, truth, plan, mute=self.mute[:1])
        stage.build(settings=FeedSettings(ask_s=1e6))
        return stage


def spans():
    """Up to four stretches of the session, of twenty seconds to half an hour."""
    one = st.tuples(st.integers(0, 3000), st.integers(1, 90))
    return st.lists(one, max_size=4).map(
        lambda drawn: tuple((BEGIN + a * 5 * NS, BEGIN + (a * 5 + b * 20) * NS) for a, b in drawn)
    )


SHARES = st.sampled_from([0.0, 0.05, 0.3])
DISTURBED = st.builds(
    Disturbance,
    seed=st.integers(0, 2**32),
    symbols=st.integers(1, 3),
    traded=st.sampled_from([1.0, 0.6]),
    lost=SHARES,
    twice=SHARES,
    slow=st.sampled_from([0.0, 0.02, 0.1]),
    out=spans(),
    mute=spans(),
    down=spans(),
    took_s=st.sampled_from([0.0, 1.9]),
    has_fallback=st.booleans(),
    at_once=st.booleans(),
)


# Five places in a row without a trade, right before the last bars.
THIN = Disturbance(123, 1, 0.6, 0.0, 0.0, 0.0, (), (), (), 0.0, has_fallback=False, at_once=True)


def true_rows(names, truth):
    """What a backtest would walk over."""
    by_close = {}
    for bar in truth:
        by_close.setdefault(bar.close_time, []).append(bar)
    return [tuple(sorted(by_close[close], key=lambda bar: names.index(bar.symbol))) for close in sorted(by_close)]


@example(THIN)
@settings(max_examples=35, deadline=None)
@given(DISTURBED)
def test_rows_are_the_true_rows_each_once_in_order_and_acted_on_only_while_fresh(case):
    starts, names, truth = at("2023-11-24T13:50"), case.names, case.truth()
    found = case.stage("2023-11-24T13:50").run("2023-11-24T20:00", warmup=5)
    rows = rows_in(found)
    assert [row.bars for row in rows] == [
        row for row in true_rows(names, truth) if rows[0].close_ns <= row[0].close_time <= at("2023-11-24T18:00")
    ]
    for name in names:
        before = [bar for row in rows if row.close_ns <= starts for bar in row.bars if bar.symbol == name]
        assert len(before) >= min(5, sum(bar.symbol == name and bar.close_time <= starts for bar in truth))
    for when, said in found:
        if isinstance(said, Row):
            assert when >= said.close_ns
            assert said.acts == (when - said.close_ns <= 303 * NS and said.close_ns > starts)
    closed = [name for _, each in found if isinstance(each, SessionClosed) for name in each.symbols]
    assert sorted([*closed, *(name for row in rows if row.close_ns > starts for name in row.ends)]) == names


@settings(max_examples=8, deadline=None)
@given(DISTURBED, st.integers(1, 60))
def test_a_restart_goes_on_where_the_record_ends(case, rows_before):
    every = rows_in(case.stage("2023-11-24T13:50").run("2023-11-24T20:00"))
    before = every[: min(rows_before, len(every) - 1)]
    later = rows_in(case.stage("2023-11-24T17:00").run("2023-11-24T20:00", after=before[-1]))
    assert [replace(row, acts=True) for row in [*before, *later]] == [replace(row, acts=True) for row in every]


def test_rows_of_markets_that_open_apart_are_those_of_a_backtest():
    apple, coin = (
        whole(tw.Equity("A", "XNYS"), "1h", "2023-11-22", "2023-11-27"),
        whole(tw.Crypto("BTC"), "1h", "2023-11-22", "2023-11-27"),
    )
    market = Market({"A": apple, "BTC": coin})
    stage = Stage([apple, coin], "2023-11-24T00:00", timeframe="1h")
    found = rows_in(stage.run("2023-11-25T12:00", settings=FeedSettings(hours=Hours.STRICT)))
    first = int(np.searchsorted(market.close_time, found[0].close_ns))
    stop = first + len(found)
    assert [(row.close_ns, row.open_ns) for row in found] == list(
        zip(market.close_time[first:stop].tolist(), market.open_time[first:stop].tolist(), strict=True)
    )
    assert [row.day for row in found] == market.sessions.row_labels(len(market))[first:stop].tolist()
