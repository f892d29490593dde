"""What the risk office reads of an account: its positions, and every order that may still change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.order import OrderSide

__all__ = ["AccountBook", "SomebodysOrder"]


class SomebodysOrder(Protocol):
    """An order at the venue that is none of ours."""

    @property
    def symbol(self) -> str:
        """What it trades."""
        ...

    @property
    def side(self) -> OrderSide:
        """Which way."""
        ...

    @property
    def quantity(self) -> Decimal:
        """Units."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether it may still fill."""
        ...


class AccountBook(Protocol):
    """The account as its journal tells it; all strategies, operators and strangers in one."""

    @property
    def positions(self) -> Mapping[str, Decimal]:
        """Signed units by symbol, whoever's."""
        ...

    @property
    def orders(self) -> Mapping[str, LiveOrder]:
        """Every order of ours by its id, in the order in which they were decided."""
        ...

    @property
    def foreign(self) -> Mapping[str, SomebodysOrder]:
        """Orders of others by the venue's id."""
        ...
