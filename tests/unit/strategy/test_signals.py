"""Signal strategies: bars in, signals out, a check of risk, then orders."""

from __future__ import annotations

import pytest
from tests.unit.strategy.market import daily, rising, run

from tradewright.domain.errors import ConfigError, StrategyError
from tradewright.domain.order import OrderRequest, OrderSide
from tradewright.domain.signal import Direction, Signal
from tradewright.quant import indicators as ta
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.params import Param
from tradewright.strategy.signals import SignalStrategy

# The value.


def test_a_direction_is_read_from_words_and_signs():
    words = ["long", "BUY", "short", "sell", "flat", "hold", 1, -0.5, 0]
    signs = [Direction.of(word).value for word in words]
    assert signs == [1, 1, -1, -1, 0, 0, 1, -1, 0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("AAPL", "sideways"), "'sideways' is not a direction"),
        (("", "long"), "names no symbol"),
        (("AAPL", "long", 1.5), "strength 1.5"),
        (("AAPL", "long", 1.0, float("inf")), "weight of inf"),
        (("AAPL", "long", 1.0, -0.5), "long signal for AAPL has weight -0.5"),
        (("AAPL", "flat", 1.0, 0.5), "flat signal"),
    ],
)
def test_a_signal_that_contradicts_itself_cannot_be_built(arguments, sentence):
    with pytest.raises(StrategyError, match=sentence):
        Signal(*arguments)


def test_the_share_is_the_weight_else_strength_over_symbols():
    assert Signal("A", "long", 0.5).share(5) == pytest.approx(0.1)
    assert Signal("A", "short", weight=-0.3).share(5) == -0.3
    assert Signal("A", "flat").share(5) == 0.0


# The plug-in.


def test_the_hooks_are_called_in_their_order():
    pages = []

    class Plugin:
        def initialize(self, config):
            pages.append(("initialize", config))

        def on_market_data(self, bar):
            pages.append(("bar", bar.symbol, bar.close, str(bar.timestamp.tzinfo)))

        def generate_signals(self, state):
            pages.append(("signals", sorted(state.bars), state.close("AAPL")))
            return [Signal("AAPL", "long", weight=0.5, reason="up")] if state.close("AAPL") == 100 else []

        def risk_check(self, signals, portfolio):
            pages.append(("risk", len(signals), portfolio.equity))
            return [OrderRequest(symbol=s.symbol, side=OrderSide.BUY, quantity=5) for s in signals]

        def on_fill(self, fill):
            pages.append(("fill", fill.quantity, fill.price))

        def daily_close(self):
            pages.append(("close",))

    result = run(Plugin, daily(rising(2)), params={"a": 1})
    assert pages == [
        ("initialize", {"a": 1}),
        ("bar", "AAPL", 100.0, "UTC"), ("signals", ["AAPL"], 100.0), ("risk", 1, 100_000.0), ("close",),
        ("fill", 5.0, 100.0),
        ("bar", "AAPL", 101.0, "UTC"), ("signals", ["AAPL"], 101.0), ("risk", 0, 100_005.0), ("close",),
    ]  # fmt: skip
    info = result.record.strategies[0]
    assert (info.name, info.style, info.params) == ("Plugin", "signals", {"a": 1})


def test_only_the_signals_are_required():
    class Plugin:
        def generate_signals(self, state):
            return Signal("AAPL", "long", reason="always")

    orders = run(Plugin, daily(rising(3))).orders
    assert (orders["status"][0], orders["tag"][0]) == ("filled", "always")
    assert orders["quantity"][0] == 1000.0


def test_no_signals_at_all_may_be_none():
    class Plugin:
        def generate_signals(self, state):
            return None

    assert len(run(Plugin, daily(rising(3))).orders) == 0


