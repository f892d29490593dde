"""A stage for the suite for brokers: the sandbox as Binance, seen through its memory and broken by its own calls."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from tests.broker_stages import FAULTS, TapeClock
from tests.markets import intraday
from tests.sandboxes import Sandbox, sandbox_over

import tradewright as tw
from tradewright.adapters.brokers.ccxt.kind import CcxtKind
from tradewright.adapters.brokers.ccxt.table import CAPABILITIES, CcxtTerms
from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.adapters.wire.reading import Patience
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.live.venue import VenueFill, VenueOrder, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.broker_kind import Access, VenueParts
from tradewright.testing import StageFault, StageTerms
from tradewright.venue.binance.answers import number_of_order, trades_of
from tradewright.venue.binance.pairs import pairs_of
from tradewright.venue.placed import Standing

SYMBOL = "BTC/USDT"
COIN = tw.Crypto(SYMBOL, "BINANCE", currency="USDT", lot=1e-5, tick=0.01)
KEY, SECRET = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP"
MINUTES = 90

TERMS = StageTerms(
    symbol=SYMBOL,
    quantity=Decimal("0.00123"),
    resting_price=Decimal("50.25"),
    tick=Decimal("0.01"),
    refused=WireOrder(symbol=SYMBOL, side=OrderSide.BUY, quantity=Decimal(10**5)),
    partly=WireOrder(symbol=SYMBOL, side=OrderSide.BUY, quantity=Decimal("50.00001")),
    timeframe=Timeframe.parse("1m"),
    faults=frozenset(FAULTS),
)

SHORT = CcxtTerms(
    capabilities=replace(
        CAPABILITIES,
        accept_delay_s=0.2,
        index_lag_s=0.2,
        request_expiry_s=None,
        matching_timeout_s=0.1,
        heartbeat_s=2.0,
    ),
    pace=Pace(per_s=1000.0, burst=1000, reserve=10),
    patience=Patience(first_s=0.01, within_s=30.0),
    answer_s=10.0,
    page=2,
)

_ENDS = {
    Standing.FILLED: VenueStatus.FILLED,
    Standing.CANCELED: VenueStatus.CANCELLED,
    Standing.EXPIRED: VenueStatus.EXPIRED,
    Standing.REPLACED: VenueStatus.CANCELLED,
    Standing.REJECTED: VenueStatus.REJECTED,
}


def exact(number: float | None) -> Decimal:
    """A number of the sandbox's memory, as it is written."""
    return Decimal(repr(round(number or 0.0, 8))).normalize()


def addresses_of(url: str) -> Mapping[str, str]:
    """Where a sandbox stands in for Binance."""
    socket = url.replace("http", "ws")
    return {"trading": f"{url}/api/v3", "stream": f"{socket}/ws-api/v3", "data_stream": f"{socket}/stream/ws"}


def signed(secret: str = SECRET, **said: Any) -> dict[str, Any]:
    """Parameters of a request with a time stamp of now and a signature."""
    words = {"timestamp": int(time.time() * 1000), **said}
    return {**words, "signature": hmac.new(secret.encode(), urlencode(words).encode(), hashlib.sha256).hexdigest()}


