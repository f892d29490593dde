"""The gate in front of the transport: which hosts are reached at all, and a permit before the first byte.

aiohttp writes to the transport that its connection names. For the length of one departure a guard stands in that
place: the first write asks the permit and hands the bytes on in the next statement. Connecting and the handshake come
before. A request leaves once: should the library try again by itself, the guard lets nothing more out.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp.connector import Connection

__all__ = ["PASSAGE", "Passage", "WithheldError", "gated_request"]


class WithheldError(Exception):
    """The guard let nothing out."""


@dataclass(slots=True)
class Passage:
    """One request on its way to the transport.

    Parameters
    ----------
    permit : callable
    has_left, is_withheld : bool
        Whether it was asked and given, or asked and not given.
    is_over : bool
        Whether nobody waits for it any more.
    problem : Exception, optional
        What the permit itself raised.
    """

    permit: Callable[[], bool]
    has_left: bool = False
    is_withheld: bool = False
    is_over: bool = False
    problem: Exception | None = None

    def may_leave(self) -> bool:
        """Ask the permit; what was decided about, or has left, leaves no more, whatever a library still holds of it."""
        if self.is_over or self.has_left:
            return False
        try:
            is_given = self.permit()
        except Exception as error:
            self.problem = error
            raise
        self.has_left, self.is_withheld = is_given, not is_given
        return is_given


PASSAGE: ContextVar[Passage | None] = ContextVar("passage", default=None)
"""The request that is being made in this context; None for questions, which need no permit."""


class _Guard:
    """Stands in the place of a transport until the first byte has passed."""

    def __init__(self, transport: Any, passage: Passage, protocol: Any) -> None:
        self._transport = transport
        self._passage = passage
        self._protocol = protocol

    def write(self, data: Any) -> None:
        self._open()
        self._transport.write(data)

    def writelines(self, chunks: Any) -> None:
        self._open()
        self._transport.writelines(chunks)

    def _open(self) -> None:
        self._protocol.transport = self._transport
        if not self._passage.may_leave():
            raise WithheldError

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def gated_request(hosts: frozenset[str]) -> type[aiohttp.ClientRequest]:
    """A class of requests that go to these hosts and no other, and leave by a permit where one is set."""

    class GatedRequest(aiohttp.ClientRequest):
        """A request behind the gate."""

        def __init__(self, method: str, url: Any, **said: Any) -> None:
            if url.host not in hosts:
                raise ConfigError(f"This account does not reach {url.host}.", hint=f"It reaches {', '.join(hosts)}.")
            super().__init__(method, url, **said)

        async def send(self, conn: Connection) -> aiohttp.ClientResponse:
            """Let the guard stand before the transport, where a permit is needed."""
            passage, protocol = PASSAGE.get(), conn.protocol
            if passage is not None and protocol is not None:
                protocol.transport = _Guard(protocol.transport, passage, protocol)  # type: ignore[assignment]
            return await super().send(conn)

    return GatedRequest
