"""A session over the simulated venue is the backtest of its bars: row by row or all at once, the bits are the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.live_rows import history_before, rows_from
from tests.property.engine_worlds import Listening, Noise, Watched, World, world

import tradewright as tw
from tradewright.domain.live.session import input_from_plain, output_from_plain, plain_of
from tradewright.engine.live.passing import SessionOrders
from tradewright.engine.live.session import SessionEngine
from tradewright.engine.plan import RunPlan
from tradewright.engine.run import run
from tradewright.marketdata.market import Market
from tradewright.strategy.adapt import as_strategy

KEPT = ("cash", "costs", "margin", "limits", "intrabar", "limit_fill", "insufficient", "seed", "size_at")


class Asking(Watched):
    """Reads longer timeframes, histories and sessions besides."""

    def setup(self):
        super().setup()
        self.slow = self.use(tw.indicators.ema, "close", 5)
        self.slower = self.use(tw.indicators.sma, self.slow, 3) if not isinstance(self.slow, dict) else None

    def required_warmup_bars(self):
        return 8

    def on_bar(self, ctx):
        for symbol in ctx.symbols:
            line = self.slow if not isinstance(self.slow, dict) else self.slow[symbol]
            if line.is_ready and line.crossed_above(ctx.close(symbol)):
                ctx.log("crossed", symbol=symbol, value=line.value, past=len(ctx.get_last_n_bars(symbol, None, 9)))
        if ctx.new_session:
            ctx.log("session", date=str(ctx.date), month=ctx.new_month)
        super().on_bar(ctx)

    def on_session_close(self, ctx):
        ctx.log("closed", date=str(ctx.date), equity=ctx.equity)


class Careless(Listening):
    """Keeps the references to its last three orders, and to every seventh; it says how those stand."""

    def setup(self):
        super().setup()
        self.kept = []

    def on_bar(self, ctx):
        super().on_bar(ctx)
        self.kept += [each for each in self.refs[:-3] if each.id % 7 == 0]
        del self.refs[:-3]
        ctx.log("kept", orders=[str(each.order) for each in self.kept if each])


def options_of(made: World) -> dict[str, Any]:
    return {name: value for name, value in made.options.items() if name in KEPT}


def without_actions(made: World) -> World:
    return replace(made, series={name: replace(bars, actions=tw.Actions()) for name, bars in made.series.items()})


def begin(made: World, share: float) -> tuple[int, str] | None:
    """The first row of a session somewhere inside, and its date."""
    sessions = Market(made.series).sessions
    if len(sessions.labels) < 3:
        return None
    place = 1 + int(share * (len(sessions.labels) - 2))
    return int(sessions.first_rows[place]), str(np.datetime64(int(sessions.labels[place]), "D"))


def both(made: World, share: float, *kinds: type[tw.Strategy]) -> tuple[Any, SessionEngine]:
    found = begin(made, share)
    assume(found is not None)
    assert found is not None
    row, date = found
    history = history_before(made.series, row)
    assume(history is not None)
    assert history is not None
    made_of = options_of(made)
    try:
        stored = run(
            RunPlan([as_strategy(k, None) for k in kinds], made.series, start=date, engine="python", **made_of)
        )
    except tw.TradewrightError:
        assume(False)
    engine = SessionEngine(RunPlan([as_strategy(kind, None) for kind in kinds], history, **made_of))
    for each in rows_from(made.series, row):
        outputs = engine.take(input_from_plain(_as_json(plain_of(each))))
        assert all(output_from_plain(_as_json(plain_of(said))) == said for said in outputs)
    engine.stop()
    return stored, engine


def _as_json(plain: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(plain))
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1))
def test_rows_one_by_one_come_to_the_same_events_orders_and_trades_as_all_at_once(seed: int, share: float) -> None:
    made = without_actions(world(seed))
    stored, engine = both(made, share, *(Noise, Asking)[: made.strategies])
    grown = engine.record()
    for name, column in stored.events.items():
        np.testing.assert_array_equal(column, grown.events[name], err_msg=f"seed {seed}: {name}")
    for name, column in stored.orders.items():
        np.testing.assert_array_equal(column, grown.orders[name], err_msg=f"seed {seed}: {name}")
    assert [line.message for line in stored.logs] == [line.message for line in grown.logs]
    assert stored.logs == grown.logs
    np.testing.assert_array_equal(stored.equity, grown.equity)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1))
def test_an_engine_that_lets_go_of_what_is_over_says_the_same(seed: int, share: float) -> None:
    made = without_actions(world(seed))
    found = begin(made, share)
    assume(found is not None)
    assert found is not None
    history = history_before(made.series, found[0])
    assume(history is not None)
    assert history is not None
    kinds, options = (Careless, Asking)[: made.strategies], options_of(made) | {"fx": {"EUR": 1.1}}
    plans = [RunPlan([as_strategy(kind, None) for kind in kinds], history, **options) for _ in range(2)]
    whole, brief = SessionEngine(plans[0]), SessionEngine(plans[1], remembers=False)
    with patch.object(SessionOrders, "is_many", new=True):
        for row in rows_from(made.series, found[0]):
            assert brief.take(row) == whole.take(row), f"seed {seed}"
    assert brief.standings() == whole.standings()
