"""A venue that is nobody: it refuses every order at the last step, so that a road to it leads nowhere."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.live.venue import Answer, AnswerKind, VenueAccount

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tradewright.domain.approval import ApprovedOrder
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.live.venue import Capabilities, StreamEvent, VenueFill, VenueOrder
    from tradewright.domain.live.wire import WireOrder

    Permit = Callable[[], bool]

__all__ = ["PRACTICE_CASH", "RefusingVenue"]

PRACTICE_CASH = 1e9
_REFUSED = Answer(AnswerKind.REFUSED, reason="It is practice.")
_MONEY = VenueAccount(Decimal(PRACTICE_CASH), Decimal(PRACTICE_CASH), Decimal(PRACTICE_CASH))


class RefusingVenue:
    """A `tradewright.ports.broker.Broker` and `InstrumentSource` without a line to anywhere.

    Parameters
    ----------
    capabilities : Capabilities
        Of the venue in whose place it stands.
    instruments : sequence of Instrument
    """

    session = 1

    def __init__(self, capabilities: Capabilities, instruments: Sequence[Instrument]) -> None:
        self.capabilities = capabilities
        self._instruments = {each.symbol: each for each in instruments}

    async def instrument(self, symbol: str) -> Instrument:
        """An instrument it was made with."""
        return self._instruments[symbol]

    async def connect(self) -> None:
        """There is nothing to connect to."""

    async def disconnect(self) -> None:
        """Nothing was connected."""

    async def submit(self, approved: ApprovedOrder[WireOrder], cid: str, permit: Permit) -> Answer:  # noqa: ARG002 - the port's shape
        """Refuse an order once its permit was asked for."""
        return _REFUSED if permit() else Answer(AnswerKind.NOT_SENT)

    async def cancel(self, cid: str, vid: str | None, permit: Permit) -> Answer:  # noqa: ARG002 - the port's shape
        """Refuse."""
        return _REFUSED

    async def replace(self, vid: str, approved: ApprovedOrder[WireOrder], cid: str, permit: Permit) -> Answer:  # noqa: ARG002 - the port's shape
        """Refuse."""
        return _REFUSED

    async def order_by_cid(self, cid: str) -> VenueOrder | None:  # noqa: ARG002 - the port's shape
        """No order stands here."""
        return None

    async def order_by_vid(self, vid: str) -> VenueOrder | None:  # noqa: ARG002 - the port's shape
        """No order stands here."""
        return None

    async def open_orders(self) -> Sequence[VenueOrder]:
        """None."""
        return ()

    async def closed_orders(self, since_ns: int) -> Sequence[VenueOrder]:  # noqa: ARG002 - the port's shape
        """None."""
        return ()

    async def executions(self, since_ns: int) -> Sequence[VenueFill]:  # noqa: ARG002 - the port's shape
        """None."""
        return ()

    async def positions(self) -> dict[str, Decimal]:
        """None."""
        return {}

    async def account(self) -> VenueAccount:
        """More than practice needs."""
        return _MONEY

    async def events(self) -> AsyncIterator[StreamEvent]:
        """None."""
        nothing: tuple[StreamEvent, ...] = ()
        for event in nothing:
            yield event
