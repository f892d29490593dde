"""Whatever an author wrote becomes a strategy, or one sentence on why it cannot."""

from __future__ import annotations

import math
from types import ModuleType

import pytest

from tradewright.domain.errors import ConfigError, StrategyError
from tradewright.strategy.adapt import as_strategy, can_trade
from tradewright.strategy.base import Strategy
from tradewright.strategy.foreign import BarBot, ContextBot
from tradewright.strategy.function import FunctionStrategy
from tradewright.strategy.params import Param
from tradewright.strategy.signals import SignalAdapter


class Plain(Strategy):
    units = Param(1)

    def on_bar(self, ctx):
        return None


class Signals:
    def generate_signals(self, state):
        return []


class Returns:
    def on_bar(self, bar):
        return []


class Submits:
    def set_context(self, context):
        self.context = context

    def on_bar(self, candle):
        return None


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (Plain, Plain),
        (lambda ctx: None, FunctionStrategy),
        (Signals, SignalAdapter),
        (Returns, BarBot),
        (Submits, ContextBot),
    ],
)
def test_every_form_is_recognised_by_its_shape(source, kind):
    assert type(as_strategy(source)) is kind


def test_a_class_gets_its_parameters():
    assert as_strategy(Plain, {"units": 3}).params == {"units": 3}
    with pytest.raises(ConfigError, match="no parameter 'unit'"):
        as_strategy(Plain, {"unit": 3})


def test_an_instance_that_has_not_run_is_taken_as_it_is():
    made = Plain(units=5)
    assert as_strategy(made) is made
    with pytest.raises(StrategyError, match="made with its parameters already"):
        as_strategy(made, {"units": 3})


def broken(**methods):
    return type("Broken", (Strategy,), methods)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("sma_cross", "'sma_cross' is a name, not a strategy.* load_strategy"),
        (math, "math is a module, not a strategy"),
        (5, "5 is not a strategy"),
        (None, "None is not a strategy"),
        (int, "int has no on_bar"),
        (Strategy, "Strategy has no on_bar"),
        (type("Empty", (), {}), "Empty has no on_bar"),
        (type("Empty", (Strategy,), {}), "Empty has no on_bar"),
        (Returns(), "This Returns is an instance"),
        (type("Loose", (), {"on_bar": lambda self, ctx: None}), r"Loose has on_bar\(ctx\) but is no Strategy"),
        (type("Bare", (), {"on_bar": lambda self: None}), r"Bare\.on_bar\(self\) in .* takes the wrong arguments"),
        (broken(on_bar=lambda self: None), r"Broken\.on_bar\(self\) in .*\.py:\d+ takes the wrong arguments"),
        (broken(on_bar=lambda self, ctx, bar: None), r"Write 'def on_bar\(self, ctx\):'"),
        (
            broken(on_bar=lambda self, ctx: None, on_fill=lambda self, fill: None),
            r"on_fill\(self, fill\).* Write 'def on_fill\(self, ctx, fill\):'",
        ),
    ],
)
def test_what_cannot_trade_is_refused_in_one_sentence(source, sentence):
    with pytest.raises(StrategyError, match=sentence):
        as_strategy(source)


def test_a_module_is_refused_with_the_strategies_in_it():
    module = ModuleType("mine")
    module.Plain, module.Strategy, module.number = Plain, Strategy, 3
    with pytest.raises(StrategyError, match=r"Pass one of its classes: Plain\."):
        as_strategy(module)


def test_a_constructor_that_forgets_its_base_is_told():
    class Forgetful(Strategy):
        def __init__(self, **params):
            self.params_ = params

        def on_bar(self, ctx):
            return None

    with pytest.raises(StrategyError, match=r"does not call super\(\)\.__init__"):
        as_strategy(Forgetful)


def test_a_static_on_bar_is_taken_at_its_word():
    class Static(Strategy):
        @staticmethod
        def on_bar(ctx):
            return None

    assert as_strategy(Static).name == "Static"


def test_only_classes_of_a_known_shape_can_trade():
    assert [can_trade(each) for each in (Plain, Signals, Returns, Strategy, int, "x")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
