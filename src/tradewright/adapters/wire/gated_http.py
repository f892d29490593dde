"""HTTP requests whose first byte waits for a permit: asked in the call that hands the byte over, with nothing between.

Connecting, the handshake and waiting for a free connection come before; then the permit is asked, and the next
statement gives the bytes to asyncio's transport (`lines`). There are no retries, no redirects and no proxies: one hop,
one attempt.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from .lines import Letter, LineError, Lines, Origin, letter

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

__all__ = ["Attempt", "GatedTransport", "attempt"]


class _WithheldError(Exception):
    """The permit was not given: no byte left."""


@dataclass(slots=True)
class _Passage:
    """One request on its way to the transport."""

    permit: Callable[[], bool]
    has_left: bool = False

    def __call__(self) -> None:
        if not self.permit():
            raise _WithheldError
        self.has_left = True


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


def _free() -> None:
    """What changes nothing needs no permit."""


def _trusting() -> ssl.SSLContext:
    """Whom this system trusts, and whom browsers do."""
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


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
        self._ssl_context = ssl_context
        self._lines = Lines(self._context, is_kept=is_kept)

    def _context(self) -> ssl.SSLContext:
        if self._ssl_context is None:
            self._ssl_context = _trusting()
        return self._ssl_context

    async def deliver(self, origin: Origin, said: Letter, permit: Callable[[], bool], within_s: float) -> Attempt:
        """As `attempt`, for a request that is written down already."""
        passage = _Passage(permit)
        try:
            async with asyncio.timeout(within_s):
                reply = await self._lines.exchange(origin, said, passage)
        except _WithheldError:
            return Attempt(has_left=False, is_withheld=True, problem="The permit was withheld.")
        except TimeoutError:
            return Attempt(passage.has_left, problem=f"No answer within {within_s:.3g} s.")
        except LineError as error:
            return Attempt(passage.has_left, problem=str(error))
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in reply.headers}
        return Attempt(True, status=reply.status, body=reply.body, headers=headers)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request, and bring its whole answer."""
        url = request.url
        origin = Origin.of(url.scheme, url.raw_host.decode("ascii"), url.port)
        each_s = request.extensions.get("timeout", {}).get("read")
        try:
            body = await request.aread()
            said = letter(request.method, url.raw_path, request.headers.raw, body)
            reply = await self._lines.exchange(origin, said, _PASSAGE.get() or _free, each_s)
        except LineError as error:
            raise httpx.TransportError(str(error)) from error
        return httpx.Response(reply.status, headers=reply.headers, stream=httpx.ByteStream(reply.body))

    async def aclose(self) -> None:
        """Close every connection; requests that are on their way are lost, later ones connect anew."""
        await self._lines.aclose()
