"""What the streams of one shared socket have in common: a seat, an inbox, and what was granted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from tradewright.domain.live.feed import Pulse

from .inbox import Inbox
from .shared_socket import Grants

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tradewright.domain.live.feed import FeedEvent, FeedKind
    from tradewright.ports.clock import Clock

    from .shared_socket import SharedSocket

__all__ = ["SharedBarStream", "SharedStream"]

E = TypeVar("E")
E_co = TypeVar("E_co", covariant=True)


class _Box(Protocol[E_co]):
    """An inbox, whether it keeps everything or the latest only."""

    def put(self, item: Any) -> None: ...

    def end(self) -> None: ...

    def items(self) -> AsyncIterator[E_co]: ...


class SharedStream(ABC, Generic[E]):
    """A stream over the socket of a source; what it hears and how it asks is said by who derives from it.

    Parameters
    ----------
    socket : SharedSocket
    feed : FeedKind
    clock : Clock
    make_inbox : callable
        Gives an inbox for a connection.
    """

    def __init__(self, socket: SharedSocket, feed: FeedKind, clock: Clock, make_inbox: Callable[[], _Box[E]]) -> None:
        self._socket = socket
        self._feed = feed
        self._clock = clock
        self._make_inbox = make_inbox
        self.grants = Grants()
        self.inbox = make_inbox()
        self.inbox.end()

    @property
    def feed(self) -> FeedKind:
        """Which feed it is."""
        return self._feed

    @property
    def heartbeat_s(self) -> float:
        """Longest silence of a healthy stream."""
        return self._socket.heartbeat_s

    async def connect(self) -> None:
        """Open the stream."""
        await self._socket.leave(self)
        self.grants.forget()
        self.inbox = self._make_inbox()
        await self._socket.join(self)

    async def ask(self, message: str | bytes, names: Sequence[str]) -> None:
        """Ask for something, and wait until it is granted; errors as of `SharedSocket.ask`."""
        await self._socket.ask(self, message, names, self.grants)

    def events(self) -> AsyncIterator[E]:
        """What comes, and pulses, until the stream ends."""
        return self.inbox.items()

    async def disconnect(self) -> None:
        """Close the stream."""
        await self._socket.leave(self)

    # What the socket tells.

    @abstractmethod
    def take(self, said: dict[str, Any]) -> None:
        """A message of the socket, whoever it is for."""

    def beat(self) -> None:
        """A ping was answered."""
        self.inbox.put(Pulse(self._clock.now_ns()))

    def end(self) -> None:
        """The socket is over."""
        self.inbox.end()


class SharedBarStream(SharedStream["FeedEvent"]):
    """A stream of bars, of which none may be missed: each waits for its turn, or is handed on as it is read.

    Parameters
    ----------
    socket, feed, clock
        As of `SharedStream`.
    """

    inbox: Inbox[FeedEvent]

    def __init__(self, socket: SharedSocket, feed: FeedKind, clock: Clock) -> None:
        super().__init__(socket, feed, clock, Inbox)

    def tell(self, hear: Callable[[FeedEvent], None]) -> None:
        """See `tradewright.ports.bar_stream.TellsAtOnce`."""
        self.inbox.hear = hear
