"""Orders, trades, positions and funds as OpenAlgo writes them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tradewright.domain.order import OrderType
from tradewright.venue.placed import Standing
from tradewright.venue.wording import decimal_of

from .bodies import PRICE_TYPES

if TYPE_CHECKING:
    from tradewright.venue.account import VenueAccount
    from tradewright.venue.placed import Happening, PlacedOrder

__all__ = [
    "filled_in_all",
    "funds_json",
    "order_json",
    "order_number",
    "position_json",
    "statistics_json",
    "trade_json",
]

_WORDS = {kind: word for word, kind in PRICE_TYPES.items()}
_STATUSES = {
    Standing.FILLED: "complete",
    Standing.CANCELED: "cancelled",
    Standing.EXPIRED: "cancelled",
    Standing.REPLACED: "cancelled",
    Standing.REJECTED: "rejected",
}
_STOPS = (OrderType.STOP, OrderType.STOP_LIMIT)


def order_number(order: PlacedOrder) -> str:
    """The number that OpenAlgo's clients know an order by; a modified one keeps it."""
    return str(order.words.get("orderid", f"{order.number:012d}"))


def filled_in_all(order: PlacedOrder) -> tuple[float, float]:
    """Units and money filled under an order's number, before it was modified and since."""
    return order.words.get("filled_before", 0.0) + order.filled, order.words.get("spent_before", 0.0) + order.spent


def order_json(account: VenueAccount, order: PlacedOrder) -> dict[str, Any]:
    """An order."""
    filled, spent = filled_in_all(order)
    return {
        **_named(account, order),
        "order_status": _status(account, order),
        "pricetype": _WORDS.get(order.order_type, "MARKET"),
        "price": order.limit_price or 0.0,
        "trigger_price": order.stop_price or 0.0,
        "average_price": spent / filled if filled else 0.0,
        "quantity": _whole(order.quantity + filled - order.filled),
        "filled_quantity": _whole(filled),
        "pending_quantity": _whole(order.leaves if order.is_open else 0.0),
        "timestamp": _local(account, order.updated_at),
    }


def _status(account: VenueAccount, order: PlacedOrder) -> str:
    if order.is_open and order.order_type in _STOPS:
        slot = account.desk.orders.slot_of(order.number)
        return "trigger pending" if slot is not None and slot.triggered == 0 else "open"
    return _STATUSES.get(order.standing, "open")


def _named(account: VenueAccount, order: PlacedOrder) -> dict[str, Any]:
    return {
        "action": order.side.name,
        "symbol": order.symbol,
        "exchange": order.words.get("exchange", exchange_of(account, order.symbol)),
        "orderid": order_number(order),
        "product": order.words.get("product", "CNC"),
        "strategy": order.words.get("strategy") or "",
    }


def exchange_of(account: VenueAccount, symbol: str) -> str:
    """The exchange of a symbol."""
    return account.board.terms[account.book(symbol).number].instrument.exchange


def statistics_json(orders: list[PlacedOrder]) -> dict[str, int]:
    """How many orders of which kind there are."""
    return {
        "total_buy_orders": sum(order.side > 0 for order in orders),
        "total_sell_orders": sum(order.side < 0 for order in orders),
        "total_completed_orders": sum(order.standing is Standing.FILLED for order in orders),
        "total_open_orders": sum(order.is_open for order in orders),
        "total_rejected_orders": sum(order.standing is Standing.REJECTED for order in orders),
    }


def trade_json(account: VenueAccount, happening: Happening) -> dict[str, Any]:
    """A fill. The trade book has no ids of its own."""
    units, price = happening.quantity or 0.0, happening.price or 0.0
    return {
        **_named(account, happening.order),
        "average_price": price,
        "quantity": _whole(units),
        "trade_value": round(units * price, 4),
        "timestamp": _local(account, happening.at_ns),
    }


def position_json(account: VenueAccount, symbol: str) -> dict[str, Any]:
    """A position, marked at the last close."""
    held = account.desk.position(account.book(symbol).number)
    last = next((each for each in reversed(account.orders.all()) if each.symbol == symbol), None)
    words = {} if last is None else last.words
    return {
        "symbol": symbol,
        "exchange": words.get("exchange", exchange_of(account, symbol)),
        "product": words.get("product", "CNC"),
        "quantity": _whole(held.quantity),
        "average_price": decimal_of(round(held.average_price, 4)),
        "ltp": held.market_price,
        "pnl": round(held.unrealized_pnl, 4),
    }


def funds_json(account: VenueAccount) -> dict[str, str]:
    """Money, to the cent."""
    money = account.desk.account()
    positions = [account.desk.position(book.number) for book in account.board.books]
    return {
        "availablecash": f"{money.available:.2f}",
        "collateral": "0.00",
        "m2mrealized": f"{sum(each.realized_pnl for each in positions):.2f}",
        "m2munrealized": f"{sum(each.unrealized_pnl for each in positions if each):.2f}",
        "utiliseddebits": f"{money.margin_used:.2f}",
    }


def _whole(units: float) -> float | int:
    return int(units) if units == int(units) else units


def _local(account: VenueAccount, nanoseconds: int) -> str:
    """An instant in the time of the exchange."""
    moment = dt.datetime.fromtimestamp(nanoseconds // 1_000_000_000, ZoneInfo(account.tape.hours.zone))
    return f"{moment:%d-%b-%Y %H:%M:%S}"
