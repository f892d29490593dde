"""The sandbox as Binance: ccxt's own client works against it, and what it refuses it refuses by Binance's codes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import requests
from tests.ccxt_stage import COIN, KEY, MINUTES, SECRET, SYMBOL, addresses_of, signed
from tests.markets import FREE, intraday
from tests.sandboxes import Sandbox, sandbox_over

import tradewright as tw

ETHER = tw.Crypto("ETH/USDT", "BINANCE", currency="USDT", lot=1e-4, tick=0.01)
PRICES = [100.0 + minute for minute in range(MINUTES)]


def binance(**said: Any) -> Any:
    """A running sandbox that trades two coins."""
    bars = {coin.symbol: intraday([PRICES], coin) for coin in (COIN, ETHER)}
    policies = {"costs": FREE, "currency": "USDT"}
    return sandbox_over(bars, keys={KEY: SECRET}, policies=policies, **said)


def ask(sandbox: Sandbox, method: str, path: str, **said: Any) -> requests.Response:
    """A signed request."""
    return raw(sandbox, method, path, signed(**said))


def raw(sandbox: Sandbox, method: str, path: str, params: Any, key: str = KEY) -> requests.Response:
    url, headers = f"{sandbox.url}/api/v3/{path}", {"X-MBX-APIKEY": key}
    return sandbox.session.request(method, url, params=params, headers=headers, timeout=60)


def placed(sandbox: Sandbox, **said: Any) -> dict[str, Any]:
    """A limit order that rests, unless told otherwise."""
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "50"}
    return ask(sandbox, "POST", "order", **{**order, **said}).json()


def by_ccxt(talk: Callable[[Any, Sandbox], Awaitable[None]]) -> None:
    """Let ccxt's own client, in which only addresses were changed, talk to a sandbox."""
    import ccxt.pro

    async def whole(sandbox: Sandbox) -> None:
        options = {
            "defaultType": "spot",
            "fetchMarkets": {"types": ["spot"]},
            "fetchMargins": False,
            "fetchCurrencies": False,
        }
        made = ccxt.pro.binance({"apiKey": KEY, "secret": SECRET, "options": options})
        made.timeout_on_exit = 0
        at = addresses_of(sandbox.url)
        rest = dict.fromkeys(("public", "private", "v1"), at["trading"])
        made.urls["api"] = {**rest, "ws": {"spot": at["data_stream"], "ws-api": {"spot": at["stream"]}}}
        try:
            await talk(made, sandbox)
        finally:
            await made.close()

    with binance() as sandbox:
        asyncio.run(asyncio.wait_for(whole(sandbox), 30))


def test_ccxt_finds_markets_books_and_klines() -> None:
    async def talk(made: Any, sandbox: Sandbox) -> None:
        await asyncio.to_thread(sandbox.advance, 2)
        markets = await made.load_markets()
        precision = markets[SYMBOL]["precision"]
        assert (sorted(markets), precision["amount"], precision["price"]) == ([SYMBOL, "ETH/USDT"], 1e-5, 0.01)
        rows = await made.fetch_ohlcv(SYMBOL, "1m")
        assert [row[4] for row in rows] == [100.0, 101.0, 102.0]
        assert (await made.fetch_ticker(SYMBOL))["last"] == 102.0
        book = await made.fetch_order_book(SYMBOL)
        assert (book["bids"][0][0], book["asks"][0][0]) == (101.99, 102.01)
        assert abs(await made.fetch_time() - time.time() * 1000) < 5000

    by_ccxt(talk)


def test_ccxt_places_fills_finds_and_cancels() -> None:
    async def talk(made: Any, sandbox: Sandbox) -> None:
        bought = await made.create_order(SYMBOL, "market", "buy", 0.5, None, {"newClientOrderId": "first"})
        await asyncio.to_thread(sandbox.advance)
        assert (await made.fetch_order(bought["id"], SYMBOL))["average"] == 101.0
        trades = await made.fetch_my_trades(SYMBOL)
        assert [(each["order"], each["amount"], each["price"]) for each in trades] == [(bought["id"], 0.5, 101.0)]
        assert (await made.fetch_balance())["total"] == {"USDT": 99949.5, "BTC": 0.5, "ETH": 0.0}
        for kind, price, more in (
            ("limit", 150, {}),
            ("limit", 89, {"stopLossPrice": 90}),
            ("market", None, {"stopLossPrice": 80}),
        ):
            await made.create_order(SYMBOL, kind, "sell", 0.1, price, more)
        resting = await made.fetch_open_orders(SYMBOL)
        assert [each["info"]["type"] for each in resting] == ["LIMIT", "STOP_LOSS_LIMIT", "STOP_LOSS"]
        edited = await made.edit_order(resting[0]["id"], SYMBOL, "limit", "sell", 0.2, 151)
        assert (await made.cancel_order(edited["id"], SYMBOL))["status"] == "canceled"
        assert len(await made.cancel_all_orders(SYMBOL)) == 2
        statuses = [each["status"] for each in await made.fetch_orders(SYMBOL)]
        assert statuses == ["closed", "canceled", "canceled", "canceled", "canceled"]

    by_ccxt(talk)


