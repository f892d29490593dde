"""The orders of one account by every name they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ids import sandbox_id
from .lookups import LookupDelay
from .refusals import Refusal, Why
from .terms import Dedupe

if TYPE_CHECKING:
    from .placed import PlacedOrder

__all__ = ["OrderRegistry"]


class OrderRegistry:
    """Every order of an account, oldest first.

    Parameters
    ----------
    seed, key
        What ids are made of.
    dedupe : Dedupe
        Against which earlier orders a client's id is refused.
    """

    def __init__(self, seed: int, key: str, dedupe: Dedupe) -> None:
        self._seed = seed
        self._key = key
        self._dedupe = dedupe
        self.delay = LookupDelay()
        self._by_id: dict[str, PlacedOrder] = {}
        self._by_number: dict[int, PlacedOrder] = {}
        self._open: dict[str, PlacedOrder] = {}
        self._by_client_id: dict[str, list[PlacedOrder]] = {}

    def new_id(self, number: int) -> str:
        """The venue's id for an order that takes this number now."""
        return sandbox_id(self._seed, self._key, "order", number, len(self._by_id))

    def new_client_id(self, order_id: str) -> str:
        """A client id for an order whose client gave none."""
        return sandbox_id(self._seed, self._key, "client", order_id)

    def add(self, order: PlacedOrder) -> None:
        """Take in an order; one that has the number of an earlier one stands in its place from now on."""
        self._by_id[order.id] = order
        self._by_number[order.number] = order
        self._open[order.id] = order
        self._by_client_id.setdefault(order.client_order_id, []).append(order)

    def rename(self, order: PlacedOrder, client_order_id: str) -> None:
        """Give an order the id that its client chose after it was taken in."""
        self._by_client_id[order.client_order_id].remove(order)
        order.client_order_id = client_order_id
        self._by_client_id.setdefault(client_order_id, []).append(order)

    def require_fresh(self, client_order_id: str | None, *, forgets_ended: bool = False) -> None:
        """Refuse a client's id that may not be used again; `forgets_ended` frees those of ended orders.

        Raises
        ------
        Refusal
        """
        if client_order_id is None or self._dedupe is Dedupe.NONE:
            return
        earlier = self._by_client_id.get(client_order_id, [])
        is_for_ever = self._dedupe is Dedupe.FOR_EVER and not forgets_ended
        if any(order.is_open or is_for_ever for order in earlier):
            raise Refusal(Why.DUPLICATE_ID, "client_order_id must be unique")

    def of_number(self, number: int) -> PlacedOrder | None:
        """The order with a number on the exchange, where the client knows of it."""
        return self._by_number.get(number)

    def of_id(self, order_id: str) -> PlacedOrder:
        """The order with one of the venue's ids.

        Raises
        ------
        Refusal
            When there is none.
        """
        found = self._by_id.get(order_id)
        if found is None:
            raise Refusal(Why.UNKNOWN_ORDER, f"order not found for {order_id}")
        return found

    def of_client_id(self, client_order_id: str) -> PlacedOrder:
        """The newest order with a client's id.

        Raises
        ------
        Refusal
            When there is none.
        """
        found = self._by_client_id.get(client_order_id)
        if not found:
            raise Refusal(Why.UNKNOWN_ORDER, f"order not found for {client_order_id}")
        return found[-1]

    def all(self) -> list[PlacedOrder]:
        """Every order, oldest first."""
        return list(self._by_id.values())

    def end(self, order: PlacedOrder) -> None:
        """An order has ended."""
        self._open.pop(order.id, None)

    def open(self, symbol: str | None = None) -> list[PlacedOrder]:
        """Working orders, oldest first, of one symbol or of all."""
        return [order for order in self._open.values() if symbol in (None, order.symbol)]

    # What a look-up shows: an index may lag behind what the venue has taken.

    def shown(self) -> list[PlacedOrder]:
        """Every order that look-ups show by now, oldest first."""
        return self.delay.seen(self.all())

    def shown_by_id(self, order_id: str) -> PlacedOrder:
        """The order with one of the venue's ids, where look-ups show it.

        Raises
        ------
        Refusal
        """
        if self.delay.seen(found := [self.of_id(order_id)]):
            return found[0]
        raise Refusal(Why.UNKNOWN_ORDER, f"order not found for {order_id}")

    def shown_by_client_id(self, client_order_id: str) -> PlacedOrder:
        """The newest order with a client's id, where look-ups show it.

        Raises
        ------
        Refusal
        """
        if self.delay.seen(found := [self.of_client_id(client_order_id)]):
            return found[0]
        raise Refusal(Why.UNKNOWN_ORDER, f"order not found for {client_order_id}")
