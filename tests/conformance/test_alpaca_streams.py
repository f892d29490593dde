"""Alpaca's own streaming clients work against the sandbox unchanged."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.alpaca_clients import (
    LimitOrderRequest,
    MarketOrderRequest,
    OrderSide,
    StockBarsRequest,
    StockDataStream,
    StockHistoricalDataClient,
    StockLatestBarRequest,
    StockLatestQuoteRequest,
    StockLatestTradeRequest,
    TimeFrame,
    TimeFrameUnit,
    TimeInForce,
    TradingStream,
)
from tests.markets import intraday
from tests.sandboxes import KEY, SECRET, Sandbox, sandbox_over, shares

import tradewright as tw

PATIENCE_S = 60.0
ROWS = [100.0, (101.0, 103.0, 99.0, 102.0), 102.0, 103.0, 104.0, 105.0, 106.0]


def until(condition: Callable[[], Any]) -> Any:
    """Wait until something holds; what it gave."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never came"
        threading.Event().wait(0.002)
    return found


@contextlib.contextmanager
def listening(stream: Any, wake: Callable[[], Any], ready: Callable[[], Any]) -> Iterator[None]:
    """A stream that runs in its thread; `wake` makes it hear something, without which it does not see that it ends."""
    thread = threading.Thread(target=stream.run, daemon=True)
    thread.start()
    try:
        until(ready)
        yield
    finally:
        stream.stop()
        wake()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@contextlib.contextmanager
def updates(sandbox: Sandbox) -> Iterator[list[Any]]:
    """What Alpaca's trading stream hears."""
    heard: list[Any] = []
    stream = TradingStream(KEY, SECRET, url_override=f"{sandbox.url.replace('http', 'ws')}/stream")

    async def hear(update: Any) -> None:
        heard.append(update)

    def wake() -> None:
        placed = sandbox.client.submit_order(order(qty=1, limit_price=1))
        sandbox.client.cancel_order_by_id(placed.id)

    stream.subscribe_trade_updates(hear)
    with listening(stream, wake, lambda: sandbox.control("GET", "")["listeners"]["orders"]):
        yield heard


def order(**said: Any) -> Any:
    kind = LimitOrderRequest if "limit_price" in said else MarketOrderRequest
    return kind(**{"symbol": "ACME", "qty": 10, "side": OrderSide.BUY, "time_in_force": TimeInForce.GTC, **said})


# ---------------------------------------------------------------- orders


def test_a_fill_is_told_with_its_price_and_the_position_after_it() -> None:
    with sandbox_over(ROWS) as sandbox, updates(sandbox) as heard:
        placed = sandbox.client.submit_order(order())
        sandbox.advance()
        until(lambda: len(heard) == 2)
    new, fill = heard[:2]
    assert (new.event, new.order.id, new.order.status) == ("new", placed.id, "new")
    assert (fill.event, fill.qty, fill.price, fill.position_qty) == ("fill", 10, 101, 10)
    assert (fill.order.status, fill.execution_id is not None) == ("filled", True)


def test_partial_fills_come_one_by_one_and_the_rest_is_cancelled() -> None:
    bars, tenth = intraday([[100.0] * 5], volume=40), tw.Costs(slippage_bps=0, commission=tw.PerTrade(0.0))
    with sandbox_over(bars, policies={"costs": tenth}) as sandbox, updates(sandbox) as heard:
        placed = sandbox.client.submit_order(order(qty=9))
        sandbox.advance(2)
        sandbox.client.cancel_order_by_id(placed.id)
        until(lambda: len(heard) == 4)
    assert [(each.event, each.qty) for each in heard[:4]] == [
        ("new", None),
        ("partial_fill", 4),
        ("partial_fill", 4),
        ("canceled", None),
    ]


def test_accounts_hear_of_their_own_orders_only() -> None:
    with sandbox_over(ROWS) as sandbox, updates(sandbox) as heard:
        other = {"APCA-API-KEY-ID": "OTHER", "APCA-API-SECRET-KEY": "x"}
        body = {"symbol": "ACME", "qty": "1", "side": "buy", "type": "market", "time_in_force": "day"}
        assert sandbox.ask("POST", "/v2/orders", body, headers=other).status_code == 200
        mine = sandbox.client.submit_order(order())
        until(lambda: heard)
    assert heard[0].order.id == mine.id


