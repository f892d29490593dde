"""How much an order may trade: lots, what can be paid, what a target asks for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from .constants import INF, NAN, SELL
from .costs import estimated_cost, fee_rate, fill_fee, fill_tax
from .grid import lots_in, whole_lots
from .orders import closing_part, opening_need
from .prices import slipped

if TYPE_CHECKING:
    from ..state import Book, Exchange, OrderSlot

PAY_TOLERANCE: Final = 1e-9
"""Relative slack when a price is compared with the money left: a rounding error is not a debt."""


def available(exchange: Exchange, order: OrderSlot) -> float:
    """Money that may be bound: cash, or free margin, less what other resting orders hold back."""
    held_back = exchange.reserved - order.reserved
    if exchange.on_margin == 0:
        return exchange.cash - held_back
    return exchange.cash + exchange.holdings - exchange.required - held_back


def free_money(exchange: Exchange, equity: float, used: float) -> float:
    """Money that may be bound when deciding: cash, or equity less the margin in use, less what orders hold back."""
    free = exchange.cash if exchange.on_margin == 0 else equity - used
    return free - exchange.reserved


def need(exchange: Exchange, book: Book, order: OrderSlot, quantity: float, price: float) -> float:
    """Money that filling the quantity binds, costs included; negative when it frees some."""
    closing = closing_part(book, order.side, quantity) if book.position != 0.0 else 0.0
    costs = fill_fee(exchange, book, order, quantity, price, 0) + fill_tax(book, order.side, quantity, price)
    freed = opening_need(book, closing, price) if closing > 0.0 else 0.0
    return opening_need(book, quantity - closing, price) + costs - freed


def can_be_paid(exchange: Exchange, book: Book, order: OrderSlot, quantity: float, price: float) -> bool:
    """Whether the account can pay for the quantity; what only closes is always paid for."""
    if book.position != 0.0 and closing_part(book, order.side, quantity) >= quantity:
        return True
    money = available(exchange, order)
    return need(exchange, book, order, quantity, price) <= money + abs(money) * PAY_TOLERANCE


def payable(exchange: Exchange, book: Book, order: OrderSlot, quantity: float, price: float) -> float:
    """The largest quantity of whole lots, up to the one given, that the account can pay for."""
    if can_be_paid(exchange, book, order, quantity, price):
        return quantity
    closing = closing_part(book, order.side, quantity)
    fixed = need(exchange, book, order, closing, price) if closing > 0.0 else 0.0
    per_unit = opening_need(book, 1.0, price)
    money = available(exchange, order) - fixed
    low = 0.0
    high = lots_in(money / per_unit, book.lot) if money > 0.0 else 0.0
    if high * book.lot > quantity - closing:
        high = lots_in(quantity - closing, book.lot)
    # Costs are monotonic in the quantity but not linear (minimum, maximum, tiers): halve the interval, in lots.
    while high - low >= 1.0:
        middle = low + math.floor((high - low + 1.0) / 2.0)
        if middle <= low or middle - 1.0 >= high:
            break  # so many lots that one more cannot be told apart
        if can_be_paid(exchange, book, order, closing + middle * book.lot, price):
            low = middle
        else:
            high = middle - 1.0
    return closing + low * book.lot


def target_units(exchange: Exchange, book: Book, weight: float, equity: float, price: float) -> float:
    """Signed whole lots whose value is a fraction of the equity, the costs of reaching them inside that fraction.

    Parameters
    ----------
    weight
        Fraction of the equity, negative for a short position.
    price
        The price they are expected to cost, before slippage.
    """
    side = 1 if weight >= 0.0 else SELL
    paid = slipped(book.slip_kind, book.slip_amount, side, price, 0.0)
    budget = abs(weight) * equity
    unit = paid * book.multiplier * book.fx
    tax_rate = book.tax_buy_rate if side > 0 else book.tax_sell_rate
    per_unit = book.fee_per_unit * book.fx + (fee_rate(exchange, book, 0) + tax_rate) * unit
    units = whole_lots((budget - book.fee_per_order) / (unit + per_unit), book.lot)
    if book.fee_at_least > book.fee_per_order or book.fee_at_most < INF:
        units = units_within(exchange, book, side, budget, paid)
    return side * units if units > 0.0 else 0.0


def affordable_units(exchange: Exchange, book: Book, side: int, money: float, price: float) -> float:
    """Units that an amount of money pays for, costs included; not rounded where margin multiplies them."""
    units = target_units(exchange, book, 1.0 * side, money, price)
    return abs(units) / (1.0 if book.margined > 0.0 else book.initial_rate)


def units_within(exchange: Exchange, book: Book, side: int, budget: float, paid: float) -> float:
    """Whole lots that a budget buys where a minimum or maximum fee bends the costs: halve the interval."""
    unit = paid * book.multiplier * book.fx
    low = 0.0
    high = lots_in(budget / unit, book.lot)
    while high - low >= 1.0:
        middle = low + math.floor((high - low + 1.0) / 2.0)
        if middle <= low or middle - 1.0 >= high:
            break  # so many lots that one more cannot be told apart
        cost = estimated_cost(exchange, book, middle * book.lot, paid, side)
        if middle * book.lot * unit + cost <= budget * (1.0 + PAY_TOLERANCE):
            low = middle
        else:
            high = middle - 1.0
    return low * book.lot


def size_at_fill(exchange: Exchange, book: Book, order: OrderSlot, price: float) -> None:
    """Turn an order for a fraction of the equity into a quantity, at the price it is about to fill at.

    Other engines size so; it knows the fill price, which nobody knows when deciding, and is marked optimistic.
    """
    equity = exchange.cash + exchange.holdings
    wanted = target_units(exchange, book, order.weight, equity, price) - book.position
    order.side = 1 if wanted >= 0.0 else SELL
    order.quantity = abs(wanted)
    order.weight = NAN
