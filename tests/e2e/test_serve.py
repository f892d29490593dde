"""`tradewright serve` as a person meets it: a process, a port, a socket; a run is asked for, followed and read."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PROGRAM = [sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())"]
PHRASE = "a horse of another colour"
LONG_S = 180.0
ASKED = {"strategy": "sma_cross", "symbols": ["ACME"], "source": "synthetic", "timeframe": "1d"}


@contextlib.contextmanager
def serving(folder: Path, *words: str) -> Iterator[dict[str, Any]]:
    """A server on a free port, and what it said."""
    environment = {**os.environ, "TRADEWRIGHT_STORAGE__FOLDER": str(folder / "store")}
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", "--json", *words],
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment,
    )
    try:
        assert process.stdout
        yield {**json.loads(process.stdout.readline()), "process": process}
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stdout
        process.stdout.close()


@contextlib.contextmanager
def entered(said: dict[str, Any]) -> Iterator[httpx.Client]:
    """The admin, after the first password was changed."""
    with httpx.Client(base_url=said["address"], timeout=60) as client:
        _enter(client, said)
        yield client


def _enter(client: httpx.Client, said: dict[str, Any]) -> None:
    given = client.post("/v1/auth/login", json={"name": said["user"], "password": said["password"]}).json()
    shown = {"Authorization": f"Bearer {given['access_token']}"}
    changed = client.post("/v1/auth/password", json={"old": said["password"], "new": PHRASE}, headers=shown)
    client.headers["Authorization"] = f"Bearer {changed.json()['access_token']}"


def socket_of(client: httpx.Client) -> ClientConnection:
    """The stream of events."""
    ticket = client.post("/v1/ws/ticket").json()["ticket"]
    return connect(f"ws{str(client.base_url)[4:].rstrip('/')}/v1/ws?ticket={ticket}")


def until(stream: ClientConnection, wanted: Any) -> dict[str, Any]:
    """The first event that is wanted."""
    while True:
        event = json.loads(stream.recv(LONG_S)).get("event")
        if event is not None and wanted(event):
            return dict(event)


@pytest.mark.slow
def test_a_run_is_asked_for_followed_and_read(tmp_path: Path) -> None:
    with serving(tmp_path) as said, entered(said) as client, socket_of(client) as stream:
        stream.send(json.dumps({"subscribe": [{"topic": "jobs", "after": 0}]}))
        job = client.post("/v1/runs", json=ASKED, headers={"Idempotency-Key": "one"}).json()
        over = until(stream, lambda event: event["kind"] == "state" and event["body"]["state"] in ("done", "failed"))
        assert (over["body"]["id"], over["body"]["state"]) == (job["id"], "done"), over
        run = client.get(f"/v1/runs/{over['body']['run_id']}").json()
        assert len(run["trust"]) == 8
        typed = [*PROGRAM, "runs", "export", run["id"], "--out", str(tmp_path / "typed")]
        environment = {**os.environ, "TRADEWRIGHT_STORAGE__FOLDER": str(tmp_path / "store")}
        subprocess.run(typed, check=True, cwd=tmp_path, env=environment, capture_output=True)
        typed_result = (tmp_path / "typed" / "result.json").read_text(encoding="utf-8")
        assert client.get(f"/v1/runs/{run['id']}/result.json").text == typed_result
        assert client.get("/v1/jobs").json()["total"] == 1


def test_a_socket_needs_a_ticket_and_each_opens_it_once(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-worker") as said, entered(said) as client:
        place = f"ws{said['address'][4:]}/v1/ws?ticket="
        ticket = client.post("/v1/ws/ticket").json()["ticket"]
        with connect(place + ticket) as stream:
            assert "heartbeat" in json.loads(stream.recv(LONG_S))
        for worthless in (ticket, "guess", ""):
            with pytest.raises(Exception, match="403"), connect(place + worthless):
                pass
        foreign = client.post("/v1/ws/ticket").json()["ticket"]
        with pytest.raises(Exception, match="403"), connect(place + foreign, origin="https://elsewhere.example"):
            pass


def test_sockets_of_who_is_disabled_signed_out_or_revoked_are_closed_and_others_stay(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-worker") as said, entered(said) as admin, contextlib.ExitStack() as stack:

        def guest(name: str) -> httpx.Client:
            made = admin.post("/v1/users", json={"name": name, "role": "viewer"}).json()
            client = stack.enter_context(httpx.Client(base_url=said["address"], timeout=60))
            _enter(client, {**said, "user": name, "password": made["password"]})
            return client

        disabled, leaving = guest("ada"), guest("bob")
        token = admin.post("/v1/tokens", json={"name": "robot", "scopes": ["read"]}).json()
        robot = stack.enter_context(
            httpx.Client(base_url=said["address"], headers={"Authorization": f"Bearer {token['token']}"})
        )
        streams = [stack.enter_context(socket_of(each)) for each in (disabled, leaving, robot, admin)]
        admin.patch("/v1/users/ada", json={"is_active": False})
        leaving.post("/v1/auth/logout")
        admin.delete(f"/v1/tokens/{token['item']['id']}")
        for stream in streams[:3]:
            assert closing(stream) == 1008
        assert "heartbeat" in json.loads(streams[3].recv(LONG_S))


def closing(stream: ClientConnection) -> int:
    """The code with which a socket is closed, whatever is said before."""
    while True:
        try:
            stream.recv(LONG_S)
        except ConnectionClosed as closed:
            return 0 if closed.rcvd is None else closed.rcvd.code


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        second = subprocess.run(
            [*PROGRAM, "serve", "--port", port], capture_output=True, text=True, check=False, cwd=tmp_path
        )
    assert second.returncode != 0
    assert f"Port {port} of 127.0.0.1 is taken by another program." in second.stderr
    assert "--port" in second.stderr
    assert "Traceback" not in second.stderr
