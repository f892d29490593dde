"""Functions of the context as strategies, and their arguments as parameters."""

from __future__ import annotations

import functools

import pytest
from tests.unit.strategy.market import daily, rising, run

from tradewright.domain.errors import ConfigError, StrategyError
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.params import Param

BARS = daily(rising(8))


def buy_once(ctx, units=10, *, tag="first"):
    if not ctx.has_position() and not ctx.open_orders():
        ctx.buy(units, tag=tag)


def test_a_function_trades():
    result = run(buy_once, BARS)
    assert result.orders["quantity"].tolist() == [10.0]
    info = result.record.strategies[0]
    assert (info.name, info.style, info.params) == ("buy_once", "function", {"units": 10, "tag": "first"})
    assert info.source_hash is not None


def test_its_arguments_are_its_parameters():
    result = run(buy_once, BARS, params={"units": 7, "tag": "mine"})
    assert (result.orders["quantity"][0], result.orders["tag"][0]) == (7.0, "mine")


def test_a_default_may_be_a_declared_parameter_with_bounds():
    def bounded(ctx, units=Param(10, low=1, high=20)):  # noqa: B008 - the declaration is the default
        if not ctx.has_position() and not ctx.open_orders():
            ctx.buy(units)

    assert run(bounded, BARS, params={"units": 3}).orders["quantity"][0] == 3.0
    assert as_strategy(bounded).describe_params() == {"units": {"default": 10, "low": 1, "high": 20, "name": "units"}}
    with pytest.raises(ConfigError, match="units=30 is outside 1 … 20"):
        as_strategy(bounded, {"units": 30})


def test_an_argument_without_a_default_must_be_given():
    def needs(ctx, units):
        if not ctx.has_position() and not ctx.open_orders():
            ctx.buy(units)

    assert run(needs, BARS, params={"units": 4}).orders["quantity"][0] == 4.0
    with pytest.raises(ConfigError, match="needs needs a value for 'units'"):
        as_strategy(needs)


def test_a_parameter_it_does_not_have_is_refused_with_the_nearest():
    with pytest.raises(ConfigError, match=r"buy_once has no parameter 'unit'\. Did you mean 'units'"):
        as_strategy(buy_once, {"unit": 3})


def test_partials_lambdas_methods_and_callable_objects_are_functions():
    class Held:
        def __init__(self):
            self.calls = 0

        def __call__(self, ctx):
            self.calls += 1

        def method(self, ctx):
            self.calls += 1

    held = Held()
    run(held, BARS)
    run(held.method, BARS)
    assert held.calls == 16
    partial = functools.partial(buy_once, units=3)
    result = run(partial, BARS)
    assert (result.orders["quantity"][0], result.record.strategies[0].name) == (3.0, "buy_once")
    assert run(lambda ctx: ctx.buy(1), BARS).record.strategies[0].name == "<lambda>"
    assert as_strategy(held).name == "Held"


def test_a_function_that_cannot_take_a_context_is_refused():
    def nothing():
        return None

    def keyword(*, ctx):
        return None

    for function in (nothing, keyword):
        with pytest.raises(StrategyError, match=f"{function.__name__} takes no context"):
            as_strategy(function)


def test_a_function_that_yields_is_refused():
    def lazy(ctx):
        yield ctx

    async def lazier(ctx):
        yield ctx

    for function in (lazy, lazier):
        with pytest.raises(StrategyError, match="yields"):
            as_strategy(function)


def test_what_a_function_returns_is_ordered():
    def returning(ctx):
        return None if ctx.has_position() else {"symbol": "AAPL", "side": "buy", "quantity": 2}

    assert run(returning, BARS).orders["status"][0] == "filled"


def test_any_further_words_of_a_function_are_no_parameters():
    seen = []

    def open_ended(ctx, *rest, **words):
        seen.append((rest, words))

    run(open_ended, BARS)
    assert seen[0] == ((), {})
