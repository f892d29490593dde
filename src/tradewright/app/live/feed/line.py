"""The line to a feed: connect, listen for life, reconnect with back-off, take the other feed, and come back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from tradewright.domain import errors
from tradewright.domain.errors import AuthenticationError, BrokerError, DataError
from tradewright.ports.bar_stream import TellsAtOnce

from .status import FeedNote, NoteKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.ports.clock import Clock

    from .line_parts import Listener, LiveStream, OpenHours, Wanted
    from .settings import FeedSettings

__all__ = ["FeedLine"]

E = TypeVar("E")

_NS = 1_000_000_000
_LOOK_S = 60.0


class _Reader(Generic[E]):
    """One connection of a stream, read by a task of its own until it ends."""

    def __init__(self, stream: LiveStream[E], line: FeedLine[E]) -> None:
        self.stream = stream
        self.line = line
        self.alive_ns = line.clock.monotonic_ns()
        self.task: asyncio.Task[str] | None = None
        self.is_deaf = False

    async def open(self) -> None:
        """Connect and subscribe.

        Raises
        ------
        BrokerError, DataError
            As the stream says, and when it takes too long.
        """
        try:
            async with asyncio.timeout(self.line.settings.connect_s):
                await self.stream.connect()
                self.is_deaf = await self.line.wanted.ask(self.stream)
        except TimeoutError:
            raise errors.ConnectionError(f"The feed {self.stream.feed.name} did not open in time.") from None
        self.alive_ns = self.line.clock.monotonic_ns()
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> str:
        why = "It ended."
        if isinstance(self.stream, TellsAtOnce):
            self.stream.tell(self._hear)
        try:
            async for event in self.stream.events():
                self._hear(event)
        except BrokerError as error:
            why = str(error)
        except DataError as error:
            self.line.listener.refused(str(error))
            why = f"It gave what cannot be: {error}"
        # An end that is said is a sign, too: only silence counts back to the last one.
        self.alive_ns = self.line.clock.monotonic_ns()
        return why

    def _hear(self, event: E) -> None:
        self.alive_ns = self.line.clock.monotonic_ns()
        self.line.take(self, event)

    async def close(self) -> None:
        """Stop reading and close the stream, whatever state it is in."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.wait([self.task])
        try:
            async with asyncio.timeout(self.line.settings.connect_s):
                await self.stream.disconnect()
        except (BrokerError, TimeoutError) as error:
            self.line.note(NoteKind.LOST, f"The feed {self.stream.feed.name} did not close: {error}")


