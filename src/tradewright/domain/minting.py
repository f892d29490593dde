"""Where approved orders are made. Only the risk room may import this module; a contract checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .approval import _SEAL, ApprovedOrder

if TYPE_CHECKING:
    from .quote import Quote

__all__ = ["mint"]

T = TypeVar("T")


def mint(order: T, quote: Quote | None = None) -> ApprovedOrder[T]:
    """Approve the order, by a quote where one said the price."""
    return ApprovedOrder(order, _SEAL, quote)
