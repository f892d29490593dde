"""Polygon's words for shares, exchanges and days."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from tradewright.domain.errors import SymbolNotFoundError

__all__ = ["CALENDAR", "EXCHANGES", "ZONE", "ticker_of"]

CALENDAR = "XNYS"
ZONE = ZoneInfo("America/New_York")
EXCHANGES = ("ARCX", "BATS", "XASE", "XNAS", "XNYS")
_TICKER = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Z]+)?", re.ASCII)


def ticker_of(symbol: str) -> str:
    """A symbol in Polygon's word, which is the same: ``BRK.B``.

    Raises
    ------
    SymbolNotFoundError
        When it can be none of a US share.
    """
    if not _TICKER.fullmatch(symbol):
        raise SymbolNotFoundError(f"'{symbol}' is no symbol of a US share.", hint="Write it as AAPL or BRK.B.")
    return symbol
