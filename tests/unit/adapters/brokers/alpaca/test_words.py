"""Orders, fills and accounts keep every digit between Alpaca's JSON and our words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.adapters.brokers.alpaca.words import (
    account_from,
    body_of,
    changes_of,
    ended_ns,
    event_from,
    fill_from_activity,
    order_from,
    position_from,
)
from tradewright.domain.errors import BrokerError
from tradewright.domain.live.venue import VenueAccount, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType, TimeInForce

ORDER = {
    "id": "61e69015-8549-4bfd-b9c3-01e75843f47d",
    "client_order_id": "eb9e2aaa-f71a-4f51-b5b4-52a6c565dad4",
    "created_at": "2021-03-16T18:38:01.942282Z",
    "updated_at": "2021-03-16T18:38:01.942282Z",
    "submitted_at": "2021-03-16T18:38:01.937734Z",
    "filled_at": None,
    "expired_at": None,
    "canceled_at": None,
    "failed_at": None,
    "replaced_at": None,
    "replaced_by": None,
    "replaces": None,
    "symbol": "AAPL",
    "notional": None,
    "qty": "1.000000001",
    "filled_qty": "0.1",
    "filled_avg_price": None,
    "order_type": "limit",
    "type": "limit",
    "side": "sell",
    "time_in_force": "day",
    "limit_price": "150.10",
    "stop_price": None,
    "status": "accepted",
}
UPDATE = {
    "event": "partial_fill",
    "execution_id": "2f63ea93-423d-4169-b3f6-3fdafc10c418",
    "timestamp": "2021-03-16T18:38:02.000000001Z",
    "qty": "0.1",
    "price": "150.10",
    "position_qty": "-0.1",
    "order": {**ORDER, "status": "partially_filled"},
}
ACTIVITY = {
    "id": "20210316183802000::2f63ea93-423d-4169-b3f6-3fdafc10c418",
    "activity_type": "FILL",
    "transaction_time": "2021-03-16T18:38:02.000000001Z",
    "type": "partial_fill",
    "price": "150.10",
    "qty": "0.1",
    "side": "sell_short",
    "symbol": "AAPL",
    "leaves_qty": "0.9",
    "order_id": ORDER["id"],
    "cum_qty": "0.1",
}


def test_an_order_is_read_to_the_last_digit():
    order = order_from(ORDER)
    assert (order.vid, order.cid) == (ORDER["id"], ORDER["client_order_id"])
    assert (order.quantity, order.filled) == (Decimal("1.000000001"), Decimal("0.1"))
    assert (order.side, order.status, order.shape) == (OrderSide.SELL, VenueStatus.OPEN, "limit")
    assert order.created_ns == 1_615_919_881_937_734_000


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *((word, VenueStatus.OPEN) for word in (
            "new", "partially_filled", "done_for_day", "accepted", "pending_new", "accepted_for_bidding", "held",
            "pending_cancel", "pending_replace", "stopped", "suspended", "calculated", "a_word_of_tomorrow",
        )),
        ("filled", VenueStatus.FILLED),
        ("canceled", VenueStatus.CANCELLED),
        ("expired", VenueStatus.EXPIRED),
        ("replaced", VenueStatus.REPLACED),
        ("rejected", VenueStatus.REJECTED),
    ],
)  # fmt: skip
def test_only_words_for_an_end_are_an_end(word, status):
    assert order_from({**ORDER, "status": word}).status is status


def test_a_sum_of_money_has_no_units_but_those_it_has_bought():
    assert order_from({**ORDER, "qty": None, "notional": "100"}).quantity == Decimal("0.1")


def test_an_order_ended_when_its_object_says():
    ended = {**ORDER, "canceled_at": "2021-03-16T18:39:00Z", "updated_at": "2021-03-16T18:40:00Z"}
    assert ended_ns(ended) == 1_615_919_940_000_000_000


def test_a_fill_has_one_identity_on_the_stream_and_in_the_activities():
    told, listed = event_from(UPDATE).fill, fill_from_activity(ACTIVITY, ORDER["client_order_id"])
    assert told == listed


def test_a_change_without_a_fill_is_the_order_alone():
    event = event_from({**UPDATE, "event": "canceled", "order": {**ORDER, "status": "canceled"}})
    assert (event.order.status, event.fill) == (VenueStatus.CANCELLED, None)


def test_a_fill_without_an_identity_is_left_to_the_executions():
    event = event_from({**UPDATE, "execution_id": None})
    assert (event.order.status, event.fill) == (VenueStatus.OPEN, None)


def test_a_bust_takes_back_what_the_execution_said():
    fill = event_from({**UPDATE, "event": "trade_bust", "previous_execution_id": "x1"}).fill
    assert (fill.identity, fill.quantity, fill.is_correction) == ("x1", 0, True)


def test_a_short_position_is_negative_however_it_is_signed():
    for text in ("-5", "5"):
        assert position_from({"symbol": "AAPL", "qty": text, "side": "short"}) == ("AAPL", Decimal(-5))


def test_money_is_exact():
    money = account_from({"equity": "100000.10", "cash": "-0.05", "buying_power": "200000"})
    assert money == VenueAccount(Decimal("100000.10"), Decimal("-0.05"), Decimal(200000))


@pytest.mark.parametrize(
    "broken",
    [None, [], {**ORDER, "id": None}, {**ORDER, "qty": "NaN"}, {**ORDER, "qty": "x"}, {**ORDER, "side": "hold"},
     {**ORDER, "filled_qty": True}, {**ORDER, "submitted_at": "now"}, {**ORDER, "status": 7}],
)  # fmt: skip
def test_what_cannot_be_read_is_an_error_of_the_broker(broken):
    with pytest.raises(BrokerError):
        order_from(broken)


@given(st.dictionaries(st.sampled_from(sorted(UPDATE)), st.none() | st.booleans() | st.text(max_size=9) | st.floats()))
def test_no_message_raises_anything_else(changes):
    for read, said in ((event_from, UPDATE), (order_from, ORDER)):
        try:
            read({**said, **changes})
        except BrokerError:
            continue


def wire(**changes):
    said = {"symbol": "AAPL", "side": OrderSide.BUY, "quantity": Decimal("1E+2")}
    return WireOrder(**{**said, **changes})


def test_orders_are_written_in_plain_decimals():
    order = wire(order_type=OrderType.STOP_LIMIT, limit_price=Decimal("1E+1"), stop_price=Decimal("9.90"))
    assert body_of(order, "c1") == {
        "symbol": "AAPL", "qty": "100", "side": "buy", "type": "stop_limit", "time_in_force": "gtc",
        "client_order_id": "c1", "limit_price": "10", "stop_price": "9.90",
    }  # fmt: skip


def test_an_order_for_the_close_is_a_market_order_of_the_auction():
    order = wire(order_type=OrderType.MARKET_ON_CLOSE, time_in_force=TimeInForce.DAY)
    assert (body_of(order, "c1")["type"], body_of(order, "c1")["time_in_force"]) == ("market", "cls")


def test_a_replacement_says_all_that_may_change():
    order = wire(order_type=OrderType.LIMIT, limit_price=Decimal("9.90"))
    assert changes_of(order, "c2") == {
        "qty": "100", "time_in_force": "gtc", "client_order_id": "c2", "limit_price": "9.90",
    }  # fmt: skip
