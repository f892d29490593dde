"""A stage for the suite for brokers: the sandbox as Interactive Brokers' gateway, seen by its memory."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.markets import intraday
from tests.sandboxes import venue_over

import tradewright as tw
from tradewright.adapters.brokers.ib.kind import IbKind
from tradewright.adapters.brokers.ib.table import CAPABILITIES, IbTerms
from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.live.venue import VenueFill, VenueOrder, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.broker_kind import Access, VenueParts
from tradewright.testing import StageFault, StageTerms
from tradewright.venue.faults.kinds import Fault
from tradewright.venue.tws.gateway import TwsGateway
from tradewright.venue.tws.orders import GatewayOrder

MINUTES = 90
VOLUME = 400.0
"""Of a bar: a tenth of it fills at most, so that an order of fifty fills in two parts."""

FAULTS = {
    StageFault.REQUEST_LOST: "drop-request:submit",
    StageFault.ANSWER_LOST: "drop-response:submit",
    StageFault.EVENTS_LOST: "lost-event",
    StageFault.EVENTS_TWICE: "duplicate-fill",
    StageFault.MUTE: "mute",
    StageFault.DISCONNECT: "disconnect",
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
)

FAST = Pace(per_s=10_000.0, burst=10_000, reserve=10)
SHORT = IbTerms(
    capabilities=replace(CAPABILITIES, accept_delay_s=0.2, index_lag_s=0.2, heartbeat_s=2.0),
    pace=FAST,
    history_pace=FAST,
    answer_s=3.0,
    question_s=3.0,
)

_ENDS = {"Filled": VenueStatus.FILLED, "Cancelled": VenueStatus.CANCELLED, "Inactive": VenueStatus.REJECTED}


class GatewayClock:
    """The gateway's time for what people share, this machine's for what must never run backwards."""

    def __init__(self, gateway: TwsGateway) -> None:
        self._tape = gateway.venue.tape

    def now_ns(self) -> int:
        return self._tape.now_ns

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


class IbStage:
    """A gateway in the loop of the check."""

    terms = TERMS

    def __init__(self, gateway: TwsGateway, port: int, kind: IbKind) -> None:
        self.gateway = gateway
        self.port = port
        self.kind = kind
        self.offer = kind.offer
        self.clock = GatewayClock(gateway)

    def open(self, **options: str) -> VenueParts:
        return self.kind.open_paper(PaperKeys("ib", {}), self.access(**options))

    def access(self, **options: str) -> Access:
        return Access(clock=self.clock, addresses=self.addresses, options=options)

    @property
    def addresses(self) -> Mapping[str, str]:
        return {"host": "127.0.0.1", "port": str(self.port)}

    async def orders(self) -> list[VenueOrder]:
        return [as_seen(order, self.gateway) for order in self.gateway.book.orders]

    async def price_of(self, vid: str) -> Decimal:
        found = next(order for order in self.gateway.book.orders if str(order.perm_id) == vid)
        return Decimal(found.words["lmtPrice"])

    async def fills(self) -> list[VenueFill]:
        return [as_fill(each) for each in self.gateway.book.executions]

    async def positions(self) -> dict[str, Decimal]:
        account = self.gateway.account
        held = {symbol: account.desk.position(account.book(symbol).number).quantity for symbol in account.held()}
        return {symbol: Decimal(repr(units)).normalize() + 0 for symbol, units in held.items()}

    async def arrived(self) -> int:
        return self.gateway.arrived

    async def bars(self) -> list[tw.Bar]:
        tape = self.gateway.venue.tape
        return [tape.bars_of(0).bar(row) for row in range(tape.bar_number(0) + 1)]

    async def move(self) -> None:
        self.gateway.venue.advance()

    async def place_by_hand(self, order: WireOrder) -> str:
        return str(self.gateway.book.by_hand(order).perm_id)

    async def switch_on(self, fault: StageFault, *, share: float = 1.0, count: int | None = None) -> None:
        self.gateway.switchboard.switch_on(replace(Fault.parse(FAULTS[fault]), rate=share, count=count))

    async def switch_off(self) -> None:
        self.gateway.switchboard.switch_off()


def as_seen(order: GatewayOrder, gateway: TwsGateway) -> VenueOrder:
    """An order as the gateway remembers it."""
    status = _ENDS.get(order.status, VenueStatus.OPEN)
    return VenueOrder(
        vid=str(order.perm_id),
        cid=order.words.get("orderRef") or None,
        symbol=order.symbol,
        side=OrderSide[order.words["action"]],
        quantity=_exact(order.quantity),
        filled=_exact(order.filled),
        status=VenueStatus.EXPIRED if order.reason == "Order Expired" else status,
        created_ns=gateway.venue.tape.now_ns,
    )


def as_fill(execution: Mapping[str, Any]) -> VenueFill:
    """An execution as the gateway remembers it."""
    return VenueFill(
        execution_id=execution["execId"].rpartition(".")[0],
        vid=str(execution["permId"]),
        cid=execution["orderRef"] or None,
        symbol=execution["symbol"],
        side=OrderSide.BUY if execution["side"] == "BOT" else OrderSide.SELL,
        quantity=_exact(execution["shares"]),
        price=_exact(execution["price"]),
        cumulative=_exact(execution["cumQty"]),
        at_ns=execution["at_ns"],
    )


def _exact(number: float) -> Decimal:
    return Decimal(repr(float(number))).normalize() + 0


@contextlib.asynccontextmanager
async def ib_stage(terms: IbTerms = SHORT, account: str = "DU1234567", **said: Any) -> AsyncIterator[IbStage]:
    """A gateway over one-minute bars, and this room's adapter beside it."""
    prices = [100.0 + 0.25 * (minute % 5) for minute in range(MINUTES)]
    policies = {"costs": tw.Costs(slippage_bps=0, commission=tw.PerTrade(0.0)), **said.pop("policies", {})}
    gateway = TwsGateway(venue_over(intraday([prices], volume=VOLUME), policies=policies, **said), account)
    async with gateway.listening() as port:
        yield IbStage(gateway, port, IbKind(terms))
