"""Streams of quotes keep their promises: vendors' words on loopback, the sandbox, and the clients that others wrote."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from massive import WebSocketClient
from massive.websocket.models import EquityAgg, EquityQuote
from tests.alpaca_clients import StockDataStream
from tests.quote_stages import (
    NOON,
    SandboxStage,
    alpaca_parts,
    alpaca_quotes,
    binance_quotes,
    gateway_quotes,
    polygon_parts,
    polygon_quotes,
    sandbox_quotes,
    vendor_stage,
)
from tests.sandboxes import KEY as SANDBOX_KEY
from tests.sandboxes import SECRET as SANDBOX_SECRET
from tests.stream_vendors import KEY, SECRET, Alpaca, Polygon, StreamVendor

from tradewright.adapters.brokers.alpaca.bar_stream import AlpacaBarStream
from tradewright.adapters.brokers.alpaca.quote_stream import AlpacaQuoteStream
from tradewright.adapters.providers.polygon.bar_stream import PolygonBarStream
from tradewright.adapters.providers.polygon.quote_stream import PolygonQuoteStream
from tradewright.domain.bars import Bar
from tradewright.domain.errors import AuthenticationError, BrokerError, DataError, SymbolNotFoundError
from tradewright.domain.live.feed import Pulse, RefusedQuote, StreamBar
from tradewright.domain.quote import Quote
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe
from tradewright.testing import QuoteConformance

PATIENCE_S = 60.0
MINUTE = Timeframe.parse("1m")
QUOTE = Quote("ACME", NOON, 99.98, 100.03, 2.0, 3.0)
BAR = Bar(
    "ACME", NOON - NOON % NS_PER_MINUTE, NOON - NOON % NS_PER_MINUTE + NS_PER_MINUTE, 100.0, 101.0, 99.0, 100.5, 7.0
)


class TestAlpaca(QuoteConformance):
    stage = staticmethod(alpaca_quotes)


class TestPolygon(QuoteConformance):
    stage = staticmethod(polygon_quotes)


class TestSandbox(QuoteConformance):
    stage = staticmethod(sandbox_quotes)


class TestGateway(QuoteConformance):
    stage = staticmethod(gateway_quotes)


class TestBinance(QuoteConformance):
    stage = staticmethod(binance_quotes)


# ---------------------------------------------------------------- the suite finds what is wrong


class Wrapped:
    """A stream as another one has it, but for what a test makes wrong."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def events(self) -> AsyncIterator[Any]:
        async for event in self.inner.events():
            yield event


class Rounded(Wrapped):
    async def events(self) -> AsyncIterator[Any]:
        async for event in self.inner.events():
            yield replace(event, bid_size=1.0) if isinstance(event, Quote) else event


class Invented(Wrapped):
    async def events(self) -> AsyncIterator[Any]:
        async for event in self.inner.events():
            is_refused = isinstance(event, RefusedQuote)
            yield Quote(event.symbol, NOON, 1.0, 2.0) if is_refused else event


class Lifeless(Wrapped):
    async def events(self) -> AsyncIterator[Any]:
        async for event in self.inner.events():
            if not isinstance(event, Pulse):
                yield event


class Everything(Wrapped):
    async def subscribe(self, symbols: Any) -> None:
        await self.inner.subscribe([*symbols, "BOLT"])


class Deaf(Wrapped):
    async def subscribe(self, symbols: Any) -> None:
        try:
            await self.inner.subscribe(symbols)
        except BrokerError:
            return


class Nameless(Wrapped):
    async def connect(self) -> None:
        try:
            await self.inner.connect()
        except AuthenticationError as error:
            raise BrokerError(str(error)) from error


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (Rounded, "test_quotes_come_as_they_were_made"),
        (Invented, "test_what_is_no_quote_is_said_and_the_stream_goes_on"),
        (Everything, "test_only_what_was_asked_for_comes"),
        (Deaf, "test_what_is_refused_is_said"),
        (Nameless, "test_wrong_credentials_are_said"),
    ],
)
def test_the_suite_finds_a_stream_that_breaks_a_promise(fault: Callable[[Any], Any], check: str) -> None:
    def make(address: str, key: str) -> Any:
        return fault(AlpacaQuoteStream(*alpaca_parts(address, key)))

    suite = QuoteConformance.of(stage=lambda: vendor_stage(Alpaca(), make))
    with pytest.raises((AssertionError, BrokerError)):
        suite.check(check)


# ---------------------------------------------------------------- one socket for bars and quotes


