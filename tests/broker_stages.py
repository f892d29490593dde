"""Stages for the suite for brokers: the sandbox as Alpaca, seen and broken by its own calls."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.alpaca_clients import GetOrdersRequest, QueryOrderStatus
from tests.markets import intraday
from tests.sandboxes import KEY, SECRET, Sandbox, sandbox_over

import tradewright as tw
from tradewright.adapters.brokers.alpaca.kind import AlpacaKind
from tradewright.adapters.brokers.alpaca.table import CAPABILITIES, AlpacaTerms
from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.adapters.wire.reading import Patience
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.live.venue import VenueFill, VenueOrder, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.broker_kind import Access, VenueParts
from tradewright.testing import StageFault, StageTerms

MINUTES = 90
VOLUME = 400.0
"""Of a bar: a tenth of it fills at most, so that an order of fifty fills in two parts."""

FAULTS = {
    StageFault.REQUEST_LOST: {"kind": "drop-request", "on": "submit"},
    StageFault.ANSWER_LOST: {"kind": "drop-response", "on": "submit"},
    StageFault.ERROR: {"kind": "error", "on": "submit"},
    StageFault.ERROR_AFTER: {"kind": "error-after", "on": "submit"},
    StageFault.LIMITED: {"kind": "limit", "on": "submit", "retry_after": 0.1},
    StageFault.EVENTS_LOST: {"kind": "lost-event"},
    StageFault.EVENTS_TWICE: {"kind": "duplicate-fill"},
    StageFault.MUTE: {"kind": "mute"},
    StageFault.DISCONNECT: {"kind": "disconnect"},
}

TERMS = StageTerms(
    symbol="ACME",
    quantity=Decimal(7),
    resting_price=Decimal("50.25"),
    tick=Decimal("0.01"),
    refused=WireOrder(symbol="ACME", side=OrderSide.BUY, quantity=Decimal(10**7)),
    partly=WireOrder(symbol="ACME", side=OrderSide.BUY, quantity=Decimal(50)),
    timeframe=Timeframe.parse("1m"),
    faults=frozenset(FAULTS),
    beyond=frozenset({OrderType.MARKET_ON_CLOSE}),
)

SHORT = AlpacaTerms(
    capabilities=replace(CAPABILITIES, accept_delay_s=0.2, index_lag_s=0.2, heartbeat_s=2.0),
    pace=Pace(per_s=1000.0, burst=1000, reserve=10),
    data_pace=Pace(per_s=1000.0, burst=1000),
    patience=Patience(first_s=0.01, within_s=30.0),
    answer_s=30.0,
    fills_page=1,
    bars_page=2,
)

_ENDS = {
    "filled": VenueStatus.FILLED,
    "canceled": VenueStatus.CANCELLED,
    "expired": VenueStatus.EXPIRED,
    "replaced": VenueStatus.REPLACED,
    "rejected": VenueStatus.REJECTED,
}
_SIDES = {"buy": OrderSide.BUY, "sell": OrderSide.SELL}


class TapeClock:
    """The sandbox's time for what people share, this machine's for what must never run backwards."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._tape = sandbox.venue.tape

    def now_ns(self) -> int:
        return self._tape.now_ns

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


