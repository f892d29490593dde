"""The orders as this connection reported them, and the answers that wait for a report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.domain.live.venue import Answer, AnswerKind, StreamEvent, VenueOrder, VenueStatus

from .table import ORDER_CODES
from .words import amount, fill_from, instant_from, price, side_of, status_of, type_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from tradewright.domain.live.wire import WireOrder
    from tradewright.ports.clock import Clock

__all__ = ["Picture", "Reported", "Waiting", "done_by", "going", "taken"]

_TAKEN = frozenset({"PreSubmitted", "Submitted", "Filled", "Cancelled", "ApiCancelled", "PendingCancel"})
"""Statuses of orders that the broker has, and not only the gateway."""

_GOING = frozenset({"PendingCancel", "Cancelled", "ApiCancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An order as it was reported.

    Parameters
    ----------
    order : VenueOrder
    number, client_id : int
        What the client that placed it calls it, and which client that is.
    status : str
        In the gateway's word.
    is_refused : bool
        Whether an error refused it.
    """

    order: VenueOrder
    number: int
    client_id: int
    status: str
    is_refused: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether the broker has it."""
        return self.status in _TAKEN


@dataclass(slots=True)
class Waiting:
    """A request that changes something, until it is answered.

    Parameters
    ----------
    answer : asyncio.Future
    codes : dict
        What errors prove of it.
    is_done : callable
        Whether a report of the order says that it was carried out.
    """

    answer: asyncio.Future[Answer]
    codes: dict[int, AnswerKind]
    is_done: Callable[[Reported], bool]

    def settle(self, answer: Answer) -> None:
        """Give the answer, once."""
        if not self.answer.done():
            self.answer.set_result(answer)


class Picture:
    """What one connection has said of orders.

    Parameters
    ----------
    clock : Clock
    client_id : int
        Our own.
    symbol_of : callable
        From a contract of the library's to our symbol.
    tell : callable
        Called with each `StreamEvent`.
    """

    def __init__(
        self, clock: Clock, client_id: int, symbol_of: Callable[[Any], str], tell: Callable[[StreamEvent], None]
    ) -> None:
        self._clock = clock
        self._client_id = client_id
        self._symbol_of = symbol_of
        self._tell = tell
        self._reported: dict[str, Reported] = {}
        self._vids: dict[int, str] = {}
        self._sent: dict[int, str] = {}
        self._wanted: dict[str, Decimal] = {}
        self._waiting: dict[int, list[Waiting]] = {}
        self._changed: set[int] = set()

    def forget(self) -> None:
        """Another connection: what the last one reported open is not open until this one says so."""
        self._reported.clear()
        self._vids.clear()
        self._sent.clear()
        self.silence("The connection is gone.")

    def silence(self, why: str) -> None:
        """Nothing that waits is going to be answered."""
        for waiting in [each for many in self._waiting.values() for each in many]:
            waiting.settle(Answer(AnswerKind.SILENT, reason=why))

    # What is asked of it.

    def reported(self, vid: str | None) -> Reported | None:
        """An order as this connection reported it last."""
        return self._reported.get(vid or "")

    def open_one(self, vid: str | None) -> Reported | None:
        """The order, where it is ours by number and this connection has reported it open."""
        found = self.reported(vid)
        is_ours = found is not None and found.client_id == self._client_id and found.number > 0 and found.is_taken
        return found if is_ours and found is not None and found.order.status is VenueStatus.OPEN else None

    def number_of(self, cid: str, vid: str | None) -> int | None:
        """The number under which this client knows an order: reported by this connection, or sent over it."""
        found = self.reported(vid) or next((each for each in self._reported.values() if each.order.cid == cid), None)
        if found is not None and found.client_id == self._client_id and found.number > 0:
            return found.number
        return next((number for number, sent in self._sent.items() if sent == cid), None) if found is None else None

    def wanted(self, vid: str, cid: str | None) -> Decimal | None:
        """Units that an order is known to be for."""
        return self._wanted.get(vid, self._wanted.get(cid or ""))

    def wait_for(self, number: int, waiting: Waiting) -> None:
        """Something is about to be sent under a number."""
        self._waiting.setdefault(number, []).append(waiting)

    def stop_waiting(self, number: int, waiting: Waiting) -> None:
        """It was answered, or nobody waits any more."""
        self._waiting[number].remove(waiting)
        if not self._waiting[number]:
            del self._waiting[number]

    def sent(self, number: int, cid: str) -> None:
        """An order left under a number."""
        self._sent[number] = cid

    def changed(self, number: int) -> None:
        """A change of an order left under its number."""
        self._changed.add(number)

    def wants(self, cid: str, wire: WireOrder) -> None:
        """What was asked for under an id: of orders that have filled, the lists do not say it."""
        self._wanted[cid] = wire.quantity

    # What is heard.

    def open_order(self, number: int, contract: Any, order: Any, state: Any) -> None:
        """An order was reported, with what it is."""
        if not order.permId:
            return
        vid, before = str(order.permId), self._reported.get(str(order.permId))
        seen = VenueOrder(
            vid=vid,
            cid=order.orderRef or None,
            symbol=self._symbol_of(contract),
            side=side_of(order.action),
            quantity=amount(order.totalQuantity),
            filled=before.order.filled if before is not None else Decimal(0),
            status=status_of(state.status),
            created_ns=before.order.created_ns if before is not None else self._clock.now_ns(),
            shape=type_of(order.orderType),
            limit_price=price(order.lmtPrice) if "LMT" in order.orderType else None,
            stop_price=price(order.auxPrice) if "STP" in order.orderType else None,
        )
        self._wanted[vid] = seen.quantity
        self._take(Reported(order=seen, number=number, client_id=order.clientId, status=state.status))

    def order_status(self, number: int, status: str, filled: float, *rest: Any) -> None:
        """Where an order stands was reported; what it is, before."""
        vid = str(rest[2])
        found = self._reported.get(vid)
        if found is None:
            return
        order = replace(found.order, status=status_of(status, is_refused=found.is_refused), filled=amount(filled))
        self._take(replace(found, order=order, status=status, number=number or found.number), is_whole=True)

    def _take(self, now: Reported, *, is_whole: bool = False) -> None:
        before = self._reported.get(now.order.vid)
        if before is not None and before.is_refused:
            now = replace(now, is_refused=True, order=replace(now.order, status=status_of(now.status, is_refused=True)))
        self._reported[now.order.vid] = now
        if now.client_id == self._client_id and now.number > 0:
            self._vids[now.number] = now.order.vid
            for waiting in self._waiting.get(now.number, []):
                if waiting.is_done(now):
                    waiting.settle(Answer(AnswerKind.ACCEPTED, now.order.vid))
        # The status that follows says how much is filled; an order object without it would say less than is known.
        if is_whole and (now.is_taken or now.order.status.is_terminal):
            self._tell(StreamEvent(order=now.order))

    def error(self, number: int, code: int, text: str) -> None:
        """An error under the number of an order."""
        for each in self._waiting.get(number, []):
            if code in each.codes:
                each.settle(Answer(each.codes[code], self._vids.get(number), f"{code}: {text}"))
        # What refuses a change leaves the order standing, however late it comes.
        if ORDER_CODES.get(code) is AnswerKind.REFUSED and number not in self._changed:
            self._refused(number)

    def _refused(self, number: int) -> None:
        """An order was refused; where it was reported before, that is its end."""
        found = self._reported.get(self._vids.get(number, ""))
        if found is not None and found.order.status is not VenueStatus.FILLED:
            order = replace(found.order, status=status_of("Inactive", is_refused=True))
            self._take(replace(found, order=order, status="Inactive", is_refused=True), is_whole=True)

    def execution(self, contract: Any, execution: Any) -> None:
        """An execution came by itself."""
        self._tell(StreamEvent(fill=fill_from(self._symbol_of(contract), execution)))

    # Orders from lists.

    def completed(self, contract: Any, order: Any, state: Any) -> VenueOrder:
        """An order of the list of completed ones; what is known of it from before fills in what that does not say."""
        vid, filled = str(order.permId), amount(order.filledQuantity if order.filledQuantity < 1e300 else 0.0)
        before = self._reported.get(vid)
        ended_ns = instant_from(state.completedTime)
        said = max(amount(order.totalQuantity), filled)
        return VenueOrder(
            vid=vid,
            cid=order.orderRef or None,
            symbol=self._symbol_of(contract),
            side=side_of(order.action),
            quantity=self.wanted(vid, order.orderRef) or said,
            filled=filled,
            status=status_of(state.status, state.completedStatus or "done"),
            created_ns=before.order.created_ns if before is not None else ended_ns or self._clock.now_ns(),
            shape=type_of(order.orderType),
            limit_price=price(order.lmtPrice) if "LMT" in order.orderType else None,
            stop_price=price(order.auxPrice) if "STP" in order.orderType else None,
        )


def done_by(wire: WireOrder) -> Callable[[Reported], bool]:
    """Whether a report shows the order as it was asked to become."""

    def is_done(now: Reported) -> bool:
        seen = now.order
        return now.is_taken and (seen.quantity, seen.limit_price, seen.stop_price) == (
            wire.quantity,
            wire.limit_price,
            wire.stop_price,
        )

    return is_done


def going(now: Reported) -> bool:
    """Whether a report shows an order on its way out."""
    return now.status in _GOING


def taken(now: Reported) -> bool:
    """Whether a report shows that the broker has an order."""
    return now.is_taken
