"""The last trusted price of every symbol, and how old it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
    """What was seen of the market."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def see(self, symbol: str, price: float, at_ns: int, unit_value: float = 1.0, twice_atr: float = math.nan) -> None:
        """Take a price down; what is no price takes the trust in the one before away.

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

    def last(self, symbol: str) -> float:
        """The last price, or NaN."""
        return self._seen.get(symbol, _NEVER).price

    def age_s(self, symbol: str, now_ns: int) -> float:
        """Seconds since it was seen; NaN without one."""
        seen = self._seen.get(symbol, _NEVER)
        return math.nan if math.isnan(seen.price) else (now_ns - seen.at_ns) / NS

    def unit_value(self, symbol: str) -> float:
        """Account currency per unit of price."""
        return self._seen.get(symbol, _NEVER).unit_value

    def twice_atr(self, symbol: str) -> float:
        """Twice the average true range, or NaN."""
        return self._seen.get(symbol, _NEVER).twice_atr
