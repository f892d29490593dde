"""Streams that tell somebody how late it is at the venue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tradewright.domain.live.feed import StreamBar
from tradewright.domain.quote import Quote

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tradewright.domain.live.feed import FeedEvent, FeedKind, QuoteEvent
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.bar_stream import BarStream
    from tradewright.ports.quote_stream import QuoteStream

__all__ = ["TimedQuotes", "TimedStream"]

S = TypeVar("S", bound="BarStream | QuoteStream")


class _Timed(Generic[S]):
    """A stream as it is.

    Parameters
    ----------
    stream : BarStream or QuoteStream
    hear : callable
        ``hear(at_ns)``.
    """

    def __init__(self, stream: S, hear: Callable[[int], None]) -> None:
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

    async def disconnect(self) -> None:
        """See `BarStream.disconnect`."""
        await self._stream.disconnect()

    def _told(self, event: Any) -> None:
        if isinstance(event, StreamBar):
            self._hear(event.bar.close_time)
        elif isinstance(event, Quote):
            self._hear(event.at_ns)


class TimedStream(_Timed["BarStream"]):
    """See `tradewright.ports.bar_stream.BarStream`; every bar tells when it closed before it is given on."""

    async def subscribe(self, symbols: Sequence[str], timeframe: Timeframe) -> None:
        """See `BarStream.subscribe`."""
        await self._stream.subscribe(symbols, timeframe)

    async def events(self) -> AsyncIterator[FeedEvent]:
        """See `BarStream.events`."""
        async for event in self._stream.events():
            self._told(event)
            yield event


class TimedQuotes(_Timed["QuoteStream"]):
    """See `tradewright.ports.quote_stream.QuoteStream`; every quote tells its time before it is given on."""

    async def subscribe(self, symbols: Sequence[str]) -> None:
        """See `QuoteStream.subscribe`."""
        await self._stream.subscribe(symbols)

    async def events(self) -> AsyncIterator[QuoteEvent]:
        """See `QuoteStream.events`."""
        async for event in self._stream.events():
            self._told(event)
            yield event
