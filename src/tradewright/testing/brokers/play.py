"""One check at play: an adapter on a stage, ids and approvals, what was heard, and waiting for what must come."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from typing import TYPE_CHECKING, Any, ClassVar

from tradewright.domain.live.ids import DecisionKey, IdRole, IdScope
from tradewright.domain.live.venue import Answer, AnswerKind
from tradewright.risk.gate import RiskGate
from tradewright.risk.limits import Limits
from tradewright.testing.conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from contextlib import AbstractAsyncContextManager

    from tradewright.domain.approval import ApprovedOrder
    from tradewright.domain.live.venue import StreamEvent, VenueFill, VenueOrder
    from tradewright.domain.live.wire import WireOrder
    from tradewright.ports.broker import Broker
    from tradewright.ports.broker_kind import VenueParts

    from .stage import BrokerStage, StageFault

__all__ = ["SCOPE", "BrokerSuite", "Play", "approved", "face", "same", "yes"]

SCOPE = IdScope("conformance", "suite_v1", 991)
_PAUSE_S = 0.01
_NOBODY = DecisionKey(999, "NOBODY")


def yes() -> bool:
    """A permit that is given."""
    return True


def approved(wire: WireOrder) -> ApprovedOrder[WireOrder]:
    """An order that passed the gate under no limits."""
    return RiskGate(Limits(), 1.0).pass_through(wire)


def face(order: VenueOrder) -> tuple[Any, ...]:
    """What two views of an order must have in common."""
    return (order.vid, order.cid, order.symbol, order.side, order.quantity, order.filled, order.status)


def same(one: VenueOrder | None, other: VenueOrder | None) -> bool:
    """Whether two views show the same order."""
    return one is not None and other is not None and face(one) == face(other)


class Play:
    """What a check works with.

    Attributes
    ----------
    heard : list of StreamEvent
        Of the stream since the check began, over all connections.
    ended : asyncio.Event
        Set when the stream of the present connection has ended.
    """

    def __init__(self, stage: BrokerStage, parts: VenueParts) -> None:
        self.stage = stage
        self.terms = stage.terms
        self.parts = parts
        self.broker: Broker = parts.broker
        self.heard: list[StreamEvent] = []
        self.ended = asyncio.Event()
        self._ids = 0
        self._listening: asyncio.Task[None] | None = None

    # The connection.

    async def connect(self) -> None:
        """Connect and listen."""
        await self.broker.connect()
        self.ended.clear()
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        try:
            async for event in self.broker.events():
                self.heard.append(event)
        finally:
            self.ended.set()

    async def disconnect(self) -> None:
        """Disconnect; the stream ends with it."""
        await self.broker.disconnect()
        if self._listening is not None:
            task, self._listening = self._listening, None
            await self.within(task, "The stream did not end with the connection.")

    async def within(self, work: Any, sentence: str) -> None:
        """Wait for something as long as the stage says."""
        try:
            async with asyncio.timeout(self.terms.patience_s):
                await work
        except TimeoutError:
            require(False, sentence)

    async def until(self, holds: Callable[[], Any], sentence: str | Callable[[], str]) -> Any:
        """Ask again until something holds, and give what it was.

        Raises
        ------
        AssertionError
            With the sentence, when it does not within the stage's patience.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + self.terms.patience_s
        while True:
            found = holds()
            found = await found if inspect.isawaitable(found) else found
            if found:
                return found
            if loop.time() >= ends:
                require(False, sentence if isinstance(sentence, str) else sentence())
            await asyncio.sleep(_PAUSE_S)

    # Orders.

    def cid(self, role: IdRole = IdRole.ENTRY) -> str:
        """An id that was not used before."""
        self._ids += 1
        return SCOPE.cid(role, DecisionKey(self._ids, self.terms.symbol), 0)

    @property
    def strange_cid(self) -> str:
        """An id of ours that no order has."""
        return SCOPE.cid(IdRole.ENTRY, _NOBODY, 0)

    async def submit(self, wire: WireOrder, cid: str | None = None, permit: Callable[[], bool] = yes) -> Answer:
        """Submit an order, under a new id unless told."""
        return await self.broker.submit(approved(wire), cid or self.cid(), permit)

    async def placed(self, wire: WireOrder, cid: str | None = None) -> str:
        """Submit an order that is taken, wait until a look-up shows it, and give the venue's id."""
        answer = await self.submit(wire, cid)
        require(answer.kind is AnswerKind.ACCEPTED, f"An order was not taken: {answer}.")
        require(answer.vid, "An order was taken and has no id of the venue's.")
        vid = str(answer.vid)
        await self.until(lambda: self.broker.order_by_vid(vid), f"Order {vid} was taken and is never shown.")
        return vid

    async def filled(self, quantity: Any = None) -> str:
        """Buy at the market, wait until the venue has filled it, and give its id."""
        vid = await self.placed(self.terms.market(quantity=quantity))
        await self.stage.move()
        await self.until(lambda: self.true_end(vid), "A market order was not filled when the market moved.")
        return vid

    async def true_order(self, vid: str) -> VenueOrder | None:
        """An order as the venue itself knows it."""
        return next((order for order in await self.stage.orders() if order.vid == vid), None)

    async def true_end(self, vid: str) -> VenueOrder | None:
        """An order as the venue itself knows it, once it has ended."""
        order = await self.true_order(vid)
        return order if order is not None and order.status.is_terminal else None

    async def under(self, cid: str) -> list[VenueOrder]:
        """The venue's own orders under one of our ids; all of them where it keeps none."""
        orders = await self.stage.orders()
        return [order for order in orders if order.cid == cid or not self.broker.capabilities.has_cids]

    async def arrived(self, count: int) -> bool:
        """Whether so many orders stand, or stood, at the venue."""
        return len(await self.stage.orders()) >= count

    def can(self, fault: StageFault) -> bool:
        """Whether the stage has a fault."""
        return fault in self.terms.faults

    def fills_heard(self) -> list[VenueFill]:
        """Fills of the stream, each identity once, in the order in which they were first heard."""
        found: dict[str, VenueFill] = {}
        for event in self.heard:
            if event.fill is not None:
                found.setdefault(event.fill.identity, event.fill)
        return list(found.values())


class BrokerSuite(Conformance):
    """What the parts of the suite for brokers share: playing a check on a fresh stage."""

    stage: ClassVar[Callable[[], AbstractAsyncContextManager[BrokerStage]]]
    run: ClassVar[Callable[[Coroutine[Any, Any, None]], None]] = staticmethod(asyncio.run)

    def play(self, check: Callable[[Play], Coroutine[Any, Any, None]], *, connected: bool = True) -> None:
        """Make one check on a stage of its own."""

        async def whole() -> None:
            async with self._opened(connected=connected) as play:
                await check(play)

        self.subject("run")(whole())

    @contextlib.asynccontextmanager
    async def _opened(self, *, connected: bool) -> AsyncIterator[Play]:
        async with self.subject("stage")() as stage:
            play = Play(stage, stage.open())
            if connected:
                await play.connect()
            try:
                yield play
            finally:
                await play.disconnect()
