"""Quotes: what somebody bids and what somebody asks, at one instant."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .errors import DataError

__all__ = ["Quote"]


@dataclass(frozen=True, slots=True)
class Quote:
    """The best bid and the best ask of a symbol.

    Parameters
    ----------
    symbol : str
    at_ns : int
        The source's time, UTC nanoseconds.
    bid, ask : float or None
        Prices; None where nobody is on that side.
    bid_size, ask_size : float
        Units there; 0 where nobody is, or the source does not say.

    Raises
    ------
    DataError
        For a price that is none, a size that cannot be, or no symbol. A bid above the ask can be: see `is_crossed`.

    Examples
    --------
    >>> Quote("ACME", 1, 99.0, 101.0, 3.0, 5.0).mid
    100.0
    >>> Quote("ACME", 1, None, 101.0).why_no_mid
    'nobody bids'
    """

    symbol: str
    at_ns: int
    bid: float | None
    ask: float | None
    bid_size: float = 0.0
    ask_size: float = 0.0

    def __post_init__(self) -> None:
        reason = self._fault()
        if reason:
            raise DataError(f"A quote of {self.symbol or 'no symbol'} cannot be: {reason}.")

    def _fault(self) -> str:
        if not self.symbol:
            return "it names no symbol"
        if self.at_ns <= 0:
            return f"its time is {self.at_ns}"
        for name, price, size in (("bid", self.bid, self.bid_size), ("ask", self.ask, self.ask_size)):
            if price is not None and not 0.0 < price < math.inf:
                return f"the {name} {price} is no price"
            if not 0.0 <= size < math.inf:
                return f"the size {size} of the {name} is none"
        return ""

    @property
    def is_crossed(self) -> bool:
        """Whether the bid is above the ask: two venues that have not met yet, or a mistake. Equal prices are locked."""
        return self.bid is not None and self.ask is not None and self.bid > self.ask

    @property
    def why_no_mid(self) -> str:
        """Why it says no price; empty where it says one."""
        if self.bid is None:
            return "nobody bids" if self.ask is not None else "nobody bids or asks"
        if self.ask is None:
            return "nobody asks"
        return "the bid is above the ask" if self.is_crossed else ""

    @property
    def mid(self) -> float | None:
        """Half-way between bid and ask; None where one is missing or they are crossed (`why_no_mid`)."""
        if self.bid is None or self.ask is None or self.bid > self.ask:
            return None
        return (self.bid + self.ask) / 2.0

    @property
    def half_spread(self) -> float | None:
        """What crossing from the middle to either side costs, in price; None where there is no middle."""
        if self.bid is None or self.ask is None or self.bid > self.ask:
            return None
        return (self.ask - self.bid) / 2.0
