"""Orders at a venue that keeps no ids of ours: found by what they are and when they came, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.venue import VenueOrder

    from .office import Office

__all__ = ["Matcher"]


class Matcher:
    """Finds the one order at the venue that can only be ours.

    Parameters
    ----------
    office : Office
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self._doubtful: set[str] = set()

    def is_doubtful(self, order: LiveOrder) -> bool:
        """Whether several orders at the venue could be this one."""
        return order.cid in self._doubtful

    def claim(self, order: LiveOrder, listed: Sequence[VenueOrder], *, settled: bool) -> VenueOrder | None:
        """The order, once the settle window is over and exactly one new order of its shape belongs to nobody."""
        bound = [seen for seen in listed if seen.vid == order.vid]
        if bound:
            return bound[0]
        if not settled or order.attempts == 0:
            return None
        fitting = {seen.vid: seen for seen in listed if self.fits(order, seen)}
        self._doubtful.discard(order.cid)
        if len(fitting) > 1:
            self._doubtful.add(order.cid)
        return next(iter(fitting.values())) if len(fitting) == 1 else None

    def fits(self, order: LiveOrder, seen: VenueOrder) -> bool:
        """Whether an order at the venue is of the same shape, new since ARM, and nobody's."""
        wire, book = order.wire, self.office.book
        is_same = (seen.symbol, seen.side, seen.quantity) == (wire.symbol, wire.side, wire.quantity)
        is_same = is_same and seen.shape in {"", wire.order_type.value}
        is_new = seen.vid not in order.vids_before and seen.created_ns >= self._not_before(order)
        return is_same and is_new and seen.vid not in book.by_vid and seen.vid not in book.foreign

    def _not_before(self, order: LiveOrder) -> int:
        return order.armed_at - int(self.office.settings.clock_error_s * 1e9)
