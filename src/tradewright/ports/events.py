"""The sockets for the log of events, from which every reader goes on where it stopped, and for what wakes readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from tradewright.domain.control.events import BusStanding, TopicEvent

__all__ = ["EventBus", "EventLog"]


class EventLog(Protocol):
    """Events, numbered within their topic without a gap.

    Raises
    ------
    StorageError
        From every method, when the log cannot be read or written.
    """

    def append(self, topic: str, kind: str, body: Mapping[str, Any], at_ns: int) -> TopicEvent:
        """Keep an event under the next number of its topic; of several at once each gets its own."""
        ...

    def after(self, topic: str, seq: int, limit: int) -> list[TopicEvent]:
        """Events of a topic with a number above that, in order."""
        ...

    def head(self, topic: str) -> int:
        """Number of the last event; 0 where there was none."""
        ...

    def heads(self, topics: Sequence[str]) -> dict[str, int]:
        """The same for several topics, in one question."""
        ...

    def oldest(self, topic: str) -> int | None:
        """Number of the first event that is still kept; None where there is none.

        Who has read up to a number below the one before it has missed something.
        """
        ...

    def forget(self, before_ns: int) -> None:
        """Take away events from before an instant, but never the last of a topic, from which the numbers go on."""
        ...


class EventBus(Protocol):
    """Wakes who reads the log of events, on whatever host; what happened stands in the log alone.

    It may lose a call and may call too often. Where it is away nothing raises: readers look into the log every now and
    then anyway, and are only slower.
    """

    def tell(self, topic: str) -> None:
        """Something was kept under a topic."""
        ...

    def heard(self, call: Callable[[str | None], None]) -> AbstractContextManager[None]:
        """Call with each topic that was told of, while the block lasts, in a thread of its own.

        None stands for any: the bus begins to hear, and what was told before is not known.
        """
        ...

    def standing(self) -> BusStanding:
        """Whether it works at this moment."""
        ...