DIALECTS = pytest.mark.parametrize(
    ("dialect", "parts", "bars", "quotes"),
    [
        (Alpaca(), alpaca_parts, AlpacaBarStream, AlpacaQuoteStream),
        (Polygon(), polygon_parts, PolygonBarStream, PolygonQuoteStream),
    ],
    ids=["alpaca", "polygon"],
)


@asynccontextmanager
async def both(dialect: Any, parts: Any, bars: Any, quotes: Any) -> AsyncIterator[tuple[StreamVendor, Any, Any]]:
    """Bars and quotes of one source, connected and asked for."""
    async with StreamVendor(dialect) as vendor, asyncio.timeout(PATIENCE_S):
        made = parts(vendor.address, KEY, PATIENCE_S)
        streams = bars(*made), quotes(*made)
        try:
            await asyncio.gather(*(each.connect() for each in streams))
            await asyncio.gather(streams[0].subscribe(["ACME"], MINUTE), streams[1].subscribe(["ACME"]))
            yield vendor, *streams
        finally:
            for each in streams:
                await each.disconnect()


async def first(stream: Any) -> Any:
    """What comes next."""
    return await anext(stream.events())


async def ended(stream: Any) -> bool:
    """Wait until a stream is over; whether it said nothing but that it lives."""
    return not [each async for each in stream.events() if not isinstance(each, Pulse)]


@DIALECTS
def test_bars_and_quotes_come_over_one_connection(dialect: Any, parts: Any, bars: Any, quotes: Any) -> None:
    async def run() -> None:
        async with both(dialect, parts, bars, quotes) as (vendor, barred, quoted):
            await vendor.say(*dialect.quote(QUOTE))
            await vendor.say(*dialect.bar(BAR))
            assert (await first(barred), await first(quoted)) == (StreamBar(BAR), QUOTE)
            assert vendor.opened == 1

    asyncio.run(run())


@DIALECTS
def test_quotes_that_are_refused_leave_the_bars_alone(dialect: Any, parts: Any, bars: Any, quotes: Any) -> None:
    async def run() -> None:
        async with both(dialect, parts, bars, quotes) as (vendor, barred, quoted):
            vendor.refuses = True
            with pytest.raises(BrokerError) as refused:
                await quoted.subscribe(["BOLT"])
            assert KEY not in str(refused.value)
            await quoted.disconnect()
            await quoted.connect()
            await quoted.subscribe(["ACME"])
            await vendor.say(*dialect.bar(BAR))
            assert await first(barred) == StreamBar(BAR)
            assert vendor.opened == 1

    asyncio.run(run())


@DIALECTS
def test_bars_that_want_another_connection_take_the_quotes_along(
    dialect: Any, parts: Any, bars: Any, quotes: Any
) -> None:
    async def run() -> None:
        async with both(dialect, parts, bars, quotes) as (vendor, barred, quoted):
            await barred.disconnect()
            await barred.connect()
            assert await ended(quoted)
            await quoted.connect()
            await quoted.subscribe(["ACME"])
            await vendor.say(*dialect.quote(QUOTE))
            assert await first(quoted) == QUOTE
            assert vendor.opened == 2

    asyncio.run(run())


@DIALECTS
def test_the_connection_ends_with_the_last_who_reads_it(dialect: Any, parts: Any, bars: Any, quotes: Any) -> None:
    async def run() -> None:
        async with both(dialect, parts, bars, quotes) as (vendor, barred, quoted):
            await barred.disconnect()
            await vendor.say(*dialect.quote(QUOTE))
            assert await first(quoted) == QUOTE
            socket = vendor.listening[0].socket
            await quoted.disconnect()
            await socket.wait_closed()

    asyncio.run(run())


@DIALECTS
def test_other_bars_than_minutes_are_no_stream(dialect: Any, parts: Any, bars: Any, quotes: Any) -> None:
    async def run() -> None:
        async with both(dialect, parts, bars, quotes) as (_, barred, __):
            with pytest.raises(DataError, match="1m"):
                await barred.subscribe(["ACME"], Timeframe.parse("5m"))

    asyncio.run(run())


@DIALECTS
def test_a_bar_that_cannot_be_is_said_and_the_next_one_comes(dialect: Any, parts: Any, bars: Any, quotes: Any) -> None:
    async def run() -> None:
        async with both(dialect, parts, bars, quotes) as (vendor, barred, _):
            topic, said = dialect.bar(BAR)
            await vendor.say(topic, {**said, "h": 1.0})
            with pytest.raises(BrokerError, match="cannot be used"):
                await first(barred)
            await vendor.say(topic, said)
            assert await first(barred) == StreamBar(BAR)

    asyncio.run(run())