def test_without_a_risk_check_reductions_come_before_increases():
    class Plugin:
        def generate_signals(self, state):
            first = state.close("AA") < 102
            return [
                Signal("BB", "long", weight=0.9) if not first else Signal("BB", "flat"),
                Signal("AA", "long", weight=0.9) if first else Signal("AA", "flat"),
            ]

    bars = {"AA": daily(rising(6), "AA"), "BB": daily(rising(6), "BB")}
    orders = run(Plugin, bars).orders
    turn = orders[orders["row"] == 2]
    assert turn["symbol"].tolist() == ["AA", "BB"]
    assert turn["side"].tolist() == ["sell", "buy"]
    assert turn["status"].tolist() == ["filled", "filled"]


def test_state_and_portfolio_show_the_market_and_the_account():
    sights = []

    class Plugin:
        def generate_signals(self, state):
            sights.append((state.symbols, state.universe, state.timestamp.hour, len(state.history("AAPL", bars=2))))
            sights.append((list(state.positions), state.context.close()))
            return [Signal("AAPL", "long", weight=0.5)]

        def risk_check(self, signals, portfolio):
            position = portfolio.position("AAPL")
            sights.append((portfolio.cash, portfolio.buying_power, position.quantity, list(portfolio.positions)))
            sights.append((round(portfolio.weight("AAPL"), 3), portfolio.price("AAPL")))
            return [] if position else {"symbol": "AAPL", "side": "buy", "quantity": 10}

    result = run(Plugin, daily(rising(3)))
    assert result.record.strategies[0].warmup_bars == 2
    assert sights[:2] == [(["AAPL"], ("AAPL",), 21, 2), ([], 101.0)]
    assert sights[-2:] == [(98_990.0, 98_990.0, 10.0, ["AAPL"]), (0.01, 102.0)]


def test_the_base_gives_parameters_and_indicators():
    class Based(SignalStrategy):
        fast = Param(2, low=1, high=9)

        def initialize(self, config):
            self.ma = self.use(ta.sma, "close", self.fast)
            assert config == {"fast": self.fast}

        def generate_signals(self, state):
            up = state.close() > self.ma.value
            return [Signal("AAPL", "long" if up else "flat")]

    result = run(Based, daily(rising(6)), params={"fast": 4})
    assert result.record.strategies[0].warmup_bars == 4
    assert as_strategy(Based).describe_params()["fast"]["high"] == 9
    with pytest.raises(ConfigError, match="fast=10 is outside"):
        as_strategy(Based, {"fast": 10})
    with pytest.raises(ConfigError, match="no parameter 'slow'"):
        as_strategy(Based, {"slow": 10})
    with pytest.raises(StrategyError, match="calls use\\(\\) before it runs"):
        Based().use(ta.sma, 3)


def test_the_base_has_harmless_hooks_and_asks_for_signals():
    base = SignalStrategy()
    assert [base.initialize({}), base.on_market_data(None), base.on_fill(None), base.daily_close()] == [None] * 4
    with pytest.raises(StrategyError, match="has no generate_signals"):
        run(SignalStrategy, daily(rising(3)))


def test_the_plugin_may_say_its_own_warm_up():
    class Plugin:
        def required_warmup_bars(self):
            return 3

        def initialize(self):
            self.calls = 0

        def generate_signals(self, state):
            return []

    assert run(Plugin, daily(rising(5))).record.strategies[0].warmup_bars == 3


def test_the_constructor_may_take_the_configuration():
    class Plugin:
        def __init__(self, config, size):
            self.config, self.size = config, size

        def generate_signals(self, state):
            assert (self.config, self.size) == ({"size": 3}, 3)
            return []

    run(Plugin, daily(rising(3)), params={"size": 3})


def test_what_is_no_signal_is_refused():
    class Plugin:
        def generate_signals(self, state):
            return ["buy"]

    with pytest.raises(StrategyError, match=r"Plugin\.generate_signals gave 'buy', which is no Signal"):
        run(Plugin, daily(rising(3)))


def test_a_symbol_without_a_bar_sends_none():
    heard = []

    class Plugin:
        def on_market_data(self, bar):
            heard.append(bar.symbol)

        def generate_signals(self, state):
            return []

    run(Plugin, {"AA": daily(rising(3), "AA"), "BB": daily(rising(3), "BB", skip=[1])})
    assert heard == ["AA", "BB", "AA", "AA", "BB"]
