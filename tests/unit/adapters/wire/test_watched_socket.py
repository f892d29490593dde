"""A watched socket tells of answered pings, and of its end, to who hears it."""

from __future__ import annotations

import asyncio

import pytest
from websockets.asyncio.server import serve

from tradewright.adapters.wire.watched_socket import WatchedSocket
from tradewright.domain.errors import ConnectionError as VenueConnectionError

PATIENCE_S = 60.0


class Hearer:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.changed = asyncio.Event()

    def _note(self, what: str) -> None:
        self.heard.append(what)
        self.changed.set()

    def hear(self, message: str | bytes) -> None:
        self._note(str(message))

    def beat(self) -> None:
        self._note("beat")

    def end(self) -> None:
        self._note("end")

    async def until(self, what: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while what not in self.heard:
                self.changed.clear()
                await self.changed.wait()


async def no_greeting(_: object) -> None:
    """Nothing is said first."""


def test_an_answered_ping_is_a_sign_of_life_and_an_end_is_told() -> None:
    async def run() -> list[str]:
        leave = asyncio.Event()

        async def speak(socket: object) -> None:
            await leave.wait()

        async with serve(speak, "127.0.0.1", 0) as server:
            socket, hearer = WatchedSocket(PATIENCE_S, 0.05), Hearer()
            await socket.open(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", no_greeting, hearer)
            await hearer.until("beat")
            leave.set()
            await hearer.until("end")
            await socket.close()
            await socket.close()
        return hearer.heard

    assert asyncio.run(run())[0] == "beat"


def test_a_greeting_that_fails_leaves_nothing_open() -> None:
    async def refuse(_: object) -> None:
        raise ValueError("another word")

    async def run() -> bool:
        async def speak(socket: object) -> None:
            await socket.wait_closed()  # type: ignore[attr-defined]

        async with serve(speak, "127.0.0.1", 0) as server:
            socket = WatchedSocket(PATIENCE_S, PATIENCE_S)
            with pytest.raises(VenueConnectionError, match="another word"):
                await socket.open(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", refuse, Hearer())
            return socket.is_open

    assert not asyncio.run(run())
