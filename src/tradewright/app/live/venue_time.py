"""A stream of bars that tells somebody how late it is at the venue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.live.feed import StreamBar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tradewright.domain.live.feed import FeedEvent, FeedKind
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.bar_stream import BarStream

__all__ = ["TimedStream"]


class TimedStream:
    """See `tradewright.ports.bar_stream.BarStream`; every bar tells when it closed before it is given on.

    Parameters
    ----------
    stream : BarStream
    hear : callable
        ``hear(at_ns)``.
    """

    def __init__(self, stream: BarStream, hear: Callable[[int], None]) -> None:
        self._stream = stream
        self._hear = hear

    @property
    def feed(self) -> FeedKind:
        """See `BarStream.feed`."""
        return self._stream.feed

    @property
    def heartbeat_s(self) -> float:
        """See `BarStream.heartbeat_s`."""
        return self._stream.heartbeat_s

    async def connect(self) -> None:
        """See `BarStream.connect`."""
        await self._stream.connect()

    async def subscribe(self, symbols: Sequence[str], timeframe: Timeframe) -> None:
        """See `BarStream.subscribe`."""
        await self._stream.subscribe(symbols, timeframe)

    async def events(self) -> AsyncIterator[FeedEvent]:
        """See `BarStream.events`."""
        async for event in self._stream.events():
            if isinstance(event, StreamBar):
                self._hear(event.bar.close_time)
            yield event

    async def disconnect(self) -> None:
        """See `BarStream.disconnect`."""
        await self._stream.disconnect()
