"""The socket for a venue that takes real orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from decimal import Decimal

    from tradewright.domain.approval import ApprovedOrder
    from tradewright.domain.live.venue import (
        Answer,
        Capabilities,
        StreamEvent,
        VenueAccount,
        VenueFill,
        VenueOrder,
    )
    from tradewright.domain.live.wire import WireOrder

    Permit = Callable[[], bool]

__all__ = ["Broker", "Preparing"]


class Broker(Protocol):
    """A venue: takes approved orders and nothing else, and answers what it knows.

    Requests that change something are attempted once, with every retry of the transport turned off, and give an
    `Answer`; whatever proves nothing is SILENT. They take a `permit`, asked in the instant before the first byte is
    handed to the transport, with nothing awaited in between; when it says no, nothing is sent (NOT_SENT).

    Questions give an answer that is complete, every page of it, or raise: a part of a list is no evidence.

    Raises
    ------
    BrokerError
        From every question, when there was no complete answer; `AuthenticationError`, `ConnectionError` and
        `RateLimitError` where it is known why.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What the venue can do, and how late it may be."""
        ...

    @property
    def session(self) -> int:
        """Number of the present connection; another one after every reconnect."""
        ...

    async def connect(self) -> None:
        """Open the connection and the stream; events from now on are kept until `events` gives them."""
        ...

    async def disconnect(self) -> None:
        """Close the connection; harmless where it is closed."""
        ...

    async def submit(self, approved: ApprovedOrder[WireOrder], cid: str, permit: Permit) -> Answer:
        """Hand over a new order."""
        ...

    async def cancel(self, cid: str, vid: str | None, permit: Permit) -> Answer:
        """Ask for the end of an order. ACCEPTED promises nothing: it has ended when its order object says so."""
        ...

    async def replace(self, vid: str, approved: ApprovedOrder[WireOrder], cid: str, permit: Permit) -> Answer:
        """Ask the venue to put this order, under this new id, in the place of another."""
        ...

    async def order_by_cid(self, cid: str) -> VenueOrder | None:
        """The order with our id, or None where the venue shows none; an index may lag behind by d."""
        ...

    async def order_by_vid(self, vid: str) -> VenueOrder | None:
        """The order with the venue's id, or None where the venue shows none."""
        ...

    async def open_orders(self) -> Sequence[VenueOrder]:
        """All working orders of the account, whoever placed them."""
        ...

    async def closed_orders(self, since_ns: int) -> Sequence[VenueOrder]:
        """All orders that ended at or after an instant."""
        ...

    async def executions(self, since_ns: int) -> Sequence[VenueFill]:
        """All executions of the account at or after an instant, oldest first."""
        ...

    async def positions(self) -> dict[str, Decimal]:
        """Signed units by symbol; what is flat may be left out."""
        ...

    async def account(self) -> VenueAccount:
        """Money of the account."""
        ...

    def events(self) -> AsyncIterator[StreamEvent]:
        """What happens to orders, as it comes: some of it twice, late, in another order, or never."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """A venue whose orders can be written down before their moment, so that only the permit is left then."""

    def prepare(self, approved: ApprovedOrder[WireOrder], cid: str) -> None:
        """Make ready what `submit` will hand over for this id; nothing is sent, and `submit` may come or not."""
        ...
