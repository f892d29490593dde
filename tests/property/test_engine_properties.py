"""What is true of any run: the money adds up, nothing looks ahead, every road through the loop gives the same bits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.property.engine_worlds import Listening, Noise, Watched, carry_out, cut, digests, plan_of, stirred, world

from tradewright.domain.events import EventKind
from tradewright.domain.order import OrderStatus, TimeInForce, require_transition
from tradewright.domain.record import RunRecord
from tradewright.engine.run import run
from tradewright.reporting.result import Result

SEEDS = st.integers(0, 2**32 - 1)
MANY = settings(max_examples=60, deadline=None)
FEW = settings(max_examples=30, deadline=None)
STATUSES = tuple(OrderStatus)
TRADING = (EventKind.FILL, EventKind.EXPIRY, EventKind.CASH_IN_LIEU)
INCOME = (EventKind.DIVIDEND, EventKind.BORROW, EventKind.INTEREST)
ENDINGS = {
    EventKind.CANCELLED: OrderStatus.CANCELLED,
    EventKind.EXPIRED: OrderStatus.EXPIRED,
    EventKind.REJECTED: OrderStatus.REJECTED,
}


def rows(record: RunRecord) -> list[dict[str, float]]:
    names = list(record.events)
    return [dict(zip(names, values, strict=True)) for values in zip(*record.events.values(), strict=True)]


def same_bits(one: RunRecord, other: RunRecord) -> None:
    """Every event, order, trade and mark alike, as bits."""
    np.testing.assert_array_equal(one.equity.view(np.int64), other.equity.view(np.int64))
    for first, second in ((one.events, other.events), (one.orders, other.orders), (one.trades, other.trades)):
        for name, column in first.items():
            np.testing.assert_array_equal(column.view(np.int64), second[name].view(np.int64), err_msg=name)


# ---------------------------------------------------------------- money


@MANY
@given(SEEDS)
def test_money_adds_up(seed: int) -> None:
    """Equity is the starting cash, less what was bought, plus what was sold and received, less costs, plus holdings."""
    made = world(seed)
    record = carry_out(made)
    spent = traded = 0.0
    for event in rows(record):
        instrument = record.instruments[int(event["book"]) % len(record.instruments)]
        if event["kind"] in TRADING:
            notional = event["quantity"] * event["price"] * instrument.multiplier * event["fx"]
            spent, traded = spent + notional + event["fee"] + event["tax"], traded + abs(notional)
        elif event["kind"] in INCOME:
            spent -= event["quantity"]
    held = sum(position.value for position in record.open_positions)
    expected = record.config.cash - spent + held
    assert record.equity[-1] == pytest.approx(expected, abs=1e-9 * (record.config.cash + traded))


@MANY
@given(SEEDS)
def test_profit_splits_into_realised_unrealised_and_costs(seed: int) -> None:
    record = carry_out(world(seed))
    metrics = Result(record).metrics
    parts = metrics["realized"] + metrics["unrealized"] - metrics["total_costs"]
    size = record.config.cash + metrics["traded_value"]
    assert metrics["net_profit"] == pytest.approx(parts, abs=1e-9 * size)


@MANY
@given(SEEDS)
def test_position_is_what_was_filled_through_the_splits(seed: int) -> None:
    record = carry_out(world(seed))
    held: dict[float, float] = {}
    for event in rows(record):
        book = event["book"]
        if event["kind"] == EventKind.SPLIT:
            held[book] = held.get(book, 0.0) * event["quantity"]
        elif event["kind"] in TRADING:
            held[book] = held.get(book, 0.0) + event["quantity"]
        if event["kind"] != EventKind.SPLIT:
            assert event["position"] == pytest.approx(held.get(book, 0.0), abs=1e-6)
    open_now = {position.book: position.quantity for position in record.open_positions}
    for book, units in held.items():
        assert open_now.get(int(book), 0.0) == pytest.approx(units, abs=1e-6)


@MANY
@given(SEEDS)
def test_equity_asked_in_the_loop_is_the_curve_to_the_bit(seed: int) -> None:
    made = world(seed)
    plan = plan_of(made, finalize=False, fill_at="open")
    record = run(plan)
    for strategy in plan.strategies[-1:]:
        for row, equity in strategy.seen:
            assert np.float64(equity).view(np.int64) == record.equity[row].view(np.int64)


@MANY
@given(SEEDS)
def test_a_cash_account_never_owes_more_than_the_costs_of_leaving(seed: int) -> None:
    record = carry_out(world(seed, cash_account=True))
    exits = 0.0
    for event in rows(record):
        if event["kind"] == EventKind.FILL:
            if event["quantity"] < 0:
                exits += event["fee"] + event["tax"]
            assert event["position"] >= 0.0
        assert event["cash"] >= -exits - 1e-6 * record.config.cash


# ---------------------------------------------------------------- orders


@MANY
@given(SEEDS)
def test_orders_walk_the_state_machine(seed: int) -> None:
    """Fills, then at most one ending; nothing after it; never more than ordered; the table says what the events say."""
    record = carry_out(world(seed, single=bool(seed % 2)))
    table = record.orders
    count = len(table["id"])
    assert table["id"].tolist() == list(range(1, count + 1))
    state = [OrderStatus.SUBMITTED] * count
    for event in rows(record):
        number = int(event["order_id"]) - 1
        if number < 0:
            continue
        kind = EventKind(int(event["kind"]))
        after = ENDINGS.get(kind, OrderStatus.PARTIALLY_FILLED)
        require_transition(state[number], after)
        state[number] = after
    for number, reached in enumerate(state):
        final = STATUSES[int(table["status"][number])]
        if final is OrderStatus.FILLED:
            assert reached is OrderStatus.PARTIALLY_FILLED
        else:
            assert final is reached
        if not record.events["kind"].tolist().count(float(EventKind.SPLIT)):
            assert table["filled"][number] <= table["quantity"][number] + 1e-6


@MANY
@given(SEEDS)
@example(58677)  # an iceberg that works through a 3:2 split
def test_only_whole_lots_trade(seed: int) -> None:
    record = carry_out(world(seed))
    for event in rows(record):
        if event["kind"] == EventKind.FILL:
            lots = event["quantity"] / record.instruments[int(event["book"]) % len(record.instruments)].lot
            assert abs(lots - round(lots)) < 1e-6


@MANY
@given(SEEDS)
def test_no_order_fills_in_the_bar_it_was_decided_on(seed: int) -> None:
    """It works from the next row on, or after as many rows as the latency says; legs not before their entry."""
    made = world(seed)
    record = carry_out(made, fill_at="open", finalize=False)
    wait = made.options["latency_bars"]
    for event in rows(record):
        if event["kind"] == EventKind.FILL:
            number = int(event["order_id"]) - 1
            role = record.orders["role"][number]
            decided = record.orders["row"][number]
            assert event["row"] >= decided + 1 + (wait if role in (0, 1, 2) else 0)


# ---------------------------------------------------------------- the future


def decisions_before(record: RunRecord, stop: int) -> list[tuple[float, ...]]:
    """What was asked for before a row: everything of an order that is fixed when it is decided."""
    table = record.orders
    fixed = ("id", "book", "row", "type", "role", "tif", "limit", "stop", "trail", "display", "parent")
    kept = np.flatnonzero(table["row"] < stop)
    return [tuple(np.float64(table[name][place]).tobytes() for name in fixed) for place in kept]


def events_before(record: RunRecord, stop: int) -> list[bytes]:
    kept = record.events["row"] < stop
    return [column[kept].tobytes() for column in record.events.values()]


def check_past(one: RunRecord, other: RunRecord, stop: int) -> None:
    assert events_before(one, stop) == events_before(other, stop)
    assert decisions_before(one, stop) == decisions_before(other, stop)
    assert one.equity[:stop].tobytes() == other.equity[:stop].tobytes()


@MANY
@given(SEEDS, st.floats(0.1, 0.95))
def test_ending_the_bars_sooner_changes_nothing_before(seed: int, share: float) -> None:
    made = world(seed)
    whole = carry_out(made, finalize=False)
    last_rows = whole.timeline.sessions.last_rows(len(whole.timeline))
    row = int(last_rows[int(share * (len(last_rows) - 1))])
    stop = int(whole.timeline.close_time[row])
    shorter = cut(made, stop)
    if len(shorter.series) == len(made.series):
        check_past(whole, carry_out(shorter, finalize=False), row + 1)


@MANY
@given(SEEDS, st.floats(0.0, 0.95))
def test_other_bars_in_the_future_change_nothing_before(seed: int, share: float) -> None:
    made = world(seed)
    whole = carry_out(made, finalize=False)
    row = int(share * (len(whole.timeline) - 1))
    other = carry_out(stirred(made, int(whole.timeline.close_time[row])), finalize=False)
    check_past(whole, other, row + 1)


# ---------------------------------------------------------------- same bits


@MANY
@given(SEEDS)
def test_the_plain_loop_and_the_full_one_agree_to_the_bit(seed: int) -> None:
    made = world(seed, single=True)
    options = {"margin": None, "limits": plan_of(made).limits.of("none"), "size_at": "decision", "detail": {}}
    same_bits(carry_out(made, Noise, **options), carry_out(made, Watched, **options))


@MANY
@given(SEEDS)
def test_sleeping_through_bars_loses_nothing(seed: int) -> None:
    made = world(seed)
    same_bits(carry_out(made), carry_out(made, screen=False))


@FEW
@given(SEEDS)
def test_listening_changes_nothing(seed: int) -> None:
    made = world(seed)
    kinds = [Listening] * made.strategies
    same_bits(carry_out(made), carry_out(made, *kinds))


@FEW
@given(SEEDS)
def test_a_run_repeats_itself(seed: int) -> None:
    made = world(seed)
    assert carry_out(made).hash == carry_out(made).hash


@FEW
@given(SEEDS)
def test_fills_are_heard_once_each_and_in_order_number(seed: int) -> None:
    made = world(seed)
    record = carry_out(made, *[Listening] * made.strategies, fill_at="open", finalize=False)
    for strategy in range(made.strategies):
        heard = [line for line in record.logs if line.message == "fill"] if made.strategies == 1 else []
        if strategy == 0 and heard:
            filled = record.events["kind"] == EventKind.FILL
            expected = sorted(zip(record.events["row"][filled], record.events["order_id"][filled], strict=True))
            assert [(line.fields["row"], line.fields["order"]) for line in heard] == expected


@FEW
@given(SEEDS)
def test_finer_bars_keep_the_money_and_the_past(seed: int) -> None:
    made = world(seed, detail=True)
    whole = carry_out(made, finalize=False)
    metrics = Result(whole).metrics
    parts = metrics["realized"] + metrics["unrealized"] - metrics["total_costs"]
    assert metrics["net_profit"] == pytest.approx(parts, abs=1e-9 * (whole.config.cash + metrics["traded_value"]))
    row = len(whole.timeline) // 2
    other = carry_out(stirred(made, int(whole.timeline.close_time[row])), finalize=False)
    check_past(whole, other, row + 1)


@FEW
@given(SEEDS)
def test_a_silent_partner_changes_nothing(seed: int) -> None:
    """A second strategy that never acts leaves the first one's fills as they were; books add up over strategies."""

    class Silent(Noise):
        def on_bar(self, ctx):
            assert all(ctx.quantity(symbol) == 0.0 for symbol in ctx.universe)

    made = world(seed)
    alone, beside = carry_out(made, Noise), carry_out(made, Noise, Silent)
    np.testing.assert_array_equal(alone.equity.view(np.int64), beside.equity.view(np.int64))
    moving = {name: beside.events[name][beside.events["book"] < len(made.series)] for name in beside.events}
    assert [c.tobytes() for c in alone.events.values()] == [c.tobytes() for c in moving.values()]


@MANY
@given(SEEDS)
@example(6900)  # an iceberg decided on the last bar of its session, with fills at the deciding close
def test_day_orders_end_with_their_first_session(seed: int) -> None:
    record = carry_out(world(seed), finalize=False)
    day = list(TimeInForce).index(TimeInForce.DAY)
    sessions = record.timeline.sessions.row_labels(len(record.timeline))
    table = record.orders
    plain = (table["tif"] == day) & (table["role"] == 0)
    for number in np.flatnonzero(plain):
        mine = record.events["order_id"] == table["id"][number]
        filled_in = {int(sessions[int(row)]) for row in record.events["row"][mine & (record.events["kind"] == 1)]}
        assert len(filled_in) <= 1


HERE = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_same_bytes_under_another_hash_seed_and_time_zone() -> None:
    def elsewhere(hash_seed: str, zone: str) -> str:
        environment = {
            **os.environ,
            "PYTHONHASHSEED": hash_seed,
            "TZ": zone,
            "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path]),
        }
        command = [sys.executable, "-m", "tests.property.engine_worlds", "0", "12"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=HERE).stdout

    expected = digests(range(12))
    assert elsewhere("1", "Asia/Kolkata") == expected
    assert elsewhere("4242", "America/New_York") == expected
