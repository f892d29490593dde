"""From a source's words to quotes: what is no price is no side, and what is no quote is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import DataError
from tradewright.domain.live.feed import RefusedQuote
from tradewright.domain.quote import Quote

from .rows import number_in

if TYPE_CHECKING:
    from collections.abc import Callable

    Said = dict[str, Any]

__all__ = ["quote_in"]

_LONGEST = 60


def quote_in(
    said: Said, symbol: Any, instant: Callable[[Said], int], fields: tuple[str, str, str, str], source: str
) -> Quote | RefusedQuote:
    """The quote of a message; where there is none, why.

    Parameters
    ----------
    said : dict
    symbol : str
        What it is about.
    instant : callable
        Its time, UTC nanoseconds, out of the message.
    fields : tuple of str
        Names of bid, its size, ask, its size. A price of 0 says that nobody is there.
    source : str
        Who said it.
    """
    name = symbol if isinstance(symbol, str) else ""
    try:
        bid, bid_size = _side(said, fields[0], fields[1])
        ask, ask_size = _side(said, fields[2], fields[3])
        return Quote(name, instant(said), bid, ask, bid_size, ask_size)
    except (AttributeError, KeyError, TypeError, ValueError, DataError) as error:
        text = " ".join(str(error).split())[:_LONGEST]
        return RefusedQuote(name, f"A quote of {name or 'no symbol'} from {source} cannot be used: {text}")


def _side(said: Said, price: str, size: str) -> tuple[float | None, float]:
    found = number_in(said, price)
    return (None, 0.0) if found == 0.0 else (found, number_in(said, size))
