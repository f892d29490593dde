"""Random strategies of the compiled subset, as the text an author would write, and worlds for them to trade in."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from typing import Any

import tradewright as tw
from tradewright.engine.plan import RunPlan
from tradewright.engine.run import run
from tradewright.strategy.adapt import as_strategy

HEAD = """import math

from tradewright import Param, Strategy
from tradewright import indicators as ta


def damped(value, by=2.0):
    for step in range(3):
        if value < by * step:
            return value
        value = value / by
    return value


"""
CLASS = """class Drawn(Strategy):
    size = Param(12)
    weight = Param(0.35)

    def setup(self):
        self.fast = self.use(ta.sma, "close", 3)
        self.slow = self.use(ta.ema, "close", 7)
        self.count = 0
        self.level = 50.0

    def near(self, price, far=100.0, *, least=1):
        if price > far:
            return far
        return max(price, least, 0.5)

"""
ON_BAR = "    def on_bar(self, ctx):\n"
POSITION = ("quantity", "average_price", "unrealized_pnl", "market_value")
FUNCTION = "def Drawn(ctx, size=12, weight=0.35, period=4):\n"
COSTS = (
    tw.Costs(),
    tw.Costs.none(),
    tw.Costs(slippage_bps=5, commission=tw.PerShare(0.01, at_least=1.0), participation=1e-4),
    tw.Costs(slippage_bps=5, borrow_rate=0.05, interest_rate=0.08),
    tw.Costs(commission=tw.Tiered(((0, 0.001), (2000, 0.0005), (9000, 0.0001)))),
)
LIMITS = (
    tw.Limits.of("none"),
    tw.Limits.of("standard"),
    tw.Limits("wide", risk_per_trade=0.05, deployed=0.9, positions=2, day_loss=0.02, drawdown=0.3),
    tw.Limits("tight", day_loss=0.002, drawdown=0.02),
)
MARGINS = (None, None, tw.Margin(initial=1.0, maintenance=0.25), tw.Margin(initial=0.2, maintenance=0.18))


class Author:
    """Writes one strategy from a seed, over one symbol or over several: a class with methods, or a function."""

    def __init__(self, seed: int, *, several: bool) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - examples, not secrets
        self.several = several
        self.is_function = self.chance.random() < 0.25
        self.symbol = "s" if several else ""
        self.after = ", s" if several else ""
        self.of = "[s]" if several else ""
        self.is_pure = False

    def text(self) -> str:
        if self.is_function:
            return HEAD + FUNCTION + "\n".join(self.body(1)) + "\n"
        methods = self.method("wants_in", pure=True) + self.method("act", pure=False)
        return HEAD + CLASS + methods + ON_BAR + "\n".join(self.body(2)) + "\n"

    def body(self, indent: int) -> list[str]:
        if not self.several:
            return self.block(indent, 0)
        ranked = not self.is_function and self.chance.random() < 0.5
        unranked = self.chance.choice(("ctx.symbols", "ctx.symbols", "ctx.positions"))
        source = "ctx.rank(self.fast, top=2)" if ranked else unranked
        head = ["    " * indent + "ctx.target_percent(0.2, 'B')"] if source == "ctx.positions" else []
        return [*head, f"{'    ' * indent}for s in {source}:", *self.block(indent + 1, 1)]

    def method(self, name: str, *, pure: bool) -> str:
        self.is_pure = pure
        rows = [f"    def {name}(self, ctx, price{self.after}):"]
        if pure:
            rows += [f"        if {self.flag(1)}:", f"            return {self.flag(1)}"]
            if self.chance.random() < 0.7:
                rows.append(f"        return price > {self.number(1)}")
        else:
            rows += self.block(2, 2)
        self.is_pure = False
        return "\n".join(rows) + "\n\n"

    def numbers(self, depth: int) -> list[Any]:
        pick = self.chance.choice
        own = ("size", "weight", "period") if self.is_function else ("self.level", "self.count", "self.weight")
        return [
            lambda: f"ctx.{pick(('open', 'high', 'low', 'close'))}({self.symbol})",
            lambda: pick(own),
            lambda: repr(round(self.chance.uniform(0.5, 120), 2)),
            lambda: pick(("ctx.equity / 1000", "ctx.cash / 1000", "ctx.buying_power / 900")),
            lambda: f"ctx.position({self.symbol}).{pick(POSITION)}",
            lambda: pick(("ctx.timestamp.hour", "ctx.timestamp.weekday()", "len(ctx.positions)")),
            lambda: pick((f"ctx.quantity({self.symbol})", f"len(ctx.open_orders({self.symbol}))")),
            lambda: f"damped({self.number(depth + 1)}{pick(('', ', 3.0', ', by=1.5'))})",
        ]  # fmt: skip

    def number(self, depth: int = 0) -> str:
        pick = self.chance.choice
        forms = self.numbers(depth)
        if self.is_function:
            first = f"{self.symbol}, " if self.several else ""
            forms.append(lambda: f"ctx.{pick(('sma', 'ema', 'rsi'))}({first}{pick(('5', 'period=6', 'period'))})")
        else:
            forms += [
                lambda: f"self.fast{self.of}{pick(('.value', '[-1]', '[-2]', '.ago(3)'))}",
                lambda: f"self.slow{self.of}{pick(('.value', '[-1]'))}",
                lambda: f"self.near({self.number(depth + 1)}{pick(('', ', least=2', ', 60'))})",
            ]
        deep = [
            lambda: f"({self.number(depth + 1)} {pick('+-*')} {self.number(depth + 1)})",
            lambda: f"({self.number(depth + 1)} {pick(('//', '%', '/'))} {pick(('3', '7.5', '-2'))})",
            lambda: f"abs({self.number(depth + 1)})",
            lambda: f"math.{pick(('sqrt', 'floor', 'ceil'))}(abs({self.number(depth + 1)}))",
            lambda: f"{pick(('int', 'round', 'float'))}({self.number(depth + 1)})",
            lambda: f"{pick(('min', 'max'))}({self.number(depth + 1)}, {self.number(depth + 1)}, 40)",
            lambda: f"({self.number(depth + 1)} if {self.flag(depth + 1)} else {self.number(depth + 1)})",
        ]
        return pick(forms + deep if depth < 2 else forms[:4])()

    def flag(self, depth: int = 0) -> str:
        pick = self.chance.choice
        forms = [
            lambda: f"{self.number(depth + 1)} {pick(('<', '<=', '>', '>='))} {self.number(depth + 1)}",
            lambda: f"ctx.has_position({self.symbol})",
            lambda: f"ctx.close({self.symbol}) > ctx.open({self.symbol})",
            lambda: pick(("ctx.new_session", "ctx.new_month", f"ctx.open_orders({self.symbol})")),
        ]
        if not self.is_function:
            forms += [
                lambda: f"self.fast{self.of}.{pick(('crossed_above', 'crossed_below'))}(self.slow{self.of})",
                lambda: pick(("self.count % 3 == 0", "self.count > 4")),
            ]
            if not self.is_pure and depth < 2:
                forms.append(lambda: f"self.wants_in(ctx, {self.number(2)}{self.after})")
        deep = [
            lambda: f"not ({self.flag(depth + 1)})",
            lambda: f"({self.flag(depth + 1)}) {pick(('and', 'or'))} ({self.flag(depth + 1)})",
        ]
        return pick(forms + deep if depth < 2 else forms[:4])()

    def order(self) -> str:
        pick, price, where = self.chance.choice, f"ctx.close({self.symbol})", self.after
        units = pick(("10", f"(5 + ctx.quantity({self.symbol}) % 7)", "0.4", f"abs(3 - ctx.quantity({self.symbol}))"))
        tif = pick(("gtc", "day", "ioc", "fok"))
        alone = where.removeprefix(", ")
        return pick((
            f"ctx.target_percent({pick(('0.3', '-0.2', '0.0', '0.9'))}{where})",
            f"ctx.target_quantity({pick(('25', '-6', '0', '7.5'))}{where})",
            f"ctx.close_position({self.symbol})",
            f"ctx.buy({units}{where}, stop_loss={price} * 0.97, take_profit={price} * 1.04, tag='bracket')",
            f"ctx.buy({units}{where}, limit_price={price} * 0.99, time_in_force='{tif}')",
            f"ctx.buy({units}{where}, stop_price={price} * 1.01, limit_price={price} * 1.02, stop_loss={price} * 0.95)",
            f"ctx.buy({units}{where}, limit_price={price} * 0.99, stop_loss={price} * 0.98, take_profit={price})",
            f"ctx.sell({units}{where}, stop_price={price} * 0.98)",
            f"ctx.sell({units}{where}, stop_price={price} * 0.995, limit_price={price} * 0.994, stop_loss={price})",
            f"ctx.sell({units}{where}, time_in_force='{tif}', stop_loss={price} * 1.05)",
            f"ctx.buy({units}{where})",
            f"ctx.buy({alone})",
            f"ctx.buy({alone + ', ' if alone else ''}limit_price={price} * 0.995)",
            f"ctx.sell({alone})",
            f"ctx.sell({units}{where}, {pick(('trail_percent=3', f'trail_amount={price} * 0.02'))})",
            f"ctx.buy({units}{where}, trail_percent=2, take_profit={price} * 1.5)",
            f"ctx.order({pick((units, '-4'))}{where}, order_type='market_on_close')",
            f"ctx.buy({units}{where}, limit_price={price} * 1.01, display_quantity=3)",
            f"ctx.cancel_all({pick((alone, ''))})",
            "ctx.cancel_all()",
        ))  # fmt: skip

    def block(self, indent: int, depth: int) -> list[str]:
        rows, pad = [], "    " * indent
        for _ in range(self.chance.randrange(1, 4)):
            kind = self.chance.randrange(7)
            if kind < 2 and depth < 3:
                rows += [f"{pad}if {self.flag()}:", *self.block(indent + 1, depth + 1)]
                if self.chance.random() < 0.4:
                    rows += [f"{pad}else:", *self.block(indent + 1, depth + 1)]
            elif kind == 2 and not self.is_function:
                rows.append(f"{pad}self.count += 1")
            elif kind == 3 and not self.is_function:
                rows.append(f"{pad}self.level = {self.number(1)}")
            elif kind == 4 and depth and self.chance.random() < 0.3:
                return [*rows, f"{pad}return"]
            elif kind == 5 and depth < 2 and not self.is_function:
                rows.append(f"{pad}self.act(ctx, {self.number(1)}{self.after})")
            else:
                rows.append(pad + self.order())
        return rows


def load(text: str, file: Path, name: str = "Drawn") -> Any:
    """The class `Drawn`, or what else is named, of a file with that text."""
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return getattr(module, name)


def world(seed: int, *, several: bool, longest: int = 400) -> dict[str, Any]:
    """The options of a run: bars, money, costs, fill rules."""
    chance = random.Random(seed)  # noqa: S311 - examples, not secrets
    bars = tw.synthetic_bars(
        ["A", "B", "C"] if several else ["A"], bars=chance.choice((60, longest)), seed=seed,
        timeframe=chance.choice(("1d", "15m")), volatility=chance.choice((1, 4)),
        start_price=chance.choice((2.0, 80.0)),
    )  # fmt: skip
    return {
        "series": dict(bars), "cash": chance.choice((1000.0, 100_000.0)), "costs": chance.choice(COSTS),
        "intrabar": chance.choice(("worst", "ohlc")), "limit_fill": chance.choice(("through", "touch")),
        "insufficient": chance.choice(("reject", "clip")), "limits": chance.choice(LIMITS),
        "margin": chance.choice(MARGINS),
    }  # fmt: skip


def outcome(strategy: Any, options: dict[str, Any], engine: str) -> tuple[str, dict[str, Any]]:
    """Hash and meta of a run, or what it raised."""
    try:
        record = run(RunPlan(strategies=[as_strategy(strategy, None)], engine=engine, **options))
    except tw.TradewrightError as error:
        return f"{type(error).__name__}: {error}", {}
    return record.hash, record.meta
