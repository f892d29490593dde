"""What a compiled strategy may hold: own functions, order words, account and time, functions of numbers.

The text that is compiled is carried out by Python here, which is the same and at once; machine code is held to it in
`test_compiled_numbers` and in the properties.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests import twin_interpreted
from tests.compiled_worlds import load

import tradewright as tw
from tradewright.engine.plan import RunPlan
from tradewright.engine.run import run
from tradewright.strategy.adapt import as_strategy

HEAD = """import math
from math import floor
from tradewright import Param, Strategy
from tradewright import indicators as ta

SYMBOL = "SYN"


def near(price, level, *, share=0.01):
    return abs(price - level) < share * level


def order_once(ctx, units):
    if not ctx.open_orders() and not ctx.has_position():
        ctx.buy(units)


def Function(ctx, length=5, share=0.5):
    share = min(share, 0.4)
    if ctx.sma(length) > ctx.sma(period=12) and ctx.rsi(9) < 80:
        order_once(ctx, share * 20)
    elif ctx.close() < ctx.ema(SYMBOL, 7) * 0.999:
        ctx.close_position()


class Drawn(Strategy):
    length = Param(5)

    def setup(self):
        self.line = self.use(ta.sma, "close", self.length)
        self.slow = self.use(ta.sma, "close", 3, timeframe="1w")
        self.held = 0
        self.price = 0.0

    def wants_in(self, ctx, price, far=0.02):
        for step in range(1, 4):
            if price < self.line.ago(2) * (1 + far / step):
                if self.held > step:
                    return True
                return price > 20
        return False

    def size(self, ctx, *, most=9):
        if ctx.equity > 100_000:
            return most
        return 2.5

    def maybe(self, ctx):
        if ctx.close() > self.line.value:
            return True

    def enter(self, ctx, units):
        self.held += 1
        self.price = ctx.close()
        if units < 2:
            return
        ctx.buy(units, tag="in")

    def again(self, ctx):
        return self.again(ctx)

    def orders(self, ctx):
        ctx.buy(1)
        return 1

    def remembers(self, ctx):
        self.held = 1
        return 1

    def many(self, *all):
        return 1

    def wild(self, ctx):
        return ctx.close() ** 2

