"""Coroutine strategies: written for an event loop, run without one."""

from __future__ import annotations

import asyncio
import math

import numpy as np
import pytest
from tests.unit.strategy.market import daily, rising, run

from tradewright.domain.errors import StrategyError, StrategyRaisedError
from tradewright.strategy.answers import answer
from tradewright.strategy.base import Strategy
from tradewright.strategy.coroutine import AsyncContext

WAVES = daily(100 + 10 * np.sin(np.arange(120) / 3))


def plain(ctx):
    history = ctx.history("AAPL", bars=20)
    average = sum(history.closes) / len(history)
    if ctx.close("AAPL") > average:
        if not ctx.has_position("AAPL"):
            ctx.buy("AAPL", quantity=10)
    elif ctx.has_position("AAPL"):
        ctx.close_position("AAPL")


# One strategy in the forms in which people write it: every one must trade as the plain one does.


async def awaited(ctx):
    history = await ctx.history("AAPL", bars=20)
    sma = sum(history.closes) / len(history)
    current_price = await ctx.close("AAPL")
    if current_price > sma:
        if not await ctx.has_position("AAPL"):
            await ctx.buy("AAPL", quantity=10)
    elif await ctx.has_position("AAPL"):
        await ctx.close_position("AAPL")


async def mixed(ctx):
    history = await ctx.history("AAPL", bars=20)
    sma = np.mean(history.closes)
    current_price = ctx.close("AAPL")
    position = await ctx.position("AAPL")
    if current_price > sma and not position:
        await ctx.buy("AAPL", 10)
    elif current_price <= sma and position:
        await ctx.close_position("AAPL")


async def by_bars(ctx):
    history = await ctx.history("AAPL", bars=20)
    if len(history) < 20:
        return
    sma = sum(bar.close for bar in history) / 20
    if ctx.bar("AAPL").close > sma and not ctx.has_position("AAPL"):
        await ctx.buy(symbol="AAPL", quantity=10)
    elif ctx.bar("AAPL").close <= sma and ctx.has_position("AAPL"):
        await ctx.close_position("AAPL")


async def by_indicator(ctx):
    for symbol in ctx.symbols():
        sma = await ctx.sma(symbol, 20)
        bar = await ctx.bar(symbol)
        held = symbol in await ctx.positions()
        # The running sum of the indicator and the sum of the window agree to the last digits only.
        if bar.close > sma and not math.isclose(bar.close, sma):
            if not held:
                await ctx.buy(symbol, quantity=10)
        elif held:
            await ctx.close_position(symbol)


async def not_awaited(ctx):
    history = ctx.history("AAPL", bars=20)
    sma = sum(history.closes) / len(history)
    if ctx.close("AAPL") > sma and not ctx.has_position("AAPL"):
        ctx.buy("AAPL", quantity=10)
    elif ctx.close("AAPL") <= sma and ctx.has_position("AAPL"):
        ctx.close_position("AAPL")


class Hooked(Strategy):
    async def on_bar(self, ctx):
        await awaited(ctx)


class Inherited(Hooked):
    async def on_bar(self, ctx):
        await super().on_bar(ctx)


@pytest.mark.parametrize("form", [awaited, mixed, by_bars, by_indicator, not_awaited])
def test_a_coroutine_trades_as_the_plain_function_does(form):
    expected, result = run(plain, WAVES), run(form, WAVES)
    assert len(expected.orders) > 10
    assert result.orders["row"].tolist() == expected.orders["row"].tolist()
    assert result.equity["equity"].tolist() == expected.equity["equity"].tolist()
    assert (result.record.strategies[0].style, result.record.strategies[0].warmup_bars) == ("coroutine", 20)


class Mixin:
    async def on_bar(self, ctx):
        await awaited(ctx)


class Mixed(Mixin, Strategy):
    pass


