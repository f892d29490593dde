"""Stages for the suite for providers: each vendor's protocol on loopback, and our adapter opened on it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.vendor_server import VendorServer
from tests.vendor_truth import DAILY, MINUTES, Truth
from tests.vendor_words import KEY, SECRET, Alpaca, Binance, OpenAlgo, Polygon, Vendor, Yahoo

from tradewright.adapters.brokers.alpaca.kind import AlpacaKind
from tradewright.adapters.brokers.alpaca.table import AlpacaTerms
from tradewright.adapters.brokers.ccxt.kind import CcxtKind
from tradewright.adapters.brokers.ccxt.table import CcxtTerms
from tradewright.adapters.brokers.openalgo.kind import OpenAlgoKind
from tradewright.adapters.brokers.openalgo.table import OpenAlgoTerms
from tradewright.adapters.providers.asking import AskingTerms
from tradewright.adapters.providers.polygon.kind import PolygonKind
from tradewright.adapters.providers.yahoo.kind import YahooKind
from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.adapters.wire.reading import Patience
from tradewright.domain.bars import Bar
from tradewright.domain.credentials import Credentials
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.broker_kind import Access, BrokerKind
from tradewright.ports.provider import BarProvider, Provider, ProviderAccess
from tradewright.testing import ProviderTerms

PACE = Pace(per_s=1e6, burst=1e6)
SHORT = Patience(attempts=100, first_s=0.01, longest_s=0.05, within_s=60.0)
ANSWER_S = 30.0


def terms_of(truth: Truth, exchange: str, currency: str, unserved: str, unknown: str) -> ProviderTerms:
    """What a stage has."""
    bars = truth.closed(MINUTES)
    between = next((a.close_time, b.open_time) for a, b in pairwise(bars) if a.close_time < b.open_time)
    return ProviderTerms(
        symbol=truth.symbol, exchange=exchange, calendar=truth.calendar, currency=currency,
        timeframes=(DAILY, MINUTES), unserved=Timeframe.parse(unserved), unknown_symbol=unknown, empty=between,
    )  # fmt: skip


class VendorStage:
    """One vendor and the adapter on it."""

    def __init__(
        self, server: VendorServer, words: tuple[str, str, str, str], answer_s: float, patience: Patience
    ) -> None:
        self.server = server
        self.truth_ = server.vendor.truth
        self.answer_s = answer_s
        self.patience = patience
        self._opener = next(open_ for base, open_ in OPENERS.items() if isinstance(server.vendor, base))
        self.terms = terms_of(self.truth_, *words)

    def now_ns(self) -> int:
        return self.truth_.now_ns

    async def truth(self, timeframe: Timeframe) -> Sequence[Bar]:
        return self.truth_.bars(timeframe)

    def open(self) -> BarProvider:
        return self._opener(self)


def _asking(stage: VendorStage) -> AskingTerms:
    return AskingTerms(pace=PACE, patience=stage.patience, answer_s=stage.answer_s)


def _access(stage: VendorStage, name: str, keys: dict[str, str], **options: str) -> ProviderAccess:
    held = Credentials("credentials for the test", "providers.test", keys)
    options = {"address": stage.server.address, **options}
    return ProviderAccess(name=name, clock=stage.truth_.clock, keys=held, folder=Path(), options=options)


def _polygon(stage: VendorStage) -> BarProvider:
    return PolygonKind(_asking(stage), page=40).open(_access(stage, "polygon", {"key": KEY}))


def _yahoo(stage: VendorStage) -> BarProvider:
    return YahooKind(_asking(stage)).open(_access(stage, "yahoo", {}))


def _broker(stage: VendorStage, kind: BrokerKind, keys: dict[str, str], **said: Any) -> BarProvider:
    """As the composition root opens a broker as a provider."""
    access = Access(clock=stage.truth_.clock, **said)
    parts = kind.open_paper(PaperKeys(kind.name, keys), access)
    assert parts.history is not None
    source = kind.name if parts.stream is None else f"{kind.name} {parts.stream.feed.name}"
    return Provider(
        name=kind.name, source=source, history=parts.history, instruments=parts.instruments,
        closing=parts.broker.disconnect,
    )  # fmt: skip


def _alpaca(stage: VendorStage) -> BarProvider:
    terms = replace(
        AlpacaTerms(), pace=PACE, data_pace=PACE, patience=stage.patience, answer_s=stage.answer_s, bars_page=40
    )
    addresses = dict.fromkeys(("trading", "data"), stage.server.address)
    return _broker(stage, AlpacaKind(terms), {"key": KEY, "secret": SECRET}, addresses=addresses)


def _openalgo(stage: VendorStage) -> BarProvider:
    terms = replace(OpenAlgoTerms(), pace=PACE, patience=stage.patience, answer_s=stage.answer_s)
    return _broker(stage, OpenAlgoKind(terms), {"apikey": KEY}, addresses={"host": stage.server.address})


def _ccxt(stage: VendorStage) -> BarProvider:
    terms = replace(CcxtTerms(), pace=PACE, patience=stage.patience, answer_s=stage.answer_s, page=40)
    url = stage.server.address
    socket = url.replace("http", "ws")
    addresses = {"trading": f"{url}/api/v3", "stream": f"{socket}/ws-api/v3", "data_stream": f"{socket}/stream/ws"}
    options = {"symbols": stage.truth_.symbol}
    return _broker(stage, CcxtKind(terms), {"key": KEY, "secret": SECRET}, addresses=addresses, options=options)


OPENERS = {Polygon: _polygon, Yahoo: _yahoo, Alpaca: _alpaca, OpenAlgo: _openalgo, Binance: _ccxt}
WORDS = {
    Polygon: ("XNAS", "USD", "7m", "NOSUCH"),
    Yahoo: ("XNAS", "USD", "7m", "NOSUCH"),
    Alpaca: ("XNAS", "USD", "7m", "NOSUCH"),
    OpenAlgo: ("NSE", "INR", "7m", "NOSUCH"),
    Binance: ("BINANCE", "USDT", "7m", "NOSUCH/USDT"),
}
VENDORS: tuple[type[Vendor], ...] = tuple(OPENERS)


@contextlib.asynccontextmanager
async def vendor_stage(
    vendor: type[Vendor], answer_s: float = ANSWER_S, patience: Patience = SHORT
) -> AsyncIterator[VendorStage]:
    """A vendor on loopback, and our adapter to it."""
    with VendorServer(vendor()) as server:
        yield VendorStage(server, WORDS[vendor], answer_s, patience)


__all__ = ["OPENERS", "VENDORS", "VendorStage", "vendor_stage"]
