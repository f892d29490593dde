"""The permit is asked in the call that hands over the first byte; without it no byte leaves."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.selector_events import _SelectorSocketTransport as SocketTransport

import aiohttp
import pytest

from tradewright.adapters.brokers.ccxt.gate import PASSAGE, Passage, WithheldError, gated_request

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Server:
    """Keeps every byte it gets, and answers or hangs up."""

    def __init__(self, answer=ANSWER):
        self.answer = answer
        self.got = b""
        self.serving = []

    async def serve(self, reader, writer):
        self.serving.append(asyncio.current_task())
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                self.got += data
                if self.answer is None:
                    break
                writer.write(self.answer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@contextlib.asynccontextmanager
async def served(server):
    """A running server, and a session behind the gate."""
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    session = aiohttp.ClientSession(request_class=gated_request(frozenset({"127.0.0.1"})))
    try:
        yield session, f"http://127.0.0.1:{port}/order"
    finally:
        await session.close()
        listener.close()
        await asyncio.wait_for(asyncio.gather(*server.serving), 5)


@contextlib.contextmanager
def under(permit):
    """What is sent inside the block leaves by this permit."""
    passage = Passage(permit)
    token = PASSAGE.set(passage)
    try:
        yield passage
    finally:
        PASSAGE.reset(token)


@pytest.mark.parametrize(("method", "body"), [("POST", b"quantity=1"), ("DELETE", None)])
def test_between_the_permit_and_the_bytes_nothing_else_runs(monkeypatch, method, body):
    seen = []
    write = SocketTransport.write

    def spied(self, data):
        if method.encode() in bytes(data):
            seen.append("bytes")
        write(self, data)

    monkeypatch.setattr(SocketTransport, "write", spied)

    async def run():
        def permit():
            seen.append("permit")
            asyncio.get_running_loop().call_soon(seen.append, "something else")
            return True

        server = Server()
        async with served(server) as (session, url):
            with under(permit) as passage:
                async with session.request(method, url, data=body) as answer:
                    assert await answer.text() == "ok"
            assert passage.has_left

    asyncio.run(run())
    assert seen == ["permit", "bytes", "something else"]


@pytest.mark.parametrize(("method", "body"), [("POST", b"quantity=1"), ("DELETE", None)])
def test_no_byte_leaves_without_the_permit_and_the_session_goes_on(method, body):
    async def run():
        server = Server()
        async with served(server) as (session, url):
            with under(lambda: False) as passage, pytest.raises((aiohttp.ClientError, WithheldError)):
                await session.request(method, url, data=body)
            assert (passage.is_withheld, passage.has_left, server.got) == (True, False, b"")
            async with session.get(url) as answer:
                assert answer.status == 200

    asyncio.run(run())


def test_a_request_leaves_once_though_the_library_would_try_again():
    async def run():
        server = Server()
        async with served(server) as (session, url):
            async with session.get(url) as answer:
                await answer.read()
            server.answer, server.got = None, b""
            asked = []
            with under(lambda: asked.append(1) or True), pytest.raises((aiohttp.ClientError, WithheldError)):
                await session.request("DELETE", url)
            assert (asked, server.got.count(b"DELETE")) == ([1], 1)

    asyncio.run(run())


def test_nothing_leaves_that_nobody_waits_for_any_more():
    passage = Passage(lambda: True)
    passage.is_over = True
    assert not passage.may_leave()


def test_what_the_permit_raises_is_kept():
    def permit():
        raise ArithmeticError("an invariant")

    passage = Passage(permit)
    with pytest.raises(ArithmeticError):
        passage.may_leave()
    assert isinstance(passage.problem, ArithmeticError)
    assert not passage.has_left
