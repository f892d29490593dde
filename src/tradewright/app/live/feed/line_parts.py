"""What a line is made with: streams, what is asked of them, when silence means something, and who hears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import Timeframe, TimeUnit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tradewright.domain.live.feed import FeedKind
    from tradewright.ports.bar_stream import BarStream
    from tradewright.ports.quote_stream import QuoteStream

    from .status import FeedNote

__all__ = ["Listener", "LiveStream", "OpenHours", "QuoteSubscription", "Subscription", "Wanted"]

E_co = TypeVar("E_co", covariant=True)
E_contra = TypeVar("E_contra", contravariant=True)

_MINUTE = Timeframe(1, TimeUnit.MINUTE)


class LiveStream(Protocol[E_co]):
    """What streams of bars and of quotes have in common; see `BarStream` and `QuoteStream`."""

    @property
    def feed(self) -> FeedKind:
        """Which feed it is."""
        ...

    @property
    def heartbeat_s(self) -> float:
        """Longest silence of a healthy stream."""
        ...

    async def connect(self) -> None:
        """Open the stream."""
        ...

    def events(self) -> AsyncIterator[E_co]:
        """What comes, until it ends."""
        ...

    async def disconnect(self) -> None:
        """Close the stream."""
        ...


class Wanted(Protocol):
    """What is asked of a stream."""

    async def ask(self, stream: Any) -> bool:
        """Ask for it on a stream that was just opened; whether what comes is only signs of life."""
        ...


class OpenHours(Protocol):
    """When silence means something."""

    def open_since(self, at_ns: int) -> int | None:
        """Since when a market is open at an instant; None where none is."""
        ...


class Listener(Protocol[E_contra]):
    """Who hears what comes out of a line."""

    def heard(self, event: E_contra) -> None:
        """What the feed that is listened to says."""
        ...

    def opened(self, *, is_deaf: bool) -> None:
        """A stream is open and subscribed: what closes from now on comes, or `is_deaf`: only its signs of life do."""
        ...

    def lost(self, since_ns: int) -> None:
        """It is no longer; its last sign of life was at that monotonic instant."""
        ...

    def noted(self, note: FeedNote) -> None:
        """Something worth a line in the log."""
        ...

    def refused(self, sentence: str) -> None:
        """The stream gave a bar that cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Subscription:
    """The bars that are asked of a `BarStream`.

    Parameters
    ----------
    symbols : sequence of str
    timeframe : Timeframe
        Of the rows.
    streamed : Timeframe, optional
        What is streamed in its place; by default minutes, where the stream does not have the rows' own.
    """

    symbols: Sequence[str]
    timeframe: Timeframe
    streamed: Timeframe | None = None

    async def ask(self, stream: BarStream) -> bool:
        """Ask for the rows' bars, or for minutes that show that the stream lives: the history has every timeframe."""
        streamed = self.streamed or self.timeframe
        try:
            await stream.subscribe(self.symbols, streamed)
        except DataError:
            if self.streamed is not None or streamed == _MINUTE:
                raise
            streamed = _MINUTE
            await stream.subscribe(self.symbols, streamed)
        return streamed != self.timeframe


@dataclass(frozen=True, slots=True)
class QuoteSubscription:
    """The symbols whose quotes are asked of a `QuoteStream`."""

    symbols: Sequence[str]

    async def ask(self, stream: QuoteStream) -> bool:
        """Ask for their quotes."""
        await stream.subscribe(self.symbols)
        return False
