"""Trading from the control room: a session begun over HTTP, followed, killed, gone on, flattened, armed again, stopped.

Real worker processes, a real server, and the venue of the sandbox.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.child_processes import kill_9
from tests.e2e.test_serve import entered
from tests.live_project import PROGRAM, Project, orders_of, until
from tests.markets import intraday
from tests.sandboxes import sandbox_over
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

pytestmark = pytest.mark.slow

WARM = 20
_A_WHILE_S, _LOOKS = 0.05, 200
LONG_S = 240.0
GROWS = """
import tradewright as tw


class Grows(tw.Strategy):
    def on_start(self, ctx):
        self.bars = 0

    def on_bar(self, ctx):
        self.bars += 1
        if self.bars in (2, 16):
            ctx.buy(10)
"""
SESSION = {
    "mode": "paper", "strategy": "grows.py:Grows", "symbols": ["ACME"], "timeframe": "1m", "broker": "alpaca",
    "fills": "venue", "limits": "bold", "warmup": 10, "name": "night", "deadline": 300,
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with sandbox_over(intraday([[100.0] * 300])) as venue:
        (tmp_path / "grows.py").write_text(GROWS)
        venue.advance(WARM)
        project = Project(tmp_path, venue)
        project.allow("grows.py:Grows", "ACME")
        yield project


@pytest.fixture
def served(project: Project) -> Iterator[dict[str, Any]]:
    """The server of the project, with its worker."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "serve", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True,
        cwd=project.folder, env=project.environment,
    )  # fmt: skip
    assert process.stdout
    with process.stdout:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            assert process.wait(60) == 0


def followed(client: httpx.Client) -> ClientConnection:
    """The stream of events, which a machine that is busy may keep waiting."""
    ticket = client.post("/v1/ws/ticket").json()["ticket"]
    return connect(f"ws{str(client.base_url)[4:].rstrip('/')}/v1/ws?ticket={ticket}", ping_interval=None)


class Follower:
    """Everything that a socket brought."""

    def __init__(self, stream: ClientConnection) -> None:
        self._stream, self.events = stream, list[dict[str, Any]]()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            self._take()

    def _take(self) -> None:
        for text in self._stream:
            if (event := json.loads(text).get("event")) is not None:
                self.events.append(event)

    def said(self, topic: str, kind: str) -> list[dict[str, Any]]:
        return [each["body"] for each in list(self.events) if (each["topic"], each["kind"]) == (topic, kind)]


class Night:
    """The session, by what its server says of it."""

    def __init__(self, project: Project, client: httpx.Client, job: str) -> None:
        self.project, self.client, self.job_id = project, client, job
        self._pause = threading.Event()

    @property
    def job(self) -> dict[str, Any]:
        return dict(self.client.get(f"/v1/jobs/{self.job_id}").json())

    def rows(self) -> int:
        if not (self.project.folder / "store" / "sessions" / "night" / "about.json").exists():
            return 0
        return int((self.project.logs.read("night").standing or {}).get("rows", 0))

    def held(self) -> float:
        standing = self.project.logs.read("night").standing or {"positions": []}
        return float(sum(each["quantity"] for each in standing["positions"]))

    def until_it_hears(self) -> None:
        until(lambda: self.project.venue.control("GET", "")["listeners"]["bars"] > 0, f"its stream: {self.job}", LONG_S)

    def advance(self) -> None:
        """A bar, and what follows from it; one more where the session was only beginning to listen."""
        before = self.rows()
        while self.rows() <= before:
            self.project.venue.advance()
            self._pause.wait(_A_WHILE_S)
            for _ in range(_LOOKS):
                if self.rows() > before:
                    return
                self._pause.wait(_A_WHILE_S)

    def next_bar(self) -> None:
        """A bar, whatever follows from it."""
        self.project.venue.advance()
        self._pause.wait(5 * _A_WHILE_S)

    def advance_until_held(self, units: float) -> None:
        until(lambda: self.held() == units or self.advance(), f"{units} units: {self.job}", LONG_S)

    def flattened(self, body: dict[str, Any]) -> httpx.Response:
        """Flatten while the market goes on: what closes fills with the next bar."""
        answers: list[httpx.Response] = []
        asking = threading.Thread(
            target=lambda: answers.append(self.client.post("/v1/controls/flatten", json=body, timeout=120))
        )
        asking.start()
        until(lambda: not asking.is_alive() or self._let_fill(), "the answer", LONG_S)
        return answers[0]

    def _let_fill(self) -> None:
        headers = {"APCA-API-KEY-ID": "PKPAPER", "APCA-API-SECRET-KEY": "secret"}
        venue = self.project.venue
        if venue.session.get(f"{venue.url}/v2/orders?status=open", headers=headers, timeout=60).json():
            venue.advance()


