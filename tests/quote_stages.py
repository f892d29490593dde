"""Stages for the suite for streams of quotes: vendors on loopback, and the sandbox."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from tests import ccxt_stage, ib_stages
from tests.broker_stages import SHORT, TapeClock, addresses_of
from tests.feed_stage import at
from tests.markets import intraday, share
from tests.risk_desk import HandClock
from tests.sandboxes import KEY as SANDBOX_KEY
from tests.sandboxes import SECRET as SANDBOX_SECRET
from tests.sandboxes import Sandbox, sandbox_over, venue_over
from tests.stream_vendors import KEY, SECRET, Alpaca, Dialect, Polygon, StreamVendor

import tradewright as tw
from tradewright.adapters.brokers.alpaca.data_socket import data_socket as alpaca_socket
from tradewright.adapters.brokers.alpaca.kind import AlpacaKind
from tradewright.adapters.brokers.alpaca.quote_stream import AlpacaQuoteStream
from tradewright.adapters.brokers.ccxt.kind import CcxtKind
from tradewright.adapters.brokers.ib.kind import IbKind
from tradewright.adapters.providers.polygon.data_socket import data_socket as polygon_socket
from tradewright.adapters.providers.polygon.quote_stream import PolygonQuoteStream
from tradewright.adapters.wire.shared_socket import SharedSocket
from tradewright.domain.live.feed import FeedKind
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.quote import Quote
from tradewright.ports.broker_kind import Access
from tradewright.ports.quote_stream import QuoteStream
from tradewright.testing import QuoteFault, QuoteShape, QuoteTerms
from tradewright.venue.tws.gateway import TwsGateway

NOON = at("2020-02-05T17:00:20")
HEARTBEAT_S = 0.3
TERMS = QuoteTerms(shapes=frozenset(QuoteShape), faults=frozenset(QuoteFault))
SIDES = {
    QuoteShape.TWO_SIDED: (99.98, 100.03),
    QuoteShape.NO_BID: (None, 100.03),
    QuoteShape.NO_ASK: (99.98, None),
    QuoteShape.CROSSED: (100.05, 100.01),
}


class VendorStage:
    """A vendor on loopback that says what it is told to say."""

    terms = TERMS

    def __init__(self, vendor: StreamVendor, make: Callable[[str, str], QuoteStream]) -> None:
        self.vendor = vendor
        self._make = make
        self._key = KEY
        self._count = 0

    def open(self) -> QuoteStream:
        return self._make(self.vendor.address, self._key)

    async def quote(self, symbol: str, shape: QuoteShape = QuoteShape.TWO_SIDED) -> Quote:
        self._count += 1
        bid, ask = SIDES[shape]
        at_ns = NOON + self._count * 1_000_000
        made = Quote(symbol, at_ns, bid, ask, 0.0 if bid is None else 2.0, 0.0 if ask is None else 3.0 + self._count)
        await self.vendor.say(*self.vendor.dialect.quote(made))
        return made

    async def strike(self, fault: QuoteFault, symbol: str) -> None:
        vendor = self.vendor
        if fault is QuoteFault.CUT:
            await vendor.cut()
        elif fault is QuoteFault.MUTE:
            vendor.fall_mute()
        elif fault is QuoteFault.UNREADABLE:
            await vendor.send(vendor.dialect.unreadable)
        elif fault is QuoteFault.NO_QUOTE:
            topic, said = vendor.dialect.quote(Quote(symbol, NOON, 1.0, 2.0))
            await vendor.say(topic, {**said, "bp": "a lot"})
        elif fault is QuoteFault.REFUSED:
            vendor.refuses = True
        else:
            self._key = "another"


def alpaca_parts(address: str, key: str, heartbeat_s: float = HEARTBEAT_S) -> tuple[SharedSocket, FeedKind, HandClock]:
    """What Alpaca's streams are made of."""
    terms = replace(SHORT, capabilities=replace(SHORT.capabilities, heartbeat_s=heartbeat_s), connect_s=60.0)
    feed, keys = FeedKind("iex", is_whole_market=False), PaperKeys("alpaca", {"key": key, "secret": SECRET})
    return alpaca_socket(f"{address}/v2", feed, keys, terms), feed, HandClock(NOON)


def polygon_parts(address: str, key: str, heartbeat_s: float = HEARTBEAT_S) -> tuple[SharedSocket, FeedKind, HandClock]:
    """What Polygon's streams are made of."""
    shown = lambda text: str(text).replace(key, "…")  # noqa: E731 - as the asker does
    return polygon_socket(f"{address}/stocks", key, shown, heartbeat_s), FeedKind("polygon"), HandClock(NOON)


@asynccontextmanager
async def vendor_stage(dialect: Dialect, make: Callable[[str, str], QuoteStream]) -> AsyncIterator[VendorStage]:
    async with StreamVendor(dialect) as vendor:
        yield VendorStage(vendor, make)


def alpaca_quotes() -> Any:
    """Alpaca's words on loopback."""
    return vendor_stage(Alpaca(), lambda address, key: AlpacaQuoteStream(*alpaca_parts(address, key)))


def polygon_quotes() -> Any:
    """Polygon's words on loopback."""
    return vendor_stage(Polygon(), lambda address, key: PolygonQuoteStream(*polygon_parts(address, key)))