"""
ON_BAR = "    def on_bar(self, ctx):\n"

TAKEN = {
    "own functions": "if ctx.has_position() and near(ctx.close(), self.price * 1.01, share=0.03):\n"
    "    self.held = 0\n    ctx.close_position()\nelif self.wants_in(ctx, ctx.close()) or self.held % 5 == 2:\n"
    "    self.enter(ctx, self.size(ctx, most=self.length))\nelse:\n    self.held += 1",
    "a truth that may be nothing": "if not self.maybe(ctx) and not ctx.has_position():\n    ctx.buy(2)\n"
    "elif self.maybe(ctx):\n    ctx.sell()",
    "no quantity": "if ctx.new_month:\n    ctx.buy()\nelif ctx.close() < self.line.value:\n    ctx.sell()\n"
    "else:\n    ctx.buy(limit_price=ctx.low())",
    "trailing stops": "if not ctx.has_position():\n    ctx.buy(4)\nelif not ctx.open_orders():\n"
    "    if self.held % 2:\n        ctx.sell(4, trail_percent=2.5)\n    else:\n"
    "        ctx.sell(4, trail_amount=ctx.close() * 0.03)\n    self.held += 1",
    "times in force and types": "ctx.buy(3, time_in_force='ioc')\n"
    "ctx.sell(2, time_in_force='FOK', limit_price=ctx.close())\n"
    "ctx.order(2, order_type='market_on_close')\nctx.order(-1, order_type='limit', limit_price=ctx.high())\n"
    "ctx.buy(9, limit_price=ctx.close() * 1.01, display_quantity=2, order_type='limit')\n"
    "if ctx.new_session and len(ctx.open_orders()) > 4:\n    ctx.cancel_all()",
    "the position": "held = ctx.position()\nif held and ctx.close() > held.average_price * 1.02:\n"
    "    ctx.target_quantity(held.quantity - 1)\nelif held.unrealized_pnl < -20 or held.market_value > 5000:\n"
    "    ctx.close_position()\nelif held.realized_pnl < 500 and held.market_price < 500:\n    ctx.buy(3)",
    "the account": "if ctx.buying_power > 90_000 and ctx.account.available > 0:\n    ctx.target_percent(0.6)\n"
    "elif ctx.account.equity / ctx.account.cash > 2.4:\n    ctx.target_percent(0.1, symbol='SYN')",
    "the clock": "hour = ctx.timestamp.hour\n"
    "if ctx.timestamp.weekday() == 2 and hour * 60 + ctx.timestamp.minute > 100:\n"
    "    ctx.buy(1)\nif ctx.timestamp.weekday() == 4 and ctx.timestamp.second == 0:\n    ctx.sell(1)",
    "functions of numbers": "x = math.sqrt(ctx.close()) + math.log(ctx.volume() + 1)\n"
    "x -= math.exp(-ctx.close() / 99) * math.pi\n"
    "if round(x) % 3 == floor(x) % 3 and int(x) > max(1, 2, self.held) - 5:\n"
    "    ctx.target_quantity(math.ceil(x) % 7)\nelif bool(self.held) or math.fabs(x) < 1:\n"
    "    ctx.close_position()\nself.held = 1 - self.held",
    "a longer timeframe": "if self.slow.value < ctx.close():\n    ctx.target_percent(0.5)\n"
    "elif self.slow.crossed_above(self.line):\n    ctx.close_position()",
    "what is computed only where it is looked at": "if self.held > 3 and max(ctx.close(), 10 / self.held) > 2:\n"
    "    ctx.target_quantity(5 if self.held % 2 else min(self.held, 9, 7))\nself.held += 1",
    "whole numbers without end": "self.held = self.held * 7 + 1\nctx.target_quantity(self.held % 5)",
}  # fmt: skip

REFUSED = {
    "x = self.again(ctx)": "again calls itself",
    "x = self.orders(ctx)": "an order is placed by a function that is called inside an expression",
    "x = self.remembers(ctx)": "something is remembered by a function that is called inside an expression",
    "x = self.maybe(ctx)": "a truth is kept under a name",
    "x = self.maybe()": "maybe is called with other arguments than it takes",
    "x = self.many(1, 2)": "many takes any number of arguments",
    "x = self.wild(ctx)": "the operator in 'ctx.close() ** 2' is not compiled",
    "x = self.slow[-2]": "a line with values of its own pace is read in the past",
    "x = math.hypot(1, 2)": "the function math.hypot is not compiled",
    "x = math.inf": "math.inf is not compiled",
}


def strategy(folder: Path, body: str, name: str = "Drawn") -> Any:
    rows = "".join(f"        {row}\n" for row in body.splitlines())
    return load(HEAD + ON_BAR + rows, folder / f"broad_{abs(hash(body))}.py", name)


def both(source: Any, **options: Any) -> tuple[Any, Any]:
    options = {"series": {"SYN": tw.synthetic_bars(bars=400, seed=3, volatility=3)}, **options}
    interpreted, said = (
        run(RunPlan(strategies=[as_strategy(source)], engine=engine, **options)) for engine in ("python", "compiled")
    )
    return interpreted, said


@pytest.mark.parametrize("name", TAKEN)
def test_it_is_taken_and_gives_the_same_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    twin_interpreted.use(monkeypatch)
    interpreted, said = both(strategy(tmp_path, TAKEN[name]))
    reason = "something was raised, which the interpreted run tells" if "without end" in name else None
    assert said.meta.get("not_compiled") == reason
    assert said.hash == interpreted.hash
    assert len(said.events["kind"]) > 8


def test_a_function_with_arguments_and_indicators_of_the_context_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin_interpreted.use(monkeypatch)
    interpreted, said = both(strategy(tmp_path, "pass", "Function"))
    assert (said.meta["engine"], said.hash) == ("compiled", interpreted.hash)
    assert len(said.events["kind"]) > 8


def test_the_period_of_an_indicator_of_the_context_may_be_a_parameter(tmp_path: Path, monkeypatch: Any) -> None:
    twin_interpreted.use(monkeypatch)
    function = strategy(tmp_path, "pass", "Function")
    series = {"SYN": tw.synthetic_bars(bars=300, seed=4)}
    hashes = []
    for length in (3, 8):
        for engine in ("python", "compiled"):
            plan = RunPlan(strategies=[as_strategy(function, {"length": length})], series=series, engine=engine)
            hashes.append(run(plan).hash)
    assert hashes[0] == hashes[1] != hashes[2] == hashes[3]


@pytest.mark.parametrize("body", REFUSED)
def test_what_is_left_out_says_where_it_stands(tmp_path: Path, body: str) -> None:
    interpreted, said = both(strategy(tmp_path, f"return\n{body}"))
    text = next(tmp_path.glob("broad_*.py")).read_text(encoding="utf-8").splitlines()
    place, _, reason = said.meta["not_compiled"].partition(": ")
    line = text[int(place.rpartition(" ")[2]) - 1]
    assert reason == REFUSED[body]
    within = {"return self.again(ctx)", "ctx.buy(1)", "self.held = 1", "return ctx.close() ** 2"}
    assert line.strip() in {body, *within}
    assert said.hash == interpreted.hash


def test_a_call_on_an_imported_name_does_not_make_a_text_another(tmp_path: Path) -> None:
    from tradewright.engine.compiled.source import tree_of

    drawn = strategy(tmp_path, "if math.floor(2.5) == abs(math.ceil(1.5)):\n    ctx.buy(math.sqrt(4))")
    assert tree_of(drawn.on_bar).name == "on_bar"


def test_the_second_strategy_of_the_guide_compiles(tmp_path: Path, project: Path, monkeypatch: Any) -> None:
    twin_interpreted.use(monkeypatch)
    page = (project / "docs" / "guides" / "compiled-strategies.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in page.split("```python\n")[1:]]
    interpreted, said = both(load("\n\n".join(blocks), tmp_path / "guide_again.py", "Patient"))
    assert (said.meta["engine"], said.hash) == ("compiled", interpreted.hash)
    assert len(said.events["kind"]) > 8
