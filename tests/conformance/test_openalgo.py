"""OpenAlgo's own client works against the sandbox unchanged."""

from __future__ import annotations

from typing import Any

import pytest
from tests.markets import intraday
from tests.openalgo_client import openalgo_client
from tests.sandboxes import Sandbox, sandbox_over

import tradewright as tw

ROWS = [100.0, (101.0, 103.0, 99.0, 102.0), (100.0, 100.0, 94.0, 96.0), 97.0, 98.0]


def client(sandbox: Sandbox) -> Any:
    return openalgo_client("apikey", sandbox.url)


def placed(api: Any, **said: Any) -> str:
    answer = api.placeorder(
        **{"symbol": "ACME", "action": "BUY", "exchange": "NSE", "product": "CNC", "quantity": 10, **said}
    )
    assert answer["status"] == "success", answer
    return answer["orderid"]


def test_a_market_order_is_placed_and_found_in_every_book() -> None:
    with sandbox_over(ROWS) as sandbox:
        api = client(sandbox)
        number = placed(api, strategy="turtle")
        assert api.orderstatus(order_id=number)["data"]["order_status"] == "open"
        sandbox.advance()
        order = api.orderstatus(order_id=number)["data"]
        book, trades, positions = api.orderbook()["data"], api.tradebook()["data"], api.positionbook()["data"]
    assert (order["order_status"], order["average_price"], order["pricetype"]) == ("complete", 101.0, "MARKET")
    assert [each["orderid"] for each in book["orders"]] == [number]
    assert book["statistics"]["total_completed_orders"] == 1
    assert [(each["orderid"], each["quantity"], each["average_price"]) for each in trades] == [(number, 10, 101.0)]
    assert [(each["symbol"], each["quantity"], each["product"]) for each in positions] == [("ACME", 10, "CNC")]


def test_funds_are_paid_with() -> None:
    with sandbox_over(ROWS) as sandbox:
        api = client(sandbox)
        placed(api)
        sandbox.advance()
        funds = api.funds()["data"]
    assert (funds["availablecash"], funds["m2munrealized"]) == ("98990.00", "10.00")


def test_a_stop_waits_for_its_trigger() -> None:
    with sandbox_over(ROWS) as sandbox:
        api = client(sandbox)
        placed(api)
        sandbox.advance()
        number = placed(api, action="SELL", price_type="SL-M", trigger_price=95)
        assert api.orderstatus(order_id=number)["data"]["order_status"] == "trigger pending"
        sandbox.advance()
        assert api.orderstatus(order_id=number)["data"]["average_price"] == 95.0
        assert api.openposition(symbol="ACME", exchange="NSE", product="CNC")["quantity"] == "0"


def test_a_modified_order_keeps_its_number() -> None:
    with sandbox_over(ROWS) as sandbox:
        api = client(sandbox)
        number = placed(api, price_type="LIMIT", price=90)
        answer = api.modifyorder(
            order_id=number,
            symbol="ACME",
            action="BUY",
            exchange="NSE",
            price_type="LIMIT",
            product="CNC",
            quantity=7,
            price=99.5,
        )
        assert answer == {"orderid": number, "status": "success"}
        assert len(api.orderbook()["data"]["orders"]) == 1
        sandbox.advance()
        order = api.orderstatus(order_id=number)["data"]
    assert (order["order_status"], order["quantity"], order["average_price"]) == ("complete", 7, 99.5)


def test_orders_are_cancelled_one_by_one_and_all_together() -> None:
    with sandbox_over(ROWS) as sandbox:
        api = client(sandbox)
        numbers = [placed(api, price_type="LIMIT", price=price) for price in (90, 91, 92)]
        assert api.cancelorder(order_id=numbers[0])["status"] == "success"
        assert api.cancelallorder()["canceled_orders"] == numbers[1:]
        statuses = {each["order_status"] for each in api.orderbook()["data"]["orders"]}
    assert statuses == {"cancelled"}


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # the client's own way with frames
def test_history_and_quotes_end_now() -> None:
    with sandbox_over(intraday([[100.0, 101.0, 102.0, 103.0]])) as sandbox:
        sandbox.advance()
        api = client(sandbox)
        frame = api.history(
            symbol="ACME", exchange="NSE", interval="1m", start_date="2020-01-06", end_date="2020-01-06"
        )
        quote = api.quotes(symbol="ACME", exchange="NSE")["data"]
    assert frame["close"].tolist() == [100.0, 101.0]
    assert str(frame.index[0]) == "2020-01-06 20:00:00+05:30"
    assert (quote["ltp"], quote["prev_close"], quote["bid"], quote["ask"]) == (101.0, 100.0, 100.99, 101.01)


def test_all_positions_are_closed() -> None:
    with sandbox_over(ROWS) as sandbox:
        api = client(sandbox)
        placed(api)
        sandbox.advance()
        assert api.closeposition()["status"] == "success"
        sandbox.advance()
        assert api.positionbook()["data"] == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"symbol": "NOBODY"}, 'asset "NOBODY" not found'),
        ({"price_type": "LIMIT"}, "price is required for LIMIT orders"),
        ({"quantity": 0}, "quantity is required"),
        ({"action": "HOLD"}, "invalid action"),
        ({"quantity": 1_000_000}, "insufficient buying power"),
    ],
)
def test_what_is_refused_says_why(said: dict[str, Any], words: str) -> None:
    with sandbox_over(ROWS) as sandbox:
        order = {"symbol": "ACME", "action": "BUY", "exchange": "NSE", "quantity": 1, **said}
        answer = client(sandbox).placeorder(**order)
    assert answer["status"] == "error"
    assert words in answer["message"].replace("\\", "")


def test_a_repeated_request_is_two_orders_of_an_anonymous_venue() -> None:
    with sandbox_over(ROWS) as sandbox:
        sandbox.control("POST", "/faults", {"kind": "duplicate", "on": "submit", "count": 1})
        api = client(sandbox)
        number = placed(api)
        numbers = [each["orderid"] for each in api.orderbook()["data"]["orders"]]
    assert len(numbers) == 2
    assert number in numbers


def test_a_partly_filled_order_counts_its_fills_when_it_is_modified() -> None:
    costs = tw.Costs(slippage_bps=0, commission=tw.PerTrade(0.0))
    with sandbox_over(intraday([[100.0] * 5], volume=40), policies={"costs": costs}, replaces_gross=True) as sandbox:
        api = client(sandbox)
        number = placed(api, price_type="LIMIT", price=101)
        sandbox.advance()
        same = {"symbol": "ACME", "action": "BUY", "exchange": "NSE", "product": "CNC"}
        api.modifyorder(order_id=number, **same, price_type="LIMIT", quantity=6, price=102)
        sandbox.advance(2)
        assert api.openposition(symbol="ACME", exchange="NSE", product="CNC")["quantity"] == "6"
        order = api.orderstatus(order_id=number)["data"]
    assert (order["quantity"], order["filled_quantity"], order["average_price"]) == (6, 6, 100.0)
