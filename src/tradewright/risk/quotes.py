"""The last quote of every symbol, and which of them say a price that can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules.collars import AHEAD_S

if TYPE_CHECKING:
    from tradewright.domain.quote import Quote

    from .collars import Collars

__all__ = ["QuoteBook"]

_NS = 1_000_000_000
_AHEAD_NS = int(AHEAD_S * _NS)


class QuoteBook:
    """What was last bid and asked.

    Parameters
    ----------
    collars : Collars
        How old (`quote_s`) and how wide (`quote_spread`) a quote may be that counts as a price.
    """

    def __init__(self, collars: Collars) -> None:
        self._fresh_ns = int(collars.quote_s * _NS)
        self._widest = collars.quote_spread
        self._last: dict[str, Quote] = {}

    def take(self, quote: Quote, now_ns: int) -> bool:
        """Take a quote; whether it is the latest of its symbol. One from the future would keep out all that follow."""
        known = self._last.get(quote.symbol)
        if quote.at_ns > now_ns + _AHEAD_NS or (known is not None and quote.at_ns < known.at_ns):
            return False
        self._last[quote.symbol] = quote
        return True

    def drop(self, symbol: str) -> None:
        """Nothing is known of a symbol until its next quote."""
        self._last.pop(symbol, None)

    def last(self, symbol: str) -> Quote | None:
        """The latest quote, whatever it is worth."""
        return self._last.get(symbol)

    def trusted(self, symbol: str, now_ns: int) -> Quote | None:
        """The latest quote where it says a price: two sides that are not crossed, not too far apart, and fresh."""
        quote = self._last.get(symbol)
        if quote is None or not -_AHEAD_NS <= now_ns - quote.at_ns <= self._fresh_ns:
            return None
        bid, ask = quote.bid, quote.ask
        if bid is None or ask is None or bid > ask:
            return None
        return None if ask - bid > self._widest * (bid + ask) / 2.0 else quote
