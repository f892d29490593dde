"""Lists that are complete or raise: every page of orders and of executions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.instants import instant_text
from tradewright.domain.errors import BrokerError

from .words import order_from

if TYPE_CHECKING:
    from .door import Door

__all__ = ["all_fills", "all_orders"]

_MICROSECOND = 1_000
_MILLISECOND = 1_000_000


async def all_orders(door: Door, status: str, after_ns: int | None, page: int) -> list[dict[str, Any]]:
    """Every order object of a status, placed at or after an instant, oldest first.

    Pages follow each other by the instant at which orders were placed. Several may have the same: each page begins just
    before the last instant of the page before, and what came twice counts once.

    Raises
    ------
    BrokerError
        When a page is missing, or more orders than fit on one were placed in the same microsecond.
    """
    found: dict[str, dict[str, Any]] = {}
    while True:
        after = None if after_ns is None else instant_text(max(0, after_ns - _MICROSECOND))
        rows = await door.ask(
            "/v2/orders", {"status": status, "limit": page, "direction": "asc", "nested": "false", "after": after}
        )
        if not isinstance(rows, list):
            raise BrokerError("Alpaca sent no list of orders.")
        before = len(found)
        found.update((order_from(row).vid, row) for row in rows)
        if len(rows) < page:
            return list(found.values())
        if len(found) == before:
            raise BrokerError(f"More than {page} orders of one microsecond cannot be listed.")
        after_ns = order_from(rows[-1]).created_ns


async def all_fills(door: Door, since_ns: int, page: int) -> list[dict[str, Any]]:
    """Every execution of the account at or after an instant; those of one millisecond in any order.

    Raises
    ------
    BrokerError
        When a page is missing.
    """
    found: list[dict[str, Any]] = []
    token: str | None = None
    while True:
        query: dict[str, str | int | None] = {
            "after": instant_text(max(0, since_ns - _MILLISECOND)),
            "direction": "asc",
            "page_size": page,
            "page_token": token,
        }
        rows = await door.ask("/v2/account/activities/FILL", query)
        if not isinstance(rows, list):
            raise BrokerError("Alpaca sent no list of executions.")
        found.extend(rows)
        if len(rows) < page:
            return found
        token = str(rows[-1].get("id"))
