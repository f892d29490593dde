"""Alpaca's own trading client works against the sandbox unchanged."""

from __future__ import annotations

import pytest
from tests.alpaca_clients import (
    APIError,
    ClosePositionRequest,
    GetCalendarRequest,
    GetOrderByIdRequest,
    GetOrdersRequest,
    LimitOrderRequest,
    MarketOrderRequest,
    OrderClass,
    OrderSide,
    OrderStatus,
    OrderType,
    PositionSide,
    QueryOrderStatus,
    ReplaceOrderRequest,
    StopLimitOrderRequest,
    StopLossRequest,
    StopOrderRequest,
    TakeProfitRequest,
    TimeInForce,
    TrailingStopOrderRequest,
)
from tests.markets import intraday
from tests.sandboxes import Sandbox, sandbox_over, shares

BUY, SELL, DAY, GTC = OrderSide.BUY, OrderSide.SELL, TimeInForce.DAY, TimeInForce.GTC
FLAT = [100.0] * 30


def market(side: OrderSide = BUY, qty: float = 10, **said: object) -> MarketOrderRequest:
    return MarketOrderRequest(**{"symbol": "ACME", "qty": qty, "side": side, "time_in_force": DAY, **said})


def held(sandbox: Sandbox, qty: float = 10) -> None:
    """Buy at the next open."""
    sandbox.client.submit_order(market(qty=qty))
    sandbox.advance()


# ---------------------------------------------------------------- kinds of orders


def test_a_market_order_fills_at_the_next_open() -> None:
    with sandbox_over([100.0, (101.0, 105.0, 99.0, 104.0), 104.0]) as sandbox:
        placed = sandbox.client.submit_order(market())
        assert placed.status is OrderStatus.ACCEPTED
        assert sandbox.client.get_order_by_id(placed.id).status is OrderStatus.NEW
        sandbox.advance()
        order = sandbox.client.get_order_by_id(placed.id)
    assert (order.status, order.filled_qty, order.filled_avg_price) == (OrderStatus.FILLED, "10", "101")
    assert order.filled_at is not None
    assert order.filled_at.isoformat() == "2020-01-07T14:30:00+00:00"


def test_a_limit_order_waits_until_the_market_trades_through_it() -> None:
    with sandbox_over([100.0, (100.0, 101.0, 98.0, 100.0), (100.0, 101.0, 97.5, 100.0)]) as sandbox:
        placed = sandbox.client.submit_order(
            LimitOrderRequest(symbol="ACME", qty=3, side=BUY, time_in_force=GTC, limit_price=98)
        )
        sandbox.advance()
        assert sandbox.client.get_order_by_id(placed.id).status is OrderStatus.NEW
        sandbox.advance()
        order = sandbox.client.get_order_by_id(placed.id)
    assert (order.status, order.filled_avg_price, order.limit_price) == (OrderStatus.FILLED, "98", "98")


def test_a_stop_order_fills_where_it_is_touched() -> None:
    with sandbox_over([100.0, 100.0, (100.0, 100.0, 94.0, 96.0)]) as sandbox:
        held(sandbox)
        placed = sandbox.client.submit_order(
            StopOrderRequest(symbol="ACME", qty=10, side=SELL, time_in_force=GTC, stop_price=95)
        )
        sandbox.advance()
        order = sandbox.client.get_order_by_id(placed.id)
        assert sandbox.client.get_all_positions() == []
    assert (order.type, order.status, order.filled_avg_price) == (OrderType.STOP, OrderStatus.FILLED, "95")


def test_a_stop_limit_order_becomes_a_limit_order() -> None:
    with sandbox_over([100.0, (100.0, 106.0, 100.0, 106.0), (105.0, 107.0, 102.0, 106.0)]) as sandbox:
        placed = sandbox.client.submit_order(
            StopLimitOrderRequest(symbol="ACME", qty=1, side=BUY, time_in_force=GTC, stop_price=105, limit_price=103)
        )
        sandbox.advance()
        assert sandbox.client.get_order_by_id(placed.id).status is OrderStatus.NEW
        sandbox.advance()
        order = sandbox.client.get_order_by_id(placed.id)
    assert (order.type, order.filled_avg_price) == (OrderType.STOP_LIMIT, "103")
    assert (order.stop_price, order.limit_price) == ("105", "103")


