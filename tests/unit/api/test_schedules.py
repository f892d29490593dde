"""Schedules over HTTP: made, looked at, paused, begun by hand and removed, by persons; each act is audited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.asgi_client import AsgiClient
from tests.job_desk import empty_database
from tests.unit.api.conftest import NOW, app_over

from tradewright.app.schedules.declaring import Declaration
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.bootstrap.schedules import schedule_rounds
from tradewright.domain.control.jobs import JobKind, JobState
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.schedules import Wish
from tradewright.domain.control.users import AuditQuery
from tradewright.face.bars_again import OriginReader

# NOW is 21 September 2026, 14:13:20 UTC.
WISH = {"name": "hourly", "when": "0 * * * *", "kind": "check", "request": {"symbols": ["ACME"]}}


@pytest.fixture
def desk(tmp_path: Path) -> ControlRoom:
    """A room of its own."""
    (tmp_path / "runs.db").write_bytes(empty_database())
    return control_room("0.0.test", OriginReader, folder=tmp_path, project=tmp_path, now_ns=lambda: NOW)


@pytest.fixture
def trader(desk: ControlRoom) -> AsgiClient:
    """Who may change schedules."""
    app = app_over(desk)
    return AsgiClient(app, {"Authorization": "Bearer trader"})


def test_what_is_made_is_found_where_the_answer_says(trader: AsgiClient) -> None:
    made = trader.post("/v1/schedules", json=WISH)
    said = made.json()
    assert made.status_code == 201, made.text
    assert trader.get(made.headers["Location"]).json() == said | {"seq": 1}
    assert {name: said[name] for name in WISH} == WISH
    assert (said["owner"], said["missed"], said["most"], said["grace_s"]) == ("a trader", "once", 10, 300.0)
    assert (said["next_at"], said["paused_at"], said["last"]) == ("2026-09-21T15:00:00Z", None, None)
    listed = trader.get("/v1/schedules").json()
    assert ([each["name"] for each in listed["items"]], listed["total"], listed["seq"]) == (["hourly"], 1, 1)


def test_a_list_says_what_became_of_the_last_run(trader: AsgiClient, desk: ControlRoom) -> None:
    trader.post("/v1/schedules", json=WISH)
    schedule_rounds(desk.folder).run_once(NOW + 2900 * 10**9)
    book = desk.jobs.book
    job = book.claim("w", [JobKind.CHECK_DATA])
    assert job is not None
    book.end(job, JobState.FAILED, None, {"type": "DataError", "sentence": "1 series: stale (ACME)."})
    [found] = trader.get("/v1/schedules").json()["items"]
    last = found["last"]
    assert (last["due_at"], last["cause"], last["state"]) == ("2026-09-21T15:00:00Z", "due", "started")
    assert (last["job_id"], last["job_state"], last["error"]) == (job.id, "failed", "1 series: stale (ACME).")
    assert found["next_at"] == "2026-09-21T16:00:00Z"
    firings = trader.get("/v1/schedules/hourly/firings").json()
    assert (firings["items"], firings["total"]) == ([last], 1)


@pytest.mark.parametrize(
    ("said", "status", "kind"),
    [
        ({"when": "soon"}, 422, "config"), ({"when": "0 0 30 2 *"}, 422, "config"),
        ({"kind": "nothing"}, 422, "config"), ({"kind": "live"}, 422, "config"),
        ({"request": {"surprise": 1}}, 422, "config"), ({"zone": "Mars"}, 422, "config"),
        ({"when": "XNYT close"}, 422, "calendar"), ({"name": "a/b"}, 422, "config"), ({"most": 0}, 422, "request"),
        ({"missed": "never"}, 422, "request"), ({"surprise": 1}, 422, "request"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_a_problem_document(trader: AsgiClient, said: Any, status: int, kind: str) -> None:
    answer = trader.post("/v1/schedules", json={**WISH, **said})
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:tradewright:problem:{kind}"), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert trader.get("/v1/schedules").json()["total"] == 0


def test_a_name_is_given_once(trader: AsgiClient) -> None:
    trader.post("/v1/schedules", json=WISH)
    assert trader.post("/v1/schedules", json=WISH).status_code == 409


def test_a_wish_that_is_sent_twice_is_one(trader: AsgiClient) -> None:
    first, second = (trader.post("/v1/schedules", json=WISH, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (second.status_code, second.json()["id"]) == (201, first.json()["id"])


def test_it_is_paused_and_goes_on(trader: AsgiClient) -> None:
    path = trader.post("/v1/schedules", json=WISH | {"paused": True}).headers["Location"]
    assert trader.get(path).json()["next_at"] is None
    assert trader.patch(path, json={"paused": False}).json()["next_at"] == "2026-09-21T15:00:00Z"
    paused = trader.patch(path, json={"paused": True}).json()
    assert (paused["paused_at"], paused["next_at"]) == ("2026-09-21T14:13:20Z", None)
    assert trader.patch(path, json={}).status_code == 422


def test_it_is_changed_and_what_is_not_named_stays(trader: AsgiClient) -> None:
    path = trader.post("/v1/schedules", json=WISH).headers["Location"]
    said = {"name": "halves", "when": "30 * * * *", "missed": "skip", "request": {"symbols": ["BETA"]}, "revision": 0}
    changed = trader.patch(path, json=said)
    document = changed.json()
    assert changed.status_code == 200, changed.text
    assert {name: document[name] for name in said} == said | {"revision": 1}
    assert (document["kind"], document["next_at"]) == ("check", "2026-09-21T14:30:00Z")
    assert (document["changed_at"], document["declared"]) == ("2026-09-21T14:13:20Z", False)


def test_a_change_over_one_that_was_not_seen_is_a_conflict(trader: AsgiClient) -> None:
    path = trader.post("/v1/schedules", json=WISH).headers["Location"]
    first, second = (trader.patch(path, json={"most": most, "revision": 0}) for most in (3, 4))
    assert (first.status_code, second.status_code) == (200, 409)
    assert "changed meanwhile" in second.json()["detail"]
    assert trader.get(path).json()["most"] == 3


@pytest.mark.parametrize(
    "said",
    [
        {}, {"revision": 0}, {"paused": True, "most": 3}, {"when": "soon"}, {"kind": "live"}, {"most": 0},
        {"name": "a/b"}, {"when": None}, {"owner": "x"}, {"request": {"surprise": 1}},
    ],
)  # fmt: skip
def test_a_change_that_does_not_fit_is_a_problem_document(trader: AsgiClient, said: Any) -> None:
    path = trader.post("/v1/schedules", json=WISH).headers["Location"]
    assert trader.patch(path, json=said).status_code == 422
    assert trader.get(path).json()["revision"] == 0


def test_what_the_settings_say_is_paused_here_and_changed_there(trader: AsgiClient, desk: ControlRoom) -> None:
    wish = Wish(name="hourly", when="0 * * * *", kind="check", request={})
    Declaration(desk.schedules.starter, desk.new_id).bring_in([wish], NOW)
    path = "/v1/schedules/hourly"
    assert (trader.get(path).json()["declared"], trader.get(path).json()["owner"]) == (True, "settings")
    assert {trader.patch(path, json={"most": 3}).status_code, trader.delete(path).status_code} == {409}
    assert trader.patch(path, json={"paused": True}).json()["paused_at"] is not None


def test_it_is_begun_by_hand_once_at_a_time(trader: AsgiClient, desk: ControlRoom) -> None:
    trader.post("/v1/schedules", json=WISH)
    answer = trader.post("/v1/schedules/hourly/run")
    job = answer.json()
    assert (answer.status_code, job["kind"], job["state"], job["owner"]) == (202, "check", "queued", "a trader")
    assert trader.get(answer.headers["Location"]).json()["id"] == job["id"]
    assert trader.post("/v1/schedules/hourly/run").status_code == 409
    assert desk.jobs.page().total == 1


def test_removed_it_is_not_there(trader: AsgiClient) -> None:
    path = trader.post("/v1/schedules", json=WISH).headers["Location"]
    assert trader.delete(path).status_code == 204
    asked = (trader.get(path), trader.delete(path), trader.patch(path, json={"paused": True}),
             trader.post(f"{path}/run"), trader.get(f"{path}/firings"))  # fmt: skip
    assert {each.status_code for each in asked} == {404}


def test_the_next_times_are_known_before_a_schedule_is_made(trader: AsgiClient) -> None:
    asked = {"when": "30 18 * * mon-fri", "zone": "Europe/Berlin", "count": 2}
    assert trader.get("/v1/schedules/times", params=asked).json() == {
        "items": ["2026-09-21T16:30:00Z", "2026-09-22T16:30:00Z"]
    }
    assert trader.get("/v1/schedules/times", params={"when": "never"}).status_code == 422


@pytest.mark.parametrize("shown", ["viewer", "token:trader:research", "token:admin:read"])
def test_everybody_reads_and_only_persons_change(trader: AsgiClient, shown: str) -> None:
    path = trader.post("/v1/schedules", json=WISH).headers["Location"]
    other = {"Authorization": f"Bearer {shown}"}
    changes = [
        trader.post("/v1/schedules", json=WISH | {"name": "b"}, headers=other),
        trader.patch(path, json={"paused": True}, headers=other),
        trader.patch(path, json={"when": "5 * * * *"}, headers=other),
        trader.post(f"{path}/run", headers=other),
        trader.delete(path, headers=other),
    ]
    assert {each.status_code for each in changes} == {403}
    if shown != "token:trader:research":
        assert trader.get(path, headers=other).status_code == 200


def test_every_act_is_audited_by_name(trader: AsgiClient, desk: ControlRoom) -> None:
    path = trader.post("/v1/schedules", json=WISH).headers["Location"]
    trader.patch(path, json={"paused": True})
    trader.post(f"{path}/run")
    trader.delete(path)
    entries = desk.access.audit.page(AuditQuery(), Slice(10)).items[::-1]
    assert [(each.action, each.subject, each.outcome) for each in entries] == [
        (f"schedule.{verb}", "hourly", "done") for verb in ("create", "change", "run", "delete")
    ]
    assert entries[0].details == {"when": "0 * * * *", "kind": "check"}
    assert entries[1].details == {"paused": True}


def test_a_change_is_audited_with_what_it_said_before(trader: AsgiClient, desk: ControlRoom) -> None:
    path = trader.post("/v1/schedules", json=WISH).headers["Location"]
    trader.patch(path, json={"name": "halves", "when": "30 * * * *"})
    trader.patch(path, json={"most": 3, "revision": 0})
    refused, done, _ = desk.access.audit.page(AuditQuery(), Slice(10)).items
    assert (done.action, done.subject, done.outcome) == ("schedule.change", "hourly", "done")
    assert done.details == {
        "name": "halves", "when": "30 * * * *", "before": {"name": "hourly", "when": "0 * * * *"}
    }  # fmt: skip
    assert (refused.subject, refused.outcome, refused.details) == ("halves", "refused", {"most": 3, "status": 409})
