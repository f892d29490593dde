"""Look-ups that lag behind: an order that was taken, and that nobody can find for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .placed import PlacedOrder

__all__ = ["LookupDelay"]


class LookupDelay:
    """Which orders an index does not show yet."""

    def __init__(self) -> None:
        self._looks: dict[str, int] = {}

    def hide(self, order: PlacedOrder, looks: int) -> None:
        """Do not show an order, with its group, to so many look-ups."""
        for each in order.group:
            self._looks[each.id] = looks

    def seen(self, orders: list[PlacedOrder]) -> list[PlacedOrder]:
        """Those of the orders that a look-up shows; each that it does not is one look closer to being shown."""
        if not self._looks:
            return orders
        shown = [order for order in orders if order.id not in self._looks]
        for order in orders:
            left = self._looks.get(order.id, 0) - 1
            if left > 0:
                self._looks[order.id] = left
            else:
                self._looks.pop(order.id, None)
        return shown