def test_a_trailing_stop_follows_the_market_and_says_from_where() -> None:
    rows = [100.0, 100.0, (100.0, 110.0, 100.0, 110.0), (110.0, 110.0, 104.0, 104.0)]
    with sandbox_over(rows) as sandbox:
        held(sandbox)
        placed = sandbox.client.submit_order(
            TrailingStopOrderRequest(symbol="ACME", qty=10, side=SELL, time_in_force=GTC, trail_price=5)
        )
        assert (placed.hwm, placed.trail_price) == ("100", "5")
        sandbox.advance()
        assert sandbox.client.get_order_by_id(placed.id).hwm == "110"
        sandbox.advance()
        assert sandbox.client.get_order_by_id(placed.id).filled_avg_price == "105"


def test_a_trailing_stop_may_keep_a_percentage() -> None:
    with sandbox_over([100.0, 100.0, (98.0, 98.0, 94.0, 96.0)]) as sandbox:
        held(sandbox)
        placed = sandbox.client.submit_order(
            TrailingStopOrderRequest(symbol="ACME", qty=10, side=SELL, time_in_force=GTC, trail_percent=5)
        )
        sandbox.advance()
        assert sandbox.client.get_order_by_id(placed.id).filled_avg_price == "95"
    assert placed.trail_percent == "5"


# ---------------------------------------------------------------- the account


def test_the_account_pays_for_what_it_holds() -> None:
    with sandbox_over([100.0, 100.0, 110.0]) as sandbox:
        held(sandbox)
        sandbox.advance()
        account = sandbox.client.get_account()
        position = sandbox.client.get_open_position("ACME")
    assert (account.cash, account.equity, account.long_market_value) == ("99000", "100100", "1100")
    assert (account.status, account.multiplier, account.account_number) == ("ACTIVE", "1", "SANDBOX-PKTEST")
    assert (position.qty, position.avg_entry_price, position.current_price) == ("10", "100", "110")
    assert (position.unrealized_pl, position.unrealized_plpc, position.side) == ("100", "0.1", PositionSide.LONG)


def test_what_cannot_be_paid_is_refused_with_alpacas_words() -> None:
    with sandbox_over(FLAT) as sandbox, pytest.raises(APIError) as refused:
        sandbox.client.submit_order(market(qty=1001))
    assert (refused.value.status_code, refused.value.code) == (403, 40310000)
    assert refused.value.message == "insufficient buying power"


def test_a_sell_of_more_than_is_free_is_refused_where_shorts_are_off() -> None:
    with sandbox_over(FLAT) as sandbox:
        held(sandbox)
        sandbox.client.submit_order(
            LimitOrderRequest(symbol="ACME", qty=6, side=SELL, time_in_force=GTC, limit_price=120)
        )
        with pytest.raises(APIError) as refused:
            sandbox.client.submit_order(market(SELL, 5))
        position = sandbox.client.get_open_position("ACME")
    assert refused.value.message == "insufficient qty available for order (requested: 5, available: 4)"
    assert (position.qty, position.qty_available) == ("10", "4")


# ---------------------------------------------------------------- orders that belong together


def bracket(qty: float = 10, **said: object) -> MarketOrderRequest:
    return market(
        qty=qty,
        time_in_force=GTC,
        order_class=OrderClass.BRACKET,
        take_profit=TakeProfitRequest(limit_price=110),
        stop_loss=StopLossRequest(stop_price=90),
        **said,
    )


def test_a_bracket_protects_what_its_entry_opened() -> None:
    with sandbox_over([100.0, 100.0, (100.0, 111.0, 100.0, 111.0)]) as sandbox:
        placed = sandbox.client.submit_order(bracket())
        assert placed.legs is not None
        assert {leg.status for leg in placed.legs} == {OrderStatus.HELD}
        sandbox.advance()
        waiting = sandbox.client.get_order_by_id(placed.id)
        assert {leg.status for leg in waiting.legs or []} == {OrderStatus.NEW}
        sandbox.advance()
        done = sandbox.client.get_order_by_id(placed.id, GetOrderByIdRequest(nested=True))
    assert {(leg.type, leg.status, leg.filled_avg_price) for leg in done.legs or []} == {
        (OrderType.LIMIT, OrderStatus.FILLED, "110"),
        (OrderType.STOP, OrderStatus.CANCELED, None),
    }


def test_the_legs_of_a_bracket_go_with_their_entry() -> None:
    with sandbox_over(FLAT) as sandbox:
        placed = sandbox.client.submit_order(bracket())
        sandbox.client.cancel_order_by_id(placed.id)
        order = sandbox.client.get_order_by_id(placed.id)
    assert {each.status for each in [order, *(order.legs or [])]} == {OrderStatus.CANCELED}


