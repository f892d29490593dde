"""The sockets for alerts: what was found, and whom it reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.control.alerts import Alert, AlertQuery, Delivery
    from tradewright.domain.control.paging import Page, Slice

__all__ = ["AlertStore", "DeliveryLog"]


class AlertStore(Protocol):
    """Alerts: of each rule and subject at most one that is not resolved.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def raise_(self, alert: Alert) -> Alert:
        """Keep an alert, or count it on the one that its rule and subject already have.

        That one then says what the latest said. Where it has become more severe it is no longer acknowledged.

        Returns
        -------
        Alert
            As it stands now; its count is 1 where it is new.
        """
        ...

    def get(self, alert_id: str) -> Alert | None:
        """The alert with that id."""
        ...

    def acknowledge(self, alert_id: str, who: str, now_ns: int) -> Alert:
        """Somebody has seen it; the first to say so stands.

        Raises
        ------
        NotFoundError
            When there is none.
        """
        ...

    def resolve(self, rule: str, subject: str, now_ns: int) -> Alert | None:
        """It is so no longer; None where nothing was open."""
        ...

    def page(self, query: AlertQuery, piece: Slice) -> Page[Alert]:
        """The alerts asked for, those found last first."""
        ...

    def forget(self, before_ns: int) -> None:
        """Take away what was resolved before an instant, with its deliveries."""
        ...


class DeliveryLog(Protocol):
    """Whom an alert reached: only ever added to.

    Raises
    ------
    StorageError
        From every method, when the log cannot be read or written.
    """

    def add(self, delivery: Delivery) -> Delivery:
        """Keep an attempt, which gets the next number whatever number it comes with."""
        ...

    def of(self, alert_id: str) -> list[Delivery]:
        """All attempts for an alert, oldest first."""
        ...

    def last(self) -> dict[str, Delivery]:
        """The last attempt of every channel."""
        ...