def test_ccxt_hears_orders_trades_and_klines() -> None:
    async def talk(made: Any, sandbox: Sandbox) -> None:
        await made.load_markets()
        watching = [asyncio.ensure_future(made.watch_orders()), asyncio.ensure_future(made.watch_my_trades())]
        await made.authenticate({"type": "spot"})
        await made.create_order(SYMBOL, "market", "buy", 0.5, None, {"newClientOrderId": "first"})
        assert [(each["clientOrderId"], each["status"]) for each in await watching[0]] == [("first", "open")]
        await asyncio.to_thread(sandbox.advance)
        assert [(each["amount"], each["price"]) for each in await watching[1]] == [(0.5, 101.0)]
        klines = asyncio.ensure_future(made.watch_ohlcv("ETH/USDT", "1m"))
        await made.fetch_time()
        while not klines.done():
            await asyncio.to_thread(sandbox.advance)
        assert (await klines)[0][1] > 100.0

    by_ccxt(talk)


def test_an_id_is_refused_among_open_orders_and_free_again_after_a_fill() -> None:
    with binance() as sandbox:
        first = placed(sandbox, newClientOrderId="mine", price="105")
        assert placed(sandbox, newClientOrderId="mine") == {"code": -2010, "msg": "Duplicate order sent."}
        sandbox.advance()
        second = placed(sandbox, newClientOrderId="mine")
        assert second["orderId"] == first["orderId"] + 1
        newest = ask(sandbox, "GET", "order", symbol="BTCUSDT", origClientOrderId="mine").json()
        assert (newest["orderId"], newest["status"]) == (second["orderId"], "NEW")
        assert ask(sandbox, "GET", "order", symbol="BTCUSDT", orderId=1).json()["status"] == "FILLED"


def test_orders_and_trades_are_counted_within_their_symbol() -> None:
    with binance() as sandbox:
        orders = [placed(sandbox, symbol=name, price="105") for name in ("BTCUSDT", "ETHUSDT", "BTCUSDT")]
        sandbox.advance()
        trades = [ask(sandbox, "GET", "myTrades", symbol=name).json() for name in ("BTCUSDT", "ETHUSDT")]
    assert [each["orderId"] for each in orders] == [1, 1, 2]
    assert [[each["id"] for each in rows] for rows in trades] == [[1, 2], [1]]


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ({"symbol": "NOSUCH"}, -1121, "Invalid symbol."),
        ({"side": "HOLD"}, -1117, "Invalid side."),
        ({"type": "ICEBERG"}, -1116, "Invalid orderType."),
        ({"timeInForce": "DAY"}, -1115, "Invalid timeInForce."),
        ({"timeInForce": ""}, -1102, "Mandatory parameter 'timeInForce'"),
        ({"type": "MARKET"}, -1106, "sent when not required"),
        ({"price": "50.001"}, -1013, "Filter failure: PRICE_FILTER"),
        ({"quantity": "0.000001"}, -1013, "Filter failure: LOT_SIZE"),
        ({"quantity": "0.000000001"}, -1111, "too much precision"),
        ({"quantity": "-1"}, -1100, "Illegal characters"),
        ({"newClientOrderId": "not allowed"}, -1100, "Illegal characters"),
        ({"quantity": "1000000"}, -2010, "insufficient balance"),
        ({"side": "SELL"}, -2010, "insufficient balance"),
        ({"type": "STOP_LOSS_LIMIT", "stopPrice": "90"}, -2010, "Order would trigger immediately."),
    ],
)
def test_orders_are_refused_by_their_codes(said: dict[str, Any], code: int, words: str) -> None:
    with binance() as sandbox:
        answer = placed(sandbox, **said)
        assert answer["code"] == code, answer
        assert words in answer["msg"]
        assert ask(sandbox, "GET", "openOrders").json() == []


def test_unknown_and_ended_orders_are_told_alike_when_they_are_cancelled() -> None:
    with binance() as sandbox:
        placed(sandbox, price="105")
        sandbox.advance()
        answers = [ask(sandbox, "DELETE", "order", symbol="BTCUSDT", orderId=number).json() for number in (1, 99)]
        missing = ask(sandbox, "GET", "order", symbol="BTCUSDT", orderId=99).json()
    assert answers == [{"code": -2011, "msg": "Unknown order sent."}] * 2
    assert missing == {"code": -2013, "msg": "Order does not exist."}