def test_cancelling_one_exit_of_a_bracket_ends_the_other() -> None:
    with sandbox_over(FLAT) as sandbox:
        placed = sandbox.client.submit_order(bracket())
        sandbox.advance()
        assert placed.legs is not None
        sandbox.client.cancel_order_by_id(placed.legs[0].id)
        assert sandbox.client.get_orders() == []


def test_an_exit_of_a_bracket_moves_to_another_price() -> None:
    with sandbox_over([100.0, 100.0, (100.0, 100.0, 94.0, 96.0)]) as sandbox:
        placed = sandbox.client.submit_order(bracket())
        stop = next(leg for leg in placed.legs or [] if leg.type is OrderType.STOP)
        sandbox.advance()
        moved = sandbox.client.replace_order_by_id(stop.id, ReplaceOrderRequest(stop_price=95))
        assert (moved.replaces, moved.stop_price) == (stop.id, "95")
        assert sandbox.client.get_order_by_id(stop.id).status is OrderStatus.REPLACED
        sandbox.advance()
        assert sandbox.client.get_order_by_id(moved.id).filled_avg_price == "95"


def test_an_oto_has_one_exit() -> None:
    with sandbox_over([100.0, 100.0, (100.0, 100.0, 89.0, 90.0)]) as sandbox:
        placed = sandbox.client.submit_order(
            market(time_in_force=GTC, order_class=OrderClass.OTO, stop_loss=StopLossRequest(stop_price=90))
        )
        sandbox.advance(2)
        order = sandbox.client.get_order_by_id(placed.id)
    assert [(leg.type, leg.filled_avg_price) for leg in order.legs or []] == [(OrderType.STOP, "90")]


@pytest.mark.parametrize(("row", "filled"), [((100.0, 112.0, 100.0, 111.0), "110"), ((100.0, 100.0, 89.0, 90.0), "90")])
def test_of_an_oco_one_fills_and_ends_the_other(row: tuple[float, ...], filled: str) -> None:
    with sandbox_over([100.0, 100.0, row]) as sandbox:
        held(sandbox)
        placed = sandbox.client.submit_order(
            LimitOrderRequest(
                symbol="ACME",
                qty=10,
                side=SELL,
                time_in_force=GTC,
                limit_price=110,
                order_class=OrderClass.OCO,
                take_profit=TakeProfitRequest(limit_price=110),
                stop_loss=StopLossRequest(stop_price=90),
            )
        )
        sandbox.advance()
        order = sandbox.client.get_order_by_id(placed.id)
    assert placed.order_class is OrderClass.OCO
    both = [order, *(order.legs or [])]
    assert sorted(each.status for each in both) == [OrderStatus.CANCELED, OrderStatus.FILLED]
    assert [each.filled_avg_price for each in both if each.filled_avg_price] == [filled]


# ---------------------------------------------------------------- cancel, replace, look up


def resting(sandbox: Sandbox, price: float = 90, **said: object) -> LimitOrderRequest:
    return sandbox.client.submit_order(
        LimitOrderRequest(
            **{"symbol": "ACME", "qty": 4, "side": BUY, "time_in_force": GTC, "limit_price": price, **said}
        )
    )


def test_a_cancelled_order_is_over_and_cannot_be_cancelled_again() -> None:
    with sandbox_over(FLAT) as sandbox:
        placed = resting(sandbox)
        sandbox.client.cancel_order_by_id(placed.id)
        assert sandbox.client.get_order_by_id(placed.id).status is OrderStatus.CANCELED
        with pytest.raises(APIError) as refused:
            sandbox.client.cancel_order_by_id(placed.id)
    assert (refused.value.status_code, refused.value.code) == (422, 42210000)


def test_cancel_all_names_every_order() -> None:
    with sandbox_over(FLAT) as sandbox:
        ids = {resting(sandbox, price).id for price in (90, 91)}
        assert {each.id for each in sandbox.client.cancel_orders()} == ids
        assert sandbox.client.get_orders() == []


def test_a_replaced_order_points_at_its_successor_and_back() -> None:
    with sandbox_over([100.0, (100.0, 100.0, 94.0, 96.0)]) as sandbox:
        placed = resting(sandbox, client_order_id="first")
        changed = sandbox.client.replace_order_by_id(
            placed.id, ReplaceOrderRequest(qty=6, limit_price=95, client_order_id="second")
        )
        old = sandbox.client.get_order_by_client_id("first")
        assert (old.status, old.replaced_by, changed.replaces) == (OrderStatus.REPLACED, changed.id, placed.id)
        sandbox.advance()
        order = sandbox.client.get_order_by_client_id("second")
    assert (order.filled_qty, order.filled_avg_price) == ("6", "95")


