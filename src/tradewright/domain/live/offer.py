"""What a broker offers, as a table: every order type, time in force and feature is there, not yet, or never."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import OrderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.live.wire import WireOrder
    from tradewright.domain.order import OrderType, TimeInForce

__all__ = ["TRAILING_NOT_YET", "Feature", "Offer", "Support"]

TRAILING_NOT_YET = "A stop that follows is not sent yet: use a bracket, or simulated fills."
"""What every broker says of a trailing stop."""


class Support(StrEnum):
    """Whether something is offered."""

    YES = "yes"
    NOT_YET = "not yet"
    NEVER = "never"


class Feature(StrEnum):
    """What brokers may offer beside orders."""

    FRACTIONAL = "fractional units"
    SHORT = "short positions"
    EXTENDED_HOURS = "extended hours"
    REPLACE = "native replace"
    BRACKET = "native brackets"
    REDUCE_ONLY = "reduce-only orders"
    CLIENT_IDS = "client order ids"
    EXECUTION_IDS = "execution ids"
    HISTORY = "history of bars"
    LIVE_BARS = "live bars"
    LIVE_QUOTES = "live quotes"
    PAPER_ACCOUNT = "paper account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The table of one broker; what is left out is NEVER.

    Parameters
    ----------
    order_types, times_in_force, features : mapping to Support
    feeds : tuple of str
        Names of its feeds, the default first.
    notes : mapping of str to str
        A word on an entry, by its name: why not, or how.
    """

    order_types: Mapping[OrderType, Support]
    times_in_force: Mapping[TimeInForce, Support]
    features: Mapping[Feature, Support] = field(default_factory=dict)
    feeds: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    def support(self, what: OrderType | TimeInForce | Feature) -> Support:
        """Whether something is offered."""
        tables: tuple[Mapping[Any, Support], ...] = (self.order_types, self.times_in_force, self.features)
        return next((table[what] for table in tables if what in table), Support.NEVER)

    def require(self, order: WireOrder) -> None:
        """Refuse an order that the venue does not take.

        Raises
        ------
        OrderError
            With the word that is not offered, and whether it ever will be.
        """
        for what in (order.order_type, order.time_in_force):
            found = self.support(what)
            if found is not Support.YES:
                note = self.notes.get(what.value, "")
                raise OrderError(
                    f"The venue takes no {what.value} orders ({found.value}), as one for {order.symbol} is.",
                    hint=note or None,
                )
