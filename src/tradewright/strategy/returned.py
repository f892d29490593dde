"""Orders that a strategy returns instead of calling for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StrategyError
from tradewright.domain.order import OrderRequest

from .desk import OrderRef

if TYPE_CHECKING:
    from .context import Context

__all__ = ["submit_returned"]

_CARRIED = (
    "order_type",
    "limit_price",
    "stop_price",
    "trail_amount",
    "trail_percent",
    "time_in_force",
    "stop_loss",
    "take_profit",
    "display_quantity",
    "client_order_id",
    "tag",
)


def submit_returned(context: Context, answer: Any) -> None:
    """Submit what `on_bar` returned: an order request, a list of them, or references to orders already placed.

    Raises
    ------
    StrategyError
        For anything else.
    """
    for item in answer if isinstance(answer, (list, tuple)) else (answer,):
        if isinstance(item, OrderRequest):
            options: Any = {name: getattr(item, name) for name in _CARRIED if getattr(item, name) is not None}
            context.order(item.quantity * int(item.side), item.symbol, **options)
        elif item is not None and not isinstance(item, OrderRef):
            raise StrategyError(
                f"on_bar returned {item!r:.60}, which is no order.",
                hint="Return an OrderRequest, a list of them, or None.",
            )