def test_an_order_of_nobody_is_not_found() -> None:
    with sandbox_over(FLAT) as sandbox, pytest.raises(APIError) as refused:
        sandbox.client.get_order_by_id("904837e3-3b76-47ec-b432-046db621571b")
    assert (refused.value.status_code, refused.value.code) == (404, 40410000)


def test_lists_of_orders_are_filtered() -> None:
    with sandbox_over(shares("ACME", "BOLT", rows=FLAT)) as sandbox:
        first, second = resting(sandbox, 90), resting(sandbox, 91, symbol="BOLT")
        sandbox.client.cancel_order_by_id(first.id)

        def listed(**said: object) -> list[object]:
            return [order.id for order in sandbox.client.get_orders(GetOrdersRequest(**said))]

        assert listed() == [second.id]
        assert listed(status=QueryOrderStatus.CLOSED) == [first.id]
        assert listed(status=QueryOrderStatus.ALL) == [second.id, first.id]
        assert listed(status=QueryOrderStatus.ALL, direction="asc", limit=1) == [first.id]
        assert listed(status=QueryOrderStatus.ALL, symbols=["ACME"]) == [first.id]


# ---------------------------------------------------------------- positions, calendar, assets


def test_a_part_of_a_position_is_closed_and_then_all_of_it() -> None:
    with sandbox_over(FLAT) as sandbox:
        held(sandbox)
        sandbox.client.close_position("ACME", ClosePositionRequest(percentage="40"))
        sandbox.advance()
        assert sandbox.client.get_open_position("ACME").qty == "6"
        sandbox.client.close_position("ACME")
        sandbox.advance()
        with pytest.raises(APIError) as refused:
            sandbox.client.get_open_position("ACME")
    assert refused.value.status_code == 404


def test_all_positions_are_closed_after_their_orders() -> None:
    with sandbox_over(shares("ACME", "BOLT", rows=FLAT)) as sandbox:
        for symbol in ("ACME", "BOLT"):
            sandbox.client.submit_order(market(symbol=symbol))
        sandbox.advance()
        resting(sandbox, 120, side=SELL, qty=10)
        closed = sandbox.client.close_all_positions(cancel_orders=True)
        sandbox.advance()
        assert sandbox.client.get_all_positions() == []
    assert [(each.symbol, each.status) for each in closed] == [("ACME", 200), ("BOLT", 200)]


def test_the_calendar_and_the_clock_are_those_of_the_bars() -> None:
    with sandbox_over(FLAT) as sandbox:
        clock = sandbox.client.get_clock()
        days = sandbox.client.get_calendar(GetCalendarRequest(start="2020-01-06", end="2020-01-10"))
    assert clock.timestamp.isoformat() == "2020-01-06T16:00:00-05:00"
    assert (clock.is_open, clock.next_open.isoformat()) == (False, "2020-01-07T09:30:00-05:00")
    assert len(days) == 5
    assert f"{days[0].date} {days[0].open:%H:%M} {days[0].close:%H:%M}" == "2020-01-06 09:30 16:00"


def test_assets_say_that_they_are_of_the_sandbox() -> None:
    with sandbox_over(FLAT) as sandbox:
        asset = sandbox.client.get_asset("ACME")
        assert sandbox.client.get_asset(asset.id) == asset
        assert [each.symbol for each in sandbox.client.get_all_assets()] == ["ACME"]
    assert asset.name is not None
    assert "SANDBOX" in asset.name


# ---------------------------------------------------------------- lives and groups


def test_orders_of_the_auctions_are_taken_on_daily_bars() -> None:
    with sandbox_over([100.0, (101.0, 103.0, 99.0, 102.0)]) as sandbox:
        at_open = sandbox.client.submit_order(market(time_in_force=TimeInForce.OPG))
        at_close = sandbox.client.submit_order(market(time_in_force=TimeInForce.CLS))
        sandbox.advance()
        filled = [sandbox.client.get_order_by_id(each.id) for each in (at_open, at_close)]
    assert [(each.time_in_force, each.type, each.filled_avg_price) for each in filled] == [
        (TimeInForce.OPG, OrderType.MARKET, "101"),
        (TimeInForce.CLS, OrderType.MARKET, "102"),
    ]


def test_orders_of_the_auctions_are_refused_where_bars_hold_none() -> None:
    with sandbox_over(intraday([[100.0] * 4])) as sandbox, pytest.raises(APIError) as refused:
        sandbox.client.submit_order(market(time_in_force=TimeInForce.OPG))
    assert "SANDBOX" in refused.value.message


