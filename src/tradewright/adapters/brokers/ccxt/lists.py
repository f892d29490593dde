"""Lists that are complete or raise: every page of the orders and executions in a symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .door import Door

__all__ = ["all_orders", "all_trades"]

_MS = 1_000_000
_BY_NUMBER = {"fetch_orders": "orderId", "fetch_my_trades": "fromId"}
"""Where Binance's next page begins; other exchanges go on by time."""


async def all_orders(door: Door, symbol: str) -> list[dict[str, Any]]:
    """Every order of the account in a symbol that the exchange still lists, oldest first.

    The last ones come first; where they fill a page, all are read from the first one on.
    """
    terms = door.terms
    newest: list[dict[str, Any]] = _rows(await door.ask(lambda made: _listing(made)(symbol, None, terms.page)))
    if len(newest) < terms.page:
        return newest
    return await _from_number(door, symbol, "fetch_orders", 0)


async def all_trades(door: Door, symbol: str, since_ns: int) -> list[dict[str, Any]]:
    """Every execution of the account in a symbol at or after an instant, oldest first."""
    terms, since_ms = door.terms, max(0, since_ns // _MS)
    first = _rows(await door.ask(lambda made: made.fetch_my_trades(symbol, since_ms, terms.page)))
    if len(first) < terms.page:
        return first
    if not door.plan.name.startswith("binance"):
        raise BrokerError(f"More than {terms.page} executions in {symbol} cannot be listed.")
    return [*first, *await _from_number(door, symbol, "fetch_my_trades", int(first[-1]["id"]) + 1)]


async def _from_number(door: Door, symbol: str, call: str, number: int) -> list[dict[str, Any]]:
    if not door.plan.name.startswith("binance"):
        raise BrokerError(f"More than {door.terms.page} orders in {symbol} cannot be listed.")
    found: list[dict[str, Any]] = []
    for _ in range(door.terms.most_pages):
        rows = _rows(await door.ask(_page(call, symbol, door.terms.page, number)))
        found.extend(rows)
        if len(rows) < door.terms.page:
            return found
        number = int(rows[-1]["id"]) + 1
    raise BrokerError(f"The orders or executions in {symbol} fill more than {door.terms.most_pages} pages.")


def _listing(made: Any) -> Callable[..., Awaitable[Any]]:
    """The list of all orders, or where there is none of those that have ended."""
    listing: Callable[..., Awaitable[Any]] = (
        made.fetch_orders if made.has.get("fetchOrders") else made.fetch_closed_orders
    )
    return listing


def _page(call: str, symbol: str, rows: int, number: int) -> Callable[[Any], Awaitable[Any]]:
    return lambda made: getattr(made, call)(symbol, None, rows, {_BY_NUMBER[call]: number})


def _rows(said: Any) -> list[dict[str, Any]]:
    if not isinstance(said, list):
        raise BrokerError("The exchange sent no list.")
    return sorted(said, key=lambda row: (row.get("timestamp") or 0, _number(row)))


def _number(row: dict[str, Any]) -> tuple[int, str]:
    text = str(row.get("id"))
    return (int(text), "") if text.isdigit() else (0, text)
