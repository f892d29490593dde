"""The open connections of a server, by the address at the other end, so that one can be cut without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

__all__ = ["OpenLines"]


class OpenLines:
    """Connections as they were made."""

    def __init__(self) -> None:
        self._by_peer: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> Any:
        """A class of HTTP connections that are known here while they last."""
        from uvicorn.protocols.http.h11_impl import H11Protocol

        lines = self

        class KnownConnection(H11Protocol):
            """A connection that can be cut."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                """Remember it."""
                self.peer = tuple(transport.get_extra_info("peername")[:2])
                lines.remember(self.peer, transport)
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                """Forget it."""
                lines.forget(self.peer)
                super().connection_lost(exc)

        return KnownConnection

    def remember(self, peer: tuple[str, int], transport: asyncio.Transport) -> None:
        """A connection is made. Those that became sockets tell nobody when they end, and are forgotten here."""
        self._by_peer = {each: line for each, line in self._by_peer.items() if not line.is_closing()}
        self._by_peer[peer] = transport

    def forget(self, peer: tuple[str, int]) -> None:
        """A connection has ended."""
        self._by_peer.pop(peer, None)

    def cut(self, scope: Mapping[str, Any]) -> None:
        """Cut the connection that a request or a socket came over."""
        transport = self._by_peer.get(tuple(scope.get("client") or ("", 0))[:2])
        if transport is not None:
            transport.abort()

    def cut_all(self) -> None:
        """Cut every connection."""
        for transport in list(self._by_peer.values()):
            transport.abort()
