"""The last trusted price of every symbol, and how old it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .collars import Collars
from .quotes import QuoteBook

if TYPE_CHECKING:
    from tradewright.domain.quote import Quote

__all__ = ["Prices"]

NS = 1e9


@dataclass(frozen=True, slots=True)
class _Seen:
    price: float = math.nan
    at_ns: int = 0
    unit_value: float = 1.0
    twice_atr: float = math.nan


_NEVER = _Seen()


class Prices:
    """What was seen of the market: the closes of bars, and over them quotes that say where the market is now.

    A quote counts where it can be trusted and a bar has said what a unit of the symbol is worth; else the last close
    does. Without quotes everything is by closes.

    Parameters
    ----------
    collars : Collars, optional
        Which quotes are trusted.

    Attributes
    ----------
    quotes : QuoteBook
    """

    def __init__(self, collars: Collars | None = None) -> None:
        self.quotes = QuoteBook(collars or Collars())
        self._seen: dict[str, _Seen] = {}

    def see(self, symbol: str, price: float, at_ns: int, unit_value: float = 1.0, twice_atr: float = math.nan) -> None:
        """Take a close down; what is no price takes the trust in the one before away, and in quotes until the next.

        Parameters
        ----------
        symbol : str
        price : float
        at_ns : int
            UTC nanoseconds of the trade or close.
        unit_value : float
            Multiplier times exchange rate into account currency.
        twice_atr : float
            Twice the average true range over 14 bars, for risk without a stop; NaN where it is unknown.
        """
        known = self._seen.get(symbol, _NEVER)
        if at_ns < known.at_ns:
            return
        is_sound = 0.0 < price < math.inf and 0.0 < unit_value < math.inf
        twice_atr = known.twice_atr if math.isnan(twice_atr) else twice_atr
        self._seen[symbol] = _Seen(price if is_sound else math.nan, at_ns, unit_value, twice_atr)

    def quote(self, symbol: str, now_ns: int) -> Quote | None:
        """The quote that counts as the price at an instant; None where the last close does."""
        quote = self.quotes.trusted(symbol, now_ns)
        return None if quote is None or math.isnan(self._seen.get(symbol, _NEVER).price) else quote

    def last(self, symbol: str, now_ns: int) -> float:
        """The price at an instant: the middle of a trusted quote, else the last close; NaN without one."""
        return self.last_by(symbol, self.quote(symbol, now_ns))

    def last_by(self, symbol: str, quote: Quote | None) -> float:
        """The price where this quote counts: its middle; the last close without one."""
        mid = None if quote is None else quote.mid
        return self._seen.get(symbol, _NEVER).price if mid is None else mid

    def age_s(self, symbol: str, now_ns: int) -> float:
        """Seconds since it was seen; NaN without one."""
        seen, quote = self._seen.get(symbol, _NEVER), self.quote(symbol, now_ns)
        if quote is not None:
            return (now_ns - quote.at_ns) / NS
        return math.nan if math.isnan(seen.price) else (now_ns - seen.at_ns) / NS

    def unit_value(self, symbol: str) -> float:
        """Account currency per unit of price."""
        return self._seen.get(symbol, _NEVER).unit_value

    def twice_atr(self, symbol: str) -> float:
        """Twice the average true range, or NaN."""
        return self._seen.get(symbol, _NEVER).twice_atr
