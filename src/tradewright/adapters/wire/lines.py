"""Connections to one venue: HTTP/1.1 as h11 speaks it, straight on asyncio's streams.

One hop and one attempt: there are no retries, no redirects and no proxies, and what went wrong is raised once.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, NamedTuple

import h11

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

    Headers = Sequence[tuple[bytes, bytes]]

__all__ = ["Form", "Letter", "LineError", "Lines", "Origin", "Reply", "letter"]

_LINGER_S = 30.0
_LONGEST_CLOSE_S = 1.0
_CHUNK = 1 << 16
_PORTS = {"http": 80, "https": 443}
_NOTHING = b"0\r\n\r\n"


class LineError(Exception):
    """No answer came, or no connection; the sentence says which."""


class Origin(NamedTuple):
    """Whom one connects to."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, scheme: str, host: str, port: int | None) -> Origin:
        """With the scheme's own port where none is said."""
        return cls(scheme, host, _PORTS[scheme] if port is None else port)


class Letter(NamedTuple):
    """A request as it will go out, and who gives what understands its answer; it is sent once."""

    content: bytes
    speaker: Callable[[], h11.Connection]


class Reply(NamedTuple):
    """A whole answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def letter(method: str, target: bytes, headers: Headers, body: bytes = b"") -> Letter:
    """A request, written down.

    Raises
    ------
    LineError
        When it cannot be said in HTTP.
    """
    content, speaker = _spoken(_request(method, target, headers), body)
    return Letter(content, lambda: speaker)


class Form:
    """A request of which only the content is open: the rest is written down and checked once.

    Parameters
    ----------
    method : str
    target : bytes
    headers : sequence of pairs
        All but how long the content is.

    Raises
    ------
    LineError
        When it cannot be said in HTTP.
    """

    def __init__(self, method: str, target: bytes, headers: Headers) -> None:
        self._empty = _request(method, target, [*headers, (b"Content-Length", b"0")])
        self._head = _spoken(self._empty, b"")[0].removesuffix(_NOTHING)

    def filled(self, body: bytes) -> Letter:
        """The request with its content."""
        return Letter(b"%b%d\r\n\r\n%b" % (self._head, len(body), body), self._speaker)

    def _speaker(self) -> h11.Connection:
        # Answers are understood by what was asked, whatever its content.
        return _spoken(self._empty, b"")[1]


def _request(method: str, target: bytes, headers: Headers) -> h11.Request:
    try:
        return h11.Request(method=method, target=target, headers=list(headers))
    except h11.LocalProtocolError as error:
        raise LineError(f"A request that cannot be made: {error}") from error


def _spoken(request: h11.Request, body: bytes) -> tuple[bytes, h11.Connection]:
    speaker = h11.Connection(h11.CLIENT)
    try:
        parts = [speaker.send(request)]
        parts += [speaker.send(h11.Data(body))] if body else []
        parts.append(speaker.send(h11.EndOfMessage()))
    except h11.LocalProtocolError as error:
        raise LineError(f"A request that cannot be made: {error}") from error
    return b"".join(part for part in parts if part), speaker


class _Line:
    """One connection."""

    __slots__ = ("_reader", "_writer", "idle_since")

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.idle_since = 0.0

    def is_usable(self, now: float) -> bool:
        """Whether it is open, and was in use not long ago."""
        gone = self._reader.at_eof() or self._reader.exception() is not None or self._writer.is_closing()
        return not gone and now - self.idle_since < _LINGER_S

    def hand_over(self, content: bytes) -> None:
        """Give bytes to the transport."""
        self._writer.write(content)

    async def answer(self, speaker: h11.Connection, each_s: float | None) -> Reply:
        """The answer to what was handed over; no part of it may take longer than that.

        Raises
        ------
        LineError
        """
        try:
            async with asyncio.timeout(each_s):
                await self._writer.drain()
            return await self._whole(speaker, each_s)
        except TimeoutError as error:
            raise LineError("The answer took too long.") from error
        except (OSError, h11.RemoteProtocolError) as error:
            raise LineError(f"{type(error).__name__}: {error}") from error

    async def _whole(self, speaker: h11.Connection, each_s: float | None) -> Reply:
        status, headers, parts = 0, [], []
        while not isinstance(event := speaker.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                async with asyncio.timeout(each_s):
                    speaker.receive_data(await self._reader.read(_CHUNK))
            elif isinstance(event, h11.Response):
                status, headers = event.status_code, [(bytes(name), bytes(value)) for name, value in event.headers]
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
        return Reply(status, headers, b"".join(parts))

    def drop(self) -> None:
        """Cut it; what the transport still holds does not leave."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """End it in order."""
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_LONGEST_CLOSE_S):
                await self._writer.wait_closed()


class Lines:
    """Connections that are kept for the next request.

    Parameters
    ----------
    context : callable
        Gives how servers are checked; asked for the first connection that needs it.
    is_kept : bool
        Whether connections are kept at all.
    """

    def __init__(self, context: Callable[[], ssl.SSLContext], *, is_kept: bool) -> None:
        self._context = context
        self._is_kept = is_kept
        self._idle: dict[Origin, list[_Line]] = {}
        self._busy: set[_Line] = set()
        self._closings = 0

    async def exchange(
        self, origin: Origin, said: Letter, may_leave: Callable[[], None], each_s: float | None = None
    ) -> Reply:
        """Send a request once and give its whole answer.

        `may_leave` is called when there is a connection, and the next statement hands the bytes over; what it raises
        goes through, and then no byte has left.

        Raises
        ------
        LineError
        """
        line = self._idle_line(origin) or await self._made(origin, each_s)
        self._busy.add(line)
        has_left, speaker = False, None
        try:
            may_leave()
            line.hand_over(said.content)
            has_left = True
            speaker = said.speaker()
            reply = await line.answer(speaker, each_s)
        except BaseException:
            speaker = None
            raise
        finally:
            self._busy.discard(line)
            if not has_left or (speaker is not None and _is_open(speaker)):
                self._keep(origin, line)
            else:
                line.drop()
        return reply

    def _idle_line(self, origin: Origin) -> _Line | None:
        """A connection that waits, the one that was used last."""
        waiting, now = self._idle.get(origin, []), asyncio.get_running_loop().time()
        while waiting:
            line = waiting.pop()
            if line.is_usable(now):
                return line
            line.drop()
        return None

    async def _made(self, origin: Origin, within_s: float | None) -> _Line:
        """A new connection, unless all were closed while it was made: nobody would close this one."""
        closings = self._closings
        line = await self._connected(origin, within_s)
        if closings != self._closings:
            line.drop()
            await line.close()
            raise LineError("The connections were closed while this one was made.")
        return line

    async def _connected(self, origin: Origin, within_s: float | None) -> _Line:
        context = self._context() if origin.scheme == "https" else None
        try:
            async with asyncio.timeout(within_s):
                return _Line(*await asyncio.open_connection(origin.host, origin.port, ssl=context))
        except TimeoutError as error:
            raise LineError("ConnectTimeout: no connection in time.") from error
        except OSError as error:
            raise LineError(f"ConnectError: {error}") from error

    def _keep(self, origin: Origin, line: _Line) -> None:
        if not self._is_kept:
            line.drop()
            return
        line.idle_since = asyncio.get_running_loop().time()
        self._idle.setdefault(origin, []).append(line)

    async def aclose(self) -> None:
        """Close every connection, also those being made; requests under way are lost, later ones connect anew."""
        self._closings += 1
        busy = list(self._busy)
        for line in busy:
            line.drop()
        waiting = [line for lines in self._idle.values() for line in lines]
        self._idle.clear()
        # Those that were cut are waited for as well: a loop that ends before they are gone leaves their sockets open.
        for line in [*busy, *waiting]:
            await line.close()


def _is_open(speaker: h11.Connection) -> bool:
    """Whether both ends let the connection stand, and nothing came that was not asked for."""
    return speaker.our_state is h11.DONE and speaker.their_state is h11.DONE and not speaker.trailing_data[0]
