"""Uptime: for how many seconds of market hours a feed could be acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.timeframe import NS_PER_SECOND

from .status import Availability

if TYPE_CHECKING:
    from .hours import MarketHours

__all__ = ["Uptime"]


class Uptime:
    """Counts stretches of time, each as able or not, from when it begins.

    Parameters
    ----------
    hours : MarketHours
    """

    def __init__(self, hours: MarketHours) -> None:
        self.hours = hours
        self._counted_ns: int | None = None
        self._able_ns = 0
        self._market_ns = 0

    def begin(self, at_ns: int) -> None:
        """Count from an instant on."""
        self._counted_ns = at_ns

    def count(self, until_ns: int, *, is_able: bool) -> None:
        """Count what has not been counted until an instant; nothing before the beginning."""
        if self._counted_ns is None or until_ns <= self._counted_ns:
            return
        open_ns = self.hours.open_ns(self._counted_ns, until_ns)
        self._market_ns += open_ns
        self._able_ns += open_ns if is_able else 0
        self._counted_ns = until_ns

    @property
    def availability(self) -> Availability:
        """What was counted."""
        return Availability(self._able_ns / NS_PER_SECOND, self._market_ns / NS_PER_SECOND)
