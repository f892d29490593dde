"""Each fault of the sandbox does what it says, and nothing else."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from tests.sandboxes import KEY, SECRET, Sandbox, sandbox_over
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tradewright.domain.errors import ConfigError
from tradewright.venue.faults.kinds import Fault
from tradewright.venue.terms import Dedupe

FLAT = [100.0] * 40
MARKET = {"symbol": "ACME", "qty": "1", "side": "buy", "type": "market", "time_in_force": "gtc"}


def broken(sandbox: Sandbox, kind: str, **said: Any) -> dict[str, Any]:
    """Switch a fault on."""
    return sandbox.control("POST", "/faults", {"kind": kind, **said})


def order(sandbox: Sandbox, name: str = "first", **said: Any) -> requests.Response:
    return sandbox.ask("POST", "/v2/orders", {**MARKET, "client_order_id": name, **said})


def orders(sandbox: Sandbox) -> list[dict[str, Any]]:
    return sandbox.ask("GET", "/v2/orders?status=all").json()


def named(sandbox: Sandbox, name: str = "first") -> int:
    return sandbox.ask("GET", f"/v2/orders:by_client_order_id?client_order_id={name}").status_code


# ---------------------------------------------------------------- requests and answers


def test_a_dropped_request_never_arrives() -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, "drop-request", on="submit", count=1)
        with pytest.raises(requests.ConnectionError):
            order(sandbox)
        assert orders(sandbox) == []
        assert order(sandbox).status_code == 200


def test_a_dropped_answer_leaves_the_order() -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, "drop-response", on="submit", count=1)
        with pytest.raises(requests.ConnectionError):
            order(sandbox)
        assert [each["client_order_id"] for each in orders(sandbox)] == ["first"]


def test_a_time_out_comes_after_the_order_was_taken() -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, "timeout", on="submit", count=1)
        with pytest.raises(requests.ReadTimeout):
            sandbox.session.post(f"{sandbox.url}/v2/orders", json={**MARKET, "client_order_id": "first"}, timeout=0.1)
        assert named(sandbox) == 200


def test_a_late_request_arrives_after_its_client_gave_up() -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, "late", on="submit", ms=400, count=1)
        with pytest.raises(requests.ReadTimeout):
            sandbox.session.post(f"{sandbox.url}/v2/orders", json={**MARKET, "client_order_id": "first"}, timeout=0.05)
        assert named(sandbox) == 404
        until(lambda: named(sandbox) == 200)


def until(condition: Callable[[], bool]) -> None:
    """Ask again until it holds."""
    deadline = time.monotonic() + 10.0
    while not condition():
        assert time.monotonic() < deadline


@pytest.mark.parametrize(("dedupe", "count"), [("none", 2), ("for-ever", 1)])
def test_a_repeated_request_is_two_orders_where_ids_are_not_kept(dedupe: str, count: int) -> None:
    with sandbox_over(FLAT, dedupe=Dedupe(dedupe)) as sandbox:
        broken(sandbox, "duplicate", on="submit")
        answer = order(sandbox)
        assert len(orders(sandbox)) == count
    assert answer.status_code == (200 if count == 2 else 422)


@pytest.mark.parametrize("after", [None, 2])
def test_a_limit_is_429_with_or_without_a_time(after: float | None) -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, "limit", on="submit", retry_after=after)
        answer = order(sandbox)
        assert orders(sandbox) == []
    assert (answer.status_code, answer.json()["code"]) == (429, 42910000)
    assert answer.headers.get("retry-after") == (None if after is None else "2")


@pytest.mark.parametrize(("kind", "taken"), [("error", 0), ("error-after", 1)])
def test_an_error_may_come_before_or_after_the_order_was_taken(kind: str, taken: int) -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, kind, on="submit")
        assert order(sandbox).status_code == 500
        assert len(orders(sandbox)) == taken


def test_an_order_may_be_taken_and_called_a_bad_request() -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, "error-after", on="submit", status=400)
        answer = order(sandbox)
        assert (answer.status_code, answer.json()["code"]) == (400, 40010000)
        assert len(orders(sandbox)) == 1


def test_latency_lets_every_answer_wait() -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, "latency", on="account", ms=1500)
        assert sandbox.ask("GET", "/v2/account").elapsed.total_seconds() >= 1.5
        assert sandbox.ask("GET", "/v2/clock").elapsed.total_seconds() < 1.5


def test_a_slow_index_finds_new_orders_after_some_looks() -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, "slow-index", looks=2)
        assert order(sandbox).status_code == 200
        assert [named(sandbox), len(orders(sandbox)), named(sandbox)] == [404, 0, 200]


def test_a_skewed_clock_is_wrong_and_time_goes_on() -> None:
    with sandbox_over(FLAT) as sandbox:
        broken(sandbox, "clock-skew", ms=90_000)
        assert sandbox.ask("GET", "/v2/clock").json()["timestamp"] == "2020-01-06T16:01:30-05:00"
        sandbox.control("DELETE", "/faults")
        assert sandbox.ask("GET", "/v2/clock").json()["timestamp"] == "2020-01-06T16:00:00-05:00"


# ---------------------------------------------------------------- events


class Listener:
    """The trading stream as it comes over the wire."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def next(self) -> Any:
        return json.loads(self.socket.recv(timeout=60))

    def events(self, count: int) -> list[tuple[str, str]]:
        """The next events, each with the client's id of its order."""
        heard = [self.next()["data"] for _ in range(count)]
        return [(each["event"], each["order"]["client_order_id"]) for each in heard]

    def heard_until(self, name: str) -> list[tuple[str, str]]:
        """Events up to the first of an order."""
        heard: list[tuple[str, str]] = []
        while not heard or heard[-1][1] != name:
            heard += self.events(1)
        return heard


