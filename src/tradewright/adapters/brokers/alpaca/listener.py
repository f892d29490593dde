"""A WebSocket of Alpaca's that one reads, into a line that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tradewright.adapters.wire.inbox import Inbox
from tradewright.adapters.wire.watched_socket import WatchedSocket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from websockets.asyncio.client import ClientConnection

    from tradewright.domain.errors import BrokerError

__all__ = ["Listener"]

T = TypeVar("T")


class _Line(Generic[T]):
    """What one socket said."""

    def __init__(self, read: Callable[[str | bytes], Sequence[T | BrokerError]]) -> None:
        self._read = read
        self.inbox: Inbox[T] = Inbox()

    def hear(self, message: str | bytes) -> None:
        for item in self._read(message):
            self.inbox.put(item)

    def beat(self) -> None:
        """Who waits for events is told of nothing else."""

    def end(self) -> None:
        self.inbox.end()


class Listener(Generic[T]):
    """One socket at a time, and what came over it.

    Parameters
    ----------
    read : callable
        From a message to what is handed on. A `BrokerError` that it raises ends the socket: what was lost is made good
        by asking, and asking follows the end. One that it gives is raised where it is read, and the socket goes on.
    patience_s, heartbeat_s : float
        See `WatchedSocket`.
    """

    def __init__(
        self, read: Callable[[str | bytes], Sequence[T | BrokerError]], patience_s: float, heartbeat_s: float
    ) -> None:
        self._read = read
        self._socket = WatchedSocket(patience_s, heartbeat_s)
        self._inbox: Inbox[T] = Inbox.over()

    @property
    def is_open(self) -> bool:
        """Whether there is a socket."""
        return self._socket.is_open

    async def open(
        self, address: str, greet: Callable[[ClientConnection], Any], headers: Mapping[str, str] | None = None
    ) -> None:
        """Connect, greet, and listen from then on; errors as of `WatchedSocket.open`."""
        line = _Line(self._read)
        await self._socket.open(address, greet, line, headers)
        self._inbox = line.inbox

    async def say(self, message: str | bytes) -> None:
        """Send a message; errors as of `WatchedSocket.say`."""
        await self._socket.say(message)

    def heard(self) -> AsyncIterator[T]:
        """What came, and comes, until the socket of this moment ends."""
        return self._inbox.items()

    async def close(self) -> None:
        """End the socket; harmless where there is none."""
        await self._socket.close()
