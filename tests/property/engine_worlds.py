"""Random worlds for the engine: bars with holes, jumps, splits and dividends, accounts of every kind, strategies that
place every order there is. A world is a function of its seed; run as a module it prints the hashes of its seeds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from tests.builders import weekdays
from tests.markets import daily, intraday, row_of

import tradewright as tw
from tradewright import indicators as ta
from tradewright.domain.bars import Bars
from tradewright.domain.errors import OrderError
from tradewright.domain.record import RunRecord
from tradewright.engine.plan import RunPlan
from tradewright.engine.run import run
from tradewright.risk.limits import Limits

KINDS = ("market", "limit", "stop", "stop_limit", "trail_amount", "trail_percent", "market_on_close")
WORDS = ("gtc", "gtc", "gtc", "day", "ioc", "fok", "gtd")


@dataclass(frozen=True)
class World:
    """One run to be: bars, plan options, and how many strategies act."""

    seed: int
    series: dict[str, Bars]
    options: dict[str, Any]
    strategies: int
    calm: bool = False


class Noise(tw.Strategy):
    """Acts at random, from its own generator: every order kind, brackets, pairs, targets, cancels, replacements."""

    rate = tw.Param(0.25)

    def setup(self):
        self.average = self.use(ta.sma, "close", 3)
        self.refs: list[Any] = []
        self.seen: list[tuple[int, float]] = []

    def required_warmup_bars(self):
        return 1

    def on_bar(self, ctx):
        for symbol in ctx.symbols:
            if ctx.rng.random() < self.rate:
                try:
                    self.act(ctx, symbol)
                except OrderError as error:
                    ctx.log(str(error)[:30])
        self.seen.append((row_of(ctx), ctx.equity))

    def act(self, ctx, symbol):
        choice = ctx.rng.integers(0, 12)
        if choice < 6:
            self.place(ctx, symbol)
        elif choice == 6:
            ctx.target_percent(float(ctx.rng.uniform(-0.6, 1.1)), symbol)
        elif choice == 7:
            ctx.target_quantity(float(ctx.rng.integers(-40, 60)), symbol)
        elif choice == 8:
            ctx.close_position(symbol, tag="close")
        elif choice == 9:
            ctx.cancel_all(symbol if ctx.rng.random() < 0.7 else None)
        elif self.refs:
            self.meddle(ctx, self.refs[int(ctx.rng.integers(0, len(self.refs)))])

    def meddle(self, ctx, ref):
        if ctx.rng.random() < 0.4:
            ref.cancel()
        else:
            self.refs.append(ctx.replace(ref, quantity=float(ctx.rng.integers(1, 50))))

    def place(self, ctx, symbol):
        rng, price = ctx.rng, ctx.close(symbol)
        side = 1 if rng.random() < 0.6 else -1
        options: dict[str, Any] = {"time_in_force": WORDS[rng.integers(0, len(WORDS))]}
        if options["time_in_force"] == "gtd":
            options["expires"] = ctx.timestamp + dt.timedelta(hours=int(rng.integers(1, 90)))
        kind = KINDS[rng.integers(0, len(KINDS))]
        below, above = price * (1 - 0.02 * rng.random()), price * (1 + 0.02 * rng.random())
        options |= _prices(kind, side, (below, above))
        entry = options.get("stop_price", options.get("limit_price", price))
        if rng.random() < 0.4:
            options["stop_loss"] = entry * (1 - side * 0.01 * (1 + rng.random()))
        if rng.random() < 0.4:
            options["take_profit"] = entry * (1 + side * 0.01 * (1 + rng.random()))
        if rng.random() < 0.1:
            options["display_quantity"] = float(rng.integers(1, 6))
        if self.refs and rng.random() < 0.15:
            options["oco"] = self.refs[-1]
        self.refs.append(ctx.order(side * float(rng.integers(1, 50)), symbol, **options))


def _prices(kind: str, side: int, around: tuple[float, float]) -> dict[str, Any]:
    below, above = around
    if kind == "limit":
        return {"limit_price": below if side > 0 else above}
    if kind == "stop":
        return {"stop_price": above if side > 0 else below}
    if kind == "stop_limit":
        stop = above if side > 0 else below
        return {"stop_price": stop, "limit_price": stop * (1 + side * 0.005)}
    if kind.startswith("trail"):
        return {kind: 0.8}
    return {"order_type": kind}


class Watched(Noise):
    """The same, with a hook that does nothing, which takes the other loop."""

    def on_session_close(self, ctx):
        pass


class Listening(Noise):
    """The same, hearing of fills and orders."""

    def on_fill(self, ctx, fill):
        ctx.log("fill", order=fill.order_id, row=row_of(ctx), time=fill.time)

    def on_order(self, ctx, order):
        ctx.log("order", order=order.id, status=str(order.status), row=row_of(ctx))


# ---------------------------------------------------------------- markets


def walk(rng: np.random.Generator, count: int, start: float) -> list[list[float]]:
    """Rows of (open, high, low, close, volume) with gaps, on a grid of cents."""
    rows, last = [], start
    for _ in range(count):
        opened = max(1.0, last * (1 + rng.normal(0, 0.01)))
        close = max(1.0, opened * (1 + rng.normal(0, 0.012)))
        high = max(opened, close) * (1 + abs(rng.normal(0, 0.006)))
        low = min(opened, close) * (1 - min(0.5, abs(rng.normal(0, 0.006))))
        volume = 0.0 if rng.random() < 0.05 else float(rng.integers(50, 2000))
        rows.append([round(opened, 2), max(round(high, 2), round(opened, 2), round(close, 2)),
                     min(round(low, 2), round(opened, 2), round(close, 2)), round(close, 2), volume])  # fmt: skip
        last = close
    return rows


def _actions(rng: np.random.Generator, days: np.ndarray) -> tw.Actions:
    if rng.random() < 0.5:
        return tw.Actions()
    chosen = np.sort(rng.choice(days[1:], 2, replace=False))
    return tw.Actions(
        split_days=chosen[:1], split_ratios=np.array([float(rng.choice([2.0, 3.0, 0.5, 1.5]))]),
        dividend_days=chosen[1:], dividends=np.array([round(float(rng.uniform(0.1, 1.0)), 2)]),
    )  # fmt: skip


def _instrument(rng: np.random.Generator, name: str, *, futures: bool) -> Any:
    kind = rng.integers(0, 5)
    if kind == 0 and futures:
        return tw.Future(name, "XNYS", multiplier=5.0, margin=120.0, maintenance=90.0)
    if kind == 1:
        return tw.Equity(name, "XNYS", fractional=True)
    if kind == 2:
        return tw.Equity(name, "XNYS", currency="EUR")
    if kind == 3:
        return tw.Equity(name, "XNYS", has_volume=False)
    return tw.Equity(name, "XNYS")


def market(rng: np.random.Generator, *, symbols: int, futures: bool = True) -> dict[str, Bars]:
    """Daily or five-minute bars of some symbols; with several, bars are missing here and there."""
    sessions = int(rng.integers(8, 40))
    per_session = 1 if rng.random() < 0.6 else int(rng.integers(2, 7))
    days = weekdays(sessions)
    series = {}
    for number in range(symbols):
        name = "ABC"[number]
        rows: list[Any] = walk(rng, sessions * per_session, float(rng.uniform(20, 80)))
        holes = rng.random(len(rows)) < (0.1 if symbols > 1 else 0.0)
        kept = [None if hole and place else row for place, (row, hole) in enumerate(zip(rows, holes, strict=True))]
        instrument, actions = _instrument(rng, name, futures=futures), _actions(rng, days)
        if per_session == 1:
            series[name] = daily(kept, instrument, actions=actions)
        else:
            cut = [kept[first : first + per_session] for first in range(0, len(kept), per_session)]
            series[name] = intraday(cut, instrument, minutes=5, actions=actions)
    return series


def _costs(rng: np.random.Generator) -> tw.Costs:
    slippage = [tw.NoSlippage(), tw.Bps(10), tw.Spread(0.04), tw.SquareRootImpact(0.02), tw.VolumeShareImpact(0.1)]
    commission = [
        tw.NoCommission(), tw.PerTrade(1.0), tw.PerShare(0.005, at_least=1.0), tw.Percent(0.001),
        tw.MakerTaker(-0.0001, 0.001), tw.Tiered(((0.0, 0.002), (5_000.0, 0.001), (20_000.0, 0.0005))),
    ]  # fmt: skip
    return tw.Costs(
        slippage=slippage[rng.integers(0, len(slippage))], commission=commission[rng.integers(0, len(commission))],
        tax_sell=0.001 if rng.random() < 0.3 else 0.0, borrow_rate=0.05 if rng.random() < 0.5 else 0.0,
        interest_rate=0.04 if rng.random() < 0.5 else 0.0, participation=float(rng.choice([0.02, 0.1, np.inf])),
    )  # fmt: skip


def _limits(rng: np.random.Generator) -> tw.Limits:
    names = ("none", "none", "none", "cautious", "standard", "bold")
    if rng.random() < 0.2:
        return tw.Limits("tight", day_loss=0.002, drawdown=0.02)
    return Limits.of(names[rng.integers(0, len(names))])


def world(seed: int, *, single: bool = False, cash_account: bool = False, detail: bool = False) -> World:
    """A world by its number."""
    rng = np.random.default_rng(seed)
    symbols = 1 if single else int(rng.integers(1, 4))
    series = market(rng, symbols=symbols, futures=not cash_account)
    options: dict[str, Any] = {
        "cash": float(rng.choice([1_000.0, 5_000.0, 50_000.0])),
        "costs": _costs(rng),
        "limits": _limits(rng),
        "fill_at": "close" if rng.random() < 0.1 else "open",
        "size_at": "fill" if rng.random() < 0.2 else "decision",
        "intrabar": "ohlc" if rng.random() < 0.3 else "worst",
        "limit_fill": "touch" if rng.random() < 0.3 else "through",
        "insufficient": "clip" if rng.random() < 0.3 else "reject",
        "finalize": bool(rng.random() < 0.3),
        "latency_bars": int(rng.choice([0, 0, 0, 1, 3])),
        "seed": seed,
    }
    if not cash_account and rng.random() < 0.6:
        initial = float(rng.choice([1.0, 0.5, 0.3]))
        options["margin"] = tw.Margin(initial=initial, maintenance=initial * 0.5, shorts=bool(rng.random() < 0.8))
    if any(bars.instrument.currency == "EUR" for bars in series.values()):
        options["fx"] = {"EUR": _rates(rng, series) if rng.random() < 0.6 else 1.1}
    if detail or rng.random() < 0.1:
        series, finer = _with_detail(rng, series)
        options["detail"] = finer
    return World(seed, series, options, 1 if single or rng.random() < 0.7 else 2)


def _rates(rng: np.random.Generator, series: dict[str, Bars]) -> Bars:
    """A currency's rates on bars of their own, known before the market opens."""
    count = max(len(bars.sessions.labels) for bars in series.values()) * 2 + 10
    rows = [[price] * 4 for price in (1.1 + np.cumsum(rng.normal(0, 0.002, count))).tolist()]
    return daily(rows, tw.FxPair("EURUSD"), first_day=18_267 - 7)


