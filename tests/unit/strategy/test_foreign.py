"""Strategies in the forms of other platforms run as they are."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.unit.strategy.market import daily, hourly, rising, run

from tradewright.domain.errors import ConfigError, StrategyError
from tradewright.domain.order import OrderRequest, OrderSide
from tradewright.strategy.params import Param

BARS = daily(rising(12))

# Orders returned: on_bar(bar), ready(), required_warmup_bars().


class Returning:
    """Keeps its own closes, as a strategy does that knows nothing but bars."""

    def __init__(self, symbol, period=4):
        self.symbol, self.period, self.closes, self.bought = symbol, period, [], False

    def ready(self):
        return len(self.closes) >= self.period

    def required_warmup_bars(self):
        return self.period

    def on_bar(self, bar):
        self.closes.append(bar.close)
        if self.bought or not self.ready():
            return []
        self.bought = True
        return [OrderRequest(symbol=bar.symbol, side=OrderSide.BUY, quantity=len(self.closes))]


def test_it_is_warmed_up_before_it_trades():
    result = run(Returning, BARS)
    first = result.orders.iloc[0]
    # Three bars are fed without orders, the fourth decides.
    assert (first["row"], first["quantity"], first["symbol"]) == (3, 4.0, "AAPL")
    info = result.record.strategies[0]
    assert (info.name, info.style, info.warmup_bars) == ("Returning", "bot", 4)


def test_bars_before_the_start_warm_it_up_and_no_more_than_it_asks_for():
    first = run(Returning, BARS, start="2020-01-16").orders.iloc[0]
    assert (first["row"], first["quantity"]) == (8, 4.0)


def test_parameters_reach_its_constructor():
    assert run(Returning, BARS, params={"period": 6}).orders["quantity"][0] == 6.0
    with pytest.raises(ConfigError, match="Returning has no parameter 'periods'"):
        run(Returning, BARS, params={"periods": 6})


def test_orders_before_it_is_ready_do_not_count():
    class Eager:
        def __init__(self):
            self.bars = 0

        def ready(self):
            return self.bars >= 3

        def on_bar(self, bar):
            self.bars += 1
            return {"symbol": bar.symbol, "side": "BUY", "quantity": 1}

    assert run(Eager, daily(rising(5))).orders["row"].tolist() == [2, 3, 4]


def test_one_that_is_ready_from_its_cache_is_not_fed_before():
    class Cached:
        def __init__(self, cache, symbols, timeframe):
            self.cache, self.symbols, self.timeframe, self.calls = cache, symbols, timeframe, 0

        def required_warmup_bars(self):
            return 5

        def ready(self):
            return len(self.cache.get_last_n_bars(self.symbols[0], self.timeframe, 5)) == 5

        def on_bar(self, bar):
            self.calls += 1
            bars = self.cache.get_last_n_bars(bar.symbol, self.timeframe, 5)
            assert [one.close for one in bars][-1] == bar.close
            return {"side": "BUY", "quantity": self.calls} if self.calls == 1 else None

    first = run(Cached, BARS).orders.iloc[0]
    assert (first["row"], first["quantity"]) == (4, 1.0)


def test_the_cache_never_holds_the_future_while_it_is_warmed_up():
    seen = []

    class Looking:
        def required_warmup_bars(self):
            return 4

        def on_bar(self, bar):
            seen.append((bar.close, self.get_last_n_bars(bar.symbol, None, 99)[-1].close))

    run(Looking, daily(rising(6)))
    assert seen == [(close, close) for close in (100.0, 101.0, 102.0, 103.0, 104.0, 105.0)]


def test_a_bar_has_the_usual_names():
    kept = []

    class Looking:
        def on_bar(self, bar):
            kept.append(bar)

    run(Looking, hourly(rising(6)))
    bar = kept[0]
    assert (bar.symbol, bar.timeframe, bar.open, bar.high, bar.low, bar["close"], bar["volume"]) == (
        "AAPL", "1h", 100.0, 101.0, 99.0, 100.0, 1e6,
    )  # fmt: skip
    assert bar.timestamp == dt.datetime(2020, 1, 6, 14, 30, tzinfo=dt.UTC)
    for name in ("vwap", "_x"):
        with pytest.raises(KeyError):
            _ = bar[name]


def test_every_symbol_is_handed_over_in_its_turn():
    heard = []

    class Looking:
        def on_bar(self, bar):
            heard.append(bar.symbol)

    run(Looking, {"AA": daily(rising(2), "AA"), "BB": daily(rising(2), "BB", skip=[1])})
    assert heard == ["AA", "BB", "AA"]


def test_a_warm_up_may_be_a_number_and_parameters_may_be_declared():
    class Numbered:
        required_warmup_bars = 3
        size = Param(2, low=1, high=5)

        def on_bar(self, bar):
            return {"side": "BUY", "quantity": self.size}

    result = run(Numbered, daily(rising(5)), params={"size": 4})
    assert (result.orders["row"][0], result.orders["quantity"][0]) == (2, 4.0)
    assert result.record.strategies[0].params == {"size": 4}


def test_a_constructor_that_wants_what_nobody_has_is_refused():
    class Wanting:
        def __init__(self, oracle):
            self.oracle = oracle

        def on_bar(self, bar):
            return None

    with pytest.raises(ConfigError, match="Wanting needs a value for 'oracle'"):
        run(Wanting, BARS)


# Orders submitted: set_context, initialize, on_bar(candle), on_order_update.


class Submitting:
    def set_context(self, context):
        self.context = context

    def initialize(self, period=3, units=10):
        self.period, self.units, self.closes, self.news = period, units, [], []

    def on_bar(self, candle):
        self.closes.append(candle.close)
        if len(self.closes) < self.period:
            return
        if not self.context.get_position(candle.symbol):
            self.ref = self.context.submit_order(
                symbol=candle.symbol, action="BUY", quantity=self.units, price_type="MARKET", price=0
            )
        else:
            self.context.submit_order({"symbol": candle.symbol, "side": "SELL", "quantity": self.units})

    def on_order_update(self, order):
        self.news.append(order.status)
        assert self.news
        self.context.log("news", status=str(order.status))


def test_it_submits_to_the_context_it_was_given():
    result = run(Submitting, BARS, params={"units": 7})
    assert result.orders["side"].tolist()[:2] == ["buy", "sell"]
    assert result.orders["quantity"][0] == 7.0
    assert result.orders["row"][0] == 2
    assert result.record.strategies[0].params == {"units": 7}


def test_it_hears_of_its_orders():
    logs = run(Submitting, BARS).record.logs
    assert logs[0].fields == {"status": "filled"}


def test_a_parameter_initialize_does_not_take_is_refused():
    with pytest.raises(ConfigError, match=r"Submitting has no parameter 'unit'\. Did you mean 'units'"):
        run(Submitting, BARS, params={"unit": 7})


def test_initialize_may_take_anything_or_one_configuration():
    got = []

    class Anything:
        def initialize(self, **params):
            got.append(params)

        def on_bar(self, candle):
            return None

    class Config:
        def initialize(self, config):
            got.append(config)

        def on_bar(self, candle):
            return None

    run(Anything, BARS, params={"a": 1})
    run(Config, BARS, params={"a": 2})
    assert got == [{"a": 1}, {"a": 2}]


def test_without_set_context_the_context_is_an_attribute():
    class Plain:
        def initialize(self):
            self.done = False

        def on_bar(self, candle):
            if not self.done:
                self.context.submit_order(OrderRequest(symbol=candle.symbol, side=OrderSide.BUY, quantity=1))
                self.done = True

    assert run(Plain, BARS).orders["status"][0] == "filled"


def test_the_context_answers_about_account_orders_and_market():
    answers = []

    class Asking(Submitting):
        def on_bar(self, candle):
            context = self.context
            if not answers:
                working = context.submit_order(symbol="AAPL", side="BUY", quantity=1, order_type="LIMIT", price=10)
                answers.append(
                    (len(context.get_open_orders()), context.cancel_order(working.id), context.cancel_order(99))
                )
                again = context.submit_order(symbol="AAPL", side="BUY", quantity=1, order_type="LIMIT", price=10)
                answers.append((context.cancel_order(again), context.get_positions(), context.get_cash()))
                answers.append((context.get_portfolio_value(), context.close("AAPL"), context.universe))

    run(Asking, BARS)
    assert answers == [(1, True, False), (True, {}, 100_000.0), (100_000.0, 100.0, ("AAPL",))]


def test_orders_while_it_is_warmed_up_are_not_taken():
    class Warming(Submitting):
        def required_warmup_bars(self):
            return 4

        def on_bar(self, candle):
            placed = self.context.submit_order(symbol=candle.symbol, side="BUY", quantity=1)
            assert (placed is None) == (candle.close < 103)

    assert run(Warming, daily(rising(6))).orders["row"].tolist() == [3, 4, 5]


def test_its_context_before_the_first_bar_is_refused():
    class Early(Submitting):
        def initialize(self):
            self.context.get_cash()

    with pytest.raises(StrategyError, match="Early uses its context before the first bar"):
        run(Early, BARS)


def test_private_names_of_the_context_stay_private():
    class Prying(Submitting):
        def on_bar(self, candle):
            return self.context._desk

    with pytest.raises(StrategyError, match="AttributeError"):
        run(Prying, BARS)
