"""What comes over the wire that no client of anybody's would send: the sandbox answers, and goes on."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
from typing import Any

import pytest
from tests.sandboxes import KEY, SECRET, Sandbox, sandbox_over
from websockets.sync.client import ClientConnection, connect

FLAT = [100.0] * 8
GARBAGE: list[str | bytes] = [
    "",
    "{",
    "[]",
    "null",
    '"text"',
    b"\xff\xfe",
    b"\xc1",
    '{"action": 1}',
    '{"action": "listen"}',
    '{"action": "subscribe", "bars": 7}',
    '{"action": "auth", "key": 1, "secret": []}',
    '{"action": "authenticate", "data": "x"}',
]


ODD_PATHS = (
    "/v2/orders/%00", "/v2/orders/%ff%fe", "/v2/positions/%2e%2e%2f", "/v2/assets/" + "x" * 3000,
    "/v2/orders?limit=%ff", "/v2/orders?after=now", "/v2/calendar?start=x",
    "/v2/stocks/bars?symbols=ACME&timeframe=9Eon",
    "/v2/stocks/bars?symbols=ACME&timeframe=1Min", "/v2/stocks/bars?timeframe=1Day", "/nowhere",
    "/sandbox/faults/9",
)  # fmt: skip


def lives(sandbox: Sandbox) -> bool:
    return sandbox.ask("GET", "/v2/clock").status_code == 200


@pytest.mark.parametrize("path", ["/stream", "/v2/iex"])
def test_garbage_on_a_stream_is_answered_and_the_stream_goes_on(path: str) -> None:
    with sandbox_over(FLAT) as sandbox:
        for said, form in itertools.product(GARBAGE, ("application/msgpack", "application/json")):
            headers = {"Content-Type": form}
            with connect(sandbox.url.replace("http", "ws") + path, additional_headers=headers) as line:
                if path != "/stream":
                    line.recv(timeout=60)
                line.send(said)
                assert line.recv(timeout=60)
        assert lives(sandbox)


def test_odd_addresses_are_refused_in_json() -> None:
    with sandbox_over(FLAT) as sandbox:
        for method, path in itertools.product(("GET", "DELETE", "PATCH"), ODD_PATHS):
            answer = sandbox.ask(method, path)
            assert answer.status_code in (200, 207, 400, 404, 405, 422), (method, path)
            assert answer.json() is not None
        assert lives(sandbox)


@pytest.mark.parametrize(
    "sent", [b"\x00\xff\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"PUT / HTTP/1.1\r\nContent-Length: x\r\n\r\n"]
)
def test_what_is_no_http_is_turned_away(sent: bytes) -> None:
    with sandbox_over(FLAT) as sandbox:
        host, _, port = sandbox.url.removeprefix("http://").rpartition(":")
        with socket.create_connection((host, int(port)), timeout=60) as line:
            line.sendall(sent)
            assert line.recv(200).startswith(b"HTTP/1.1 400")
        assert lives(sandbox)


def test_clients_that_never_leave_are_left_behind_when_the_server_ends() -> None:
    with contextlib.ExitStack() as clients:
        with sandbox_over(FLAT) as sandbox:
            host, _, port = sandbox.url.removeprefix("http://").rpartition(":")
            sandbox.control("POST", "/faults", {"kind": "timeout", "on": "account"})
            line = clients.enter_context(socket.create_connection((host, int(port)), timeout=60))
            line.sendall(b"GET /v2/account HTTP/1.1\r\nHost: x\r\nAPCA-API-KEY-ID: a\r\n\r\n")
            clients.enter_context(connect(sandbox.url.replace("http", "ws") + "/stream"))
            assert lives(sandbox)
        with contextlib.suppress(ConnectionError):
            assert line.recv(10) == b""


def watched(line: ClientConnection, **said: Any) -> Any:
    line.send(json.dumps(said))
    return json.loads(line.recv(timeout=60))[0]


def test_a_watcher_is_told_what_it_does_in_the_wrong_order() -> None:
    with sandbox_over(FLAT) as sandbox, connect(sandbox.url.replace("http", "ws") + "/v2/iex") as line:
        line.recv(timeout=60)
        assert watched(line, action="subscribe", bars=["ACME"])["code"] == 401
        assert watched(line, action="ack")["code"] == 401
        assert watched(line, action="auth", key="", secret="")["code"] == 402
        assert watched(line, action="auth", key=KEY, secret=SECRET)["msg"] == "authenticated"
        assert watched(line, action="auth", key=KEY, secret=SECRET)["code"] == 403
        assert watched(line, action="subscribe", bars=["ACME", "BOLT"], trades=["*"])["bars"] == ["ACME", "BOLT"]
        assert watched(line, action="unsubscribe", bars=["BOLT"])["bars"] == ["ACME"]


def test_keys_may_come_as_basic_or_bearer_authorisation() -> None:
    with sandbox_over(FLAT, keys={"A": "x", "token": "token"}) as sandbox:
        sandbox.session.headers.clear()
        basic, bearer = ("A", "x"), {"Authorization": "Bearer token"}
        assert sandbox.ask("GET", "/v2/account", auth=basic).json()["account_number"] == "SANDBOX-A"
        assert sandbox.ask("GET", "/v2/account", headers=bearer).json()["account_number"] == "SANDBOX-token"
        for wrong in ("Basic !!!", "Basic QQ==", "Bearer", "Digest x"):
            assert sandbox.ask("GET", "/v2/account", headers={"Authorization": wrong}).status_code == 401
