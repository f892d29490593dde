"""HTTP requests whose first byte waits for a permit: asked in the call that hands the byte over, with nothing between.

httpx and httpcore write through a stream of ours that stands directly on asyncio's transport. Connecting, the handshake
and waiting for a free connection come before; then the permit is asked, and the next statement gives the bytes to the
transport. There are no retries, no redirects and no proxies: one hop, one attempt.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterable, Callable, Iterable, Mapping

__all__ = ["Attempt", "GatedTransport", "attempt"]

if "sniffio" not in sys.modules and find_spec("sniffio") is None:
    # httpcore imports it four times in each request; what is not there would be searched for on the disk each time.
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # the interpreter's mark of a module that is not there

_LONGEST_CLOSE_S = 1.0
_LINGER_S = 30.0


class _WithheldError(Exception):
    """The permit was not given: no byte left."""


@dataclass(slots=True)
class _Passage:
    """One request on its way to the transport."""

    permit: Callable[[], bool]
    has_left: bool = False


_PASSAGE: ContextVar[_Passage | None] = ContextVar("passage", default=None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one request.

    Parameters
    ----------
    has_left : bool
        Whether a byte of it can have left.
    is_withheld : bool
        Whether the permit was asked and not given.
    status : int or None
        Of a complete answer; None where none came.
    body : bytes
    headers : mapping of str to str
        By lower-case names.
    problem : str
        Why there is no answer.
    """

    has_left: bool
    is_withheld: bool = False
    status: int | None = None
    body: bytes = b""
    headers: Mapping[str, str] | None = None
    problem: str = ""


async def attempt(
    client: httpx.AsyncClient, request: httpx.Request, permit: Callable[[], bool], within_s: float
) -> Attempt:
    """Send a request once, if it is permitted, and wait for its answer as long as that.

    `client` must stand on a `GatedTransport`. Nothing is raised for what happens on the way: the attempt says it.
    """
    passage = _Passage(permit)
    token = _PASSAGE.set(passage)
    try:
        async with asyncio.timeout(within_s):
            answer = await client.send(request)
    except _WithheldError:
        return Attempt(has_left=False, is_withheld=True, problem="The permit was withheld.")
    except TimeoutError:
        return Attempt(passage.has_left, problem=f"No answer within {within_s:.3g} s.")
    except (httpx.HTTPError, OSError) as error:
        return Attempt(passage.has_left, problem=f"{type(error).__name__}: {error}")
    finally:
        _PASSAGE.reset(token)
    return Attempt(True, status=answer.status_code, body=answer.content, headers=dict(answer.headers.items()))


class _Stream(httpcore.AsyncNetworkStream):
    """A connection over asyncio's own streams."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's word
        try:
            async with asyncio.timeout(timeout):
                return await self._reader.read(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        passage = _PASSAGE.get()
        if passage is not None and not passage.has_left:
            if not passage.permit():
                raise _WithheldError
            passage.has_left = True
        self._writer.write(buffer)
        try:
            async with asyncio.timeout(timeout):
                await self._writer.drain()
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_LONGEST_CLOSE_S):
                await self._writer.wait_closed()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except (TimeoutError, OSError) as error:
            await self.aclose()
            raise httpcore.ConnectError(str(error)) from error
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            gone = self._reader.at_eof() or self._reader.exception() is not None
            return gone or self._writer.is_closing()
        return self._writer.get_extra_info({"ssl_object": "ssl_object", "socket": "socket"}.get(info, info))


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects over asyncio's own streams."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        del local_address, socket_options
        try:
            async with asyncio.timeout(timeout):
                return _Stream(*await asyncio.open_connection(host, port))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class GatedTransport(httpx.AsyncBaseTransport):
    """The transport that `attempt` needs; other requests pass without a permit.

    Parameters
    ----------
    ssl_context : ssl.SSLContext, optional
        How servers are checked; the system's way without it.
    is_kept : bool
        Whether connections are kept for the next request, until `aclose`.
    """

    def __init__(self, ssl_context: ssl.SSLContext | None = None, *, is_kept: bool = True) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
            retries=0,
            max_keepalive_connections=None if is_kept else 0,
            keepalive_expiry=_LINGER_S,
            network_backend=_Backend(),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request, and bring its whole answer."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        inner = httpcore.Request(
            request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        try:
            answer = await self._pool.handle_async_request(inner)
            body = await _whole(answer)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise httpx.TransportError(f"{type(error).__name__} {error}".strip()) from error
        return httpx.Response(answer.status, headers=answer.headers, stream=httpx.ByteStream(body))

    async def aclose(self) -> None:
        """Close every connection; requests that are on their way are lost, later ones connect anew."""
        await self._pool.aclose()


async def _whole(answer: httpcore.Response) -> bytes:
    stream: AsyncIterable[bytes] = answer.aiter_stream()
    try:
        return b"".join([part async for part in stream])
    finally:
        await answer.aclose()