def test_what_is_no_ticker_is_not_asked_of_polygon() -> None:
    async def run() -> None:
        async with both(Polygon(), polygon_parts, PolygonBarStream, PolygonQuoteStream) as (vendor, barred, quoted):
            for asking in (barred.subscribe(["A,B"], MINUTE), quoted.subscribe(["*"])):
                with pytest.raises(SymbolNotFoundError):
                    await asking
            assert sorted(vendor.listening[0].topics) == ["AM.ACME", "Q.ACME"]

    asyncio.run(run())


def test_the_key_of_polygon_stands_in_no_sentence() -> None:
    async def run() -> None:
        async with StreamVendor(Polygon()) as vendor:
            stream = PolygonQuoteStream(*polygon_parts(vendor.address, "another secret"))
            with pytest.raises(AuthenticationError) as refused:
                await stream.connect()
            assert "another secret" not in str(refused.value)

    asyncio.run(run())


def test_a_second_reader_of_an_account_is_told_that_there_is_one() -> None:
    class Taken(Alpaca):
        def welcome(self, said: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
            return False, {"T": "error", "code": 406, "msg": "connection limit exceeded"}

    async def run() -> None:
        async with StreamVendor(Taken()) as vendor:
            with pytest.raises(BrokerError, match="another program") as refused:
                await AlpacaQuoteStream(*alpaca_parts(vendor.address, KEY)).connect()
            assert SECRET not in str(refused.value)

    asyncio.run(run())


# ---------------------------------------------------------------- beside the vendors' own clients


def test_polygons_own_client_reads_the_same_words() -> None:
    async def run() -> list[Any]:
        heard: list[Any] = []
        enough = asyncio.Event()

        async def hear(messages: list[Any]) -> None:
            heard.extend(messages)
            if len(heard) >= 2:
                enough.set()

        async with StreamVendor(Polygon()) as vendor, asyncio.timeout(PATIENCE_S):
            place = vendor.address.removeprefix("ws://")
            client = WebSocketClient(KEY, feed=place, secure=False, subscriptions=["Q.ACME", "AM.ACME"])
            running = asyncio.create_task(client.connect(hear))
            await vendor.until_asked(2)
            await vendor.say(*Polygon().quote(QUOTE))
            await vendor.say(*Polygon().bar(BAR))
            await enough.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await client.close()
        return heard

    quote, bar = asyncio.run(run())
    assert isinstance(quote, EquityQuote)
    assert isinstance(bar, EquityAgg)
    assert (quote.symbol, quote.bid_price, quote.bid_size, quote.ask_price, quote.ask_size) == (
        "ACME",
        99.98,
        2,
        100.03,
        3,
    )
    assert quote.timestamp == QUOTE.at_ns // 1_000_000
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (100.0, 101.0, 99.0, 100.5, 7.0)
    assert (bar.start_timestamp, bar.end_timestamp) == (BAR.open_time // 1_000_000, BAR.close_time // 1_000_000)


def test_alpacas_own_client_hears_the_same_quotes_of_the_sandbox() -> None:
    async def run() -> tuple[Quote, Any]:
        async with sandbox_quotes() as stage:
            theirs = await asyncio.to_thread(_heard_by_alpaca, stage)
            stream = stage.open()
            await stream.connect()
            await stream.subscribe(["ACME"])
            truth = await stage.quote("ACME")
            async for event in stream.events():
                if isinstance(event, Quote):
                    break
            await stream.disconnect()
            assert event == truth
            return truth, theirs

    truth, theirs = asyncio.run(run())
    assert (theirs.symbol, theirs.bid_size, theirs.ask_size) == (truth.symbol, truth.bid_size, truth.ask_size)
    assert round(theirs.ask_price - theirs.bid_price, 10) == round(2 * (truth.half_spread or 0), 10)


def _heard_by_alpaca(stage: SandboxStage) -> Any:
    """The first quote that Alpaca's own client hears."""
    heard: list[Any] = []
    came = threading.Event()
    stream = StockDataStream(
        SANDBOX_KEY, SANDBOX_SECRET, url_override=f"{stage.sandbox.url.replace('http', 'ws')}/v2/iex"
    )

    async def hear(quote: Any) -> None:
        heard.append(quote)
        came.set()

    stream.subscribe_quotes(hear, "ACME")
    thread = threading.Thread(target=stream.run, daemon=True)
    thread.start()
    while not stage.sandbox.control("GET", "")["listeners"]["bars"]:
        threading.Event().wait(0.002)
    stage.sandbox.advance()
    assert came.wait(PATIENCE_S)
    stream.stop()
    stage.sandbox.advance()
    thread.join(PATIENCE_S)
    return heard[0]
