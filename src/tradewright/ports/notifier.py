"""The socket for a way to reach a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.control.alerts import Alert

__all__ = ["Notifier"]


class Notifier(Protocol):
    """One way to tell a person of an alert."""

    @property
    def name(self) -> str:
        """How it is called in settings and sentences."""
        ...

    def send(self, alert: Alert) -> None:
        """Tell of an alert; returns when whoever passes it on has accepted it.

        Raises
        ------
        NotifyError
            When it did not; the sentence holds no secret.
        """
        ...