def listener(sandbox: Sandbox, socket: ClientConnection) -> Listener:
    """Authenticate and listen."""
    heard = Listener(socket)
    socket.send(json.dumps({"action": "authenticate", "data": {"key_id": KEY, "secret_key": SECRET}}))
    assert heard.next()["data"]["status"] == "authorized"
    socket.send(json.dumps({"action": "listen", "data": {"streams": ["trade_updates"]}}))
    assert heard.next() == {"stream": "listening", "data": {"streams": ["trade_updates"]}}
    return heard


def stream(sandbox: Sandbox) -> ClientConnection:
    return connect(f"{sandbox.url.replace('http', 'ws')}/stream")


def test_a_lost_fill_is_not_told_but_is_true() -> None:
    with sandbox_over(FLAT) as sandbox, stream(sandbox) as socket:
        heard = listener(sandbox, socket)
        broken(sandbox, "lost-fill", count=1)
        order(sandbox)
        sandbox.advance()
        order(sandbox, "second")
        assert heard.heard_until("second") == [("new", "first"), ("new", "second")]
        assert orders(sandbox)[-1]["status"] == "filled"


def test_a_fill_told_twice_has_one_identity() -> None:
    with sandbox_over(FLAT) as sandbox, stream(sandbox) as socket:
        heard = listener(sandbox, socket)
        broken(sandbox, "duplicate-fill")
        order(sandbox)
        sandbox.advance()
        fills = [heard.next()["data"] for _ in range(3)][1:]
    assert [each["event"] for each in fills] == ["fill", "fill"]
    assert fills[0]["execution_id"] == fills[1]["execution_id"]


def test_reordered_events_come_after_their_successors() -> None:
    with sandbox_over(FLAT) as sandbox, stream(sandbox) as socket:
        heard = listener(sandbox, socket)
        broken(sandbox, "reorder", count=1)
        order(sandbox)
        sandbox.advance()
        assert heard.events(2) == [("fill", "first"), ("new", "first")]


def test_a_mute_socket_stays_open_and_says_nothing_more() -> None:
    with sandbox_over(FLAT) as sandbox, stream(sandbox) as socket:
        heard = listener(sandbox, socket)
        broken(sandbox, "mute", count=1)
        order(sandbox)
        sandbox.advance()
        assert heard.events(1) == [("new", "first")]
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.05)
        socket.ping().wait(5)
        with stream(sandbox) as fresh:
            again = listener(sandbox, fresh)
            order(sandbox, "second")
            assert again.events(1) == [("new", "second")]


