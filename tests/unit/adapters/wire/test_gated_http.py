"""The permit is asked in the call that hands over the first byte; without it no byte leaves."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess

import httpx
import pytest

from tradewright.adapters.wire.gated_http import GatedTransport, attempt
from tradewright.adapters.wire.lines import Form, LineError, Origin, letter

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Server:
    """A server that keeps every byte it gets, and answers each request as it is told."""

    def __init__(self, answer=ANSWER):
        self.answer = answer
        self.got = b""
        self.connections = 0
        self.released = asyncio.Event()
        self.deserted = asyncio.Event()
        self.standing = 0

    async def serve(self, reader, writer):
        self.connections += 1
        self.standing += 1
        self.deserted.clear()
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                self.got += data
                if self.answer is None:
                    await self.released.wait()
                    break
                if data.endswith(b"}") or b"GET" in data:
                    writer.write(self.answer)
        writer.close()
        self.standing -= 1
        if not self.standing:
            self.deserted.set()


@contextlib.asynccontextmanager
async def served(server, context=None, client_context=None):
    """A running server, and a client on the gated transport."""
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    port = listener.sockets[0].getsockname()[1]
    transport = GatedTransport(client_context)
    scheme, host = ("https", "localhost") if context else ("http", "127.0.0.1")
    client = httpx.AsyncClient(base_url=f"{scheme}://{host}:{port}", transport=transport, trust_env=False)
    try:
        yield client
    finally:
        server.released.set()
        await transport.aclose()
        listener.close()


def order(client):
    return client.build_request("POST", "/orders", json={"qty": "1"})


def test_a_permitted_request_arrives_and_is_answered():
    async def run():
        server = Server()
        async with served(server) as client:
            made = await attempt(client, order(client), lambda: True, 5.0)
            assert b'{"qty":"1"}' in server.got
        return made

    made = asyncio.run(run())
    assert (made.has_left, made.is_withheld, made.status, made.body) == (True, False, 200, b"ok")


def test_no_byte_leaves_without_the_permit():
    async def run():
        server = Server()
        async with served(server) as client:
            made = await attempt(client, order(client), lambda: False, 5.0)
            after = await attempt(client, order(client), lambda: True, 5.0)
            assert server.got.count(b"POST") == 1
        return made, after

    made, after = asyncio.run(run())
    assert (made.has_left, made.is_withheld, made.status) == (False, True, None)
    assert after.status == 200


def test_nothing_runs_between_the_permit_and_the_first_byte(monkeypatch):
    seen: list[str] = []
    write = asyncio.StreamWriter.write

    def watched(writer, data):
        if data.startswith(b"POST"):
            seen.append("bytes")
        write(writer, data)

    monkeypatch.setattr(asyncio.StreamWriter, "write", watched)

    async def run():
        async with served(Server()) as client:
            loop = asyncio.get_running_loop()

            def permit():
                seen.append("permit")
                loop.call_soon(seen.append, "something else")
                return True

            for _ in range(2):
                await attempt(client, order(client), permit, 5.0)

    asyncio.run(run())
    assert seen == ["permit", "bytes", "something else"] * 2


def test_the_permit_is_asked_only_when_there_is_a_connection():
    async def run():
        asked = []
        transport = GatedTransport()
        async with httpx.AsyncClient(base_url="http://127.0.0.1:1", transport=transport, trust_env=False) as client:
            made = await attempt(client, order(client), lambda: asked.append(1) is None, 5.0)
        return made, asked

    made, asked = asyncio.run(run())
    assert (made.has_left, made.status, asked) == (False, None, [])
    assert "Connect" in made.problem


def test_a_request_that_is_not_answered_has_left():
    async def run():
        async with served(Server(answer=None)) as client:
            return await attempt(client, order(client), lambda: True, 0.1)

    made = asyncio.run(run())
    assert (made.has_left, made.status) == (True, None)
    assert "0.1 s" in made.problem


def test_a_request_is_sent_once_when_the_line_is_cut_after_it():
    async def run():
        server = Server(answer=b"")

        async def cut(reader, writer):
            server.connections += 1
            server.got += await reader.read(65536)
            writer.close()

        server.serve = cut
        async with served(server) as client:
            made = await attempt(client, order(client), lambda: True, 5.0)
        return made, server

    made, server = asyncio.run(run())
    assert (made.has_left, made.status) == (True, None)
    assert (server.got.count(b"POST"), server.connections) == (1, 1)


def test_an_answer_that_is_cut_off_is_no_answer():
    async def run():
        server = Server(answer=b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nok")

        async def cut(reader, writer):
            await reader.read(65536)
            writer.write(server.answer)
            writer.close()

        server.serve = cut
        async with served(server) as client:
            return await attempt(client, order(client), lambda: True, 5.0)

    made = asyncio.run(run())
    assert (made.has_left, made.status) == (True, None)


def test_a_redirect_is_not_followed():
    async def run():
        server = Server(b"HTTP/1.1 307 No\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n")
        async with served(server) as client:
            made = await attempt(client, order(client), lambda: True, 5.0)
        return made.status, server.got.count(b"POST")

    assert asyncio.run(run()) == (307, 1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine that nobody else trusts."""
    folder = tmp_path_factory.mktemp("tls")
    made = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *made, *subject]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_the_same_holds_over_tls(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))

    async def run():
        server = Server()
        async with served(server, context, trusting) as client:
            withheld = await attempt(client, order(client), lambda: False, 5.0)
            assert server.got == b""
            given = await attempt(client, order(client), lambda: True, 5.0)
        return withheld, given

    withheld, given = asyncio.run(run())
    assert (withheld.is_withheld, withheld.has_left) == (True, False)
    assert (given.status, given.body) == (200, b"ok")


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")

    async def run():
        server, asked = Server(), []
        async with served(server, context) as client:
            made = await attempt(client, order(client), lambda: asked.append(1) is None, 5.0)
        return made, server.got, asked

    made, got, asked = asyncio.run(run())
    assert (made.has_left, made.status, got, asked) == (False, None, b"", [])