def test_a_session_is_followed_killed_goes_on_is_flattened_stopped_and_armed(
    project: Project, served: dict[str, Any]
) -> None:
    with entered(served) as client, followed(client) as stream:
        follower = Follower(stream)
        topics = [{"topic": each, "after": 0} for each in ("sessions", "sessions/night", "controls")]
        stream.send(json.dumps({"subscribe": topics}))
        begun = client.post("/v1/sessions", json=SESSION)
        assert begun.status_code == 202, begun.text
        night = Night(project, client, begun.json()["id"])
        it_buys_and_is_followed(night, follower)
        it_goes_on_where_its_process_was_killed(night)
        body = it_is_flattened_as_it_was_seen(night)
        until(lambda: any(each["what"] == "latched" for each in follower.said("sessions/night", "halt")), "the halt")
        it_is_stopped_and_its_account_armed_again(night, body)
        it_is_taken_to_live_with_the_name_typed_and_the_approval(project, client)
        numbers = [each["seq"] for each in follower.events if each["topic"] == "sessions/night"]
        assert numbers == sorted(set(numbers))


def it_buys_and_is_followed(night: Night, follower: Follower) -> None:
    night.until_it_hears()
    night.advance_until_held(10.0)
    until(lambda: follower.said("sessions/night", "fill"), "the fill on the socket", LONG_S)
    assert [each["state"] for each in follower.said("sessions/night", "order")][:2] == ["sent", "acknowledged"]
    (fill,) = follower.said("sessions/night", "fill")
    assert (fill["symbol"], fill["quantity"]) == ("ACME", "10")
    assert [each["id"] for each in follower.said("sessions", "began")] == ["night"]
    until(lambda: any(e["positions"] for e in follower.said("sessions", "measure")), "the position in a measure")


def it_goes_on_where_its_process_was_killed(night: Night) -> None:
    kill_9(night.job["pid"])
    until(lambda: night.job["attempt"] == 2 and night.job["state"] == "running", "a second beginning", LONG_S)
    rows = night.rows()
    night.until_it_hears()
    night.advance()
    assert (night.rows() > rows, night.held(), len(orders_of(night.project))) == (True, 10.0, 1)


def it_is_flattened_as_it_was_seen(night: Night) -> dict[str, Any]:
    client = night.client
    (position,) = client.get("/v1/positions").json()["items"]
    (control,) = client.get("/v1/controls").json()["items"]
    shown = client.post("/v1/previews", json={"action": "flatten", "account": control["account"]}).json()
    assert "Closes at market: 10 ACME." in shown["will"], shown
    night.advance_until_held(20.0)
    body = {"account": shown["account"], "typed": shown["typed"], "digest": shown["digest"], "reason": "drill"}
    moved = client.post("/v1/controls/flatten", json=body)
    assert (moved.status_code, moved.json()["type"].rpartition(":")[2]) == (409, "moved")
    again = moved.json()["preview"]
    assert "Closes at market: 20 ACME." in again["will"]
    done = night.flattened({**body, "digest": again["digest"]})
    assert done.status_code == 200, done.text
    said = done.json()
    assert (said["done"], [each["state"] for each in said["results"]]) == (True, ["filled"]), said
    assert client.get("/v1/controls").json()["items"][0]["latched"] is True
    closed = client.post("/v1/previews", json={"action": "close_position", "position_id": position["id"]})
    assert closed.status_code == 404
    return body


