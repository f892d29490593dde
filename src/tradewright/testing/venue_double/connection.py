"""How one process sees the venue: requests travel, answers may not, the index lags, the stream fails."""

from __future__ import annotations

import asyncio
import contextvars
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.venue import Answer, AnswerKind, ReplaceKind, VenueAccount, VenueStatus

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncIterator, Callable

    from tradewright.domain.approval import ApprovedOrder
    from tradewright.domain.live.venue import Capabilities, StreamEvent, VenueFill, VenueOrder
    from tradewright.domain.live.wire import WireOrder

    from .faults import FaultPlan
    from .truth import VenueTruth

__all__ = ["VenueConnection"]

_SILENT = Answer(AnswerKind.SILENT, reason="The venue answered with an error.")


class VenueConnection:
    """A `tradewright.ports.broker.Broker` over a `VenueTruth`.

    Parameters
    ----------
    truth : VenueTruth
    plan : FaultPlan
    rng : random.Random
    bytes_left : callable
        ``bytes_left(kind, cid)`` is called in the instant after bytes were handed to the transport.
    """

    def __init__(
        self, truth: VenueTruth, plan: FaultPlan, rng: random.Random, bytes_left: Callable[[str, str], None]
    ) -> None:
        self.truth = truth
        self.plan = plan
        self.rng = rng
        self.bytes_left = bytes_left
        self.is_mute = False
        self.is_down = False
        self.is_stalled: Callable[[], bool] = lambda: False
        self._session = 0
        self._shown: set[str] = set()
        self._inbox: asyncio.Queue[StreamEvent | None] | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the venue can do."""
        return self.truth.traits.capabilities

    @property
    def session(self) -> int:
        """Number of the present connection."""
        return self._session

    async def connect(self) -> None:
        """Open connection and stream."""
        await asyncio.sleep(0.05)
        if self.is_down:
            raise VenueConnectionError("The venue cannot be reached.")
        self._session += 1
        self.is_mute = False
        self._shown.clear()
        self._inbox = asyncio.Queue()
        if self._receive not in self.truth.listeners:
            self.truth.listeners.append(self._receive)

    async def disconnect(self) -> None:
        """Close both."""
        self.drop()

    def drop(self) -> None:
        """The socket is gone."""
        if self._receive in self.truth.listeners:
            self.truth.listeners.remove(self._receive)
        if self._inbox is not None:
            self._inbox.put_nowait(None)
            self._inbox = None

    # Requests.

    async def submit(self, approved: ApprovedOrder[WireOrder], cid: str, permit: Callable[[], bool]) -> Answer:
        """Hand over a new order."""
        self._require_open()
        if not permit():
            return Answer(AnswerKind.NOT_SENT)
        fault = self.plan.at("submit")
        return await self._travel("submit", cid, fault, lambda: self._place(cid, approved.order))

    def _place(self, cid: str, wire: WireOrder) -> Answer:
        order = self.truth.accept(cid, wire)
        if order is None:
            return Answer(AnswerKind.DUPLICATE_ID, reason="The id was used before.")
        self._shown.add(order.vid)
        return Answer(AnswerKind.ACCEPTED, order.vid)

    async def cancel(self, cid: str, vid: str | None, permit: Callable[[], bool]) -> Answer:
        """Ask for the end of an order."""
        self._require_open()
        if not permit():
            return Answer(AnswerKind.NOT_SENT)
        fault = self.plan.at("cancel")
        if fault == "unknown":
            return Answer(AnswerKind.UNKNOWN_ORDER)
        return await self._travel("cancel", cid, fault, lambda: self._end(cid, vid, hangs=fault == "hangs"))

    def _end(self, cid: str, vid: str | None, *, hangs: bool = False) -> Answer:
        order = self.truth.find(cid, vid)
        if order is None:
            return Answer(AnswerKind.UNKNOWN_ORDER)
        if order.status is not VenueStatus.OPEN:
            return Answer(AnswerKind.TOO_LATE)
        delay = self.rng.choice((0.02, 0.3)) if not hangs else 25.0
        self._later(delay, lambda: self.truth.end(order, VenueStatus.CANCELLED))
        return Answer(AnswerKind.ACCEPTED, order.vid)

    async def replace(
        self, vid: str, approved: ApprovedOrder[WireOrder], cid: str, permit: Callable[[], bool]
    ) -> Answer:
        """Ask the venue to put an order in the place of another.

        A venue that changes orders in their place takes the request for one it does not remember as a new order.
        """
        self._require_open()
        if not permit():
            return Answer(AnswerKind.NOT_SENT)
        fault = self.plan.at("replace")
        half = fault == "half_done"
        if self.capabilities.replace is ReplaceKind.IN_PLACE:
            wire, is_known = approved.order, vid in self._shown
            arrive = (lambda: self._amend(vid, wire)) if is_known else (lambda: self._place(cid, wire))
            return await self._travel("replace", cid, fault, arrive)
        return await self._travel("replace", cid, fault, lambda: self._swap(vid, cid, approved.order, half=half))

    def _amend(self, vid: str, wire: WireOrder) -> Answer:
        order = self.truth.orders[vid]
        if order.status is not VenueStatus.OPEN or wire.quantity < order.filled:
            return Answer(AnswerKind.TOO_LATE)
        self.truth.amend(order, wire)
        return Answer(AnswerKind.ACCEPTED, vid)

    def _swap(self, vid: str, cid: str, wire: WireOrder, *, half: bool) -> Answer:
        old = self.truth.orders.get(vid)
        if old is None or old.status is not VenueStatus.OPEN:
            return Answer(AnswerKind.TOO_LATE)
        is_net = self.capabilities.replace is ReplaceKind.NATIVE_NET
        left = wire.quantity - old.filled if is_net else wire.quantity
        self.truth.end(old, VenueStatus.REPLACED)
        if half or left <= 0:
            return Answer(AnswerKind.REFUSED, reason="The old order ended and the new one was not taken.")
        new = self.truth.accept(cid, wire, left)
        return Answer(AnswerKind.DUPLICATE_ID) if new is None else Answer(AnswerKind.ACCEPTED, new.vid)

    async def _travel(self, kind: str, cid: str, fault: str | None, arrive: Callable[[], Answer]) -> Answer:
        """A request on its way: it arrives, or not, and its answer comes back, or not."""
        if self.is_stalled():
            await asyncio.sleep(0)
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._depart(fault, arrive, answered)
        self.bytes_left(kind, cid)
        return await answered

    def _depart(self, fault: str | None, arrive: Callable[[], Answer], answered: asyncio.Future[Answer]) -> None:
        quick = self.rng.choice((0.05, 0.1, 0.4))
        instead = _INSTEAD.get(fault or "")
        if instead is not None:
            self._later(quick, lambda: _settle(answered, instead))
        if fault in _NEVER_ARRIVES:
            pass
        elif fault in {"late", "error_late"}:
            longest = self.capabilities.delay_s
            self._later(self.rng.choice((longest, longest, self.rng.uniform(5.0, longest))), arrive)
        elif fault in _NO_ANSWER or instead is not None:
            self._later(quick, arrive)
        else:
            self._later(quick, lambda: self._answer(arrive, answered, fault))
        if fault is not None and fault.startswith("dropped"):
            self._later(quick + 0.01, self.drop)
            self._later(quick + 0.01, lambda: _settle(answered, _SILENT))

    def _answer(self, arrive: Callable[[], Answer], answered: asyncio.Future[Answer], fault: str | None) -> None:
        answer = arrive()
        if fault == "twice":
            answer = arrive()
        order = self.truth.orders.get(answer.vid or "")
        if fault == "rejected_later" and order is not None:
            self._later(0.7, lambda: self.truth.end(order, VenueStatus.REJECTED))
        self._later(0.05, lambda: _settle(answered, answer))

    def _later(self, delay: float, act: Callable[[], object]) -> None:
        """Let the world do something, whoever is alive then."""
        self.truth.loop.call_later(delay, act, context=contextvars.Context())

    # Questions.

    async def _asked(self) -> float:
        """Travel, and say how old the picture is that the answer shows."""
        self._require_open()
        fault = self.plan.at("look")
        await asyncio.sleep(4.0 if fault == "slow" else 0.05)
        if fault == "fails" or self.is_down:
            raise VenueConnectionError("The venue did not answer.")
        lag = self.capabilities.index_lag_s
        if fault == "stale" or self.truth.traits.lag == "full":
            return self.truth.loop.time() - lag
        return self.truth.loop.time() - (
            self.rng.choice((0.0, self.rng.uniform(0, lag), lag)) if self.truth.traits.lag == "some" else 0.0
        )

    async def order_by_cid(self, cid: str) -> VenueOrder | None:
        """The last order with our id."""
        at = await self._asked()
        found = [self.truth.shown(order, at) for order in self.truth.orders.values() if order.cid == cid]
        return self._told(next((seen for seen in reversed(found) if seen is not None), None))

    def _told(self, seen: VenueOrder | None) -> VenueOrder | None:
        """Remember what this connection has shown open."""
        if seen is not None and seen.status is VenueStatus.OPEN:
            self._shown.add(seen.vid)
        return seen

    async def order_by_vid(self, vid: str) -> VenueOrder | None:
        """The order with the venue's id."""
        at = await self._asked()
        order = self.truth.orders.get(vid)
        return None if order is None else self._told(self.truth.shown(order, at))

    async def open_orders(self) -> list[VenueOrder]:
        """All working orders."""
        return [seen for seen in await self._all() if seen.status is VenueStatus.OPEN]

    async def closed_orders(self, since_ns: int) -> list[VenueOrder]:
        """All orders that ended since."""
        return [seen for seen in await self._all() if seen.status.is_terminal and seen.created_ns >= since_ns]

    async def _all(self) -> list[VenueOrder]:
        at = await self._asked()
        shown = (self.truth.shown(order, at) for order in self.truth.orders.values())
        return [seen for seen in shown if self._told(seen) is not None and seen is not None]

    async def executions(self, since_ns: int) -> list[VenueFill]:
        """All executions since."""
        at = await self._asked()
        return [fill for fill in self.truth.fills_until(at) if fill.at_ns >= since_ns]

    async def positions(self) -> dict[str, Decimal]:
        """Signed units by symbol."""
        return self.truth.positions(await self._asked())

    async def account(self) -> VenueAccount:
        """Money enough."""
        await self._asked()
        return VenueAccount(Decimal(100_000), Decimal(100_000), Decimal(100_000))

    # The stream.

    async def events(self) -> AsyncIterator[StreamEvent]:
        """Messages until the socket is gone."""
        inbox = self._inbox
        while inbox is not None and (event := await inbox.get()) is not None:
            yield event

    def _receive(self, event: StreamEvent) -> None:
        inbox = self._inbox
        if inbox is None or self.is_mute:
            return
        fault = self.plan.at("event")
        if fault == "lost":
            return
        delay = {"late": 6.0, "out_of_order": 1.5}.get(fault or "", self.rng.choice((0.01, 0.05, 0.2)))
        for again in range(2 if fault == "twice" else 1):
            self._later(delay + again * 0.5, lambda: self._deliver(inbox, event))

    def _deliver(self, inbox: asyncio.Queue[StreamEvent | None], event: StreamEvent) -> None:
        if inbox is self._inbox:
            self._told(event.order)
        inbox.put_nowait(event)

    def _require_open(self) -> None:
        if self._inbox is None or self.is_down:
            raise VenueConnectionError("The venue is not connected.")


def _settle(future: asyncio.Future[Answer], answer: Answer) -> None:
    if not future.done():
        future.set_result(answer)


_NEVER_ARRIVES = {"lost", "error_lost", "limited", "limited_silent", "refused", "dropped_lost"}
_NO_ANSWER = {"accepted_silent", "done_silent", "dropped_accepted"}
_INSTEAD = {
    "error_accepted": _SILENT,
    "error_done": _SILENT,
    "error_lost": _SILENT,
    "error_late": _SILENT,
    "bad_request_accepted": Answer(AnswerKind.SILENT, reason="400"),
    "limited": Answer(AnswerKind.LIMITED, retry_after_s=1.0),
    "limited_silent": Answer(AnswerKind.SILENT, reason="429"),
    "limited_accepted": Answer(AnswerKind.SILENT, reason="429"),
    "refused": Answer(AnswerKind.REFUSED, reason="The account cannot pay for it."),
}
