"""Orders of the paper exchange, as its clients know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.live.venue import VenueFill, VenueOrder, VenueStatus

if TYPE_CHECKING:
    from tradewright.domain.live.wire import WireOrder

__all__ = ["PaperOrder", "decimal_units"]

_ZERO = Decimal(0)


def decimal_units(value: float) -> Decimal:
    """A float of the rules as the shortest decimal that is it."""
    return Decimal(repr(value)) if value != int(value) else Decimal(int(value))


@dataclass(slots=True)
class PaperOrder:
    """One order: `number` is its number on the exchange, `quantity` what it works for itself, without what it replaced.

    Instants are UTC nanoseconds; `ended_ns` is 0 while it works.
    """

    number: int
    cid: str | None
    wire: WireOrder
    quantity: Decimal
    created_ns: int
    status: VenueStatus = VenueStatus.OPEN
    reason: str = ""
    ended_ns: int = 0
    replaced_by: str | None = None
    fills: list[VenueFill] = field(default_factory=list)

    @property
    def vid(self) -> str:
        """The exchange's id of it."""
        return f"P{self.number:06d}"

    @property
    def filled(self) -> Decimal:
        """Units filled."""
        return self.fills[-1].cumulative if self.fills else _ZERO

    def execute(self, quantity: Decimal, price: float, at_ns: int) -> VenueFill:
        """Book an execution, and give it."""
        fill = VenueFill(
            execution_id=f"{self.vid}-{len(self.fills) + 1}", vid=self.vid, cid=self.cid, symbol=self.wire.symbol,
            side=self.wire.side, quantity=quantity, price=decimal_units(price), cumulative=self.filled + quantity,
            at_ns=at_ns,
        )  # fmt: skip
        self.fills.append(fill)
        return fill

    def shown(self) -> VenueOrder:
        """The order as the venue tells it now."""
        return VenueOrder(
            vid=self.vid, cid=self.cid, symbol=self.wire.symbol, side=self.wire.side, quantity=self.quantity,
            filled=self.filled, status=self.status, created_ns=self.created_ns, replaced_by=self.replaced_by,
            shape=self.wire.order_type.value,
        )  # fmt: skip