# ---------------------------------------------------------------- bars


def test_bars_quotes_and_trades_are_streamed_as_they_are_completed() -> None:
    heard: dict[str, list[Any]] = {"bars": [], "quotes": [], "trades": []}
    with sandbox_over(shares("ACME", "BOLT", rows=ROWS)) as sandbox:
        stream = StockDataStream(KEY, SECRET, url_override=f"{sandbox.url.replace('http', 'ws')}/v2/iex")

        def listener(name: str) -> Any:
            async def hear(message: Any) -> None:
                heard[name].append(message)

            return hear

        stream.subscribe_bars(listener("bars"), "ACME")
        stream.subscribe_quotes(listener("quotes"), "*")
        stream.subscribe_trades(listener("trades"), "BOLT")
        with listening(stream, sandbox.advance, lambda: sandbox.control("GET", "")["listeners"]["bars"]):
            sandbox.advance()
            until(lambda: heard["bars"])
    bar = heard["bars"][0]
    assert (bar.symbol, bar.open, bar.high, bar.low, bar.close, bar.volume) == ("ACME", 101, 103, 99, 102, 1e9)
    assert bar.timestamp.isoformat() == "2020-01-07T05:00:00+00:00"
    assert {quote.symbol for quote in heard["quotes"]} == {"ACME", "BOLT"}
    assert (heard["quotes"][0].bid_price, heard["quotes"][0].ask_price) == (101.99, 102.01)
    assert (heard["trades"][0].symbol, heard["trades"][0].price) == ("BOLT", 102)


# ---------------------------------------------------------------- history


def asking(sandbox: Sandbox) -> StockHistoricalDataClient:
    return StockHistoricalDataClient(KEY, SECRET, url_override=sandbox.url)


def test_history_ends_now() -> None:
    with sandbox_over(ROWS) as sandbox:
        sandbox.advance()
        client = asking(sandbox)
        bars = client.get_stock_bars(StockBarsRequest(symbol_or_symbols="ACME", timeframe=TimeFrame.Day))
        client._session.close()
    assert [bar.close for bar in bars["ACME"]] == [100, 102]


def test_history_comes_in_pages_over_several_symbols() -> None:
    with sandbox_over(shares("ACME", "BOLT", rows=ROWS)) as sandbox:
        sandbox.advance(6)
        first = sandbox.ask("GET", "/v2/stocks/bars?symbols=BOLT,ACME&timeframe=1Day&limit=9").json()
        then = sandbox.ask(
            "GET", f"/v2/stocks/bars?symbols=BOLT,ACME&timeframe=1Day&page_token={first['next_page_token']}"
        )
    assert {symbol: len(rows) for symbol, rows in first["bars"].items()} == {"ACME": 7, "BOLT": 2}
    assert {symbol: len(rows) for symbol, rows in then.json()["bars"].items()} == {"BOLT": 5}
    assert then.json()["next_page_token"] is None


def test_longer_bars_are_aggregated_and_seen_when_they_are_complete() -> None:
    with sandbox_over(intraday([[100.0, 101.0, 102.0, 103.0, 104.0]])) as sandbox:
        sandbox.advance(2)
        client = asking(sandbox)
        five = TimeFrame(2, TimeFrameUnit.Minute)
        bars = client.get_stock_bars(StockBarsRequest(symbol_or_symbols="ACME", timeframe=five))
        client._session.close()
    assert [(bar.open, bar.close) for bar in bars["ACME"]] == [(100, 101)]


def test_the_latest_bar_quote_and_trade_are_those_of_the_last_complete_bar() -> None:
    with sandbox_over(ROWS) as sandbox:
        sandbox.advance()
        client = asking(sandbox)
        bar = client.get_stock_latest_bar(StockLatestBarRequest(symbol_or_symbols="ACME"))["ACME"]
        quote = client.get_stock_latest_quote(StockLatestQuoteRequest(symbol_or_symbols="ACME"))["ACME"]
        trade = client.get_stock_latest_trade(StockLatestTradeRequest(symbol_or_symbols="ACME"))["ACME"]
        client._session.close()
    assert (bar.close, quote.bid_price, quote.ask_price, trade.price) == (102, 101.99, 102.01, 102)