def _with_detail(rng: np.random.Generator, series: dict[str, Bars]) -> tuple[dict[str, Bars], dict[str, Bars]]:
    """Five-minute bars for the first symbol, and the trading bars they make, so that the two agree."""
    first = next(iter(series.values()))
    if first.timeframe.is_intraday:
        return series, {}
    days = [walk(rng, 6, 40.0) for _ in range(int(np.ptp(first.sessions.labels)) * 5 // 7 + 1)]
    whole = [
        [day[0][0], max(row[1] for row in day), min(row[2] for row in day), day[-1][3], sum(row[4] for row in day)]
        for day in days
    ]
    finer = intraday(days, first.instrument, minutes=5)
    return {**series, first.symbol: daily(whole, first.instrument)}, {first.symbol: finer}


# ---------------------------------------------------------------- runs


def plan_of(made: World, *kinds: type[tw.Strategy], **changes: Any) -> RunPlan:
    """The plan of a world with its strategies."""
    kinds = kinds or (Noise,) * made.strategies
    return RunPlan(strategies=[kind() for kind in kinds], series=made.series, **{**made.options, **changes})


def carry_out(made: World, *kinds: type[tw.Strategy], **changes: Any) -> RunRecord:
    """The record of a world's run."""
    return run(plan_of(made, *kinds, **changes))


def cut(made: World, stop: int) -> World:
    """The same world with nothing after an instant."""

    def before(bars: Bars) -> Bars | None:
        kept = int(np.searchsorted(bars.close_time, stop, "right"))
        return bars.rows(0, kept) if kept else None

    series = {name: short for name, bars in made.series.items() if (short := before(bars)) is not None}
    return replace(made, series=series)


def stirred(made: World, stop: int) -> World:
    """The same world with other prices and volumes after an instant, in every series there is."""

    def other(bars: Bars) -> Bars:
        first = int(np.searchsorted(bars.close_time, stop, "right"))
        columns = {}
        for name in ("open", "high", "low", "close", "volume"):
            column = np.array(getattr(bars, name))
            column[first:] = column[first:] * 1.25
            columns[name] = column
        return replace(bars, **columns)

    def each(options: dict[str, Any], name: str) -> dict[str, Any]:
        return {key: other(value) if isinstance(value, Bars) else value for key, value in options.get(name, {}).items()}

    options = {**made.options, "fx": each(made.options, "fx"), "detail": each(made.options, "detail")}
    return replace(made, series={name: other(bars) for name, bars in made.series.items()}, options=options)


def digests(seeds: Iterator[int] | range) -> str:
    """One text of the record hashes and the JSON documents of worlds."""
    lines = []
    for seed in seeds:
        made = world(seed)
        costs, options = made.options["costs"], dict(made.options)
        kinds = [Listening] * made.strategies
        result = tw.backtest(kinds, made.series, **{**options, "costs": costs})
        text = hashlib.sha256(result.to_json().encode()).hexdigest()
        lines.append(f"{seed} {result.hash} {text}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(digests(range(int(sys.argv[1]), int(sys.argv[2]))))
