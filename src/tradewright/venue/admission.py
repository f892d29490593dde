"""What the venue asks before it takes an order: prices on the grid, units that are free, money that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.grid import limit_on_grid, stop_on_grid
from tradewright.domain.order import OrderSide, OrderType
from tradewright.simulation.rules.orders import closing_part, opening_need

from .asks import OrderClass
from .refusals import Refusal, Why
from .wording import decimal_of

if TYPE_CHECKING:
    from tradewright.simulation.state import Book

    from .account import VenueAccount
    from .asks import OrderAsk
    from .placed import PlacedOrder

__all__ = ["held_back", "require_on_grid", "require_permitted"]

_LIMITS = ("limit_price", "take_profit", "stop_loss_limit")
_STOPS = ("stop_price", "stop_loss")


def require_permitted(account: VenueAccount, book: Book, ask: OrderAsk, quantity: float) -> None:
    """Refuse what a venue would not take.

    Raises
    ------
    Refusal
    """
    prices = {name: getattr(ask, name) for name in (*_LIMITS, *_STOPS)}
    require_on_grid(account, book, prices, ask.side)
    if ask.order_class in (OrderClass.BRACKET, OrderClass.OTO):
        _require_sound_exits(account, book, ask)
    if ask.side is OrderSide.SELL:
        _require_units(account, book, ask, quantity)
    _require_money(account, book, ask, quantity)


def require_on_grid(account: VenueAccount, book: Book, prices: dict[str, float | None], side: OrderSide) -> None:
    """Refuse prices between two ticks.

    Raises
    ------
    Refusal
    """
    tick = account.board.terms[book.number].tick
    for name, price in prices.items():
        if price is None or tick is None:
            continue
        nearest = (stop_on_grid if name in _STOPS else limit_on_grid)(price, side, tick)
        if abs(nearest - price) > tick * 1e-6:
            raise Refusal(
                Why.INVALID,
                f"invalid {name} {decimal_of(price)}. sub-penny increment does not fulfill minimum pricing criteria",
            )


def _require_sound_exits(account: VenueAccount, book: Book, ask: OrderAsk) -> None:
    """The exits of an entry lie on their sides of where it is expected to fill."""
    base = ask.limit_price or ask.stop_price or account.board.close(book)
    target, stop = ask.take_profit, ask.stop_loss
    if target is not None and (target - base) * ask.side <= 0:
        sign = ">" if ask.side > 0 else "<"
        raise Refusal(Why.INVALID, f"take_profit.limit_price must be {sign} base_price", base_price=decimal_of(base))
    if stop is not None and (base - stop) * ask.side <= 0:
        sign = "<" if ask.side > 0 else ">"
        raise Refusal(Why.INVALID, f"stop_loss.stop_price must be {sign} base_price", base_price=decimal_of(base))


def held_back(orders: list[PlacedOrder], side: OrderSide) -> float:
    """Units that working orders of a side hold back; of orders that end each other only one can fill."""
    held: dict[int, float] = {}
    for order in orders:
        if order.side is side:
            head = id(order.parent or order)
            held[head] = max(held.get(head, 0.0), _units_at_stake(order))
    return sum(held.values())


def _units_at_stake(order: PlacedOrder) -> float:
    """Units the order may still trade: a leg protects what its entry has opened."""
    entry = order.parent
    if entry is None or order.order_class is OrderClass.OCO:
        return order.leaves
    return max(0.0, entry.filled - order.filled)


def _require_units(account: VenueAccount, book: Book, ask: OrderAsk, quantity: float) -> None:
    """Where shorts are off, a sell needs units that are held and not promised to another order."""
    exchange = account.board.exchange
    if exchange.shorts == 1 or book.margined > 0.0:
        return
    promised = account.orders.open(ask.symbol)
    held = held_back(promised, OrderSide.SELL)
    free = max(0.0, book.position - held)
    if quantity > free:
        raise Refusal(
            Why.FORBIDDEN,
            f"insufficient qty available for order (requested: {decimal_of(quantity)}, available: {decimal_of(free)})",
            available=decimal_of(free),
            existing_qty=decimal_of(book.position),
            held_for_orders=decimal_of(held),
            related_orders=[order.id for order in promised if order.side is OrderSide.SELL],
            symbol=ask.symbol,
        )


def _require_money(account: VenueAccount, book: Book, ask: OrderAsk, quantity: float) -> None:
    """What would be opened must be payable at the price it is expected to cost."""
    opening = quantity - closing_part(book, ask.side, quantity)
    if opening <= 0.0 or (ask.side < 0 and account.board.exchange.shorts == 0 and book.margined == 0.0):
        return
    price = _expected_price(account, book, ask)
    money = account.desk.account()
    if opening_need(book, opening, price) > money.available:
        raise Refusal(
            Why.FORBIDDEN,
            "insufficient buying power",
            buying_power=decimal_of(round(money.buying_power, 2)),
            cost_basis=decimal_of(round(opening * price * book.multiplier * book.fx, 2)),
        )


def _expected_price(account: VenueAccount, book: Book, ask: OrderAsk) -> float:
    if ask.order_type in (OrderType.LIMIT, OrderType.STOP_LIMIT) and ask.limit_price is not None:
        return ask.limit_price
    return ask.stop_price or account.board.close(book)
