"""What a fill costs: commission by the order, taxes by the fill. Account currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..state import Book, Exchange, OrderSlot


def fee_rate(exchange: Exchange, book: Book, maker: int) -> float:
    """Commission as a fraction of the notional; a lower tier's once enough was traded this month."""
    if exchange.traded >= book.tier_above_2:
        return book.tier_rate_2
    if exchange.traded >= book.tier_above_1:
        return book.tier_rate_1
    return book.fee_maker_rate if maker == 1 else book.fee_taker_rate


def rated_fee(exchange: Exchange, book: Book, quantity: float, price: float, maker: int) -> float:
    """The part of the commission that grows with every unit."""
    notional = quantity * price * book.multiplier
    return (book.fee_per_unit * quantity + fee_rate(exchange, book, maker) * notional) * book.fx


def order_fee(book: Book, rated: float) -> float:
    """Commission of one order over all its fills: never below the minimum, never above the maximum."""
    fee = book.fee_per_order + rated
    if fee < book.fee_at_least:
        fee = book.fee_at_least
    return fee if fee < book.fee_at_most else book.fee_at_most


def fill_fee(exchange: Exchange, book: Book, order: OrderSlot, quantity: float, price: float, maker: int) -> float:
    """Commission of one more fill of the order: what the order owes after it less what it has paid."""
    return order_fee(book, order.rated + rated_fee(exchange, book, quantity, price, maker)) - order.fees


def fill_tax(book: Book, side: int, quantity: float, price: float) -> float:
    """Transaction taxes of one fill."""
    rate = book.tax_buy_rate if side > 0 else book.tax_sell_rate
    return rate * quantity * price * book.multiplier * book.fx


def estimated_cost(exchange: Exchange, book: Book, quantity: float, price: float, side: int) -> float:
    """Commission and tax of a fresh order of that size, for sizing before the fill is known."""
    return order_fee(book, rated_fee(exchange, book, quantity, price, 0)) + fill_tax(book, side, quantity, price)
