"""The quote that an order was judged by is in the journal with its decision, and comes back out of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradewright.app.orders.kept import intent_body, order_from
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.order import LiveOrder
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide
from tradewright.domain.quote import Quote

WIRE = WireOrder(symbol="ACME", side=OrderSide.BUY, quantity=Decimal(3))


def order(quote):
    return LiveOrder(
        cid="c1", key=DecisionKey(7, "ACME"), role=IdRole.ENTRY, wire=WIRE, decided_at=1, ttl_ns=9,
        total=WIRE.quantity, quote=quote,
    )  # fmt: skip


@pytest.mark.parametrize(("bid", "ask"), [(0.1 + 0.2, 1 / 3), (99.98, None), (None, 100.03)])
def test_a_quote_comes_back_to_the_last_bit(bid, ask):
    kept = intent_body(order(Quote("ACME", 1_600_000_000_123_456_789, bid, ask)))
    back = order_from(kept, DecisionKey(7, "ACME"), WIRE, 1).quote
    assert (back.symbol, back.at_ns, back.bid, back.ask) == ("ACME", 1_600_000_000_123_456_789, bid, ask)


def test_an_order_without_a_quote_is_kept_as_before():
    kept = intent_body(order(None))
    assert "quote" not in kept
    back = order_from(kept, DecisionKey(7, "ACME"), WIRE, 1)
    assert (back.quote, back.half_spread) == (None, None)


def test_half_of_the_spread_is_what_crossing_cost():
    assert order(Quote("ACME", 1, 99.0, 101.0)).half_spread == 1.0
    assert order(Quote("ACME", 1, 101.0, 99.0)).half_spread is None
