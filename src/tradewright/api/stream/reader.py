"""One reader: what it follows, how far it is, and what it is sent next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tradewright.domain.moments import utc

from .hub import Behind
from .wire import ClientMessage, Heartbeat, Reset, ServerMessage, StreamEvent, StreamProblem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from tradewright.domain.control.events import TopicEvent

    from .hub import Hub

__all__ = ["STATES", "Reader", "without_superfluous"]

STATES = frozenset({"progress", "tick", "equity", "measure"})
"""Kinds of events of which only the latest matters; all others are facts, and none is left out."""

BEAT_S = 5.0
_MOST_TOPICS = 500


class Reader:
    """A reader of the hub.

    Parameters
    ----------
    hub : Hub
    send : callable
        Gives text to the socket, and comes back when it has room again.
    now_ns : callable
    beat_s : float
        How often it is told that the server lives.
    """

    def __init__(
        self, hub: Hub, send: Callable[[str], Awaitable[None]], now_ns: Callable[[], int], beat_s: float = BEAT_S
    ) -> None:
        self._hub, self._send, self._now_ns, self._beat_s = hub, send, now_ns, beat_s
        self._places: dict[str, int] = {}
        self._changed = asyncio.Event()

    async def listen(self, texts: AsyncIterator[str]) -> None:
        """Do what the reader says until it goes."""
        async for text in texts:
            await self._take(text)

    async def tell(self) -> None:
        """Send what the reader lacks, and signs of life, for ever."""
        loop = asyncio.get_running_loop()
        beat_at = loop.time()
        while True:
            # Taken before looking: what comes while it is sent wakes the next round.
            self._changed.clear()
            news: asyncio.Task[Any] = asyncio.create_task(self._hub.news.wait())
            try:
                while await self._send_due():
                    pass
                if loop.time() >= beat_at:
                    await self._beat()
                    beat_at = loop.time() + self._beat_s
                await self._wait(news, beat_at - loop.time())
            finally:
                news.cancel()

    def leave(self) -> None:
        """Follow nothing any more."""
        for topic in self._places:
            self._hub.leave(topic)
        self._places.clear()

    async def _wait(self, news: asyncio.Task[Any], seconds: float) -> None:
        changed: asyncio.Task[Any] = asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait({news, changed}, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()

    async def _take(self, text: str) -> None:
        try:
            said = ClientMessage.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = "/".join(map(str, first["loc"])) or "the message"
            await self._say(problem=StreamProblem(detail=f"{where}: {first['msg']}."))
            return
        for topic in said.unsubscribe:
            if self._places.pop(topic, None) is not None:
                self._hub.leave(topic)
        for each in said.subscribe:
            await self._follow(each.topic, each.after)
        self._changed.set()

    async def _follow(self, topic: str, after: int | None) -> None:
        if topic not in self._places:
            if len(self._places) >= _MOST_TOPICS:
                await self._say(problem=StreamProblem(detail=f"A reader follows {_MOST_TOPICS} topics at most."))
                return
            await self._hub.follow(topic)
        self._places[topic] = self._hub.head(topic) if after is None else after

    async def _send_due(self) -> bool:
        """Send the next piece of every topic; whether anything was sent."""
        sent = False
        for topic in list(self._places):
            try:
                events = await self._hub.after(topic, self._places[topic])
            except Behind as behind:
                self._places[topic] = behind.head
                await self._say(reset=Reset(topic=topic, head=behind.head))
                sent = True
                continue
            sent = await self._send_events(topic, events) or sent
        return sent

    async def _send_events(self, topic: str, events: list[TopicEvent]) -> bool:
        if not events or topic not in self._places:
            return False
        before = self._places[topic]
        self._places[topic] = events[-1].seq
        for event in without_superfluous(events):
            await self._say(
                event=StreamEvent(
                    topic=topic, seq=event.seq, prev=before, at=utc(event.at_ns), kind=event.kind, body=dict(event.body)
                )
            )
            before = event.seq
        return True

    async def _beat(self) -> None:
        heads = {topic: self._hub.head(topic) for topic in self._places}
        await self._say(heartbeat=Heartbeat(at=utc(self._now_ns()), heads=heads))

    async def _say(self, **said: Any) -> None:
        await self._send(ServerMessage(**said).text())


def without_superfluous(events: Iterable[TopicEvent]) -> list[TopicEvent]:
    """Facts in full, and of states only the latest of their kind and subject; the last event always stays."""
    kept: list[TopicEvent] = []
    seen: set[tuple[str, str]] = set()
    for event in reversed(list(events)):
        key = (event.kind, str(event.body.get("id", "")))
        if event.kind not in STATES or key not in seen:
            kept.append(event)
            seen.add(key)
    return kept[::-1]
