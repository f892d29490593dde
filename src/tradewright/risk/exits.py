"""The gate of a process that may only close: the kill switch's own, which knows no strategy and no limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.approval import ApprovedOrder, RefusedOrder
from tradewright.domain.events import Reason
from tradewright.domain.minting import mint

if TYPE_CHECKING:
    from tradewright.domain.live.wire import WireOrder

__all__ = ["ExitsOnly"]


class ExitsOnly:
    """Approves what says of itself that it may only reduce a position, and nothing else."""

    def approve(self, order: WireOrder) -> ApprovedOrder[WireOrder] | RefusedOrder[WireOrder]:
        """Approve an order that reduces, refuse any other one."""
        return mint(order) if order.reduce_only else RefusedOrder(order, Reason.ONLY_EXITS)
