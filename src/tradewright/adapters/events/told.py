"""A log of events whose readers are woken by a bus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.control.events import TopicEvent
    from tradewright.ports.events import EventBus, EventLog

__all__ = ["ToldEvents"]


class ToldEvents:
    """Keeps each event first and calls its topic out after; see `tradewright.ports.events.EventLog`.

    Parameters
    ----------
    log : EventLog
    bus : EventBus
    """

    def __init__(self, log: EventLog, bus: EventBus) -> None:
        self._log, self._bus = log, bus

    def append(self, topic: str, kind: str, body: Mapping[str, Any], at_ns: int) -> TopicEvent:
        """Keep an event, and wake who reads its topic."""
        kept = self._log.append(topic, kind, body, at_ns)
        self._bus.tell(topic)
        return kept

    def after(self, topic: str, seq: int, limit: int) -> list[TopicEvent]:
        """Events of a topic with a number above that."""
        return self._log.after(topic, seq, limit)

    def head(self, topic: str) -> int:
        """Number of the last event."""
        return self._log.head(topic)

    def heads(self, topics: Sequence[str]) -> dict[str, int]:
        """The same for several topics."""
        return self._log.heads(topics)

    def oldest(self, topic: str) -> int | None:
        """Number of the first event that is still kept."""
        return self._log.oldest(topic)

    def forget(self, before_ns: int) -> None:
        """Take away events from before an instant, but never the last of a topic."""
        self._log.forget(before_ns)