class CcxtStage:
    """The sandbox, and this room's adapter beside it."""

    terms = TERMS

    def __init__(self, sandbox: Sandbox, kind: CcxtKind) -> None:
        self.sandbox = sandbox
        self.kind = kind
        self.offer = kind.offer
        self.clock = TapeClock(sandbox)
        self.account = sandbox.venue.account(KEY)
        self.pair = pairs_of(sandbox.venue)[0]
        self._counters = [
            sandbox.control("POST", "/faults", {"kind": "latency", "on": about, "ms": 0})["number"]
            for about in ("submit", "cancel", "replace")
        ]

    def open(self) -> VenueParts:
        keys = PaperKeys("ccxt", {"key": KEY, "secret": SECRET})
        options = {"symbols": SYMBOL}
        addresses = addresses_of(self.sandbox.url)
        return self.kind.open_paper(keys, Access(clock=self.clock, addresses=addresses, options=options))

    async def orders(self) -> list[VenueOrder]:
        return [self.as_seen(order) for order in self.account.orders.all()]

    def as_seen(self, order: Any) -> VenueOrder:
        return VenueOrder(
            vid=f"{order.symbol}#{number_of_order(self.account, order)}",
            cid=order.client_order_id,
            symbol=order.symbol,
            side=order.side,
            quantity=exact(order.quantity),
            filled=exact(order.filled),
            status=_ENDS.get(order.standing, VenueStatus.OPEN),
            created_ns=order.created_at,
        )

    async def price_of(self, vid: str) -> Decimal:
        found = [each for each in self.account.orders.all() if self.as_seen(each).vid == vid]
        return exact(found[0].limit_price)

    async def fills(self) -> list[VenueFill]:
        happened = [each for each in list(self.account.happenings) if each.execution_id is not None]
        rows = trades_of(self.account, self.pair)
        return [self.as_fill(each, row["id"]) for each, row in zip(happened, rows, strict=True)]

    def as_fill(self, happening: Any, number: int) -> VenueFill:
        order = self.as_seen(happening.order)
        return VenueFill(
            execution_id=f"{order.symbol}#{number}",
            vid=order.vid,
            cid=order.cid,
            symbol=order.symbol,
            side=order.side,
            quantity=exact(happening.quantity),
            price=exact(happening.price),
            cumulative=exact(happening.filled),
            at_ns=happening.at_ns,
        )

    async def positions(self) -> dict[str, Decimal]:
        held = self.account.book(SYMBOL).position
        return {SYMBOL: exact(held)} if held else {}

    async def arrived(self) -> int:
        switches = (await self._control("GET", "/faults"))["faults"]
        return sum(each["met"] for each in switches if each["number"] in self._counters)

    async def bars(self) -> list[tw.Bar]:
        tape = self.sandbox.venue.tape
        bars = tape.bars_of(0)
        return [bars.bar(row) for row in range(tape.bar_number(0) + 1)]

    async def move(self) -> None:
        await asyncio.to_thread(self.sandbox.advance)

    async def place_by_hand(self, order: WireOrder) -> str:
        said = {
            "symbol": self.pair.id,
            "side": order.side.name,
            "type": "LIMIT",
            "timeInForce": "GTC",
            "quantity": str(order.quantity),
            "price": str(order.limit_price),
        }
        answer = await self.ask("POST", "order", **said)
        return f"{SYMBOL}#{answer.json()['orderId']}"

    async def ask(self, method: str, path: str, **said: Any) -> Any:
        """A signed request in its raw form."""
        url = f"{self.sandbox.url}/api/v3/{path}"
        headers = {"X-MBX-APIKEY": KEY}
        return await asyncio.to_thread(
            self.sandbox.session.request, method, url, params=signed(**said), headers=headers, timeout=60
        )

    async def _control(self, method: str, path: str, body: Any = None) -> Any:
        return await asyncio.to_thread(self.sandbox.control, method, path, body)

    async def switch_on(self, fault: StageFault, *, share: float = 1.0, count: int | None = None) -> None:
        await self._control(
            "POST", "/faults", {**FAULTS[fault], "rate": share, **({} if count is None else {"count": count})}
        )

    async def switch_off(self) -> None:
        for each in (await self._control("GET", "/faults"))["faults"]:
            if each["number"] not in self._counters:
                await self._control("DELETE", f"/faults/{each['number']}")


@contextlib.asynccontextmanager
async def ccxt_stage(terms: CcxtTerms = SHORT, **said: Any) -> AsyncIterator[CcxtStage]:
    """A sandbox of one-minute klines, and this room's adapter beside it."""
    prices = [100.0 + 0.25 * (minute % 5) for minute in range(MINUTES)]
    bars = intraday([prices], COIN, volume=400.0)
    costs = tw.Costs(slippage_bps=0, commission=tw.PerTrade(0.0))
    policies = {"costs": costs, "currency": "USDT", **said.pop("policies", {})}
    with sandbox_over(bars, policies=policies, keys={KEY: SECRET}, **said) as sandbox:
        yield CcxtStage(sandbox, CcxtKind(terms))
