"""Dressing an order: the words and prices of a ticket written into a slot of the exchange, on the instrument's grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.errors import OrderError, WarmupError
from tradewright.domain.grid import limit_on_grid, stop_on_grid
from tradewright.domain.order import OrderRequest, OrderSide, OrderType, TimeInForce
from tradewright.simulation.rules.constants import INF, NAN, STOP_LOSS, TAKE_PROFIT
from tradewright.simulation.rules.orders import pair
from tradewright.strategy.desk import Ticket

if TYPE_CHECKING:
    from tradewright.domain.instrument import Instrument
    from tradewright.simulation.state import Book, OrderSlot

    from .order_book import OrderBook

__all__ = ["Leg", "Terms", "dress", "require_bar", "require_possible", "ticket_of"]

_KINDS = {kind: number for number, kind in enumerate(OrderType)}
_TIFS = {tif: number for number, tif in enumerate(TimeInForce)}


class Terms(NamedTuple):
    """What dressing needs to know: the instrument, its tick (None on adjusted prices), the book."""

    instrument: Instrument
    tick: float | None
    book: int


class Leg(NamedTuple):
    """A protective leg that an order will carry once it is approved."""

    role: int
    price: float


def dress(order: OrderSlot, ticket: Ticket, terms: Terms, close: float, orders: OrderBook) -> tuple[Leg, ...]:
    """Write a ticket into an order, and return the legs it asks for.

    Parameters
    ----------
    close : float
        The last close, from which a trailing stop starts.

    Raises
    ------
    OrderError
        When the ticket contradicts itself.
    """
    if not is_plausible(ticket):
        require_possible(order.quantity, ticket, terms)
        order.kind = _KINDS[ticket.order_type]
        order.tif = _TIFS[ticket.time_in_force]
        order.expires = ticket.expires_ns or 0
        order.display = ticket.display_quantity or 0.0
        set_prices(order, ticket, terms, close)
    if ticket.oco is not None:
        pair_with(order, ticket, terms, orders)
    return legs_of(order, ticket, terms)


def is_plausible(ticket: Ticket) -> bool:
    """Whether a ticket is a market order with sound legs, so that the full check would find nothing."""
    stop, target = ticket.stop_loss, ticket.take_profit
    if ticket.order_type is not OrderType.MARKET or ticket.time_in_force is not TimeInForce.GTC:
        return False
    if stop is None or target is None or ticket.limit_price is not None or ticket.stop_price is not None:
        return False
    if ticket.trail_amount is not None or ticket.trail_percent is not None:
        return False
    low, high = (stop, target) if ticket.side > 0 else (target, stop)
    return 0.0 < low < high < INF and ticket.display_quantity is None and ticket.expires_ns is None


def require_possible(quantity: float, ticket: Ticket, terms: Terms) -> None:
    """Refuse what no venue would take, with the sentence of the request type."""
    OrderRequest(
        symbol=terms.instrument.symbol,
        side=ticket.side,
        quantity=quantity or 1.0,
        order_type=ticket.order_type,
        limit_price=ticket.limit_price,
        stop_price=ticket.stop_price,
        trail_amount=ticket.trail_amount,
        trail_percent=ticket.trail_percent,
        time_in_force=ticket.time_in_force,
        expires_ns=ticket.expires_ns,
        stop_loss=ticket.stop_loss,
        take_profit=ticket.take_profit,
        display_quantity=ticket.display_quantity,
    )


def set_prices(order: OrderSlot, ticket: Ticket, terms: Terms, close: float) -> None:
    """Limit, stop and trail on the grid; a trailing stop starts from the last close."""
    if ticket.limit_price is not None:
        order.limit = on_grid_limit(ticket.limit_price, order.side, terms)
    if ticket.stop_price is not None:
        order.stop = on_grid_stop(ticket.stop_price, order.side, terms)
    if ticket.order_type is OrderType.TRAILING_STOP:
        require_bar(terms, close)
        order.trail = NAN if ticket.trail_amount is None else ticket.trail_amount
        order.trail_fraction = NAN if ticket.trail_percent is None else ticket.trail_percent / 100.0
        distance = close * order.trail_fraction if ticket.trail_amount is None else order.trail
        order.stop = close + order.side * distance


def legs_of(order: OrderSlot, ticket: Ticket, terms: Terms) -> tuple[Leg, ...]:
    """The protective legs a ticket asks for: stop first, so that it has the lower order number."""
    exit_side = -order.side
    legs = []
    if ticket.stop_loss is not None:
        legs.append(Leg(STOP_LOSS, on_grid_stop(ticket.stop_loss, exit_side, terms)))
    if ticket.take_profit is not None:
        legs.append(Leg(TAKE_PROFIT, on_grid_limit(ticket.take_profit, exit_side, terms)))
    return tuple(legs)


def pair_with(order: OrderSlot, ticket: Ticket, terms: Terms, orders: OrderBook) -> None:
    """Tie the order to the earlier one that it cancels and is cancelled by.

    Raises
    ------
    OrderError
        When the other has ended, is paired already, or is an order for another symbol or of another strategy.
    """
    other = None if ticket.oco is None or not ticket.oco.id else orders.slot_of(ticket.oco.id)
    if other is None or other.sibling >= 0 or other.entry >= 0:
        raise OrderError(
            f"Order {getattr(ticket.oco, 'id', None)} cannot be paired: it has ended or is paired already."
        )
    if ticket.oco is not None and ticket.oco.book != terms.book:
        raise OrderError(
            f"Order {ticket.oco.id} cannot be paired with one for {terms.instrument.symbol}.",
            hint="Pair orders for one symbol.",
        )
    pair(order, other)


def require_bar(terms: Terms, close: float) -> None:
    """Refuse what needs a price of a symbol that has none yet."""
    if close != close:  # noqa: PLR0124 - NaN
        raise WarmupError(f"{terms.instrument.symbol} has no bar yet.", hint="Look at ctx.symbols first.")


def ticket_of(book: Book, order: OrderSlot) -> Ticket:
    """The ticket that would place a working order again as it stands, its protective legs included."""
    ticket = Ticket(OrderSide(order.side), order.quantity)
    ticket.order_type, ticket.time_in_force = tuple(OrderType)[order.kind], tuple(TimeInForce)[order.tif]
    ticket.limit_price, ticket.display_quantity = known(order.limit), order.display or None
    ticket.expires_ns = order.expires if ticket.time_in_force is TimeInForce.GTD else None
    if ticket.order_type is OrderType.TRAILING_STOP:
        ticket.trail_amount = known(order.trail)
        ticket.trail_percent = None if order.trail == order.trail else order.trail_fraction * 100.0
    else:
        ticket.stop_price = known(order.stop)
    if order.stop_leg >= 0:
        ticket.stop_loss = book.orders[order.stop_leg].stop
    if order.target_leg >= 0:
        ticket.take_profit = book.orders[order.target_leg].limit
    return ticket


def known(price: float) -> float | None:
    """A price, or None for the NaN that stands for none."""
    return price if price == price else None  # noqa: PLR0124 - NaN


def on_grid_limit(price: float, side: int, terms: Terms) -> float:
    """A limit price on the tick grid; adjusted prices have no grid."""
    return price if terms.tick is None else limit_on_grid(price, side, terms.tick)


def on_grid_stop(price: float, side: int, terms: Terms) -> float:
    """A stop price on the tick grid; adjusted prices have no grid."""
    return price if terms.tick is None else stop_on_grid(price, side, terms.tick)
