"""The socket for metrics: counted, set and observed by name; who shows them asks the adapter for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.gauges import Gauge

__all__ = ["Metrics"]


class Metrics(Protocol):
    """Takes values; safe from every thread, and cheap enough for every request.

    Raises
    ------
    ValueError
        From every method, where the labels are not those of the metric, or it is of another kind: a mistake in the
        code that calls.
    """

    def count(self, gauge: Gauge, by: float = 1.0, **labels: str) -> None:
        """Let a counter grow by something that is not negative."""
        ...

    def set(self, gauge: Gauge, value: float | None, **labels: str) -> None:
        """Say how a gauge stands; None takes the value away, for what is not known is not zero."""
        ...

    def observe(self, gauge: Gauge, value: float, **labels: str) -> None:
        """Put a value into a histogram."""
        ...

    def forget(self, gauge: Gauge) -> None:
        """Take every value of a gauge away, before all of them are set anew."""
        ...

    def page(self) -> tuple[bytes, str]:
        """Everything as Prometheus reads it, and the content type of that."""
        ...
