"""Places in lists as words that a client gives back: what follows one stays the same, whatever comes before it."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from tradewright.domain.control.trading_queries import OrderPlace
from tradewright.domain.errors import ConfigError

__all__ = ["order_cursor", "order_place", "row_cursor", "row_offset"]


def order_cursor(place: OrderPlace) -> str:
    """The cursor behind an order of all sessions."""
    return _written(["o", *place])


def order_place(cursor: str) -> OrderPlace:
    """The place that a cursor names.

    Raises
    ------
    ConfigError
        When it is none of such a list.
    """
    match _read(cursor):
        case ["o", int(placed_ns), str(session), int(number)] if abs(placed_ns) < 1 << 63 and abs(number) < 1 << 63:
            return OrderPlace(placed_ns, session, number)
    raise _unknown()


def row_cursor(offset: int, total: int) -> str | None:
    """The cursor behind so many rows of a table that does not change; None at its end."""
    return _written(["r", offset]) if offset < total else None


def row_offset(cursor: str) -> int:
    """How many rows lie before what a cursor names; errors as `order_place`."""
    match _read(cursor):
        case ["r", int(offset)] if 0 <= offset < 1 << 53:
            return offset
    raise _unknown()


def _written(words: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(words, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}"))
    except (binascii.Error, ValueError):
        raise _unknown() from None


def _unknown() -> ConfigError:
    return ConfigError("The cursor is none of this list.", hint="Give back the one of the answer before, as it is.")
