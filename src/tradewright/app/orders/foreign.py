"""Foreign orders: somebody else's are listed and counted, and left alone; ours without a record are taken over."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.live.ids import IdRole, parse_id
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.venue import VenueStatus
from tradewright.domain.live.wire import WireOrder

from .office import Alarm
from .witness import fill_body

if TYPE_CHECKING:
    from tradewright.domain.live.venue import VenueFill, VenueOrder

    from .cancel import Canceller
    from .office import Office

__all__ = ["Strangers"]


class Strangers:
    """Takes down what stands at the venue and is in no decision of ours.

    Parameters
    ----------
    office : Office
    canceller : Canceller
    """

    def __init__(self, office: Office, canceller: Canceller) -> None:
        self.office = office
        self.canceller = canceller
        self.waiting_ns: int | None = None
        """The venue's time of the first fill that was left for later, because it may be ours."""

    async def order_seen(self, seen: VenueOrder) -> None:
        """Take down an order that is none of ours: adopt it where it carries our tag, list it otherwise."""
        if self.office.settings.scope.is_ours(seen.cid):
            await self._adopt(seen)
        elif self.office.abilities.has_cids or not self.office.book.in_doubt(seen.symbol):
            self._list(seen)

    async def _adopt(self, seen: VenueOrder) -> None:
        """Our tag, and no record: it is managed from now on, cancelled, and a person is told."""
        parts = parse_id(seen.cid)
        if parts is None or seen.cid is None or seen.status.is_terminal:
            return
        wire = WireOrder(symbol=seen.symbol, side=seen.side, quantity=seen.quantity)
        now = self.office.now_ns()
        self.office.note(
            RecordKind.ADOPT, cid=seen.cid, vid=seen.vid, key=f"{seen.created_ns}/{seen.symbol}", at=now, ttl_ns=now,
            role=IdRole(parts.role).name, wire=wire.plain(), number=0,
        )  # fmt: skip
        self.office.alarm(Alarm.OWN_TAG, seen.cid, f"{seen.vid} carries our tag and is in no decision.")
        await self.canceller.cancel(seen.cid)

    def _list(self, seen: VenueOrder) -> None:
        known = self.office.book.foreign.get(seen.vid)
        is_open = seen.status is VenueStatus.OPEN
        if known is not None and known.is_open == is_open:
            return
        self.office.note(
            RecordKind.FOREIGN, vid=seen.vid, symbol=seen.symbol, side=seen.side.name, quantity=str(seen.quantity),
            open=is_open,
        )  # fmt: skip
        self.office.touch(seen.symbol)
        if known is None:
            self.office.alarm(Alarm.FOREIGN, seen.vid, f"{seen.side.name} {seen.quantity} {seen.symbol}")

    def fill_seen(self, fill: VenueFill) -> None:
        """A fill of somebody else's order changes the account's position, and is booked once.

        What was filled before the baseline is inside it. Without ids of ours at the venue, a fill waits while an
        order of its symbol is unknown: it may be ours.
        """
        book = self.office.book
        if not book.has_baseline or fill.identity in book.fills or fill.at_ns <= book.baseline_ns:
            return
        if self.office.settings.scope.is_ours(fill.cid):
            return
        if fill.vid not in book.foreign:
            if not self.office.abilities.has_cids and book.in_doubt(fill.symbol):
                self.waiting_ns = min(fill.at_ns, self.waiting_ns or fill.at_ns)
                return
            self._list_from(fill)
        self.office.split_first(fill.symbol, fill.at_ns)
        self.office.note(RecordKind.FILL, **fill_body(fill))
        self.office.touch(fill.symbol)

    def _list_from(self, fill: VenueFill) -> None:
        self.office.note(
            RecordKind.FOREIGN, vid=fill.vid, symbol=fill.symbol, side=fill.side.name, quantity=str(fill.cumulative),
            open=False,
        )  # fmt: skip
        self.office.alarm(Alarm.FOREIGN, fill.vid, f"{fill.side.name} {fill.quantity} {fill.symbol}")

    def exposure(self, symbol: str) -> Decimal:
        """Signed units that foreign open orders may still add to a position; counted in risk."""
        return sum(
            (f.quantity * f.side.value for f in self.office.book.foreign.values() if f.symbol == symbol and f.is_open),
            Decimal(0),
        )
