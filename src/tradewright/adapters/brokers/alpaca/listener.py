"""A WebSocket of Alpaca's: opened by a greeting, read into a line that waits, watched by pings."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tradewright.domain.errors import AuthenticationError, BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from websockets.asyncio.client import ClientConnection

__all__ = ["Listener"]

T = TypeVar("T")
_LARGEST = 2**24


class Listener(Generic[T]):
    """One socket at a time, and what came over it.

    Parameters
    ----------
    read : callable
        From a message to what is handed on. A `BrokerError` that it raises ends the socket: what was lost is made good
        by asking, and asking follows the end. One that it gives is raised where it is read, and the socket goes on.
    patience_s : float
        How long opening may take.
    heartbeat_s : float
        A ping that is not answered within it ends the socket; there is one in every half of it.
    alive : callable, optional
        What is handed on when a ping was answered.
    """

    def __init__(
        self,
        read: Callable[[str | bytes], Sequence[T | BrokerError]],
        patience_s: float,
        heartbeat_s: float,
        alive: Callable[[], T] | None = None,
    ) -> None:
        self._read = read
        self._patience_s = patience_s
        self._heartbeat_s = heartbeat_s
        self._alive = alive
        self._socket: ClientConnection | None = None
        self._line: asyncio.Queue[T | BrokerError | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_open(self) -> bool:
        """Whether there is a socket."""
        return self._socket is not None

    async def open(
        self,
        address: str,
        greet: Callable[[ClientConnection], Any],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Connect, greet, and listen from then on.

        Raises
        ------
        AuthenticationError, ConnectionError
        """
        await self.close()
        try:
            async with asyncio.timeout(self._patience_s):
                # A message is some hundred bytes: to unpack it would take longer than to carry it.
                socket = await connect(
                    address, additional_headers=headers, ping_interval=None, max_size=_LARGEST, proxy=None,
                    compression=None,
                )  # fmt: skip
                try:
                    await greet(socket)
                except BaseException:
                    await socket.close()
                    raise
        except AuthenticationError:
            raise
        except (OSError, TimeoutError, ValueError, KeyError, WebSocketException) as error:
            raise VenueConnectionError(f"The stream at {address} did not open: {error!r}.") from None
        self._socket = socket
        line: asyncio.Queue[T | BrokerError | None] = asyncio.Queue()
        self._line = line
        self._tasks = [asyncio.create_task(self._listen(socket, line)), asyncio.create_task(self._watch(socket, line))]

    async def say(self, message: str | bytes) -> None:
        """Send a message.

        Raises
        ------
        ConnectionError
            When there is no socket.
        """
        if self._socket is None:
            raise VenueConnectionError("The stream is not open.")
        try:
            await self._socket.send(message)
        except WebSocketException as error:
            raise VenueConnectionError(f"The stream has ended: {error!r}.") from None

    async def heard(self) -> AsyncIterator[T]:
        """What came, and comes, until the socket of this moment ends."""
        line = self._line
        while self._socket is not None or not line.empty():
            item = await line.get()
            if item is None:
                line.put_nowait(None)
                return
            if isinstance(item, BrokerError):
                raise item
            yield item

    async def close(self) -> None:
        """End the socket; harmless where there is none."""
        socket, self._socket = self._socket, None
        if socket is None:
            return
        self._line.put_nowait(None)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await _end(socket)

    async def _listen(self, socket: ClientConnection, line: asyncio.Queue[T | BrokerError | None]) -> None:
        try:
            async for message in socket:
                for item in self._read(message):
                    line.put_nowait(item)
        except (WebSocketException, BrokerError):
            await _end(socket)
        finally:
            line.put_nowait(None)

    async def _watch(self, socket: ClientConnection, line: asyncio.Queue[T | BrokerError | None]) -> None:
        """Ping in every half of a heartbeat; a socket that does not answer is cut."""
        with contextlib.suppress(WebSocketException):
            while True:
                await asyncio.sleep(self._heartbeat_s / 2)
                try:
                    async with asyncio.timeout(self._heartbeat_s):
                        await (await socket.ping())
                except TimeoutError:
                    socket.transport.abort()
                    return
                if self._alive is not None:
                    line.put_nowait(self._alive())


async def _end(socket: ClientConnection) -> None:
    """Close without waiting long for the other end."""
    try:
        async with asyncio.timeout(1.0):
            await socket.close()
    except TimeoutError:
        socket.transport.abort()
