"""Moving the price of a protective leg while it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import OrderError
from tradewright.simulation.rules.constants import STOP_LOSS, TAKE_PROFIT
from tradewright.simulation.rules.wake import watch

from .dressing import on_grid_limit, on_grid_stop

if TYPE_CHECKING:
    from .desk import OrderDesk

__all__ = ["move_leg"]


def move_leg(desk: OrderDesk, order_id: int, price: float | None) -> float:
    """Let a stop-loss or take-profit that still works stand at another price, from the next bar on.

    Parameters
    ----------
    desk : OrderDesk
    order_id : int
    price : float, optional
        On the tick grid where there is one; None leaves it where it is.

    Returns
    -------
    float
        Where it stands now.

    Raises
    ------
    OrderError
        When the order has ended or is no leg, or the price is none.
    """
    leg = desk.orders.slot_of(order_id)
    if leg is None or leg.role not in (STOP_LOSS, TAKE_PROFIT):
        raise OrderError(f"Order {order_id} is not a protective leg that works.")
    if price is not None and not 0.0 < price < float("inf"):
        raise OrderError(f"The price of order {order_id} cannot be {price}.", hint="Give a positive price.")
    book = next(each for each in desk.board.books if leg in each.orders)
    terms = desk.board.terms[book.number]
    if leg.role == STOP_LOSS:
        leg.stop = leg.stop if price is None else on_grid_stop(price, leg.side, terms)
    else:
        leg.limit = leg.limit if price is None else on_grid_limit(price, leg.side, terms)
    watch(book)
    return leg.stop if leg.role == STOP_LOSS else leg.limit
