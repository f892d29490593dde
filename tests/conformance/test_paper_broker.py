"""The paper exchange keeps every promise of brokers."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import tradewright as tw
from tradewright.adapters.brokers.paper.broker import PaperBroker, PaperInstruments
from tradewright.adapters.brokers.paper.exchange import PaperExchange
from tradewright.adapters.brokers.paper.kind import KIND
from tradewright.domain.bars import Bar
from tradewright.domain.instrument import Instrument
from tradewright.domain.live.venue import VenueFill, VenueOrder
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide
from tradewright.ports.broker_kind import VenueParts
from tradewright.testing import BrokerConformance, StageFault, StageTerms

MINUTE = 60_000_000_000
TERMS = StageTerms(
    symbol="ACME",
    quantity=Decimal(7),
    resting_price=Decimal("50.25"),
    tick=Decimal("0.01"),
    refused=WireOrder(symbol="ACME", side=OrderSide.BUY, quantity=Decimal("0.5")),
    partly=WireOrder(symbol="ACME", side=OrderSide.BUY, quantity=Decimal(50)),
)


class BarClock:
    """The time of the bars for what people share, this machine's for what must never run backwards."""

    def __init__(self) -> None:
        self.now = 20_000 * 1440 * MINUTE

    def now_ns(self) -> int:
        return self.now

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


class CountedExchange(PaperExchange):
    """Knows how often it was asked to change something."""

    asked = 0

    def submit(self, *said: Any, **more: Any) -> Any:
        self.asked += 1
        return super().submit(*said, **more)

    def cancel(self, order: Any) -> None:
        self.asked += 1
        super().cancel(order)

    def replace(self, *said: Any) -> Any:
        return super().replace(*said)  # which submits, and is counted there


class PaperStage:
    """An exchange, looked at in its own memory."""

    terms = TERMS
    offer = KIND.offer

    def __init__(self) -> None:
        self.clock = BarClock()
        self.exchange = CountedExchange(self.clock, 100_000.0, tw.Costs(slippage_bps=0, commission=tw.PerTrade(0.0)))
        self.exchange.list_instrument(Instrument("ACME", "PAPER", calendar="24/7"))

    def open(self) -> VenueParts:
        return VenueParts(PaperBroker(self.exchange), PaperInstruments(self.exchange))

    async def orders(self) -> list[VenueOrder]:
        return [order.shown() for order in self.exchange.orders.values()]

    async def price_of(self, vid: str) -> Decimal | None:
        return self.exchange.orders[vid].wire.limit_price

    async def fills(self) -> list[VenueFill]:
        fills = (fill for order in self.exchange.orders.values() for fill in order.fills)
        return sorted(fills, key=lambda fill: fill.at_ns)

    async def positions(self) -> dict[str, Decimal]:
        return self.exchange.positions()

    async def arrived(self) -> int:
        return self.exchange.asked

    async def bars(self) -> list[Bar]:
        return []

    async def move(self) -> None:
        opens = self.clock.now
        self.clock.now = opens + MINUTE
        self.exchange.trade([Bar("ACME", opens, opens + MINUTE, 100.0, 100.0, 100.0, 100.0, 400.0)])

    async def place_by_hand(self, order: WireOrder) -> str:
        return PaperExchange.submit(self.exchange, None, order).vid

    async def switch_on(self, fault: StageFault, **_: Any) -> None:
        raise AssertionError(f"It has no fault: {fault}.")

    async def switch_off(self) -> None:
        """There is nothing to switch."""


@contextlib.asynccontextmanager
async def paper_stage() -> AsyncIterator[PaperStage]:
    yield PaperStage()


class TestPaper(BrokerConformance):
    stage = staticmethod(paper_stage)
