"""The `ib_async` library works against the local gateway unchanged."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import ib_async
import pytest
import requests
from ib_async import IB, LimitOrder, MarketOrder, Stock, StopLimitOrder, StopOrder
from tests.markets import daily
from tests.sandboxes import venue_over
from tests.tws_gateways import FLAT, gateway_over, until

import tradewright as tw
from tradewright.venue.server import bind, running
from tradewright.venue.tws.gateway import TwsGateway

ACME = Stock("ACME", "SMART", "USD")


@contextlib.asynccontextmanager
async def client_of(port: int, number: int = 7) -> AsyncIterator[IB]:
    client = IB()
    await client.connectAsync("127.0.0.1", port, clientId=number)
    try:
        yield client
    finally:
        client.disconnect()


def play(scene: Callable[[TwsGateway, IB], Awaitable[None]], *rows: Any, **said: Any) -> None:
    """Run a scene with one client of a gateway over minute bars."""

    async def run() -> None:
        async with gateway_over(rows or FLAT, **said) as (gateway, port), client_of(port) as client:
            await scene(gateway, client)

    asyncio.run(run())


def test_a_client_connects_and_finds_its_account() -> None:
    async def scene(_: TwsGateway, client: IB) -> None:
        assert client.managedAccounts() == ["DU1234567"]
        found = {each.tag: each.value for each in await client.accountSummaryAsync()}
        assert found == {"NetLiquidation": "100000", "TotalCashValue": "100000", "BuyingPower": "100000"}
        assert client.positions() == []

    play(scene)


def test_contracts_are_told_with_exchange_tick_and_currency() -> None:
    async def scene(_: TwsGateway, client: IB) -> None:
        (details,) = await client.reqContractDetailsAsync(ACME)
        assert (details.contract.primaryExchange, details.minTick, details.contract.currency) == ("NYSE", 0.01, "USD")
        assert await client.reqContractDetailsAsync(Stock("NOSUCH", "SMART", "USD")) == []

    play(scene)


@pytest.mark.parametrize(
    ("order", "price"),
    [
        (MarketOrder("BUY", 5), 100.0),
        (LimitOrder("BUY", 5, 98.0, tif="GTC"), 98.0),
        (StopOrder("BUY", 5, 102.0, tif="GTC"), 102.0),
        (StopLimitOrder("BUY", 5, 102.5, 102.0, tif="DAY"), 102.0),
    ],
)
def test_orders_of_every_type_fill_by_the_rules_of_the_exchange(order: ib_async.Order, price: float) -> None:
    async def scene(gateway: TwsGateway, client: IB) -> None:
        trade = client.placeOrder(ACME, order)
        await until(lambda: trade.orderStatus.permId)
        gateway.venue.advance()
        await until(trade.isDone)
        assert trade.orderStatus.status == "Filled"
        assert [each.execution.price for each in trade.fills] == [price]
        assert trade.fills[0].execution.execId.endswith(".01.01")
        assert [(each.contract.symbol, each.position) for each in await client.reqPositionsAsync()] == [("ACME", 5.0)]

    play(scene, 100.0, (100.0, 103.0, 97.0, 100.0), 100.0)


@pytest.mark.parametrize("time_in_force", ["IOC", "GTD"])
def test_orders_end_when_their_time_is_over(time_in_force: str) -> None:
    async def scene(gateway: TwsGateway, client: IB) -> None:
        until_when = "20200106-14:32:00" if time_in_force == "GTD" else ""
        order = LimitOrder("BUY", 5, 90.0, tif=time_in_force, goodTillDate=until_when)
        trade = client.placeOrder(ACME, order)
        await until(lambda: trade.orderStatus.permId)
        gateway.venue.advance(3)
        await until(trade.isDone)
        assert trade.orderStatus.status == "Cancelled"

    play(scene)


def test_an_order_is_changed_in_place_and_keeps_its_number() -> None:
    async def scene(gateway: TwsGateway, client: IB) -> None:
        trade = client.placeOrder(ACME, LimitOrder("BUY", 5, 90.0, tif="GTC"))
        await until(lambda: trade.orderStatus.permId)
        before = trade.order.permId
        trade.order.lmtPrice, trade.order.totalQuantity = 91.0, 7
        client.placeOrder(ACME, trade.order)
        await until(lambda: trade.orderStatus.remaining == 7.0)
        (found,) = await client.reqAllOpenOrdersAsync()
        assert (found.order.permId, found.order.lmtPrice, found.order.totalQuantity) == (before, 91.0, 7.0)
        assert len(gateway.book.orders) == 1

    play(scene)


def test_a_cancel_ends_an_order_and_a_second_one_is_refused() -> None:
    async def scene(_: TwsGateway, client: IB) -> None:
        codes: list[int] = []
        client.errorEvent += lambda _number, code, *_: codes.append(code)
        trade = client.placeOrder(ACME, LimitOrder("BUY", 5, 90.0))
        await until(lambda: trade.orderStatus.permId)
        client.client.cancelOrder(trade.order.orderId)
        await until(trade.isDone)
        client.client.cancelOrder(trade.order.orderId)
        client.client.cancelOrder(4711)
        await until(lambda: len(codes) >= 3)
        assert codes == [202, 10148, 10147]

    play(scene)


def test_what_cannot_be_traded_is_refused_with_its_code() -> None:
    async def scene(_: TwsGateway, client: IB) -> None:
        codes: list[int] = []
        client.errorEvent += lambda _number, code, *_: codes.append(code)
        client.placeOrder(ACME, LimitOrder("BUY", 1e6, 90.0))
        client.placeOrder(Stock("NOSUCH", "SMART", "USD"), MarketOrder("BUY", 1))
        client.placeOrder(ACME, LimitOrder("BUY", 1, 90.001))
        await until(lambda: len(codes) >= 3)
        assert codes == [201, 200, 110]

    play(scene)


def test_completed_orders_say_neither_the_clients_number_nor_what_was_wanted() -> None:
    async def scene(gateway: TwsGateway, client: IB) -> None:
        trade = client.placeOrder(ACME, MarketOrder("BUY", 5, orderRef="mine"))
        await until(lambda: trade.orderStatus.permId)
        gateway.venue.advance()
        await until(trade.isDone)
        (found,) = await client.reqCompletedOrdersAsync(False)
        assert (found.order.orderId, found.order.totalQuantity, found.order.filledQuantity) == (0, 0.0, 5.0)
        assert (found.order.orderRef, found.order.permId) == ("mine", trade.order.permId)
        (fill,) = await client.reqExecutionsAsync()
        assert (fill.execution.orderRef, fill.execution.cumQty) == ("mine", 5.0)

    play(scene)


def test_the_exits_of_a_bracket_wait_for_its_entry_and_end_each_other() -> None:
    async def scene(gateway: TwsGateway, client: IB) -> None:
        entry, target, stop = client.bracketOrder("BUY", 5, 100.5, 110.0, 95.0, tif="GTC")
        trades = [client.placeOrder(ACME, each) for each in (entry, target, stop)]
        await until(lambda: trades[0].orderStatus.permId)
        assert len(gateway.account.orders.open()) == 1
        gateway.venue.advance()
        await until(lambda: trades[2].orderStatus.status == "PreSubmitted")
        gateway.venue.advance()
        await until(lambda: all(each.isDone() for each in trades))
        assert [each.orderStatus.status for each in trades] == ["Filled", "Cancelled", "Filled"]

    play(scene, 100.0, 100.0, (100.0, 100.0, 94.0, 96.0), 96.0, policies={"margin": tw.Margin()})


def test_bars_come_as_history_every_five_seconds_and_kept_up_to_date() -> None:
    async def scene(gateway: TwsGateway, client: IB) -> None:
        history = await client.reqHistoricalDataAsync(ACME, "", "1 D", "1 min", "TRADES", True, 2)
        assert [each.close for each in history] == [100.0]
        kept = await client.reqHistoricalDataAsync(ACME, "", "1 D", "1 min", "TRADES", True, 2, True)
        fives = client.reqRealTimeBars(ACME, 5, "TRADES", True)
        await client.reqCurrentTimeAsync()
        gateway.venue.advance()
        await until(lambda: len(fives) == 12 and len(kept) == 2)
        assert (fives[0].high, fives[-1].close, sum(each.volume for each in fives)) == (103.0, 101.0, 1e9)
        assert kept[-1].close == 101.0
        for _ in range(3):
            gateway.venue.advance()
        fifth = await client.reqHistoricalDataAsync(ACME, "", "1 D", "5 mins", "TRADES", True, 2)
        assert [each.high for each in fifth] == [103.0]

    play(scene, 100.0, (100.0, 103.0, 97.0, 101.0), 100.0, 100.0, 100.0, 100.0)


def test_a_restarted_gateway_hands_out_numbers_again_and_takes_a_change_for_a_new_order() -> None:
    async def run() -> None:
        async with gateway_over() as (gateway, port):
            async with client_of(port) as client:
                trade = client.placeOrder(ACME, LimitOrder("BUY", 5, 90.0, tif="GTC"))
                await until(lambda: trade.orderStatus.permId)
                gateway.restart()
                await until(lambda: not client.isConnected())
            again = IB()
            await again.connectAsync("127.0.0.1", port, clientId=7, fetchFields=ib_async.StartupFetchNONE)
            assert again.client.getReqId() == 1
            trade.order.lmtPrice = 91.0
            again.client.placeOrder(trade.order.orderId, ACME, trade.order)
            await until(lambda: len(gateway.book.orders) == 2)
            again.disconnect()

    asyncio.run(run())


def test_a_gateway_that_is_cut_off_holds_what_it_is_sent_until_its_line_is_back() -> None:
    async def scene(gateway: TwsGateway, client: IB) -> None:
        codes: list[int] = []
        client.errorEvent += lambda _number, code, *_: codes.append(code)
        gateway.cut_off()
        trade = client.placeOrder(ACME, LimitOrder("BUY", 5, 90.0, tif="GTC"))
        assert await client.reqAllOpenOrdersAsync() == []
        gateway.restore()
        await until(lambda: trade.orderStatus.permId)
        assert codes == [1100, 1102]

    play(scene)


def test_an_execution_is_corrected_under_the_same_number_with_another_suffix() -> None:
    async def scene(gateway: TwsGateway, client: IB) -> None:
        trade = client.placeOrder(ACME, MarketOrder("BUY", 5))
        await until(lambda: trade.orderStatus.permId)
        gateway.venue.advance()
        await until(trade.isDone)
        gateway.book.correct(gateway.book.executions[0], price=99.5)
        await until(lambda: len(trade.fills) == 2)
        first, second = (each.execution for each in trade.fills)
        assert second.execId == first.execId.removesuffix("01") + "02"
        assert (first.price, second.price) == (100.0, 99.5)

    play(scene)


def test_the_sandbox_speaks_it_beside_its_other_protocols() -> None:
    async def run(port: int, url: str) -> None:
        async with client_of(port) as client:
            trade = client.placeOrder(ACME, MarketOrder("BUY", 5))
            await until(lambda: trade.orderStatus.permId)
            answer = await asyncio.to_thread(requests.post, f"{url}/sandbox/advance", json={"bars": 1}, timeout=60)
            assert answer.json()["accounts"] == ["TEST"]
            await until(trade.isDone)
            assert trade.orderStatus.status == "Filled"

    tws = bind("127.0.0.1", 0)
    with running(venue_over(daily([100.0] * 5), keys={"TEST": "secret"}), tws=tws) as url:
        asyncio.run(run(tws.getsockname()[1], url))