@pytest.mark.parametrize("form", [Hooked, Inherited, Mixed])
def test_a_class_with_a_coroutine_for_on_bar_trades_as_well(form):
    result = run(form, WAVES, start="2020-02-03")
    expected = run(plain, WAVES, start="2020-02-03")
    assert result.orders["row"].tolist() == expected.orders["row"].tolist()


def test_it_runs_inside_a_running_loop():
    async def notebook():
        return run(awaited, WAVES)

    assert len(asyncio.run(notebook()).orders) == len(run(plain, WAVES).orders)


def test_its_arguments_are_parameters():
    async def strategy(ctx, units=10):
        if not ctx.has_position():
            await ctx.buy(units)

    result = run(strategy, daily(rising(5)), params={"units": 3})
    assert (result.orders["quantity"][0], result.record.strategies[0].params) == (3.0, {"units": 3})


def test_a_callable_object_may_be_a_coroutine_function():
    class Trader:
        async def __call__(self, ctx):
            await ctx.buy(1)

    assert run(Trader(), daily(rising(3))).record.strategies[0].style == "coroutine"


def test_what_a_coroutine_returns_is_ordered():
    async def strategy(ctx):
        return None if await ctx.has_position() else {"side": "buy", "quantity": 2}

    assert run(strategy, daily(rising(3))).orders["status"][0] == "filled"


# Waiting for something else.


async def sleeps(ctx):
    await asyncio.sleep(1)


async def yields_to_the_loop(ctx):
    await asyncio.sleep(0)


async def waits_for_a_future(ctx):
    await asyncio.get_running_loop().create_future()


class Odd:
    def __await__(self):
        yield self


async def waits_for_something_odd(ctx):
    await Odd()


@pytest.mark.parametrize(
    ("strategy", "what"),
    [
        (sleeps, "an event loop"),
        (yields_to_the_loop, r"sleep\(\)"),
        (waits_for_a_future, "an event loop"),
        (waits_for_something_odd, "a "),
    ],
)
def test_waiting_for_anything_else_is_an_error_that_names_it_and_its_line(strategy, what):
    with pytest.raises(StrategyError, match=rf"{strategy.__name__} waits for {what}.* in .*test_coroutine\.py:\d+"):
        run(strategy, daily(rising(3)))


@pytest.mark.parametrize(("strategy", "what"), [(sleeps, r"sleep\(\)"), (waits_for_a_future, "a ")])
def test_inside_a_running_loop_too(strategy, what):
    async def notebook():
        run(strategy, daily(rising(3)))

    with pytest.raises(StrategyError, match=rf"waits for {what}"):
        asyncio.run(notebook())


def test_its_own_error_is_named_with_its_line():
    async def broken(ctx):
        return {}["nothing"]

    async def unlucky(ctx):
        raise RuntimeError("out of luck")

    for strategy in (broken, unlucky):
        with pytest.raises(StrategyRaisedError, match=rf"{strategy.__name__} raised .*test_coroutine\.py:\d+"):
            run(strategy, daily(rising(3)))


def test_a_setup_that_is_a_coroutine_is_refused_where_it_is_written():
    with pytest.raises(StrategyError, match=r"Late\.setup is async"):

        class Late(Strategy):
            async def setup(self):
                return None


def test_other_hooks_may_be_coroutines_and_plain_ones_get_the_plain_context():
    kinds = {}

    class Hooks(Strategy):
        async def on_bar(self, ctx):
            kinds["bar"] = type(ctx).__name__
            if not ctx.has_position():
                await ctx.buy(1)

        async def on_fill(self, ctx, fill):
            kinds["fill"] = (type(ctx).__name__, fill.quantity)

        def on_stop(self, ctx):
            kinds["stop"] = type(ctx).__name__

    run(Hooks, daily(rising(3)))
    assert kinds == {"bar": "AsyncContext", "fill": ("AsyncContext", 1.0), "stop": "Context"}


# The context in awaitable form.


def looked(look, bars=None, **options):
    """What a coroutine saw in the last bar."""
    kept = []

    async def strategy(ctx):
        kept.append(await look(ctx))

    run(strategy, bars or daily(rising(6)), **options)
    return kept[-1]