def test_a_disconnect_cuts_the_stream_without_a_word() -> None:
    with sandbox_over(FLAT) as sandbox, stream(sandbox) as socket:
        listener(sandbox, socket)
        broken(sandbox, "disconnect", count=1)
        order(sandbox)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=60)
    assert closed.value.rcvd is None


@pytest.mark.parametrize(("kind", "told"), [("lost-event", []), ("lost-fill", [("new", "first")])])
def test_any_event_may_be_lost_or_fills_alone(kind: str, told: list[tuple[str, str]]) -> None:
    with sandbox_over(FLAT) as sandbox, stream(sandbox) as socket:
        heard = listener(sandbox, socket)
        broken(sandbox, kind, count=2)
        order(sandbox)
        sandbox.advance()
        sandbox.control("DELETE", "/faults")
        order(sandbox, "second")
        assert heard.heard_until("second") == [*told, ("new", "second")]


@pytest.mark.parametrize("kind", ["mute", "disconnect"])
def test_the_market_data_stream_breaks_by_itself(kind: str) -> None:
    with sandbox_over(FLAT) as sandbox, connect(f"{sandbox.url.replace('http', 'ws')}/v2/iex") as socket:
        socket.send(json.dumps({"action": "auth", "key": KEY, "secret": SECRET}))
        socket.send(json.dumps({"action": "subscribe", "bars": ["*"]}))
        heard = [json.loads(socket.recv(timeout=60))[0]["T"] for _ in range(3)]
        assert heard == ["success", "success", "subscription"]
        broken(sandbox, kind, on="data", count=1)
        sandbox.advance(3)
        # The bar that was told before the line broke may or may not have left.
        assert len(list(taken(socket))) <= 1


def taken(socket: ClientConnection) -> Iterator[Any]:
    """What still comes out of a line."""
    with contextlib.suppress(TimeoutError, ConnectionClosed):
        while True:
            yield socket.recv(timeout=0.1)


# ---------------------------------------------------------------- the switchboard


def test_faults_strike_the_same_calls_for_the_same_seed() -> None:
    def struck(seed: int) -> list[int]:
        with sandbox_over(FLAT, seed=seed) as sandbox:
            broken(sandbox, "error", on="account", rate=0.5)
            return [sandbox.ask("GET", "/v2/account").status_code for _ in range(16)]

    first = struck(1)
    assert set(first) == {200, 500}
    assert struck(1) == first
    assert struck(2) != first


def test_faults_are_listed_counted_and_switched_off() -> None:
    with sandbox_over(FLAT) as sandbox:
        number = broken(sandbox, "error", on="account", count=1)["number"]
        statuses = [sandbox.ask("GET", "/v2/account").status_code for _ in range(2)]
        listed = sandbox.control("GET", "/faults")["faults"]
        assert sandbox.control("DELETE", f"/faults/{number}") == {"switched_off": 1}
        assert sandbox.control("GET", "/faults") == {"faults": []}
    assert statuses == [500, 200]
    assert [(each["kind"], each["met"], each["struck"]) for each in listed] == [("error", 2, 1)]


def test_a_fault_in_words_says_the_same_as_its_fields() -> None:
    fault = Fault.parse("limit:submit,rate=0.25,count=3,retry_after=2")
    assert fault == Fault.of({"kind": "limit", "on": "submit", "rate": 0.25, "count": 3, "retry_after": 2})
    assert Fault.parse(str(fault)) == fault


@pytest.mark.parametrize(
    "words",
    [
        "",
        "flood",
        "limit:nobody",
        "limit,rate=2",
        "limit,rate=x",
        "limit,speed=1",
        "error,status=200",
        "latency",
        "late,ms=-1",
    ],
)
def test_a_fault_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(ConfigError):
        Fault.parse(words)


def test_a_fault_that_is_none_is_refused_over_the_wire() -> None:
    with sandbox_over(FLAT) as sandbox:
        answer = sandbox.session.post(f"{sandbox.url}/sandbox/faults", json={"kind": "flood"}, timeout=60)
    assert answer.status_code == 422
    assert "latency" in answer.json()["message"]
