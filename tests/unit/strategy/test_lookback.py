"""How far back a text reads is known before the first bar, from the text or from the compiled code."""

from __future__ import annotations

import textwrap

import pytest
from tests.unit.strategy.market import daily, rising, run

from tradewright.domain.errors import DataNotAvailableError, WarmupError
from tradewright.quant import indicators as ta
from tradewright.strategy.base import Strategy
from tradewright.strategy.params import Param

BARS = daily(rising(60))
WINDOW = 7


def warm_up(strategy, **options):
    return run(strategy, BARS, **options).record.strategies[0].warmup_bars


def executed(text, name):
    """What a text defines that no file holds."""
    space = {"Strategy": Strategy, "Param": Param, "ta": ta, "WINDOW": WINDOW, "__name__": __name__}
    exec(textwrap.dedent(text), space)  # noqa: S102 - code without a file is what is tested
    return space[name]


# The class, the function, the coroutine and the closure read alike; so do their compiled forms.

FUNCTIONS = {
    "by keyword": ("def look(ctx):\n    ctx.history('AAPL', bars=20)", 20),
    "by place": ("def look(ctx):\n    ctx.history('AAPL', 20)", 20),
    "alone": ("def look(ctx):\n    ctx.history(20)", 20),
    "of weeks": ("def look(ctx):\n    ctx.history('AAPL', 3, '1w')", 15),
    "a global": ("def look(ctx):\n    ctx.history('AAPL', bars=WINDOW)", 7),
    "a local": ("def look(ctx):\n    n = 12\n    ctx.history('AAPL', bars=n)", 12),
    "the larger of two locals": ("def look(ctx):\n    n = 3\n    n = 12\n    ctx.history('AAPL', bars=n)", 12),
    "a default": ("def look(ctx, n=9):\n    ctx.history('AAPL', bars=n)", 9),
    "a sum": ("def look(ctx, n=9):\n    ctx.history('AAPL', bars=n + 1)", 10),
    "a product and a difference": ("def look(ctx, n=9):\n    ctx.history('AAPL', bars=2 * n - 1)", 17),
    "the longest": ("def look(ctx):\n    ctx.history(bars=4)\n    ctx.history(bars=11)", 11),
    "in an inner function": ("def look(ctx):\n    def past():\n        return ctx.history(bars=6)\n    past()", 6),
    "a coroutine": ("async def look(ctx):\n    await ctx.history('AAPL', bars=20)", 20),
    "an average": ("def look(ctx):\n    ctx.sma('AAPL', 20)", 20),
    "an average by keyword": ("def look(ctx):\n    ctx.ema(period=8)", 8),
    "an index": ("def look(ctx, n=5):\n    ctx.rsi('AAPL', n)", 6),
    "an index of the usual length": ("def look(ctx):\n    ctx.rsi()", 15),
    "an awaited average": ("async def look(ctx):\n    await ctx.sma('AAPL', 20)", 20),
    "nothing": ("def look(ctx):\n    ctx.close()", 1),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_without_text_waits_for_what_it_reads(name):
    text, bars = FUNCTIONS[name]
    assert warm_up(executed(text, "look")) == bars


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_in_a_file_waits_as_long(name, tmp_path):
    from tradewright.strategy.registry import load_strategy

    text, bars = FUNCTIONS[name]
    file = tmp_path / "look.py"
    file.write_text(f"WINDOW = {WINDOW}\n{text}\n")
    assert warm_up(load_strategy(str(file))) == bars


CLASSES = {
    "now": ("self.ma[-1]", 5),
    "two ago": ("self.ma[-3]", 7),
    "ago": ("self.ma.ago(2)", 7),
    "a window": ("self.ma[-4:]", 8),
    "a crossing": ("self.ma.crossed_above(self.slow)", 9),
    "a crossing of a level": ("self.slow.crossed_below(3.0)", 9),
    "a negative parameter": ("self.ma[-self.back]", 8),
    "a parameter": ("self.ma.ago(self.back)", 9),
    "an output": ("self.bands.upper[-2]", 6),
    "a history of a parameter": ("ctx.history(bars=self.long)", 30),
    "an alias": ("self.alias(ctx)", 7),
}
CLASS = """
class Look(Strategy):
    back = Param(4)
    long = Param(30)

    def setup(self):
        if {needs_bands}:
            self.bands = self.use(ta.bollinger, "close", 5, 2.0)
        else:
            self.ma = self.use(ta.sma, "close", 5)
            if {needs_slow}:
                self.slow = self.use(ta.sma, "close", 8)

    def on_bar(self, ctx):
        {body}

    def alias(self, ctx):
        pass
"""
ALIAS = "line = self.ma\n        line[-3]"


def class_text(body):
    body = ALIAS if body == "self.alias(ctx)" else body
    return CLASS.format(body=body, needs_bands="bands" in body, needs_slow="slow" in body)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_without_text_waits_for_what_it_reads(name):
    body, bars = CLASSES[name]
    assert warm_up(executed(class_text(body), "Look")) == bars


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_in_a_file_waits_as_long(name, tmp_path):
    from tradewright.strategy.registry import load_strategy

    body, bars = CLASSES[name]
    file = tmp_path / "look.py"
    head = "from tradewright import Param, Strategy\nfrom tradewright import indicators as ta\n"
    file.write_text(head + class_text(body))
    assert warm_up(load_strategy(str(file))) == bars


def test_a_closure_reads_the_names_around_it():
    def made(n):
        def look(ctx):
            ctx.history(bars=n)

        return look

    assert warm_up(made(13)) == 13


def test_parameters_that_are_given_stand_over_the_defaults():
    def look(ctx, n=9):
        ctx.history(bars=n)

    assert warm_up(look, params={"n": 21}) == 21


def test_a_lambda_is_read_like_a_function():
    assert warm_up(lambda ctx: ctx.history(bars=8) and None) == 8


def test_a_class_made_by_exec_is_not_confused_with_one_of_its_name_in_the_file():
    class Look(Strategy):
        def on_bar(self, ctx):
            ctx.history(bars=40)

    made = executed(class_text("self.ma[-3]"), "Look")
    assert warm_up(made) == 7
    assert warm_up(Look) == 40


def test_a_base_class_is_read_too():
    class Base(Strategy):
        def past(self, ctx):
            return ctx.history(bars=14)

    class Look(Base):
        def on_bar(self, ctx):
            self.past(ctx)

    assert warm_up(Look) == 14


def test_several_symbols_wait_for_the_first_that_has_the_history():
    def look(ctx):
        for symbol in ctx.symbols:
            ctx.get_last_n_bars(symbol, None, 3)
        if ctx.timestamp.day < 0:
            ctx.history("AA", bars=10)

    bars = {"AA": daily(rising(30), "AA"), "BB": daily(rising(20), "BB", first=10)}
    assert run(look, bars).record.strategies[0].warmup_bars == 10


def test_what_the_text_does_not_say_is_an_error_when_it_is_read_too_early():
    def look(ctx):
        ctx.history(bars=len("four"))

    with pytest.raises(WarmupError, match="4 were asked for"):
        run(look, BARS)


@pytest.mark.parametrize("rows", [1, 3, 16])
def test_a_history_without_a_single_value_is_told_how_many_bars_would_do(rows):
    class Slow(Strategy):
        def setup(self):
            self.line = self.use(ta.sma, "close", 15)
            self.bands = self.use(ta.bollinger, period=12)

        def on_bar(self, ctx):
            return self.line[-3] > self.line[-1]

    with pytest.raises(DataNotAvailableError, match=rf"Slow needs 17 bars to decide, there are {rows}\."):
        run(Slow, daily(rising(rows)))