def now_ms() -> int:
    return int(time.time() * 1000)


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        (lambda: signed("another"), 401, -1022),
        (lambda: {**signed(), "signature": "ä"}, 401, -1022),
        (lambda: {"timestamp": now_ms()}, 400, -1102),
        (lambda: {"signature": "0" * 64}, 400, -1102),
        (lambda: signed(timestamp=now_ms() - 5_500), 400, -1021),
        (lambda: signed(timestamp=now_ms() - 700, recvWindow=500), 400, -1021),
        (lambda: signed(timestamp=now_ms() + 5_000), 400, -1021),
        (lambda: signed(recvWindow=60_001), 400, -1131),
        (lambda: signed(recvWindow="wide"), 400, -1100),
    ],
)
def test_signatures_and_ages_are_checked(params: Callable[[], dict[str, Any]], status: int, code: int) -> None:
    with binance() as sandbox:
        answer = raw(sandbox, "GET", "account", params())
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert raw(sandbox, "GET", "account", signed(timestamp=now_ms() - 5_500, recvWindow=20_000)).ok


def test_keys_are_known_or_turned_away() -> None:
    with binance() as sandbox:
        assert raw(sandbox, "GET", "account", signed(), "stranger").json()["code"] == -2015
        assert raw(sandbox, "GET", "account", signed(), "b a d").json()["code"] == -2014


def test_the_clock_of_requests_is_skewed_with_the_clocks_fault() -> None:
    with binance() as sandbox:
        sandbox.control("POST", "/faults", {"kind": "clock-skew", "ms": 10_000})
        assert ask(sandbox, "GET", "account").json()["code"] == -1021
        assert abs(raw(sandbox, "GET", "time", {}).json()["serverTime"] - now_ms() - 10_000) < 2_000


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "limit", "retry_after": 7}, 429, -1003),
        ({"kind": "error-after", "status": 503}, 503, -1006),
        ({"kind": "error", "status": 504}, 504, -1007),
    ],
)
def test_faults_are_told_in_binances_words(fault: dict[str, Any], status: int, code: int) -> None:
    with binance() as sandbox:
        sandbox.control("POST", "/faults", {**fault, "on": "submit", "count": 1})
        order = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "1"}
        answer = ask(sandbox, "POST", "order", **order)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)
        stands = len(ask(sandbox, "GET", "allOrders", symbol="BTCUSDT").json())
    assert stands == (1 if fault["kind"] == "error-after" else 0)


def replaced(sandbox: Sandbox, mode: str = "STOP_ON_FAILURE", number: int = 1, **said: Any) -> requests.Response:
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "2", "price": "51"}
    return ask(
        sandbox, "POST", "order/cancelReplace", cancelReplaceMode=mode, cancelOrderId=number, **{**order, **said}
    )


def test_a_cancel_with_a_new_order_can_half_fail() -> None:
    with binance() as sandbox:
        placed(sandbox)
        answer = replaced(sandbox, quantity="1000000")
        assert (answer.status_code, answer.json()["code"]) == (409, -2021)
        assert answer.json()["data"]["cancelResult"] == "SUCCESS"
        assert ask(sandbox, "GET", "order", symbol="BTCUSDT", orderId=1).json()["status"] == "CANCELED"
        assert replaced(sandbox).json()["code"] == -2022
        assert replaced(sandbox, "ALLOW_FAILURE").json()["data"]["newOrderResult"] == "SUCCESS"
        assert replaced(sandbox, number=2).json()["newOrderResult"] == "SUCCESS"


def test_klines_are_complete_and_paged() -> None:
    with binance() as sandbox:
        sandbox.advance(6)
        rows = raw(sandbox, "GET", "klines", {"symbol": "BTCUSDT", "interval": "1m"}).json()
        page = {"symbol": "BTCUSDT", "interval": "1m", "startTime": rows[2][0], "limit": 2}
        assert raw(sandbox, "GET", "klines", page).json() == rows[2:4]
        longer = raw(sandbox, "GET", "klines", {"symbol": "BTCUSDT", "interval": "5m"}).json()
        wrong = raw(sandbox, "GET", "klines", {"symbol": "BTCUSDT", "interval": "7m"}).json()
    assert [float(row[4]) for row in rows] == [100.0, 101.0, 102.0, 103.0, 104.0, 105.0, 106.0]
    assert [(float(row[1]), float(row[4])) for row in longer] == [(100.0, 104.0)]
    assert (wrong["code"], rows[1][6] + 1) == (-1120, rows[2][0])


def test_what_the_web_sends_is_answered_by_code() -> None:
    odd = [
        ("GET", "klines?symbol=BTCUSDT"), ("GET", "klines?symbol=%ff"), ("GET", "exchangeInfo?symbols=x"),
        ("GET", "depth"), ("GET", "account"), ("POST", "order"), ("GET", "myTrades?fromId=x"),
    ]  # fmt: skip
    with binance() as sandbox:
        for method, path in odd:
            answer = sandbox.session.request(method, f"{sandbox.url}/api/v3/{path}", timeout=60)
            assert answer.status_code in (400, 401), path
            assert answer.json()["code"] < 0
        assert raw(sandbox, "GET", "ping", {}).json() == {}
