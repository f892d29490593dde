"""Who listens to an order road that a person drives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.app.orders.office import Alarm
    from tradewright.app.orders.table import Row
    from tradewright.domain.live.order import Lifecycle, LiveOrder
    from tradewright.domain.live.venue import VenueFill

__all__ = ["AlarmWatcher"]


class AlarmWatcher:
    """A `tradewright.app.orders.office.Watcher` that passes on what a person is to be told, and nothing else.

    Parameters
    ----------
    hear : callable
        ``hear(alarm, subject, detail)``.
    """

    def __init__(self, hear: Callable[[str, str, str], object]) -> None:
        self._hear = hear

    def reached(self, step: str, subject: str) -> None:
        """Steps are not told."""

    def alarmed(self, alarm: Alarm, subject: str, detail: str) -> None:
        """Pass an alarm on."""
        self._hear(alarm.value, subject, detail)

    def changed(self, order: LiveOrder) -> None:
        """Changes are asked for."""

    def filled(self, order: LiveOrder, fill: VenueFill) -> None:
        """Fills are asked for."""

    def judged(self, row: Row, state: Lifecycle) -> None:
        """Cells are not told."""