def posted(body=b'{"qty":"1"}'):
    return letter("POST", b"/orders", [(b"host", b"venue"), (b"content-length", b"%d" % len(body))], body)


@contextlib.asynccontextmanager
async def delivering(server, **how):
    """A running server, its origin, and a gated transport."""
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    transport = GatedTransport(**how)
    try:
        yield transport, Origin("http", "127.0.0.1", listener.sockets[0].getsockname()[1])
    finally:
        server.released.set()
        await transport.aclose()
        async with asyncio.timeout(60.0):
            await server.deserted.wait()
        listener.close()


def test_what_is_written_down_before_is_delivered_and_answered():
    async def run():
        server = Server()
        async with delivering(server) as (transport, origin):
            made = await transport.deliver(origin, posted(), lambda: True, 5.0)
        return made, server.got

    made, got = asyncio.run(run())
    assert (made.has_left, made.is_withheld, made.status, made.body) == (True, False, 200, b"ok")
    assert (got.startswith(b"POST /orders HTTP/1.1\r\n"), got.endswith(b'{"qty":"1"}')) == (True, True)


def test_a_letter_without_a_permit_stays_and_the_connection_is_kept():
    async def run():
        server = Server()
        async with delivering(server) as (transport, origin):
            permits = [lambda: False, lambda: True, lambda: True]
            made = [await transport.deliver(origin, posted(), permit, 5.0) for permit in permits]
        return made, server

    made, server = asyncio.run(run())
    assert [(each.has_left, each.is_withheld, each.status) for each in made] == [
        (False, True, None), (True, False, 200), (True, False, 200),
    ]  # fmt: skip
    assert (server.got.count(b"POST"), server.connections) == (2, 1)


def test_a_connection_is_not_used_again_after_an_answer_that_did_not_come():
    async def run():
        server = Server(answer=None)
        async with delivering(server) as (transport, origin):
            silent = await transport.deliver(origin, posted(), lambda: True, 0.1)
            server.answer = ANSWER
            heard = await transport.deliver(origin, posted(), lambda: True, 5.0)
        return silent, heard, server.connections

    silent, heard, connections = asyncio.run(run())
    assert (silent.has_left, silent.status, heard.status, connections) == (True, None, 200, 2)


def test_a_connection_that_is_to_close_is_not_used_again():
    async def run():
        server = Server(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok")
        async with delivering(server) as (transport, origin):
            made = [await transport.deliver(origin, posted(), lambda: True, 5.0) for _ in range(2)]
        return [each.status for each in made], server.connections

    assert asyncio.run(run()) == ([200, 200], 2)


def test_a_connection_over_which_more_came_than_was_asked_for_is_not_used_again():
    async def run():
        server = Server(ANSWER + b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nmore")
        async with delivering(server) as (transport, origin):
            made = [await transport.deliver(origin, posted(), lambda: True, 5.0) for _ in range(2)]
        return [each.body for each in made], server.connections

    assert asyncio.run(run()) == ([b"ok", b"ok"], 2)


def test_connections_that_are_not_to_be_kept_are_not():
    async def run():
        server = Server()
        async with delivering(server, is_kept=False) as (transport, origin):
            made = [await transport.deliver(origin, posted(), lambda: True, 5.0) for _ in range(2)]
        return [each.status for each in made], server.connections

    assert asyncio.run(run()) == ([200, 200], 2)


def test_what_http_has_no_words_for_is_refused():
    with pytest.raises(LineError, match="cannot be made"):
        letter("POST", b"/orders with spaces", [(b"host", b"venue")])


def test_a_form_gives_the_same_bytes_as_writing_the_request_out():
    form = Form("POST", b"/orders", [(b"host", b"venue")])
    for body in (b'{"qty":"1"}', b"", b"0" * 1000):
        said = letter("POST", b"/orders", [(b"host", b"venue"), (b"Content-Length", b"%d" % len(body))], body)
        assert form.filled(body).content == said.content


def test_the_connection_of_a_form_is_kept_after_its_answer():
    async def run():
        server, form = Server(), Form("POST", b"/orders", [(b"host", b"venue")])
        async with delivering(server) as (transport, origin):
            made = [await transport.deliver(origin, form.filled(b"{}"), lambda: True, 5.0) for _ in range(2)]
        return [(each.status, each.body) for each in made], server.connections

    assert asyncio.run(run()) == ([(200, b"ok"), (200, b"ok")], 1)


def test_a_form_that_http_has_no_words_for_is_refused_when_it_is_made():
    with pytest.raises(LineError, match="cannot be made"):
        Form("POST", b"/orders with spaces", [(b"host", b"venue")])


def test_a_connection_that_was_being_made_when_all_were_closed_is_closed_too():
    async def run():
        server = Server()
        async with delivering(server) as (transport, origin):
            asked = asyncio.create_task(transport.deliver(origin, posted(), lambda: True, 60.0))
            await asyncio.sleep(0)
            await transport.aclose()
            made = await asked
        return made, server.got

    made, got = asyncio.run(run())
    assert (made.has_left, made.status, got) == (False, None, b"")
    assert made.problem == "The connections were closed while this one was made."
