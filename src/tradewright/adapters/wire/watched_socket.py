"""A WebSocket: opened by a greeting, read as it speaks, watched by pings."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Protocol

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tradewright.domain.errors import AuthenticationError, BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from websockets.asyncio.client import ClientConnection

__all__ = ["SocketHearer", "WatchedSocket"]

_LARGEST = 2**24


class SocketHearer(Protocol):
    """Who hears one socket, from its opening to its end."""

    def hear(self, message: str | bytes) -> None:
        """A message. A `BrokerError` that is raised ends the socket."""
        ...

    def beat(self) -> None:
        """A ping was answered."""
        ...

    def end(self) -> None:
        """The socket is over; it may be said twice."""
        ...


class WatchedSocket:
    """One socket at a time.

    Parameters
    ----------
    patience_s : float
        How long opening may take.
    heartbeat_s : float
        A ping that is not answered within it ends the socket; there is one in every half of it.
    """

    def __init__(self, patience_s: float, heartbeat_s: float) -> None:
        self._patience_s = patience_s
        self._heartbeat_s = heartbeat_s
        self._socket: ClientConnection | None = None
        self._hearer: SocketHearer | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_open(self) -> bool:
        """Whether there is a socket."""
        return self._socket is not None

    async def open(
        self, address: str, greet: Callable[[ClientConnection], Any], hearer: SocketHearer,
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
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
        except (AuthenticationError, VenueConnectionError):
            raise
        except (OSError, TimeoutError, ValueError, KeyError, WebSocketException) as error:
            raise VenueConnectionError(f"The stream at {address} did not open: {error!r}.") from None
        self._socket, self._hearer = socket, hearer
        self._tasks = [
            asyncio.create_task(self._listen(socket, hearer)), asyncio.create_task(self._watch(socket, hearer))
        ]  # fmt: skip

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

    async def close(self) -> None:
        """End the socket; harmless where there is none."""
        socket, self._socket = self._socket, None
        if socket is None:
            return
        if self._hearer is not None:
            self._hearer.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await _end(socket)

    async def _listen(self, socket: ClientConnection, hearer: SocketHearer) -> None:
        try:
            async for message in socket:
                hearer.hear(message)
        except (WebSocketException, BrokerError):
            await _end(socket)
        finally:
            hearer.end()

    async def _watch(self, socket: ClientConnection, hearer: SocketHearer) -> None:
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
                hearer.beat()


async def _end(socket: ClientConnection) -> None:
    """Close without waiting long for the other end."""
    try:
        async with asyncio.timeout(1.0):
            await socket.close()
    except TimeoutError:
        socket.transport.abort()
