"""Where approved orders are made. Only the risk room may import this module; a contract checks it."""

from __future__ import annotations

from typing import TypeVar

from .approval import _SEAL, ApprovedOrder

__all__ = ["mint"]

T = TypeVar("T")


def mint(order: T) -> ApprovedOrder[T]:
    """Approve the order."""
    return ApprovedOrder(order, _SEAL)
