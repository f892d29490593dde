"""What a strategy sees through its context: the market up to now, the account, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import numpy as np
import pytest
from tests.unit.strategy.market import daily, hourly, probe, rising, run, seen

from tradewright.domain.errors import OrderError, StrategyError, SymbolNotFoundError, WarmupError
from tradewright.domain.instrument import Crypto
from tradewright.quant import indicators as ta
from tradewright.strategy.base import Strategy


def test_now_is_the_close_of_the_bar_in_utc():
    moments = seen(lambda s, ctx: ctx.timestamp, daily(rising(2)))
    assert moments[0] == dt.datetime(2020, 1, 6, 21, tzinfo=dt.UTC)


def test_the_date_is_that_of_the_session():
    assert seen(lambda s, ctx: ctx.date, daily(rising(6)))[-1] == dt.date(2020, 1, 13)


def test_the_first_bar_of_a_session_is_known():
    assert seen(lambda s, ctx: ctx.new_session, hourly(rising(4), per_session=2)) == [True, False, True, False]


def test_the_first_session_of_a_month_is_known():
    dates = seen(lambda s, ctx: (ctx.date, ctx.new_month), daily(rising(22)))
    assert [str(date) for date, new in dates if new] == ["2020-01-06", "2020-02-03"]


def test_prices_are_those_of_the_last_bar():
    def look(strategy, ctx):
        return ctx.open(), ctx.high(), ctx.low(), ctx.close("AAPL"), ctx.volume()

    assert seen(look, daily(rising(3)))[-1] == (101.0, 103.0, 100.0, 102.0, 1e6)


def test_the_bar_as_a_value_knows_when_it_opened():
    bar = seen(lambda s, ctx: ctx.bar(), daily(rising(2)))[-1]
    assert (bar.symbol, bar.close, bar.timestamp) == ("AAPL", 101.0, dt.datetime(2020, 1, 7, 14, 30, tzinfo=dt.UTC))


def test_history_ends_now_and_has_columns_by_every_name():
    class Look(Strategy):
        def on_bar(self, ctx):
            self.history = ctx.history(bars=3)
            assert self.history.close[-1] == ctx.close()
            assert self.history["close"].tolist() == self.history.closes.tolist()
            assert len(self.history) == 3

    run(Look, daily(rising(6)))


def test_a_history_may_be_asked_for_by_its_length_alone():
    class Look(Strategy):
        def on_bar(self, ctx):
            assert len(ctx.history(4)) == 4

    assert run(Look, daily(rising(6))).record.strategies[0].warmup_bars == 4


def test_more_history_than_there_is_is_an_error_with_both_numbers():
    def look(strategy, ctx):
        return ctx.history(bars=int(ctx.equity) // 10_000)

    with pytest.raises(WarmupError, match=r"AAPL has 1 bars .*, 10 were asked for"):
        run(probe(look), daily(rising(6)))


def test_the_last_bars_come_as_many_as_there_are():
    lengths = seen(lambda s, ctx: len(ctx.get_last_n_bars("AAPL", "1d", 3)), daily(rising(5)))
    assert lengths == [1, 2, 3, 3, 3]


@pytest.mark.parametrize("ask", [lambda ctx: ctx.history(bars=-2), lambda ctx: ctx.get_last_n_bars(None, None, -2)])
def test_a_history_of_fewer_than_no_bars_is_refused(ask):
    with pytest.raises(StrategyError, match="The last -2 bars"):
        seen(lambda s, ctx: ask(ctx), daily(rising(5)))


def test_longer_bars_in_a_history_are_complete_ones():
    def look(strategy, ctx):
        return ctx.get_last_n_bars(None, "1d", 5).close.tolist()

    values = seen(look, hourly(rising(18)))
    assert values[5:7] == [[], [105.0]]
    assert values[-1] == [105.0, 111.0]


def test_a_history_of_longer_bars_delays_the_first_call():
    class Look(Strategy):
        def on_bar(self, ctx):
            assert len(ctx.history(bars=2, timeframe="1d")) == 2

    assert run(Look, hourly(rising(24))).record.strategies[0].warmup_bars == 13


# Symbols.


def two(**options):
    return {"AA": daily(rising(6), "AA"), "BB": daily(rising(6, 200.0), "BB", **options)}


def test_leaving_the_symbol_out_among_several_is_an_error_that_names_one():
    for call in (lambda ctx: ctx.close(), lambda ctx: ctx.buy(1), lambda ctx: ctx.sma(None, 2)):
        with pytest.raises(StrategyError, match=r"leaves the symbol out among 2.* such as 'AA'"):
            run(probe(lambda s, ctx, call=call: call(ctx)), two())


def test_an_unknown_symbol_is_an_error_with_those_there_are():
    with pytest.raises(SymbolNotFoundError, match=r"no symbol 'CC'.* It has AA, BB"):
        run(probe(lambda s, ctx: ctx.close("CC")), two())


def test_an_error_names_strategy_file_and_line():
    with pytest.raises(SymbolNotFoundError, match=r"\(Probe, .*test_context\.py:\d+\)"):
        run(probe(lambda s, ctx: ctx.close("CC")), two())


def test_a_symbol_may_be_named_with_its_exchange():
    assert seen(lambda s, ctx: ctx.close("XNYS:AA"), two())[0] == seen(lambda s, ctx: ctx.close("AA"), two())[0]


def test_a_short_name_of_two_instruments_is_refused_with_both():
    one, other = (daily(rising(4), "AA").with_instrument(Crypto("AA", exchange)) for exchange in ("KRAK", "CBSE"))
    assert seen(lambda s, ctx: ctx.universe, [one, other])[0] == ("KRAK:AA", "CBSE:AA")
    with pytest.raises(SymbolNotFoundError, match=r"several instruments.* Use KRAK:AA, CBSE:AA"):
        run(probe(lambda s, ctx: ctx.close("AA")), [one, other])


def test_a_name_of_ones_own_becomes_the_symbol():
    assert seen(lambda s, ctx: (ctx.universe, ctx.history(bars=1).symbol), {"Q": daily(rising(4), "AA")})[0] == (
        ("Q",),
        "Q",
    )


def test_a_crossing_read_before_its_warm_up_is_an_error():
    class Early(Strategy):
        def setup(self):
            self.ma = self.use(ta.sma, "close", 3)

        def required_warmup_bars(self):
            return 1

        def on_bar(self, ctx):
            self.ma.crossed_above(50.0)

    with pytest.raises(WarmupError, match="sma"):
        run(Early, daily(rising(6)))


def test_symbols_are_those_with_a_bar_now_and_the_universe_is_all():
    sights = seen(lambda s, ctx: (ctx.symbols, ctx.universe, ctx.is_stale("BB")), two(skip=[1]))
    assert sights[0] == (["AA", "BB"], ("AA", "BB"), False)
    assert sights[1] == (["AA"], ("AA", "BB"), True)


def test_symbols_are_only_those_whose_lines_are_ready():
    def declare(strategy):
        strategy.ma = strategy.use(ta.sma, "close", 3)

    bars = {"AA": daily(rising(6), "AA"), "BB": daily(rising(4, 200.0), "BB", first=2)}
    sights = seen(lambda s, ctx: ctx.symbols, bars, setup=declare)
    assert sights == [["AA"], ["AA"], ["AA", "BB"], ["AA", "BB"]]


def test_a_strategy_that_does_not_ask_which_symbols_are_ready_waits_for_all_of_them():
    class Pair(Strategy):
        days: ClassVar[list] = []

        def setup(self):
            self.ma = self.use(ta.sma, "close", 2)

        def on_bar(self, ctx):
            first, second = ctx.universe
            self.days.append((self.ma[first].value, ctx.history(second, bars=3).close[0]))

    run(Pair, {"AA": daily(rising(6), "AA"), "BB": daily(rising(4, 200.0), "BB", first=2)})
    assert Pair.days == [(103.5, 200.0), (104.5, 201.0)]


def test_a_symbol_with_too_little_history_is_not_among_the_symbols():
    class Each(Strategy):
        named: ClassVar[list] = []

        def on_bar(self, ctx):
            self.named.append([symbol for symbol in ctx.symbols if ctx.history(symbol, bars=2)])

    run(Each, {"AA": daily(rising(4), "AA"), "BB": daily(rising(2, 200.0), "BB", first=2)})
    assert Each.named == [["AA"], ["AA"], ["AA", "BB"]]


def test_a_symbol_before_its_first_bar_has_no_price():
    bars = {"AA": daily(rising(6), "AA"), "BB": daily(rising(4, 200.0), "BB", first=2)}
    for call in ("close", "open", "bar"):
        with pytest.raises(WarmupError, match="BB has no bar yet"):
            run(probe(lambda s, ctx, call=call: getattr(ctx, call)("BB")), bars)


def test_a_stale_symbol_keeps_its_last_prices():
    sights = seen(lambda s, ctx: (ctx.close("BB"), ctx.open("BB")), two(skip=[3]))
    assert sights[3] == sights[2] == (202.0, 201.0)


def test_the_ranking_is_by_value_and_leaves_out_who_has_none():
    def declare(strategy):
        strategy.ma = strategy.use(ta.sma, "close", 3)

    bars = {
        "AA": daily(rising(6), "AA"),
        "BB": daily(rising(6, 200.0), "BB"),
        "CC": daily(rising(3, 500.0), "CC", first=3),
    }
    sights = seen(lambda s, c: (c.rank(s.ma), c.rank(s.ma, top=1), c.rank(s.ma, ascending=True)), bars, setup=declare)
    assert sights[0] == (["BB", "AA"], ["BB"], ["AA", "BB"])
    assert sights[-1][1] == ["CC"]


def test_equal_values_rank_by_symbol_number():
    def declare(strategy):
        strategy.ma = strategy.use(ta.sma, "close", 1)

    bars = {name: daily(rising(3), name) for name in ("BB", "AA")}
    assert seen(lambda s, ctx: ctx.rank(s.ma), bars, setup=declare)[0] == ["BB", "AA"]


# Indicators read from the context.


def test_indicators_of_the_context_are_those_of_use():
    class Look(Strategy):
        def setup(self):
            self.lines = [self.use(each, "close", 5) for each in (ta.sma, ta.ema, ta.rsi)]

        def on_bar(self, ctx):
            assert [ctx.sma("AAPL", 5), ctx.ema(period=5), ctx.rsi(5)] == [line.value for line in self.lines]

    rng = np.random.default_rng(3)
    run(Look, daily(100 + rng.normal(0, 1, 40).cumsum()))


def test_the_volume_weighted_price_is_of_the_session_or_of_some_bars():
    bars = hourly(rising(12))

    def look(strategy, ctx):
        return ctx.vwap(), ctx.vwap("AAPL", 1), ctx.vwap(1)

    values = seen(look, bars)
    assert values[0] == (100.0, 100.0, 100.0)
    assert values[5] == (102.5, 105.0, 105.0)
    assert values[6][0] == 106.0


def test_an_indicator_of_the_context_delays_the_first_call():
    class Look(Strategy):
        period = 4

        def on_bar(self, ctx):
            ctx.rsi("AAPL", self.period)

    assert run(Look, daily(rising(9))).record.strategies[0].warmup_bars == 5


def test_an_indicator_of_the_context_before_its_warm_up_is_an_error():
    with pytest.raises(WarmupError, match=r"sma\(3\) has no value"):
        run(probe(lambda s, ctx: ctx.sma("AAPL", 1 + len("ab"))), daily(rising(6)))


# Account.


def test_the_account_is_marked_at_the_last_close():
    def look(strategy, ctx):
        if not ctx.has_position():
            ctx.buy(10)
        return ctx.cash, ctx.equity, ctx.portfolio_value, ctx.buying_power, ctx.account.cash

    values = seen(look, daily(rising(4)))
    # Bought at the open of the second bar, which is the close of the first.
    assert values[1] == (99_000.0, 100_010.0, 100_010.0, 99_000.0, 99_000.0)


def test_positions_are_those_that_are_not_flat():
    def look(strategy, ctx):
        if not ctx.has_position("AA"):
            ctx.buy(10, "AA")
        return dict(ctx.positions), ctx.quantity("AA"), bool(ctx.position("BB"))

    values = seen(look, two())
    assert values[0] == ({}, 0.0, False)
    assert (list(values[1][0]), values[1][0]["AA"].quantity, values[1][1]) == (["AA"], 10.0, 10.0)


def test_each_strategy_has_a_generator_of_its_own_that_repeats():
    def draws(seed):
        one, two_ = probe(lambda s, ctx: ctx.rng.random()), probe(lambda s, ctx: ctx.rng.random())
        run([one, two_], daily(rising(3)), seed=seed)
        return one.seen, two_.seen

    first, second = draws(7), draws(7)
    assert first == second
    assert first[0] != first[1]
    assert draws(8) != first


def test_a_line_of_log_keeps_its_fields_and_its_simulated_time():
    def look(strategy, ctx):
        ctx.log("saw", close=ctx.close())

    log = run(probe(look), daily(rising(2))).record.logs[1]
    assert (log.strategy, log.message, log.fields) == ("Probe", "saw", {"close": 101.0})
    assert log.time == int(dt.datetime(2020, 1, 7, 21, tzinfo=dt.UTC).timestamp()) * 10**9


# History as a value.


def history_of(bars, n=4):
    kept = []

    class Look(Strategy):
        def on_bar(self, ctx):
            kept.append(ctx.get_last_n_bars(None, None, n))

    run(Look, bars)
    return kept[-1]


def test_a_history_is_read_like_a_list_of_bars():
    history = history_of(daily(rising(6)))
    assert [bar.close for bar in history] == [102.0, 103.0, 104.0, 105.0]
    assert (history[0].close, history[-1].close, history.bars[1].close) == (102.0, 105.0, 103.0)
    assert [bar.close for bar in history[-2:]] == [104.0, 105.0]
    assert history[-2:].symbol == "AAPL"
    assert len(history[3:1]) == 0
    assert repr(history) == "<History AAPL 1d, 4 bars>"


def test_a_history_has_no_bar_outside_itself():
    history = history_of(daily(rising(6)))
    for place in (4, -5):
        with pytest.raises(IndexError):
            _ = history[place]


def test_a_history_is_not_read_in_steps():
    with pytest.raises(StrategyError, match="steps of 2"):
        _ = history_of(daily(rising(6)))[::2]


def test_a_column_that_is_not_there_is_named():
    history = history_of(daily(rising(6)))
    with pytest.raises(StrategyError, match="no column 'vwap'"):
        _ = history["vwap"]
    with pytest.raises(AttributeError, match="no column 'vwap'"):
        _ = history.vwap


def test_timestamps_are_the_opens():
    assert str(history_of(daily(rising(2)), 1).timestamps[0]) == "2020-01-07T14:30:00.000000000"


def test_the_columns_of_a_history_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        history_of(daily(rising(6))).close[0] = 1.0


def test_an_order_for_nothing_says_so():
    with pytest.raises(StrategyError, match="for 0 units"):
        run(probe(lambda s, ctx: ctx.order(0)), daily(rising(3)))
    with pytest.raises(OrderError, match="'color'"):
        run(probe(lambda s, ctx: ctx.buy(1, color="red")), daily(rising(3)))