def test_every_answer_is_the_value_with_and_without_await():
    async def look(ctx):
        plain = [ctx.open(), ctx.high(), ctx.low(), ctx.close(), ctx.volume(), ctx.cash(), ctx.cash, ctx.equity()]
        waited = [
            await ctx.open(), await ctx.high(), await ctx.low(), await ctx.close(), await ctx.volume(),
            await ctx.cash(), await ctx.cash, await ctx.portfolio_value(),
        ]  # fmt: skip
        assert plain == waited
        return plain

    assert looked(look) == [104.0, 106.0, 103.0, 105.0, 1e6, 100_000.0, 100_000.0, 100_000.0]


def test_account_and_positions_are_there_in_both_forms():
    async def look(ctx):
        if not await ctx.has_position():
            await ctx.buy(10)
        account = await ctx.account()
        positions = await ctx.positions()
        return account.equity, ctx.account.cash, list(positions), (await ctx.position()).quantity, ctx.quantity()

    assert looked(look) == (100_050.0, 99_000.0, ["AAPL"], 10.0, 10.0)


def test_a_flat_position_is_false():
    async def look(ctx):
        return bool(await ctx.position("AAPL")), bool(ctx.position())

    assert looked(look) == (False, False)


def test_an_awaited_yes_or_no_is_a_plain_bool():
    async def look(ctx):
        return await ctx.has_position(), await ctx.is_stale(), repr(ctx.has_position()), await ctx.new_session

    assert looked(look) == (False, False, "False", True)


def test_times_and_symbols():
    async def look(ctx):
        return str(ctx.date), ctx.timestamp.hour, ctx.symbols, ctx.symbols(), await ctx.universe(), bool(ctx.new_month)

    assert looked(look) == ("2020-01-13", 21, ["AAPL"], ["AAPL"], ["AAPL"], False)


def test_indicators_are_awaited_or_read():
    async def look(ctx):
        values = [await ctx.sma("AAPL", 3), await ctx.ema("AAPL", 3), await ctx.rsi("AAPL", 3), await ctx.vwap("AAPL")]
        assert values == [ctx.sma(3), ctx.ema(period=3), ctx.rsi(3), ctx.vwap()]
        return values[0]

    assert looked(look, start="2020-01-10") == 104.0


def test_orders_of_every_kind():
    async def look(ctx):
        first = await ctx.order(5)
        assert first.status == "submitted"
        resting = await ctx.buy(1, limit_price=10)
        moved = await ctx.replace(resting, limit_price=11)
        assert [order.id for order in await ctx.open_orders()][-1] == moved.id
        assert await ctx.cancel(moved) is True
        await ctx.target_percent(0.5)
        await ctx.target_quantity(3)
        await ctx.sell(1)
        return await ctx.cancel_all() > 0

    assert looked(look)


def test_the_rest_of_the_context():
    async def look(ctx):
        await ctx.log("seen", close=ctx.close())
        said = ctx.log("again")
        bars = await ctx.get_last_n_bars("AAPL", "1d", 2)
        return bool(said), repr(said), len(bars), await ctx.buying_power() > 0, 0 <= ctx.rng.random() < 1

    assert looked(look) == (False, "None", 2, True, True)


def test_the_ranking_is_there_too():
    class Ranked(Strategy):
        order: list = []  # noqa: RUF012 - shared with the test on purpose

        def setup(self):
            self.ma = self.use(lambda close: close, "close")

        async def on_bar(self, ctx):
            self.order.append(await ctx.rank(self.ma, top=1))

    run(Ranked, {"AA": daily(rising(3), "AA"), "BB": daily(rising(3, 200.0), "BB")})
    assert Ranked.order[-1] == ["BB"]


def test_an_answer_that_has_no_form_comes_back_as_it_is():
    value = object()
    assert answer(value) is value
    assert AsyncContext(value)._context is value
