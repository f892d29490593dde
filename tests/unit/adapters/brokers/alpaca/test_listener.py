"""A socket that is silent is told from one that is dead, and what cannot be read ends it or is said."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib

import pytest
from websockets.asyncio.server import serve

from tradewright.adapters.brokers.alpaca.listener import Listener
from tradewright.domain.errors import BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError

PATIENCE_S = 60.0


async def no_greeting(socket):
    """Nothing is said first."""


def plain(message):
    if message == "bad":
        raise BrokerError("That cannot be read.")
    return [BrokerError("That is wrong.") if message == "wrong" else message]


@contextlib.asynccontextmanager
async def listening(said, heartbeat_s=PATIENCE_S):
    """A listener on a server that says some words and then waits."""

    async def speak(socket):
        for word in said:
            await socket.send(word)
        await socket.wait_closed()

    async with serve(speak, "127.0.0.1", 0) as server:
        listener = Listener(plain, PATIENCE_S, heartbeat_s)
        await listener.open(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", no_greeting)
        try:
            yield listener
        finally:
            await listener.close()


async def first(listener, count):
    found = []
    async with asyncio.timeout(PATIENCE_S):
        async for word in listener.heard():
            found.append(word)
            if len(found) == count:
                return found
    return found


def test_words_wait_until_they_are_read():
    async def run():
        async with listening(["one", "two"]) as listener:
            return await first(listener, 2)

    assert asyncio.run(run()) == ["one", "two"]


def test_what_cannot_be_read_ends_the_socket():
    async def run():
        async with listening(["one", "bad", "two"]) as listener:
            return await first(listener, 9)

    assert asyncio.run(run()) == ["one"]


def test_what_is_wrong_is_raised_and_the_socket_goes_on():
    async def run():
        async with listening(["wrong", "two"]) as listener:
            with pytest.raises(BrokerError, match="wrong"):
                await first(listener, 1)
            return await first(listener, 1)

    assert asyncio.run(run()) == ["two"]


def test_a_socket_that_answers_no_ping_is_cut():
    async def deaf(reader, writer):
        """Shake hands as a WebSocket does, and never answer again."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key"))
        mark = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()).decode()  # noqa: S324
        lines = ("HTTP/1.1 101 Go", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Accept: {mark}")
        writer.write("\r\n".join((*lines, "", "")).encode())
        with contextlib.suppress(ConnectionError):
            while await reader.read(1024):
                pass
        writer.close()

    async def run():
        server = await asyncio.start_server(deaf, "127.0.0.1", 0)
        listener = Listener(plain, PATIENCE_S, 0.05)
        await listener.open(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", no_greeting)
        found = await first(listener, 1)
        await listener.close()
        server.close()
        return found

    assert asyncio.run(run()) == []


def test_closing_twice_and_reading_what_is_closed_are_harmless():
    async def run():
        async with listening(["one"]) as listener:
            await listener.close()
            await listener.close()
            with pytest.raises(VenueConnectionError):
                await listener.say("more")
            return await first(listener, 9)

    assert asyncio.run(run()) in ([], ["one"])
