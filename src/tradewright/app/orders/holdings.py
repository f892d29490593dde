"""What brackets hold, what covers it, and for how long some of it stood without a stop."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.order import Lifecycle

if TYPE_CHECKING:
    from tradewright.domain.live.order import LiveOrder

    from .office import Office

__all__ = ["Holdings"]

NS = 1_000_000_000
_ZERO = Decimal(0)
_REFUSED = {Lifecycle.REJECTED, Lifecycle.NOT_ACCEPTED}
_COVERING = (IdRole.STOP, IdRole.EXIT)


class Holdings:
    """Counts the units of each bracket.

    Parameters
    ----------
    office : Office
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self.bare_s: dict[str, float] = {}
        """Seconds, by entry, in which units stood without a working stop; stretches that are over."""
        self._since: dict[str, int] = {}

    def entry_of(self, order: LiveOrder) -> LiveOrder | None:
        """The first entry of the bracket an order belongs to, or None."""
        book = self.office.book
        entry = book.chain(book.orders.get(order.parent or "", order))[0]
        return entry if entry.plan is not None else None

    def entries(self) -> list[LiveOrder]:
        """The first entries of all brackets."""
        orders = self.office.book.orders.values()
        return [order for order in orders if order.plan is not None and order.replaces is None]

    def everything(self, entry: LiveOrder) -> list[LiveOrder]:
        """Every order of a bracket: the entry, what took its place, and what protects it."""
        return [*self.office.book.chain(entry), *self.office.book.children(entry.cid)]

    def held(self, entry: LiveOrder) -> Decimal:
        """Units that the entry filled and nothing has closed; negative when more was closed than there was."""
        side = entry.wire.side
        return sum((o.lots if o.wire.side is side else -o.lots for o in self.everything(entry)), _ZERO)

    def naked(self, entry: LiveOrder) -> Decimal:
        """Units held that nothing covers; what ended and was not read to its end may still have filled, and covers."""
        return self.held(entry) - sum((o.leaves for o in self._covering(entry)), _ZERO)

    def _covering(self, entry: LiveOrder) -> list[LiveOrder]:
        """Of an order and what takes its place, the second is counted as soon as it may stand."""
        orders = [o for o in self.office.book.children(entry.cid, *_COVERING) if self._may_fill(o)]
        cids = {order.cid for order in orders}
        return [order for order in orders if order.replaced_by not in cids]

    def _may_fill(self, order: LiveOrder) -> bool:
        return order.is_open or (not order.is_final and order.state not in _REFUSED)

    def bare(self, entry: LiveOrder) -> Decimal:
        """Units held for which no stop is known to work."""
        orders = [o for o in self.office.book.children(entry.cid, *_COVERING) if o.state is Lifecycle.WORKING]
        cids = {order.cid for order in orders}
        return self.held(entry) - sum((o.leaves for o in orders if o.replaced_by not in cids), _ZERO)

    def surplus(self, entry: LiveOrder) -> Decimal:
        """Units that exits surely work for beyond what is held; positive when they would turn the position round.

        An order whose successor works or has filled may be gone without our having heard of it yet.
        """
        orders = self.office.book.children(entry.cid, *_COVERING)
        stood = {order.cid for order in orders if order.state is Lifecycle.WORKING or order.fills}
        working = (o.leaves for o in orders if o.state is Lifecycle.WORKING and o.replaced_by not in stood)
        return sum(working, _ZERO) - self.held(entry)

    def is_between_units(self, entry: LiveOrder) -> bool:
        """Whether something of a bracket still counts units as they were before a split."""
        book = self.office.book
        if self.office.is_split_due(entry.symbol):
            return True
        return any(not order.is_final and book.is_from_before_split(order) for order in self.everything(entry))

    def was_busted(self, entry: LiveOrder) -> bool:
        """Whether the venue took fills of a bracket back: then its stops may be for more than is left, for a while."""
        return any(order.cid in self.office.book.busted for order in self.everything(entry))

    def slices(self, entry: LiveOrder) -> list[LiveOrder]:
        """The stops of a bracket."""
        return self.office.book.children(entry.cid, IdRole.STOP)

    # Time.

    def measure(self, entry: LiveOrder) -> float:
        """Seconds for which units of a bracket that plans a stop have stood without one by now; 0 where none do."""
        now = self.office.clock.monotonic_ns()
        if entry.plan is not None and entry.plan.stop is not None and self.bare(entry) > 0:
            return (now - self._since.setdefault(entry.cid, now)) / NS
        since = self._since.pop(entry.cid, None)
        if since is not None:
            self.bare_s[entry.cid] = self.bare_s.get(entry.cid, 0.0) + (now - since) / NS
        return 0.0

    def is_overdue(self, order: LiveOrder) -> bool:
        """B6: whether what an order protects has stood without a stop for longer than it may."""
        entry = self.entry_of(order)
        return entry is not None and self.measure(entry) > self.office.settings.naked_s