class FeedLine(Generic[E]):
    """Keeps one of the streams open.

    Parameters
    ----------
    streams : sequence of LiveStream
        The primary, and the fallback if there is one.
    wanted : Wanted
    hours : OpenHours
    clock : Clock
    settings : FeedSettings
    listener : Listener
    """

    def __init__(
        self, streams: Sequence[LiveStream[E]], wanted: Wanted, hours: OpenHours, *, clock: Clock,
        settings: FeedSettings, listener: Listener[E],
    ) -> None:  # fmt: skip
        self.streams = streams
        self.wanted = wanted
        self.hours = hours
        self.clock = clock
        self.settings = settings
        self.listener = listener
        self.place = 0
        self.is_open = False
        self._was_open = False
        self._failures = 0  # of this stream in a row
        self._tries = 0  # of any stream in a row
        self._reader: _Reader[E] | None = None

    @property
    def stream(self) -> LiveStream[E]:
        """The stream that is listened to."""
        return self.streams[self.place]

    @property
    def alive_ns(self) -> int:
        """Monotonic instant of the last sign of life, now where nothing is open."""
        return self.clock.monotonic_ns() if self._reader is None else self._reader.alive_ns

    def note(self, kind: NoteKind, sentence: str) -> None:
        """Note something at this instant."""
        self.listener.noted(FeedNote(kind, self.clock.now_ns(), sentence))

    def take(self, reader: _Reader[E], event: E) -> None:
        """Pass on what the feed that is listened to says; the other one is only listened to for life."""
        if reader is self._reader and self.is_open:
            self.listener.heard(event)

    async def run(self) -> None:
        """Keep a stream open until cancelled.

        Raises
        ------
        DataError
            For a timeframe that the feed does not have.
        AuthenticationError
            When the first attempt is refused for its credentials.
        """
        reader: _Reader[E] | None = None
        try:
            while True:
                reader = reader or _Reader(self.stream, self)
                reader = await self._serve(reader)
        finally:
            if self._reader is not None:
                await self._reader.close()

    async def _serve(self, reader: _Reader[E]) -> _Reader[E] | None:
        """Listen to one connection until it is lost; the one to go on with where the primary is back."""
        self._reader = reader
        better: _Reader[E] | None = None
        since_ns = self.clock.monotonic_ns()
        retry_s = 0.0
        try:
            if reader.task is None:
                await reader.open()
            self._now_open(reader)
            why, better = await self._listen(reader)
        except AuthenticationError as error:
            if not self._was_open:
                raise
            why = str(error)
        except BrokerError as error:
            why, retry_s = str(error), error.retry_after_s or 0.0
        self._now_lost(reader, why, since_ns)
        await reader.close()
        if better is not None:
            self.place, self._failures, self._tries = 0, 0, 0
            self.note(NoteKind.SWITCHED, f"The feed {self.stream.feed.name} is well again and taken.")
            return better
        await self._pause(retry_s)
        return None

    def _now_open(self, reader: _Reader[E]) -> None:
        feed = self.stream.feed
        late = f", {feed.delay_s:g} s late by design" if feed.is_delayed else ""
        self.is_open = self._was_open = True
        self.note(NoteKind.CONNECTED, f"Connected to the feed {feed.name}{late}.")
        self.listener.opened(is_deaf=reader.is_deaf)

    def _now_lost(self, reader: _Reader[E], why: str, since_ns: int) -> None:
        was_open, self.is_open = self.is_open, False
        if was_open:
            self.listener.lost(reader.alive_ns)
        if was_open and reader.alive_ns - since_ns >= self.settings.healthy_s * _NS:
            self._failures, self._tries = 0, 0
        self._failures, self._tries = self._failures + 1, self._tries + 1
        self.note(NoteKind.LOST, f"The feed {reader.stream.feed.name} was lost: {why}")

    async def _pause(self, retry_s: float) -> None:
        """Wait, longer after each failure, and take the other feed after enough of them."""
        wait_s = self.settings.backoff_s * 2.0 ** min(self._tries - 1, 30)
        if self._failures >= self.settings.failures and len(self.streams) > 1:
            self.place, self._failures, retry_s = 1 - self.place, 0, 0.0
            self.note(NoteKind.SWITCHED, f"The feed {self.stream.feed.name} is taken.")
        await asyncio.sleep(max(min(wait_s, self.settings.backoff_most_s), retry_s))

    async def _listen(self, reader: _Reader[E]) -> tuple[str, _Reader[E] | None]:
        """Until the connection is lost, or the primary can be taken again."""
        watch = asyncio.create_task(self._watch(reader))
        tasks: set[asyncio.Task[str] | asyncio.Task[_Reader[E]]] = {watch}
        probe = asyncio.create_task(self._probe()) if self.place else None
        if probe is not None:
            tasks.add(probe)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if probe is not None and probe.done():
                return "the primary is back.", probe.result()
            return watch.result(), None
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _watch(self, reader: _Reader[E], until_ns: int | None = None) -> str:
        """Why a connection was lost; empty when it was still well at a monotonic instant."""
        task = reader.task
        while task is not None and not task.done():
            if self._is_mute(reader):
                return f"It said nothing for {2 * reader.stream.heartbeat_s:g} s."
            now_ns = self.clock.monotonic_ns()
            if until_ns is not None and now_ns >= until_ns:
                return ""
            ends_ns = [now_ns + round(_LOOK_S * _NS), self._mute_at(reader, now_ns)]
            wait_ns = min(ends_ns if until_ns is None else [*ends_ns, until_ns]) - now_ns
            await asyncio.wait([task], timeout=max(wait_ns / _NS, 0.001))
        return "" if task is None else task.result()

    def _mute_at(self, reader: _Reader[E], now_ns: int) -> int:
        """The monotonic instant at which silence has lasted too long, as far as is known now."""
        silent_ns = reader.alive_ns + round(2 * reader.stream.heartbeat_s * _NS)
        return silent_ns if silent_ns > now_ns else now_ns + round(reader.stream.heartbeat_s * _NS)

    def _is_mute(self, reader: _Reader[E]) -> bool:
        """Whether nothing was heard for two heartbeats of an open market."""
        now_ns, wall_ns = self.clock.monotonic_ns(), self.clock.now_ns()
        opened_ns = self.hours.open_since(wall_ns)
        if opened_ns is None:
            return False
        silent_ns = min(now_ns - reader.alive_ns, wall_ns - opened_ns)
        return silent_ns >= 2 * reader.stream.heartbeat_s * _NS

    async def _probe(self) -> _Reader[E]:
        """The primary, once it has been well for long enough."""
        while True:
            await asyncio.sleep(self.settings.backoff_most_s)
            reader = _Reader(self.streams[0], self)
            is_well = False
            try:
                await reader.open()
                until_ns = self.clock.monotonic_ns() + round(self.settings.healthy_s * _NS)
                is_well = await self._watch(reader, until_ns) == ""
            except BrokerError as error:
                self.note(NoteKind.LOST, f"The feed {reader.stream.feed.name} is not back: {error}")
            finally:
                if not is_well:
                    await reader.close()
            if is_well:
                return reader
