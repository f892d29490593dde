"""What an account holds beside a session: positions and orders of others, of people, and of earlier sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.app.orders.book import LiveBook
    from tradewright.domain.live.order import LiveOrder

__all__ = ["beside", "beside_sentence"]

_DUST = 1e-9


def beside(book: LiveBook, session: str, held: Mapping[tuple[int, str], float]) -> dict[str, Any]:
    """What is in an account and not a session's: `positions` as decimal strings, and how many `orders` are open.

    Parameters
    ----------
    book : LiveBook
    session : str
        Its strategies decide as ``session/number``.
    held : mapping
        Signed units of the session, by strategy and symbol.
    """
    left = {symbol: float(units) for symbol, units in book.positions.items()}
    for (_, symbol), units in held.items():
        left[symbol] = left.get(symbol, 0.0) - units
    others = sum(order.is_open and not _is_of(order, session) for order in book.orders.values())
    return {
        "positions": {symbol: f"{units:.10g}" for symbol, units in sorted(left.items()) if abs(units) > _DUST},
        "orders": others + sum(order.is_open for order in book.foreign.values()),
    }


def _is_of(order: LiveOrder, session: str) -> bool:
    return order.instance.rpartition("/")[0] == session


def beside_sentence(found: Mapping[str, Any]) -> str:
    """What is told of it; empty where there is nothing."""
    words = [f"{units} {symbol}" for symbol, units in found.get("positions", {}).items()]
    if orders := found.get("orders", 0):
        words.append(f"{orders} open order{'' if orders == 1 else 's'}")
    return f"The account has {', '.join(words)} that this session did not make and does not touch." if words else ""
