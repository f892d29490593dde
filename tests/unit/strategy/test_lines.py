"""Lines: read up to now, never past it, and never before they have a value."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.strategy.market import daily, hourly, probe, rising, run, seen

from tradewright.domain.errors import StrategyError, WarmupError
from tradewright.quant import indicators as ta
from tradewright.strategy.base import Strategy
from tradewright.strategy.lines import Cursor, Line, SparseLine, crossings


def average(strategy):
    strategy.ma = strategy.use(ta.sma, "close", 3)


def line_of(values, row=0, *, name="line"):
    cursor = Cursor(np.arange(len(values), dtype=np.int64) * 86_400_000_000_000)
    cursor.row = row
    values = np.asarray(values, float)
    first = int(np.argmax(~np.isnan(values)))
    return Line(name, values, cursor, first, 0), cursor


def test_minus_one_is_now_and_minus_two_the_one_before():
    line, cursor = line_of([1.0, 2.0, 3.0], row=1)
    assert (line[-1], line[-2], line.value, line.ago(1), float(line)) == (2.0, 1.0, 2.0, 1.0, 2.0)
    cursor.row = 2
    assert line[-1] == 3.0


def test_a_value_before_the_warm_up_is_an_error_that_names_line_and_time():
    line, _ = line_of([np.nan, 2.0], row=0, name="sma(2)")
    with pytest.raises(WarmupError, match=r"sma\(2\) has no value at 1970-01-01T00:00:00Z"):
        _ = line.value


def test_a_value_further_back_than_the_first_is_an_error_that_says_how_far():
    line, _ = line_of([np.nan, 2.0, 3.0], row=2)
    with pytest.raises(WarmupError, match="2 bars ago"):
        line.ago(2)


def test_the_future_cannot_be_asked_for():
    line, _ = line_of([1.0, 2.0, 3.0], row=0)
    with pytest.raises(WarmupError):
        line.ago(-1)
    with pytest.raises(StrategyError, match="counts from the start"):
        _ = line[0]
    with pytest.raises(StrategyError, match="counted from now"):
        _ = line[0:2]
    with pytest.raises(StrategyError, match="counted from now"):
        _ = line[-2:1]
    with pytest.raises(StrategyError, match="counted from now"):
        _ = line[:-1]


def test_a_window_ends_now_and_cannot_be_written():
    line, _ = line_of([1.0, 2.0, 3.0, 4.0], row=2)
    assert line[-2:].tolist() == [2.0, 3.0]
    assert line[-3:-1].tolist() == [1.0, 2.0]


def test_the_lines_of_a_run_cannot_be_written():
    def write(strategy, ctx):
        strategy.ma[-1:][0] = 0.0

    with pytest.raises(StrategyError, match="read-only"):
        run(probe(write, setup=average), daily(rising(6)))


def test_a_window_longer_than_the_past_or_over_the_warm_up_is_an_error():
    line, _ = line_of([np.nan, 2.0, 3.0], row=2)
    with pytest.raises(WarmupError):
        _ = line[-3:]
    with pytest.raises(WarmupError):
        _ = line[-4:]


def test_before_the_first_bar_the_message_says_so():
    assert Cursor(np.zeros(1, np.int64)).when() == "before the first bar"


def test_a_crossing_is_at_most_before_and_above_now():
    up = crossings(np.array([1.0, 2.0, 2.0, 3.0]), 2.0, upward=True)
    assert up.tolist() == [False, False, False, True]
    down = crossings(np.array([3.0, 2.0, 1.0]), 2.0, upward=False)
    assert down.tolist() == [False, False, True]


def test_nothing_crosses_where_a_value_is_not_known_yet():
    values = np.array([np.nan, 3.0, 1.0])
    assert crossings(values, 2.0, upward=True).tolist() == [False, False, False]


def test_lines_cross_each_other_and_levels():
    fast, cursor = line_of([1.0, 3.0, 1.0], row=1)
    slow = Line("slow", np.array([2.0, 2.0, 2.0]), cursor, 0, 0)
    assert (fast.crossed_above(slow), fast.crossed_above(2.5), fast.crossed_below(slow)) == (True, True, False)
    assert (fast.crossed_above(2.5), fast.crossed_above(slow)) == (True, True)
    cursor.row = 2
    assert (fast.crossed_below(slow), fast.crossed_below(2.5), fast.crossed_above(slow)) == (True, True, False)
    assert "line" in repr(fast)


def test_the_first_call_waits_until_every_line_has_a_value():
    assert seen(lambda s, ctx: s.ma.value, daily(rising(5)), setup=average) == [101.0, 102.0, 103.0]


def test_indicators_of_indicators_wait_for_both():
    def declare(strategy):
        average(strategy)
        strategy.smooth = strategy.use(ta.sma, strategy.ma, 2)

    assert seen(lambda s, ctx: s.smooth.value, daily(rising(5)), setup=declare) == [101.5, 102.5]


def test_several_outputs_are_lines_by_name():
    def declare(strategy):
        strategy.channel = strategy.use(ta.donchian, "high", "low", 2)

    values = seen(lambda s, ctx: (s.channel.upper.value, s.channel.lower.value), daily(rising(5)), setup=declare)
    assert values[0] == (102.0, 99.0)


def test_any_function_of_arrays_is_an_indicator():
    def spread(high, low):
        return high - low

    def declare(strategy):
        strategy.range = strategy.use(spread, "high", "low")

    assert seen(lambda s, ctx: s.range.value, daily(rising(3)), setup=declare) == [2.0, 3.0, 3.0]


def test_without_columns_an_indicator_takes_its_own():
    def declare(strategy):
        strategy.own = strategy.use(ta.atr, 2)
        strategy.said = strategy.use(ta.atr, "high", "low", "close", 2)

    assert all(
        own == said for own, said in seen(lambda s, c: (s.own.value, s.said.value), daily(rising(6)), setup=declare)
    )


def test_a_function_that_gives_another_shape_is_refused_by_name():
    def last(close):
        return close[-1:]

    with pytest.raises(StrategyError, match=r"last gave values of shape \(1,\) for 5 bars"):
        run(probe(lambda s, c: None, setup=lambda s: s.use(last, "close")), daily(rising(5)))


def test_inputs_of_different_pace_are_refused():
    def declare(strategy):
        strategy.days = strategy.use(ta.sma, "close", 1, timeframe="1d")
        strategy.mixed = strategy.use(ta.sma, strategy.days, 2)

    with pytest.raises(StrategyError, match="mixes"):
        run(probe(lambda s, c: None, setup=declare), hourly(rising(24)))


def test_declaring_outside_setup_is_refused():
    with pytest.raises(StrategyError, match="before it runs"):
        probe(lambda s, c: None)().use(ta.sma, "close", 2)


def test_several_symbols_have_a_line_each_and_one_can_be_named():
    def declare(strategy):
        strategy.every = strategy.use(ta.sma, "close", 2)
        strategy.one = strategy.use(ta.sma, "close", 2, symbol="BB")

    bars = {"AA": daily(rising(4), "AA"), "BB": daily(rising(4, 200.0), "BB")}
    values = seen(lambda s, c: (s.every["AA"].value, s.every["BB"].value, s.one.value), bars, setup=declare)
    assert values[0] == (100.5, 200.5, 200.5)


def test_inputs_by_symbol_are_taken_symbol_by_symbol():
    def declare(strategy):
        strategy.ma = strategy.use(ta.sma, "close", 2)
        strategy.smooth = strategy.use(ta.sma, strategy.ma, 2)

    bars = {"AA": daily(rising(4), "AA"), "BB": daily(rising(4, 200.0), "BB")}
    values = seen(lambda s, c: (s.smooth["AA"].value, s.smooth["BB"].value), bars, setup=declare)
    assert values[0] == (101.0, 201.0)


def test_an_unknown_symbol_is_refused_with_those_there_are():
    with pytest.raises(Exception, match="no symbol 'CC'"):
        run(probe(lambda s, c: None, setup=lambda s: s.use(ta.sma, 2, symbol="CC")), daily(rising(4)))


def test_the_same_indicator_is_computed_once():
    calls = []

    def counted(close):
        calls.append(1)
        return close

    def declare(strategy):
        strategy.a = strategy.use(counted, "close")
        strategy.b = strategy.use(counted, "close")

    run(probe(lambda s, c: None, setup=declare), daily(rising(4)))
    assert len(calls) == 1


def test_an_indicator_with_a_list_among_its_arguments_still_works():
    def weighted(close, weights):
        return close * weights[0]

    def declare(strategy):
        strategy.line = strategy.use(weighted, "close", weights=[2.0])

    assert seen(lambda s, c: s.line.value, daily(rising(2)), setup=declare) == [200.0, 202.0]


def test_an_indicator_without_any_value_lets_nothing_run():
    def nothing(close):
        return np.full(len(close), np.nan)

    with pytest.raises(Exception, match="needs 5 bars"):
        run(probe(lambda s, c: None, setup=lambda s: s.use(nothing, "close")), daily(rising(4)))


# Lines of their own pace.


def test_a_daily_bar_is_invisible_before_its_close():
    def declare(strategy):
        strategy.days = strategy.use(ta.sma, "close", 1, timeframe="1d")

    bars = hourly(rising(24))
    values = seen(lambda s, ctx: s.days.value, bars, setup=declare)
    # The sixth hour ends at 20:30 and the session at 21:00: the day counts from the next morning on.
    assert values == [105.0] * 6 + [111.0] * 6 + [117.0] * 6


def test_one_ago_on_a_longer_timeframe_is_the_longer_bar_before():
    values = []

    class Days(Strategy):
        def setup(self):
            self.days = self.use(ta.sma, "close", 1, timeframe="1d")

        def on_bar(self, ctx):
            values.append((self.days[-1], self.days[-2], self.days[-2:].tolist()))

    run(Days, hourly(rising(24)))
    assert values[0] == (111.0, 105.0, [105.0, 111.0])


def test_a_symbol_with_gaps_reads_its_own_bars():
    def declare(strategy):
        strategy.ma = strategy.use(ta.sma, "close", 2)

    bars = {"AA": daily(rising(6), "AA"), "BB": daily(rising(6, 200.0), "BB", skip=[2, 3])}
    values = seen(lambda s, ctx: (ctx.is_stale("BB"), s.ma["BB"].ago(0)), bars, setup=declare)
    assert values == [(False, 200.5), (True, 200.5), (True, 200.5), (False, 202.5), (False, 204.5)]


def test_a_sparse_line_before_its_first_value_is_an_error():
    def look(strategy, ctx):
        return strategy.ma["BB"].ago(int(ctx.rng.integers(5, 6)))

    bars = {"AA": daily(rising(6), "AA"), "BB": daily(rising(6, 200.0), "BB", skip=[2])}
    with pytest.raises(WarmupError, match="5 bars ago"):
        run(probe(look, setup=average), bars)


def test_no_public_name_of_a_line_leads_to_later_values():
    line, cursor = line_of([1.0, 2.0, 3.0], row=1)
    sparse = SparseLine("sparse", np.array([1.0, 2.0, 3.0]), np.arange(3), cursor, 0, 0)
    for each in (line, sparse):
        public = [getattr(each, name) for name in dir(each) if not name.startswith("_")]
        assert not [value for value in public if isinstance(value, np.ndarray) and len(value) > 2]
        assert 3.0 not in [value for value in public if isinstance(value, float)]
