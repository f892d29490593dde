"""Where approved orders are made. Only the risk room may import this module; a contract checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .approval import _SEAL, ApprovedOrder

if TYPE_CHECKING:
    from .order import OrderRequest

__all__ = ["mint"]


def mint(request: OrderRequest) -> ApprovedOrder:
    """Approve the request."""
    return ApprovedOrder(request, _SEAL)
