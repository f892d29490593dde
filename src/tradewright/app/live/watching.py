"""Who listens to the order road of a session: its engine hears of fills and ends, a person of what goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alarms import AlarmWatcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.venue import VenueFill

    from .teller import BrokerCarrier

__all__ = ["SessionWatcher"]


class SessionWatcher(AlarmWatcher):
    """Passes fills and changes on to the carrier once there is one; until then they are found again by `catch_up`."""

    carrier: BrokerCarrier | None = None

    def __init__(self, hear: Callable[[str, str, str], object]) -> None:
        super().__init__(hear)

    def changed(self, order: LiveOrder) -> None:
        """An order stands elsewhere."""
        if self.carrier is not None:
            self.carrier.changed(order)

    def filled(self, order: LiveOrder, fill: VenueFill) -> None:
        """An order filled."""
        if self.carrier is not None:
            self.carrier.filled(order, fill)
