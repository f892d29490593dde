"""One look at the log of events for all readers: each topic's latest events are held, and readers take what they lack.

Nothing is queued for a reader. It takes from what is held as fast as its socket goes; one that falls out of it begins
anew. So a slow reader costs the others neither time nor memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from contextlib import nullcontext, suppress
from itertools import islice
from typing import TYPE_CHECKING

from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from tradewright.domain.control.events import TopicEvent
    from tradewright.ports.events import EventBus, EventLog

__all__ = ["Behind", "Hub"]

LOOK_S = 0.25
HELD = 2000
_PIECE = 500
_GATHER_S = 0.01
_NOBODY = nullcontext()
_LOG = logging.getLogger("tradewright.api")


class Behind(Exception):  # noqa: N818 - no failure: the reader is told to begin anew
    """A reader lacks more than is held or kept.

    Parameters
    ----------
    head : int
        Number of the last event.
    """

    def __init__(self, head: int) -> None:
        super().__init__(head)
        self.head = head


class _Topic:
    """The latest events of a topic."""

    def __init__(self, head: int, held: int) -> None:
        self.head = head
        self.events: deque[TopicEvent] = deque(maxlen=held)

    def extend(self, events: list[TopicEvent]) -> None:
        self.events.extend(events)
        self.head = events[-1].seq


class Hub:
    """The events that readers follow.

    Parameters
    ----------
    log : EventLog
    look_s : float
        How often the log is looked at.
    held : int
        Events of a topic that are held, and by which a reader may be behind.
    bus : EventBus, optional
        What calls to look at once.
    """

    def __init__(self, log: EventLog, look_s: float = LOOK_S, held: int = HELD, bus: EventBus | None = None) -> None:
        self._log, self._look_s, self._held, self._bus = log, look_s, held, bus
        self._called = asyncio.Event()
        self._topics: dict[str, _Topic] = {}
        self._readers: Counter[str] = Counter()
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Look at the log for ever; where it cannot be read, again the next time."""
        loop = asyncio.get_running_loop()

        def heard(topic: str | None) -> None:
            loop.call_soon_threadsafe(self._call, topic)

        with self._bus.heard(heard) if self._bus else _NOBODY:
            while True:
                try:
                    await self.look()
                except TradewrightError as error:
                    _LOG.warning("the log of events cannot be read: %s", error)
                await self._pause()

    def _call(self, topic: str | None) -> None:
        if topic is None or topic in self._topics:
            self._called.set()

    async def _pause(self) -> None:
        """Until it is time to look, or somebody calls; several calls at once are one look."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._look_s):
                await self._called.wait()
            await asyncio.sleep(_GATHER_S)
        self._called.clear()

    async def look(self) -> None:
        """Take what the log has that is not held yet, and wake the readers."""
        topics = list(self._topics)
        heads = await asyncio.to_thread(self._log.heads, topics) if topics else {}
        late = [topic for topic, head in heads.items() if topic in self._topics and head != self._topics[topic].head]
        for topic in late:
            await self._catch_up(topic, heads[topic])
        if late:
            woken, self._news = self._news, asyncio.Event()
            woken.set()

    async def follow(self, topic: str) -> None:
        """A reader comes to a topic."""
        self._readers[topic] += 1
        if topic not in self._topics:
            head = await asyncio.to_thread(self._log.head, topic)
            self._topics.setdefault(topic, _Topic(head, self._held))

    def leave(self, topic: str) -> None:
        """A reader leaves a topic; the last one takes it along."""
        self._readers[topic] -= 1
        if self._readers[topic] <= 0:
            del self._readers[topic]
            self._topics.pop(topic, None)

    def head(self, topic: str) -> int:
        """Number of the last event that is known."""
        found = self._topics.get(topic)
        return 0 if found is None else found.head

    @property
    def news(self) -> asyncio.Event:
        """Set as soon as there is something newer than now."""
        return self._news

    async def after(self, topic: str, seq: int) -> list[TopicEvent]:
        """The next events of a topic, in order; [] where there is nothing new.

        Raises
        ------
        Behind
            When the reader lacks more than can be given.
        """
        found = self._topics.get(topic)
        if found is None or seq == found.head:
            return []
        if not 0 <= found.head - seq <= self._held:
            raise Behind(found.head)
        first = found.head - len(found.events) + 1
        if seq + 1 >= first:
            return list(islice(found.events, seq + 1 - first, seq + 1 - first + _PIECE))
        kept = await asyncio.to_thread(self._log.after, topic, seq, _PIECE)
        if not kept or kept[0].seq != seq + 1:
            raise Behind(found.head)
        return [event for event in kept if event.seq <= found.head]

    async def _catch_up(self, topic: str, head: int) -> None:
        held = self._topics[topic]
        if head < held.head or head - held.head > self._held:
            # Another log than before, or too much at once: whoever follows is told to begin anew.
            self._topics[topic] = _Topic(head, self._held)
            return
        while held.head < head:
            found = await asyncio.to_thread(self._log.after, topic, held.head, _PIECE)
            if not found:
                return
            held.extend(found)
