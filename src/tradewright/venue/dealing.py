"""Dealing: what clients do on their accounts. Place, replace and cancel orders, close positions."""

from __future__ import annotations

from dataclasses import replace as changed_copy
from typing import TYPE_CHECKING, Any

from tradewright.domain.order import OrderSide
from tradewright.engine.legs import move_leg
from tradewright.strategy.desk import OrderRef

from .admission import require_on_grid, require_permitted
from .asks import OrderAsk, OrderClass
from .placed import PlacedOrder, Standing
from .refusals import Refusal, Why
from .tickets import changes_of, stop_of_pair, ticket_of, units_of

if TYPE_CHECKING:
    from tradewright.simulation.state import Book

    from .account import VenueAccount
    from .asks import Changes

__all__ = ["cancel", "close_position", "replace", "submit"]


def submit(account: VenueAccount, ask: OrderAsk) -> PlacedOrder:
    """Place an order, or a group of them; the first of the group.

    Raises
    ------
    Refusal
        When the order is impossible, cannot be paid for, or its id was used before.
    """
    book = account.book(ask.symbol)
    account.orders.require_fresh(ask.client_order_id, forgets_ended=ask.forgets_ended)
    quantity = units_of(ask, account.board, book)
    require_permitted(account, book, ask, quantity)
    number = account.asked(lambda: account.desk.submit(book.number, ticket_of(ask, quantity)))
    head = account.register(number, ask, ask.client_order_id)
    if ask.order_class is OrderClass.OCO:
        _pair(account, book, head, ask)
    account.announce(head)
    return head


def _pair(account: VenueAccount, book: Book, head: PlacedOrder, ask: OrderAsk) -> None:
    """Place the stop of an OCO beside its limit order; where it is refused the limit order goes, too."""
    ticket = stop_of_pair(ask, head.quantity)
    ticket.oco = OrderRef(head.number, book.number, account.desk)
    try:
        number = account.asked(lambda: account.desk.submit(book.number, ticket))
    except Refusal:
        account.desk.cancel(book.number, head.number)
        account.take_in()
        raise
    stop = account.register(number, ask, None)
    stop.parent = head
    head.legs.append(stop)


def close_position(account: VenueAccount, symbol: str, quantity: float | None = None) -> PlacedOrder:
    """Close a position, or a part of it, with a market order.

    Raises
    ------
    Refusal
        When nothing is held, or what is held is promised to other orders.
    """
    book = account.book(symbol)
    held = abs(book.position)
    if held == 0.0:
        raise Refusal(Why.UNKNOWN_POSITION, f"position does not exist: {symbol}")
    side = OrderSide.SELL if book.position > 0.0 else OrderSide.BUY
    ask = OrderAsk(symbol=symbol, side=side, quantity=held if quantity is None else quantity)
    if quantity is not None and quantity > held:
        raise Refusal(Why.FORBIDDEN, f"position of {symbol} is smaller than {quantity:g}")
    if quantity is not None and quantity < held:
        return submit(account, ask)
    require_permitted(account, book, ask, held)
    number = account.asked(lambda: account.desk.close_position(book.number, None))
    order = account.register(number, ask, None)
    account.announce(order)
    return order


def cancel(account: VenueAccount, order: PlacedOrder) -> None:
    """End a working order, and with it what it is paired with.

    Raises
    ------
    Refusal
        When it has ended.
    """
    _require_open(order)
    book = account.book(order.symbol)
    for each in [order, *(one for one in order.group if one is not order and _is_exit(one) and _is_exit(order))]:
        if each.is_open:
            account.desk.cancel(book.number, each.number)
    account.take_in()


def _is_exit(order: PlacedOrder) -> bool:
    """Whether an order is one of the exits of its group: they end together, an entry leaves those that protect."""
    return order.parent is not None or order.order_class is OrderClass.OCO


def _require_open(order: PlacedOrder) -> None:
    if not order.is_open:
        raise Refusal(Why.TOO_LATE, f'order is already in "{order.standing}" state')


def replace(account: VenueAccount, order: PlacedOrder, changes: Changes, *, in_place: bool = False) -> PlacedOrder:
    """Put a changed order in the place of a working one.

    Parameters
    ----------
    in_place : bool
        Whether the protocol changes the order itself, so that what it has filled always counts.

    Raises
    ------
    Refusal
        When it has ended, or cannot be changed so.
    """
    _require_open(order)
    account.orders.require_fresh(changes.client_order_id)
    book = account.book(order.symbol)
    wanted = changes_of(changes, order, gross=account.terms.replaces_gross and not in_place)
    prices = {name: wanted.get(name) for name in ("limit_price", "stop_price")}
    require_on_grid(account, book, prices, order.side)
    is_leg = order.parent is not None and order.order_class is not OrderClass.OCO
    successor = _moved(account, order, wanted) if is_leg else _replaced(account, book, order, wanted)
    if changes.client_order_id is not None:
        account.orders.rename(successor, changes.client_order_id)
    order.replaced_by, successor.replaces = successor.id, order.id
    account.take_in()
    if order.is_open:
        account.hear(order, "replaced", Standing.REPLACED)
    account.announce(successor)
    return successor


def _replaced(account: VenueAccount, book: Book, order: PlacedOrder, wanted: dict[str, Any]) -> PlacedOrder:
    if wanted.get("quantity", order.quantity) - order.filled < book.lot:
        raise Refusal(Why.INVALID, f"qty must be above the filled {order.filled:g}")
    number = account.asked(lambda: account.desk.replace(book.number, order.number, wanted))
    ask = OrderAsk(symbol=order.symbol, side=order.side, order_class=order.order_class, words=order.words)
    successor = account.register(number, ask, None)
    if order.order_class is OrderClass.OCO:
        _take_place(order, successor)
    return successor


def _moved(account: VenueAccount, order: PlacedOrder, wanted: dict[str, Any]) -> PlacedOrder:
    """A protective leg at another price: it stays where it is on the exchange, and is told as a new order."""
    if wanted.keys() - {"limit_price", "stop_price"}:
        raise Refusal(Why.INVALID, "of a bracket's exits only the prices can be replaced")
    price = move_leg(account.desk, order.number, next(iter(wanted.values()), None))
    fresh = account.orders.new_id(order.number)
    named = {"id": fresh, "client_order_id": account.orders.new_client_id(fresh), "standing": Standing.PENDING_NEW}
    changed: dict[str, Any] = {**named, "created_at": account.tape.now_ns}
    changed["limit_price" if order.limit_price is not None else "stop_price"] = price
    successor = changed_copy(order, **changed)
    account.orders.add(successor)
    _take_place(order, successor)
    return successor


def _take_place(order: PlacedOrder, successor: PlacedOrder) -> None:
    """Let a successor stand in the group of the order it replaces."""
    if order.parent is not None:
        successor.parent = order.parent
        order.parent.legs[order.parent.legs.index(order)] = successor
        return
    successor.legs = order.legs
    for leg in successor.legs:
        leg.parent = successor
