"""Values of live trading are born valid, and come back from the journal as they went in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.errors import ConfigError, OrderError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import Entry, Record, RecordKind, Replay
from tradewright.domain.live.order import Lifecycle, LiveOrder
from tradewright.domain.live.venue import Capabilities, DedupeClass, VenueFill, VenueStatus
from tradewright.domain.live.wire import WireOrder, canonical_json, decimal_of
from tradewright.domain.order import OrderSide, OrderType, TimeInForce

LIMIT = WireOrder(
    symbol="XNAS:AAPL", side=OrderSide.BUY, quantity=Decimal("1.50"), order_type=OrderType.LIMIT,
    limit_price=Decimal("101.10"), label="mine",
)  # fmt: skip
ABILITIES = Capabilities(dedupe=DedupeClass.NONE, accept_delay_s=8.0, index_lag_s=6.0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"quantity": Decimal(0)}, "must be positive"),
        ({"quantity": Decimal("NaN")}, "must be positive"),
        ({"limit_price": None}, "has limit_price=None"),
        ({"stop_price": Decimal(1)}, "has stop_price=1"),
        ({"limit_price": Decimal(-1)}, "must be positive, not -1"),
        ({"limit_price": Decimal("inf")}, "must be positive"),
        ({"expires_ns": 1}, "has expires_ns=1"),
        ({"time_in_force": TimeInForce.GTD}, "has expires_ns=None"),
        ({"order_type": OrderType.TRAILING_STOP}, "no form on the wire"),
    ],
)
def test_an_impossible_wire_order_is_refused(changes, sentence):
    with pytest.raises(OrderError, match=sentence):
        replace(LIMIT, **changes)


@given(
    st.decimals(min_value="0.0001", max_value=10**9, places=4),
    st.sampled_from(OrderSide),
    st.booleans(),
    st.none() | st.text(max_size=5),
)
def test_a_wire_order_survives_the_journal(quantity, side, reduce_only, label):
    order = replace(LIMIT, quantity=quantity, side=side, reduce_only=reduce_only, label=label or None)
    again = WireOrder.from_plain(order.plain())
    assert again == order
    assert canonical_json(again.plain()) == canonical_json(order.plain())
    assert again.digest == order.digest


def test_every_field_survives_the_journal():
    order = WireOrder(
        symbol="A", side=OrderSide.SELL, quantity=Decimal(2), order_type=OrderType.STOP_LIMIT, limit_price=Decimal(9),
        stop_price=Decimal(10), time_in_force=TimeInForce.GTD, expires_ns=77, reduce_only=True, label="x",
    )  # fmt: skip
    assert WireOrder.from_plain(order.plain()) == order
    assert (order.signed, order.of(Decimal(1)).quantity) == (Decimal(-2), Decimal(1))


@pytest.mark.parametrize("text", ["", "one", "NaN", "inf"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(OrderError, match="number"):
        decimal_of(text)


def test_no_delay_of_a_venue_is_zero():
    for name in ("accept_delay_s", "index_lag_s", "heartbeat_s"):
        with pytest.raises(ConfigError, match=name):
            replace(ABILITIES, **{name: 0.0})


def test_a_venue_without_ids_cannot_be_asked_by_one():
    with pytest.raises(ConfigError, match="keeps no client ids"):
        replace(ABILITIES, has_cids=False)


def test_the_window_is_delay_and_lag_and_requests_that_expire_bound_the_delay():
    assert ABILITIES.window_s == 14.0
    assert replace(ABILITIES, request_expiry_s=5.0, matching_timeout_s=10.0).window_s == 21.0


def test_a_fill_without_an_id_is_known_by_what_it_adds_up_to():
    fill = VenueFill(
        execution_id=None, vid="v1", cid=None, symbol="A", side=OrderSide.BUY, quantity=Decimal(1), price=Decimal(1),
        cumulative=Decimal("2.00"), at_ns=1,
    )  # fmt: skip
    assert fill.identity == "v1#2"
    assert replace(fill, execution_id="e7").identity == "e7"


def test_all_but_open_orders_have_ended():
    assert [status for status in VenueStatus if not status.is_terminal] == [VenueStatus.OPEN]


def test_an_order_counts_its_fills_and_what_may_still_come():
    order = LiveOrder(
        cid="c", key=DecisionKey(1, "A"), role=IdRole.ENTRY, wire=LIMIT, decided_at=0, ttl_ns=0, total=LIMIT.quantity
    )
    order.fills = {"a": Decimal("0.5"), "b": Decimal("0.25")}
    assert (order.filled, order.leaves, order.exposure) == (Decimal("0.75"), Decimal("0.75"), Decimal("0.75"))
    order.state = Lifecycle.CANCELLED
    assert (order.exposure, order.is_final) == (Decimal(0), False)
    order.state = Lifecycle.NOT_ACCEPTED
    assert order.is_final


def test_a_replay_knows_the_highest_epoch():
    record = Record(RecordKind.RECONCILED, {})
    assert Replay((Entry(1, 4, record), Entry(2, 9, record))).epoch == 9
    assert Replay(()).epoch == 0
