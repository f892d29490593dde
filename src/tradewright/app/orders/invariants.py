"""What must hold of live orders at every moment; where it does not, the road latches, stops, and says which order.

The others are kept where they can be broken: the record before the bytes, latch and lease in the permit, an id for one
order alone, sizes from final orders, and a journal of one account and mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.live.order import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .holdings import Holdings
    from .office import Office

__all__ = ["Invariants"]


class Invariants:
    """Holds the book against what must be true of it.

    Parameters
    ----------
    office : Office
    holdings : Holdings
    """

    def __init__(self, office: Office, holdings: Holdings) -> None:
        self.office = office
        self.holdings = holdings

    def check(self) -> None:
        """Latch and stop at the first thing that does not hold.

        Raises
        ------
        InvariantError
            Then nothing is sent any more.
        """
        for sentence in self.broken():
            self.office.require(False, sentence)

    def broken(self) -> Iterator[str]:
        """Everything that does not hold, one sentence each."""
        yield from self._given_up_and_there()
        yield from self._more_exits_than_held()
        yield from self._shared_ids()

    def _given_up_and_there(self) -> Iterator[str]:
        for order in self.office.book.orders.values():
            if order.state is Lifecycle.NOT_ACCEPTED and (order.vid is not None or order.fills):
                yield f"{order.cid} was said not to be accepted, and stands at the venue as {order.vid}."

    def _more_exits_than_held(self) -> Iterator[str]:
        """A bracket whose position is on the other side already is dealt with as such, and some venues guard it.

        So is one whose fills the venue took back: that is the venue's doing, and its stops are made smaller.
        """
        if self.office.abilities.reduce_only:
            return
        for entry in self.holdings.entries():
            if self.holdings.is_between_units(entry) or self.holdings.was_busted(entry):
                continue
            if self.holdings.held(entry) >= 0 and self.holdings.surplus(entry) > 0:
                yield f"The working exits of {entry.cid} are for more than it holds."

    def _shared_ids(self) -> Iterator[str]:
        owners: dict[str, str] = {}
        for order in self.office.book.orders.values():
            if order.replaced_by is not None and self.office.book.orders[order.replaced_by].vid == order.vid:
                continue
            if order.vid is not None and owners.setdefault(order.vid, order.cid) != order.cid:
                yield f"{order.cid} and {owners[order.vid]} are both {order.vid} at the venue."