class AlpacaStage:
    """The sandbox, looked at through the client that Alpaca publishes and the sandbox's memory."""

    terms = TERMS

    def __init__(self, sandbox: Sandbox, kind: AlpacaKind) -> None:
        self.sandbox = sandbox
        self.kind = kind
        self.offer = kind.offer
        self.clock = TapeClock(sandbox)
        self._counters = [
            sandbox.control("POST", "/faults", {"kind": "latency", "on": about, "ms": 0})["number"]
            for about in ("submit", "cancel", "replace")
        ]

    def open(self) -> VenueParts:
        keys = PaperKeys("alpaca", {"key": KEY, "secret": SECRET})
        return self.kind.open_paper(keys, Access(clock=self.clock, addresses=addresses_of(self.sandbox.url)))

    async def _threaded(self, call: Any, *said: Any) -> Any:
        return await asyncio.to_thread(call, *said)

    async def orders(self) -> list[VenueOrder]:
        asked = GetOrdersRequest(status=QueryOrderStatus.ALL, limit=500)
        return [as_seen(order) for order in await self._threaded(self.sandbox.client.get_orders, asked)]

    async def price_of(self, vid: str) -> Decimal:
        return Decimal((await self._threaded(self.sandbox.client.get_order_by_id, vid)).limit_price)

    async def fills(self) -> list[VenueFill]:
        happened = list(self.sandbox.venue.account(KEY).happenings)
        return [as_fill(each) for each in happened if each.execution_id is not None]

    async def positions(self) -> dict[str, Decimal]:
        held = await self._threaded(self.sandbox.client.get_all_positions)
        return {each.symbol: Decimal(each.qty) for each in held}

    async def arrived(self) -> int:
        switches = (await self._threaded(self.sandbox.control, "GET", "/faults"))["faults"]
        return sum(each["met"] for each in switches if each["number"] in self._counters)

    async def bars(self) -> list[tw.Bar]:
        tape = self.sandbox.venue.tape
        bars = tape.bars_of(0)
        return [bars.bar(row) for row in range(tape.bar_number(0) + 1)]

    async def move(self) -> None:
        await self._threaded(self.sandbox.advance)

    async def place_by_hand(self, order: WireOrder) -> str:
        body = {
            "symbol": order.symbol,
            "qty": str(order.quantity),
            "side": order.side.name.lower(),
            "type": order.order_type.value,
            "time_in_force": order.time_in_force.value,
        }
        if order.limit_price is not None:
            body["limit_price"] = str(order.limit_price)
        answer = await self._threaded(self.sandbox.ask, "POST", "/v2/orders", body)
        return str(answer.json()["id"])

    async def switch_on(self, fault: StageFault, *, share: float = 1.0, count: int | None = None) -> None:
        said = {**FAULTS[fault], "rate": share, **({} if count is None else {"count": count})}
        await self._threaded(self.sandbox.control, "POST", "/faults", said)

    async def switch_off(self) -> None:
        switches = (await self._threaded(self.sandbox.control, "GET", "/faults"))["faults"]
        for each in switches:
            if each["number"] not in self._counters:
                await self._threaded(self.sandbox.control, "DELETE", f"/faults/{each['number']}")


def addresses_of(url: str) -> Mapping[str, str]:
    """Where a sandbox stands in for Alpaca."""
    socket = url.replace("http", "ws")
    return {"trading": url, "data": url, "stream": f"{socket}/stream", "data_stream": f"{socket}/v2"}


def as_seen(order: Any) -> VenueOrder:
    """An order as Alpaca's own client shows it."""
    return VenueOrder(
        vid=str(order.id),
        cid=order.client_order_id,
        symbol=order.symbol,
        side=_SIDES[order.side.value],
        quantity=Decimal(order.qty),
        filled=Decimal(order.filled_qty),
        status=_ENDS.get(order.status.value, VenueStatus.OPEN),
        created_ns=int(order.submitted_at.timestamp()) * 1_000_000_000,
    )


def as_fill(happening: Any) -> VenueFill:
    """A fill as the sandbox remembers it."""
    return VenueFill(
        execution_id=happening.execution_id,
        vid=happening.order.id,
        cid=happening.order.client_order_id,
        symbol=happening.order.symbol,
        side=happening.order.side,
        quantity=Decimal(repr(happening.quantity)).normalize(),
        price=Decimal(repr(happening.price)).normalize(),
        cumulative=Decimal(repr(happening.filled)).normalize(),
        at_ns=happening.at_ns,
    )


@contextlib.asynccontextmanager
async def alpaca_stage(
    terms: AlpacaTerms = SHORT, made: type[AlpacaStage] = AlpacaStage, **said: Any
) -> AsyncIterator[AlpacaStage]:
    """A sandbox of one-minute bars, and the adapter beside it."""
    prices = [100.0 + 0.25 * (minute % 5) for minute in range(MINUTES)]
    bars = intraday([prices], volume=VOLUME)
    policies = {"costs": tw.Costs(slippage_bps=0, commission=tw.PerTrade(0.0)), **said.pop("policies", {})}
    with sandbox_over(bars, policies=policies, replaces_gross=True, **said) as sandbox:
        yield made(sandbox, AlpacaKind(terms))