@pytest.mark.parametrize("tif", [TimeInForce.IOC, TimeInForce.FOK])
def test_what_must_fill_at_once_and_does_not_is_cancelled(tif: TimeInForce) -> None:
    with sandbox_over([100.0, (100.0, 100.0, 80.0, 90.0)]) as sandbox:
        placed = sandbox.client.submit_order(
            LimitOrderRequest(symbol="ACME", qty=1, side=BUY, time_in_force=tif, limit_price=95)
        )
        sandbox.advance()
        assert sandbox.client.get_order_by_id(placed.id).status is OrderStatus.CANCELED


def test_a_day_order_expires_with_its_day() -> None:
    with sandbox_over(FLAT) as sandbox:
        placed = resting(sandbox, time_in_force=DAY)
        sandbox.advance()
        order = sandbox.client.get_order_by_id(placed.id)
    assert (order.status, order.expired_at is not None) == (OrderStatus.EXPIRED, True)


def test_an_order_that_a_gap_makes_too_dear_is_rejected_when_it_would_fill() -> None:
    with sandbox_over([100.0, 120.0]) as sandbox:
        placed = sandbox.client.submit_order(market(qty=1000))
        sandbox.advance()
        order = sandbox.client.get_order_by_id(placed.id)
    assert (order.status, order.failed_at is not None) == (OrderStatus.REJECTED, True)


def test_a_replaced_entry_takes_its_legs_along() -> None:
    with sandbox_over([100.0, (100.0, 100.0, 94.0, 96.0), (96.0, 111.0, 96.0, 111.0)]) as sandbox:
        placed = sandbox.client.submit_order(
            LimitOrderRequest(
                symbol="ACME",
                qty=10,
                side=BUY,
                time_in_force=GTC,
                limit_price=93,
                order_class=OrderClass.BRACKET,
                take_profit=TakeProfitRequest(limit_price=110),
                stop_loss=StopLossRequest(stop_price=90),
            )
        )
        changed = sandbox.client.replace_order_by_id(placed.id, ReplaceOrderRequest(limit_price=95))
        sandbox.advance(2)
        order = sandbox.client.get_order_by_id(changed.id)
        old = sandbox.client.get_order_by_id(placed.id)
    assert order.filled_avg_price == "95"
    assert sorted(leg.status for leg in order.legs or []) == [OrderStatus.CANCELED, OrderStatus.FILLED]
    assert {leg.status for leg in old.legs or []} == {OrderStatus.CANCELED}


def test_both_sides_of_an_oco_can_be_moved() -> None:
    with sandbox_over([100.0, 100.0, (100.0, 100.0, 94.0, 96.0)]) as sandbox:
        held(sandbox)
        pair = sandbox.client.submit_order(
            LimitOrderRequest(
                symbol="ACME",
                qty=10,
                side=SELL,
                time_in_force=GTC,
                order_class=OrderClass.OCO,
                take_profit=TakeProfitRequest(limit_price=110),
                stop_loss=StopLossRequest(stop_price=90),
            )
        )
        assert pair.legs is not None
        target = sandbox.client.replace_order_by_id(pair.id, ReplaceOrderRequest(limit_price=108))
        stop = sandbox.client.replace_order_by_id(pair.legs[0].id, ReplaceOrderRequest(stop_price=95))
        sandbox.advance()
        assert sandbox.client.get_order_by_id(stop.id).filled_avg_price == "95"
        assert sandbox.client.get_order_by_id(target.id).status is OrderStatus.CANCELED


def test_a_nested_list_holds_each_order_once() -> None:
    with sandbox_over(FLAT) as sandbox:
        sandbox.client.submit_order(bracket())
        flat = sandbox.client.get_orders()
        nested = sandbox.client.get_orders(GetOrdersRequest(nested=True))
    assert (len(flat), len(nested), len(nested[0].legs or [])) == (3, 1, 2)


def test_fills_are_listed_as_activities_page_by_page() -> None:
    with sandbox_over(FLAT) as sandbox:
        for _ in range(3):
            held(sandbox, qty=1)
        first = sandbox.ask("GET", "/v2/account/activities/FILL?page_size=2").json()
        then = sandbox.ask("GET", f"/v2/account/activities?activity_types=FILL&page_token={first[-1]['id']}").json()
    assert [len(first), len(then)] == [2, 1]
    assert {each["cum_qty"] for each in [*first, *then]} == {"1"}
