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

HEAD = """from tradewright import Param, Strategy
from tradewright import indicators as ta


class Drawn(Strategy):
    size = Param(12)
    weight = Param(0.35)

    def setup(self):
        self.fast = self.use(ta.sma, "close", 3)
        self.slow = self.use(ta.ema, "close", 7)
        self.count = 0
        self.level = 50.0

    def on_bar(self, ctx):
"""
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
    """Writes one strategy from a seed, over one symbol or over several."""

    def __init__(self, seed: int, *, several: bool) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - examples, not secrets
        self.several = several
        self.symbol = "s" if several else ""
        self.of = "[s]" if several else ""

    def text(self) -> str:
        body = []
        if self.several:
            source = "ctx.rank(self.fast, top=2)" if self.chance.random() < 0.5 else "ctx.symbols"
            body.append(f"        for s in {source}:")
        body += self.block(3 if self.several else 2, 1 if self.several else 0)
        return HEAD + "\n".join(body) + "\n"

    def number(self, depth: int = 0) -> str:
        pick = self.chance.choice
        forms = [
            lambda: f"ctx.{pick(('open', 'high', 'low', 'close'))}({self.symbol})",
            lambda: f"self.fast{self.of}{pick(('.value', '[-1]', '[-2]', '.ago(3)'))}",
            lambda: f"self.slow{self.of}{pick(('.value', '[-1]'))}",
            lambda: pick(("self.level", "self.count", "self.weight")),
            lambda: repr(round(self.chance.uniform(0.5, 120), 2)),
            lambda: pick(("ctx.equity / 1000", "ctx.cash / 1000", f"ctx.quantity({self.symbol})")),
            lambda: f"({self.number(depth + 1)} {pick('+-*')} {self.number(depth + 1)})",
            lambda: f"abs({self.number(depth + 1)})",
            lambda: f"({self.number(depth + 1)} if {self.flag(depth + 1)} else {self.number(depth + 1)})",
        ]
        return pick(forms if depth < 2 else forms[:6])()

    def flag(self, depth: int = 0) -> str:
        pick = self.chance.choice
        forms = [
            lambda: f"{self.number(depth + 1)} {pick(('<', '<=', '>', '>='))} {self.number(depth + 1)}",
            lambda: f"self.fast{self.of}.{pick(('crossed_above', 'crossed_below'))}(self.slow{self.of})",
            lambda: f"ctx.has_position({self.symbol})",
            lambda: pick(("ctx.new_session", "ctx.new_month", "self.count % 3 == 0", "self.count > 4")),
            lambda: f"ctx.close({self.symbol}) > ctx.open({self.symbol})",
            lambda: f"not ({self.flag(depth + 1)})",
            lambda: f"({self.flag(depth + 1)}) {pick(('and', 'or'))} ({self.flag(depth + 1)})",
        ]
        return pick(forms if depth < 2 else forms[:5])()

    def order(self) -> str:
        pick, price = self.chance.choice, f"ctx.close({self.symbol})"
        where = ", s" if self.several else ""
        units = pick(("10", "self.size", "(5 + self.count % 7)", "0.4"))
        return pick((
            f"ctx.target_percent({pick(('0.3', 'self.weight', '0.0', '0.9'))}{where})",
            f"ctx.target_quantity({pick(('25', 'self.size', '0', '7.5'))}{where})",
            f"ctx.close_position({self.symbol})",
            f"ctx.buy({units}{where}, stop_loss={price} * 0.97, take_profit={price} * 1.04, tag='bracket')",
            f"ctx.buy({units}{where}, limit_price={price} * 0.99, time_in_force='{pick(('gtc', 'day'))}')",
            f"ctx.buy({units}{where}, stop_price={price} * 1.01, limit_price={price} * 1.02, stop_loss={price} * 0.95)",
            f"ctx.sell({units}{where}, stop_price={price} * 0.98)",
            f"ctx.sell({units}{where})",
            f"ctx.buy({units}{where})",
        ))  # fmt: skip

    def block(self, indent: int, depth: int) -> list[str]:
        rows, pad = [], "    " * indent
        for _ in range(self.chance.randrange(1, 4)):
            kind = self.chance.randrange(6)
            if kind < 2 and depth < 3:
                rows += [f"{pad}if {self.flag()}:", *self.block(indent + 1, depth + 1)]
                if self.chance.random() < 0.4:
                    rows += [f"{pad}else:", *self.block(indent + 1, depth + 1)]
            elif kind == 2:
                rows.append(f"{pad}self.count += 1")
            elif kind == 3:
                rows.append(f"{pad}self.level = {self.number(1)}")
            elif kind == 4 and depth and self.chance.random() < 0.3:
                return [*rows, f"{pad}return"]
            else:
                rows.append(pad + self.order())
        return rows


def load(text: str, file: Path) -> Any:
    """The class `Drawn` of a file with that text."""
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module.Drawn


def world(seed: int, *, several: bool) -> dict[str, Any]:
    """The options of a run: bars, money, costs, fill rules."""
    chance = random.Random(seed)  # noqa: S311 - examples, not secrets
    bars = tw.synthetic_bars(
        ["A", "B", "C"] if several else ["A"], bars=chance.choice((60, 400)), seed=seed,
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
        record = run(RunPlan(strategies=[strategy()], engine=engine, **options))
    except tw.TradewrightError as error:
        return f"{type(error).__name__}: {error}", {}
    return record.hash, record.meta
