"""The examples and every built-in form keep what the suites promise, and the suites catch what does not."""

from __future__ import annotations

import itertools
from typing import ClassVar

import pytest

import tradewright as tw
from tradewright.strategy import adapt
from tradewright.strategy.forms import FORMS, StrategyForm
from tradewright.strategy.function import FunctionStrategy
from tradewright.testing import StrategyConformance, StrategyFormConformance


class SmaCross(tw.Strategy):
    fast = tw.Param(5, low=2, high=60)
    slow = tw.Param(15, low=10, high=250)

    def setup(self):
        self.fast_ma = self.use(tw.indicators.sma, "close", self.fast)
        self.slow_ma = self.use(tw.indicators.sma, "close", self.slow)

    def on_bar(self, ctx):
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.target_percent(0.9)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()


class Signals:
    def generate_signals(self, state):
        closes = state.history(bars=3).close
        direction = tw.Direction.LONG if closes[-1] > closes[0] else tw.Direction.FLAT
        return [tw.Signal(state.symbols[0], direction)]


class BarBot:
    def __init__(self):
        self.last = None

    def on_bar(self, bar):
        fell = self.last is not None and bar.close < self.last
        self.last = bar.close
        return [tw.OrderRequest(symbol=bar.symbol, side=tw.OrderSide.BUY, quantity=1)] if fell else []


class ContextBot:
    def set_context(self, context):
        self.context = context

    def on_bar(self, candle):
        self.context.submit_order(tw.OrderRequest(symbol=candle.symbol, side=tw.OrderSide.BUY, quantity=1))


def rebalance(ctx, share=0.5):
    if ctx.new_month:
        ctx.target_percent(share)


async def patient(ctx):
    if not await ctx.has_position():
        await ctx.buy(1)


@pytest.mark.parametrize("strategy", [SmaCross, Signals, BarBot, ContextBot, rebalance, patient])
def test_a_strategy_in_every_form_conforms(strategy):
    StrategyConformance.of(strategy=strategy, bars=120).check()


@pytest.mark.parametrize(
    ("name", "strategy"),
    [
        ("strategy", SmaCross),
        ("signals", Signals),
        ("bar-bot", BarBot),
        ("context-bot", ContextBot),
        ("function", rebalance),
    ],
)
def test_every_form_here_conforms(name, strategy):
    StrategyFormConformance.of(form=FORMS.get(name), strategy=strategy, bars=60).check()


