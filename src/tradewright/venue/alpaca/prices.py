"""Bars, quotes and trades as Alpaca writes them.

The sandbox knows bars. A trade is the close of a bar with its volume, a quote stands a tick to either side of it:
enough for programs that want to see the last price, and said nowhere to be more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.bars import Bar

    Stamp = Callable[[int], Any]

__all__ = ["bar_fields", "quote_fields", "trade_fields"]

_ROUND_LOT = 1


def bar_fields(bar: Bar, stamp: Any) -> dict[str, Any]:
    """A bar, by its stamp."""
    middle = (bar.high + bar.low + bar.close) / 3.0
    return {
        "t": stamp,
        "o": bar.open,
        "h": bar.high,
        "l": bar.low,
        "c": bar.close,
        "v": bar.volume,
        "n": 1 if bar.volume > 0.0 else 0,
        "vw": round(middle, 6),
    }


def trade_fields(bar: Bar, stamp: Stamp) -> dict[str, Any]:
    """The last trade of a bar."""
    return {
        "t": stamp(bar.close_time),
        "p": bar.close,
        "s": bar.volume,
        "x": "V",
        "i": bar.close_time // 1_000_000_000,
        "c": ["@"],
        "z": "C",
    }


def quote_fields(bar: Bar, tick: float, stamp: Stamp) -> dict[str, Any]:
    """What stands in the book at the close of a bar."""
    return {
        "t": stamp(bar.close_time),
        "bp": round(max(tick, bar.close - tick), 10),
        "bs": _ROUND_LOT,
        "bx": "V",
        "ap": round(bar.close + tick, 10),
        "as": _ROUND_LOT,
        "ax": "V",
        "c": ["R"],
        "z": "C",
    }
