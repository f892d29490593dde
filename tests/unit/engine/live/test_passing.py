"""What a session has behind it leaves its memory, however long it runs; what can be asked for stays."""

from __future__ import annotations

import gc
import tracemalloc

import pytest
from tests.live_rows import history_before, rows_from
from tests.markets import FREE, daily

import tradewright as tw
from tradewright.domain.errors import ConfigError
from tradewright.domain.live.session import Filled, Placed
from tradewright.engine.live.session import BROKER, SIMULATED, SessionEngine
from tradewright.engine.plan import RunPlan
from tradewright.strategy.adapt import as_strategy

ROWS = 200
HISTORY = 3
WAVE = [100.0 + (number % 7) for number in range(HISTORY + 3 * ROWS)]


class Busy(tw.Strategy):
    """In with a bracket and out again, an order that never fills, and words about it all."""

    def setup(self):
        self.bars = 0

    def on_bar(self, ctx):
        self.bars += 1
        if ctx.has_position():
            ctx.close_position(tag=f"out {self.bars}")
        else:
            ctx.buy(1, stop_loss=ctx.close() * 0.5, tag=f"in {self.bars}")
        ctx.cancel_all() if self.bars % 5 == 0 else ctx.buy(1, limit_price=1.0, client_order_id=f"{self.bars}")
        ctx.log("bar", number=self.bars)

    def on_order(self, ctx, order):
        ctx.log("order", number=order.id)


def session(*kinds, filling=SIMULATED, remembers=False, prices=WAVE):
    series = {"ACME": daily(prices)}
    before = history_before(series, HISTORY)
    assert before is not None
    plan = RunPlan([as_strategy(kind, None) for kind in kinds], before, costs=FREE)
    return SessionEngine(plan, filling, remembers=remembers), list(rows_from(series, HISTORY))


def bytes_of_engine():
    """What the engine and its exchange hold; bars are held by the market, and are what strategies look back at."""
    gc.collect()
    kept = [tracemalloc.Filter(inclusive=True, filename_pattern=f"*/tradewright/{room}/*")
            for room in ("engine", "simulation")]  # fmt: skip
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(kept).statistics("filename"))


def held_after(engine, rows, count):
    for row in rows[:count]:
        engine.take(row)
    return bytes_of_engine()


def growth(*, remembers):
    """How many bytes three times as many rows hold more."""
    tracemalloc.start()
    try:
        engine, rows = session(Busy, Busy, remembers=remembers)
        first = held_after(engine, rows, ROWS)
        return held_after(engine, rows[ROWS:], 2 * ROWS) - first, engine
    finally:
        tracemalloc.stop()


def test_what_a_session_holds_does_not_grow_with_its_rows() -> None:
    """Orders that are over wait until they are some hundreds: that much it goes up and down."""
    whole, engine = growth(remembers=True)
    brief, _ = growth(remembers=False)
    assert len(engine.record().events["kind"]) > 10 * ROWS
    assert brief < whole / 10


def test_the_record_of_a_running_session_is_read_by_replaying_it() -> None:
    engine, rows = session(Busy)
    engine.take(rows[0])
    with pytest.raises(ConfigError, match="Replay"):
        engine.record()


class Collector(tw.Strategy):
    """Keeps the reference of its first order for good."""

    def setup(self):
        self.first = None

    def on_bar(self, ctx):
        reference = ctx.buy(1, tag="mine") if not ctx.has_position() else ctx.close_position()
        self.first = self.first or reference


def test_an_order_can_be_asked_for_as_long_as_its_reference_is_held() -> None:
    engine, rows = session(Collector)
    for row in rows:
        engine.take(row)
    order = engine.strategies[0].first.order
    assert (order.id, order.status, order.filled, order.tag) == (1, "filled", 1.0, "mine")
    assert not engine.desk.orders.knows(2)


def test_a_fill_that_a_broker_tells_late_finds_its_order() -> None:
    engine, rows = session(Collector, filling=BROKER)
    number = 0
    for row in rows[:ROWS]:
        for each in engine.take(row):
            if isinstance(each, Placed):
                number += 1
                engine.take(Filled(each.order_id, each.quantity, 100.0, 0.0, row.close_ns, f"x{number}"))
    held = engine.desk.quantity(0)
    engine.take(Filled(3, 1.0, 100.0, 0.0, 0, "late"))
    assert engine.desk.quantity(0) == held + 1.0