# The examples that ship, each on a market it trades.
EXAMPLES = {
    "sma_cross": {"bars": 300},
    "mean_reversion": {"bars": 400},
    "breakout_bracket": {"bars": 300},
    "momentum_rotation": {"bars": 400, "symbols": 4},
    "pairs": {"bars": 400, "symbols": 2, "options": {"shorts": True}},
    "multi_timeframe": {"bars": 500},
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_conforms(name, project):
    strategy = tw.load_strategy(str(project / "strategies" / f"{name}.py"))
    StrategyConformance.of(strategy=strategy, **EXAMPLES[name]).check()


def test_no_example_is_left_out(project):
    assert set(EXAMPLES) == {path.stem for path in (project / "strategies").glob("*.py")}


def caught(strategy, promise, sentence, **said):
    with pytest.raises(AssertionError, match=sentence):
        StrategyConformance.of(strategy=strategy, **{"bars": 80, **said}).check(f"test_{promise}")


def test_a_strategy_that_knows_the_future_is_caught():
    def last_of_all(close):
        return close * 0 + close[-1]

    class Prophet(tw.Strategy):
        def setup(self):
            self.last = self.use(last_of_all, "close")

        def on_bar(self, ctx):
            ctx.target_percent(0.9 if self.last.value > ctx.close() else 0.0)

    caught(Prophet, "knows_nothing_of_later_bars", "Prophet has other events before bar 40 when later bars are cut off")


def test_a_strategy_that_remembers_other_runs_is_caught():
    runs = itertools.count(1)

    class Remembers(tw.Strategy):
        def setup(self):
            self.units = next(runs)

        def on_bar(self, ctx):
            if not ctx.has_position():
                ctx.buy(self.units)

    caught(Remembers, "the_same_run_gives_the_same_bytes", "gives another record when it runs again")


def test_a_strategy_that_never_trades_or_is_never_ready_is_caught():
    class Late(SmaCross):
        slow = tw.Param(200)

    def idle(ctx):
        return None

    caught(idle, "trades", "placed no order on three markets of 80 bars")
    caught(Late, "the_declared_warm_up_suffices", "Late is never ready: Late needs")


def test_a_warm_up_that_is_too_short_is_caught():
    class Hasty(SmaCross):
        def required_warmup_bars(self):
            return 3

    with pytest.raises(tw.TradewrightError, match="Hasty"):
        StrategyConformance.of(strategy=Hasty, bars=80).check("test_the_declared_warm_up_suffices")


def test_a_strategy_that_fails_on_a_short_history_is_caught():
    def impatient(ctx):
        if len(ctx.symbols) and ctx.timestamp and not ctx.has_position():
            ctx.buy(1 / (ctx.history(bars=1).close.size - 1))

    with pytest.raises(tw.TradewrightError, match="impatient"):
        StrategyConformance.of(strategy=impatient, bars=80).check("test_a_history_of_any_length_is_no_error")


def test_several_symbols_and_options_are_passed_on():
    def short_all(ctx):
        for symbol in ctx.symbols:
            if not ctx.has_position(symbol):
                ctx.sell(1, symbol)

    StrategyConformance.of(strategy=short_all, symbols=3, bars=60, options={"shorts": True}).check()


# Planted forms.


class Weights:
    def weight(self, close):
        return 0.5


@pytest.fixture
def own_forms(monkeypatch):
    monkeypatch.setattr(FORMS, "_known", dict(FORMS._known))


class WeightForm(StrategyForm):
    order: ClassVar[int] = 50

    def recognise(self, source):
        return isinstance(source, type) and callable(getattr(source, "weight", None))

    def adapt(self, source, params):
        made = source(**params)
        return FunctionStrategy(lambda ctx: ctx.target_percent(made.weight(ctx.close())))


@pytest.mark.usefixtures("own_forms")
def test_an_added_form_conforms():
    FORMS.add("weights", WeightForm)
    StrategyFormConformance.of(form=WeightForm, strategy=Weights, bars=60).check()


class Greedy(WeightForm):
    def recognise(self, source):
        return isinstance(source, type)


class Deaf(WeightForm):
    def recognise(self, source):
        return False


class Careless(WeightForm):
    def recognise(self, source):
        return callable(source.weight)


class Shy(WeightForm):
    order: ClassVar[int] = 95


class Callable(Weights):
    def on_bar(self, bar):
        return []


kept = {}


class Reusing(WeightForm):
    def adapt(self, source, params):
        return kept.setdefault(source, super().adapt(source, params))


class Unnamed(WeightForm):
    def adapt(self, source, params):
        made = super().adapt(source, params)
        made._function.__name__ = ""
        return made


class Foreign(WeightForm):
    def adapt(self, source, params):
        return source


@pytest.mark.usefixtures("own_forms")
@pytest.mark.parametrize(
    ("form", "promise", "sentence"),
    [
        (Greedy, "recognises_nothing_else", "Greedy claims strategy, which is not its own"),
        (Deaf, "recognises_its_own", "Deaf does not recognise Weights"),
        (Careless, "recognises_nothing_else", "Careless fails on strategy: AttributeError"),
        (Reusing, "makes_a_fresh_strategy_each_time", "gives the same strategy twice"),
        (Foreign, "makes_a_fresh_strategy_each_time", "which is no Strategy"),
        (Unnamed, "has_a_name_and_a_text", "gives a strategy without a name"),
    ],
)
def test_a_faulty_form_is_caught(form, promise, sentence):
    FORMS.add("planted", form)
    with pytest.raises(AssertionError, match=sentence):
        StrategyFormConformance.of(form=form, strategy=Weights, bars=60).check(f"test_{promise}")


@pytest.mark.usefixtures("own_forms")
def test_a_form_that_another_goes_before_is_caught():
    FORMS.add("shy", Shy)
    with pytest.raises(AssertionError, match="Callable is taken by another form: give Shy an order"):
        StrategyFormConformance.of(form=Shy, strategy=Callable).check("test_recognises_its_own")


def test_a_form_without_a_name_is_caught():
    with pytest.raises(AssertionError, match="is not registered"):
        StrategyFormConformance.of(form=WeightForm, strategy=Weights).check("test_is_known_by_name")


def test_the_samples_of_other_forms_are_in_those_forms():
    from tradewright.testing.strategies import others

    claimed = {what: adapt.form_of(source) for what, source in others().items()}
    assert {what: name for what, name in claimed.items() if name} == {
        "strategy": "strategy",
        "signals": "signals",
        "bar-bot": "bar-bot",
        "context-bot": "context-bot",
        "function": "function",
        "function, async": "function",
    }