class SandboxStage:
    """The sandbox as Alpaca: a quote stands a tick to either side of each close."""

    terms = QuoteTerms(faults=frozenset({QuoteFault.CUT, QuoteFault.WRONG_KEYS}))

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._shown = SANDBOX_SECRET

    def open(self) -> QuoteStream:
        keys = PaperKeys("alpaca", {"key": SANDBOX_KEY, "secret": self._shown})
        access = Access(clock=TapeClock(self.sandbox), addresses=addresses_of(self.sandbox.url))
        terms = replace(SHORT, capabilities=replace(SHORT.capabilities, heartbeat_s=HEARTBEAT_S))
        quotes = AlpacaKind(terms).open_paper(keys, access).quotes
        assert quotes is not None
        return quotes

    async def quote(self, symbol: str, shape: QuoteShape = QuoteShape.TWO_SIDED) -> Quote:
        assert shape is QuoteShape.TWO_SIDED
        await asyncio.to_thread(self.sandbox.advance)
        tape = self.sandbox.venue.tape
        bar = tape.last_bar(tape.market.symbols.index(symbol))
        assert bar is not None
        return Quote(symbol, bar.close_time, round(bar.close - 0.01, 10), round(bar.close + 0.01, 10), 1.0, 1.0)

    async def strike(self, fault: QuoteFault, symbol: str) -> None:
        if fault is QuoteFault.WRONG_KEYS:
            self._shown = "another"
            return
        said = {"kind": "disconnect", "on": "data", "count": 1}
        await asyncio.to_thread(self.sandbox.control, "POST", "/faults", said)
        await asyncio.to_thread(self.sandbox.advance)


@asynccontextmanager
async def sandbox_quotes() -> AsyncIterator[SandboxStage]:
    """A sandbox of two shares in minutes."""
    prices = [[100.0 + 0.25 * (minute % 5) for minute in range(60)]]
    bars = {symbol: intraday(prices, share(symbol)) for symbol in ("ACME", "BOLT")}
    with sandbox_over(bars, keys={SANDBOX_KEY: SANDBOX_SECRET}) as sandbox:
        yield SandboxStage(sandbox)


COINS = ("BTC/USDT", "ETH/USDT")


class BinanceStage(SandboxStage):
    """The sandbox as Binance, whose best prices say no time: it is that of the clock that they come by."""

    terms = QuoteTerms(symbols=COINS, faults=frozenset({QuoteFault.CUT}))

    def open(self) -> QuoteStream:
        keys = PaperKeys("ccxt", {"key": ccxt_stage.KEY, "secret": ccxt_stage.SECRET})
        access = Access(
            clock=HandClock(NOON), addresses=ccxt_stage.addresses_of(self.sandbox.url),
            options={"symbols": ",".join(COINS)},
        )  # fmt: skip
        terms = replace(ccxt_stage.SHORT, capabilities=replace(ccxt_stage.SHORT.capabilities, heartbeat_s=HEARTBEAT_S))
        quotes = CcxtKind(terms).open_paper(keys, access).quotes
        assert quotes is not None
        return quotes

    async def quote(self, symbol: str, shape: QuoteShape = QuoteShape.TWO_SIDED) -> Quote:
        made = await super().quote(symbol, shape)
        tape = self.sandbox.venue.tape
        bar = tape.last_bar(tape.market.symbols.index(symbol))
        assert bar is not None
        return replace(made, at_ns=NOON, bid_size=bar.volume, ask_size=bar.volume)


@asynccontextmanager
async def binance_quotes() -> AsyncIterator[BinanceStage]:
    """A sandbox of two coins in minutes."""
    prices = [[100.0 + 0.25 * (minute % 50) for minute in range(60)]]
    bars = {
        symbol: intraday(prices, tw.Crypto(symbol, "BINANCE", currency="USDT", lot=1e-5, tick=0.01), volume=400.0)
        for symbol in COINS
    }
    keys = {ccxt_stage.KEY: ccxt_stage.SECRET}
    with sandbox_over(bars, policies={"currency": "USDT"}, keys=keys) as sandbox:
        yield BinanceStage(sandbox)


class GatewayStage:
    """The sandbox as Interactive Brokers' gateway, whose quotes say no time."""

    terms = QuoteTerms(faults=frozenset({QuoteFault.CUT, QuoteFault.MUTE}))

    def __init__(self, gateway: TwsGateway, port: int) -> None:
        self.gateway = gateway
        self._port = port

    def open(self) -> QuoteStream:
        capabilities = replace(ib_stages.SHORT.capabilities, heartbeat_s=HEARTBEAT_S)
        access = Access(clock=_Ticking(), addresses={"host": "127.0.0.1", "port": str(self._port)})
        quotes = (
            IbKind(replace(ib_stages.SHORT, capabilities=capabilities)).open_paper(PaperKeys("ib", {}), access).quotes
        )
        assert quotes is not None
        return quotes

    async def quote(self, symbol: str, shape: QuoteShape = QuoteShape.TWO_SIDED) -> Quote:
        assert shape is QuoteShape.TWO_SIDED
        self.gateway.venue.advance()
        tape = self.gateway.venue.tape
        bar = tape.last_bar(tape.market.symbols.index(symbol))
        assert bar is not None
        return Quote(symbol, NOON, round(bar.close - 0.01, 10), round(bar.close + 0.01, 10), 1.0, 1.0)

    async def strike(self, fault: QuoteFault, symbol: str) -> None:
        for session in list(self.gateway.sessions):
            if fault is QuoteFault.MUTE:
                session.is_mute = True
            else:
                session.cut()


class _Ticking(HandClock):
    """Stands still for what people share; runs for what must never run backwards."""

    def __init__(self) -> None:
        super().__init__(NOON)

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


@asynccontextmanager
async def gateway_quotes() -> AsyncIterator[GatewayStage]:
    """A gateway of two shares in minutes."""
    prices = [[100.0 + 0.25 * (minute % 50) for minute in range(60)]]
    bars = {symbol: intraday(prices, share(symbol)) for symbol in ("ACME", "BOLT")}
    gateway = TwsGateway(venue_over(bars), "DU1234567")
    async with gateway.listening() as port:
        yield GatewayStage(gateway, port)
