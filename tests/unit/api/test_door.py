"""The manners of the door: who is let in, what goes around every answer, how failures are told."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from tests.asgi_client import AsgiClient

from tradewright.api.application import DoorOptions, create_app
from tradewright.api.roles import RULES
from tradewright.api.statuses import STATUSES, status_of, title_of
from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain import errors
from tradewright.domain.control.users import Role, Scope
from tradewright.domain.log_context import bound_ids

Clients = Callable[[str], AsgiClient]

ERRORS = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.TradewrightError)]


def address(path: str) -> str:
    """A path whose parts name nothing that there is."""
    return "/".join("0000" if part.startswith("{") else part for part in path.split("/"))


def guarded(answer: httpx.Response) -> int:
    """The status where the guard refused, else 0: a route may refuse for reasons of its own."""
    if answer.status_code not in (401, 403):
        return 0
    kind = answer.json()["type"].rpartition(":")[2]
    return answer.status_code if kind in {"signed-out", "role", "scope", "password-change-required"} else 0


@pytest.mark.parametrize(("method", "path"), sorted(RULES), ids=lambda value: value)
def test_every_route_asks_for_its_role(method: str, path: str, client_of: Clients) -> None:
    rule = RULES[(method, path)]
    for role in (None, *Role):
        status = guarded(client_of(role or "").request(method, address(path)))
        if rule.role is None:
            assert not status
        elif role is None:
            assert status == 401
        else:
            assert (status == 403) == (not Role(role).at_least(rule.role))


@pytest.mark.parametrize(("method", "path"), sorted(RULES), ids=lambda value: value)
def test_every_route_asks_a_token_for_its_scope(method: str, path: str, client_of: Clients) -> None:
    rule = RULES[(method, path)]
    if rule.role is None:
        return
    for scope in Scope:
        status = guarded(client_of(f"token:admin:{scope}").request(method, address(path)))
        assert (status == 403) == (scope is not rule.scope)


@pytest.mark.parametrize(("method", "path"), sorted(RULES), ids=lambda value: value)
def test_a_one_time_password_is_changed_before_anything_else(method: str, path: str, client_of: Clients) -> None:
    answer = client_of("newcomer").request(method, address(path))
    assert (guarded(answer) == 403) == (not RULES[(method, path)].before_change)


def test_every_rule_has_a_route(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    routes = {(method.upper(), path) for path, operations in paths.items() for method in operations}
    assert set(RULES) == routes


def test_a_route_without_a_rule_is_refused(room: ControlRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, ("GET", "/v1/runs"))
    with pytest.raises(LookupError, match="GET /v1/runs is not in the table"):
        create_app(room, DoorOptions(identify=lambda _: None))


def test_a_bad_token_is_nobody(client_of: Clients) -> None:
    answer = client_of("guess").get("/v1/runs")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("path", ["/v1/health", "/v1/runs", "/v1/nowhere"])
def test_every_answer_is_numbered_and_guarded(path: str, client_of: Clients) -> None:
    answer = client_of("").get(path, headers={"X-Request-ID": "abc-1"})
    assert answer.headers["X-Request-ID"] == "abc-1"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.status_code >= 400:
        assert answer.json()["request_id"] == "abc-1"


@pytest.mark.parametrize("given", ["", "two words", "x" * 65, "<script>"])
def test_a_number_that_is_none_is_replaced(given: str, client_of: Clients) -> None:
    assert client_of("").get("/v1/health", headers={"X-Request-ID": given}).headers["X-Request-ID"] != given


def test_what_there_is_not_and_what_is_not_taken_are_problems(client_of: Clients) -> None:
    client = client_of("viewer")
    for method, path, status in (("GET", "/v1/nowhere", 404), ("PUT", "/v1/runs", 405)):
        answer = client.request(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status


def test_wrong_values_are_pointed_at(client_of: Clients) -> None:
    said = client_of("viewer").get("/v1/runs", params={"per_page": "many", "page": 0, "order": "up"}).json()
    assert said["status"] == 422
    assert {(each["location"], each["pointer"]) for each in said["errors"]} == {
        ("query", "/per_page"), ("query", "/page"), ("query", "/order"),
    }  # fmt: skip


def test_a_parameter_that_nothing_reads_is_refused(client_of: Clients) -> None:
    said = client_of("viewer").get("/v1/runs", params={"strateg": "sma"})
    assert (said.status_code, said.json()["errors"][0]["pointer"]) == (422, "/strateg")


def test_what_nobody_foresaw_is_told_without_its_words(
    client_of: Clients, room: ControlRoom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(type(room.archive), "query", broken)
    monkeypatch.setattr(type(room), "catalogue", broken)
    answer = client_of("viewer").get("/v1/strategies")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "hunter2" not in answer.text
    assert answer.json()["request_id"] in caplog.text
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"]


def test_lines_that_a_request_logs_name_it(
    client_of: Clients, room: ControlRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str | None] = []
    monkeypatch.setattr(type(room), "catalogue", lambda _: named.append(bound_ids().get("request_id")))
    client_of("viewer").get("/v1/strategies", headers={"X-Request-ID": "abc-2"})
    assert set(named) == {"abc-2"}
    assert "request_id" not in bound_ids()


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_status_that_is_no_fault_of_ours(kind: type[errors.TradewrightError]) -> None:
    error = kind("It is so.", **({"retry_after_s": 2.0} if kind is errors.ThrottledError else {}))
    assert 400 <= status_of(error) < 600
    assert status_of(error) != 500
    assert title_of(error)


def test_the_table_names_the_classes_themselves() -> None:
    assert status_of(errors.DataNotAvailableError("")) == 404
    assert status_of(errors.JournalError("")) == STATUSES[errors.StorageError] == 503


def test_health_is_for_everybody_and_its_parts_for_readers(client_of: Clients) -> None:
    assert client_of("").get("/v1/health").json()["status"] == "ok"
    assert client_of("").get("/v1/health/ready").json()["status"] == "ok"
    parts = client_of("viewer").get("/v1/health/parts").json()["items"]
    assert {part["name"]: part["state"] for part in parts} | {"disk": "ok"} == {
        "database": "ok", "alerts": "notice", "schedules": "notice", "bars": "ok", "disk": "ok",
    }  # fmt: skip


def test_strategies_are_those_of_the_catalogue(client_of: Clients) -> None:
    said = client_of("viewer").get("/v1/strategies").json()
    assert said["total"] == len(said["items"]) > 0
    one = client_of("viewer").get(f"/v1/strategies/{said['items'][0]['id']}").json()
    assert one["error"] is None
    assert one["class_name"] in one["source"]
    assert set(one["params_schema"]["properties"]) == {param["name"] for param in one["params"]}
    assert (one["warmup_bars"] > 1, one["compiled"]) == (True, {"is": True, "why": None})
    assert client_of("viewer").get("/v1/strategies/nothing").status_code == 404