def it_is_stopped_and_its_account_armed_again(night: Night, body: dict[str, Any]) -> None:
    client = night.client
    stopped = client.post("/v1/sessions/night/stop", json={"reason": "End of the drill"})
    assert stopped.status_code == 202, stopped.text
    until(lambda: night.job["state"] in ("done", "cancelled"), f"its end: {night.job}", LONG_S)
    asked = {"action": "rearm", "account": body["account"], "limits": "cautious"}
    shown = client.post("/v1/previews", json=asked).json()
    assert shown["blocked"] is None, shown
    words = {**body, "digest": shown["digest"], "limits": "cautious", "reason": "The drill is over."}
    answer = client.post("/v1/controls/re-arm", json=words)
    assert answer.status_code == 200, answer.text
    assert client.get("/v1/controls").json()["items"][0]["latched"] is False
    acts = {(each["action"], each["outcome"]) for each in client.get("/v1/audit").json()["items"]}
    assert acts >= {
        ("session.start", "done"), ("account.flatten", "done"), ("session.stop", "done"), ("account.rearm", "done"),
    }  # fmt: skip


def it_is_taken_to_live_with_the_name_typed_and_the_approval(project: Project, client: httpx.Client) -> None:
    """On simulated fills at first; the live one is begun only when that has ended, as the same, and trades."""
    before = len(orders_of(project))
    begun = client.post("/v1/sessions", json={**SESSION, "fills": "simulated", "limits": None, "name": "day"}).json()
    day = project.folder / "store" / "sessions" / "day" / "standing.json"
    until(day.exists, f"the session: {client.get('/v1/jobs/' + begun['id']).text}", LONG_S)
    asked = {"action": "mode_transition", "session_id": "day", "to": "live", "limits": "bold"}
    shown = client.post("/v1/previews", json=asked).json()
    assert (shown["blocked"], shown["mode"]) == (None, "live"), shown
    words = {
        "session_id": "day", "to": "live", "limits": "bold", "reason": "drill", "digest": shown["digest"],
        "typed": shown["typed"],
    }  # fmt: skip
    wrong = client.post("/v1/controls/mode-transition", json={**words, "typed": "day"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/typed")
    key = {"Idempotency-Key": "to-live"}
    done = client.post("/v1/controls/mode-transition", json=words, headers=key, timeout=120)
    assert done.status_code == 202, done.text
    again = client.post("/v1/controls/mode-transition", json=words, headers=key, timeout=120)
    assert (again.json()["id"], again.headers["idempotency-replayed"]) == (done.json()["id"], "true")
    live, paper = done.json(), client.get(f"/v1/jobs/{begun['id']}").json()
    assert paper["state"] in ("done", "cancelled", "cancelling")
    same = ("strategy", "symbols", "timeframe", "broker", "warmup", "deadline")
    assert [live["request"][each] for each in same] == [paper["request"][each] for each in same]
    assert (live["kind"], live["request"]["limits"], "fills" in live["request"]) == ("live", "bold", False)
    it_sends_its_first_order(project, Night(project, client, live["id"]), live["request"]["session"])
    assert len(orders_of(project)) == before


def it_sends_its_first_order(project: Project, live: Night, name: str) -> None:
    """Of the live account, at the venue; the paper account is sent nothing."""
    live.until_it_hears()
    headers = {"APCA-API-KEY-ID": "AKLIVE", "APCA-API-SECRET-KEY": "secret"}
    url = f"{project.venue.url}/v2/orders?status=all"
    until(lambda: project.venue.session.get(url, headers=headers, timeout=60).json() or live.next_bar(), "it", LONG_S)
    (order,) = project.venue.session.get(url, headers=headers, timeout=60).json()
    assert (order["side"], order["qty"], order["symbol"]) == ("buy", "10", "ACME")
    stopped = live.client.post(f"/v1/sessions/{name}/stop", json={"reason": "End of the drill"})
    assert stopped.status_code == 202, stopped.text
    until(lambda: live.job["state"] in ("done", "cancelled"), f"its end: {live.job}", LONG_S)
