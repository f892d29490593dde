"""Runs are asked for, estimated, queued, followed and cancelled; a request that comes twice acts once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.asgi_client import AsgiClient
from tests.stores import days
from tests.unit.api.conftest import Kept, app_over

from tradewright.adapters.storage.sql.keyed_requests import SqlKeyedRequests
from tradewright.api.job_words import log_document
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.jobs import JobKind, JobProgress, JobState
from tradewright.face.bars_again import OriginReader

ASKED = {"strategy": "sma_cross", "symbols": ["ACME"], "source": "synthetic", "cash": "25000", "params": {"fast": 5}}


@pytest.fixture
def desk(kept: Kept, tmp_path: Path) -> ControlRoom:
    """A room of its own with the kept runs, stored bars of ACME, and nobody who works jobs off."""
    shutil.copytree(kept.folder, tmp_path / "store")
    room = control_room("0.0.test", OriginReader, folder=tmp_path / "store", project=tmp_path)
    with room.bars.writing() as writer:
        writer.add(days(100))
    return room


@pytest.fixture
def trader(desk: ControlRoom) -> AsgiClient:
    """Who may start runs."""
    return AsgiClient(app_over(desk), {"Authorization": "Bearer trader"})


def test_a_run_is_queued_and_found_where_the_answer_says(trader: AsgiClient) -> None:
    started = trader.post("/v1/runs", json=ASKED)
    job = started.json()
    assert (started.status_code, job["state"], job["kind"], job["owner"]) == (202, "queued", "backtest", "a trader")
    found = trader.get(started.headers["Location"]).json()
    assert (found["id"], found["request"]["params"], found["seq"]) == (job["id"], {"fast": 5}, 1)
    assert [each["id"] for each in trader.get("/v1/jobs", params={"state": "queued"}).json()["items"]] == [job["id"]]
    assert trader.get("/v1/jobs", params={"kind": "import"}).json()["total"] == 0


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"strategy": "nothing"}, 422), ({"strategy": "/etc/passwd"}, 422), ({"cash": "-1"}, 422),
        ({"surprise": 1}, 422), ({"kind": "live"}, 422), ({"symbols": ["--help"]}, 422), ({"start": "soon"}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_done_never_enters_the_queue(said: dict[str, object], status: int, trader: AsgiClient) -> None:
    assert trader.post("/v1/runs", json={**ASKED, **said}).status_code == status
    assert trader.get("/v1/jobs").json()["total"] == 0


def test_a_request_that_comes_twice_acts_once(trader: AsgiClient) -> None:
    first, second = (trader.post("/v1/runs", json=ASKED, headers={"Idempotency-Key": "k-1"}) for _ in range(2))
    assert (second.status_code, second.json()["id"]) == (202, first.json()["id"])
    assert second.headers["Location"] == first.headers["Location"]
    assert (second.headers["Idempotency-Replayed"], "Idempotency-Replayed" in first.headers) == ("true", False)
    assert trader.get("/v1/jobs").json()["total"] == 1
    other = trader.post("/v1/runs", json={**ASKED, "cash": "1"}, headers={"Idempotency-Key": "k-1"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:tradewright:problem:key-reused")


def test_a_request_whose_server_died_before_it_answered_acts_once(
    trader: AsgiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job is queued and the answer was never kept: the repetition finds the job, and nobody waits."""
    headers = {"Idempotency-Key": "k-9"}
    with monkeypatch.context() as dies:
        dies.setattr(SqlKeyedRequests, "answer", lambda *_: None)
        first = trader.post("/v1/runs", json=ASKED, headers=headers)
    second = trader.post("/v1/runs", json=ASKED, headers=headers)
    assert (second.status_code, second.json()["id"]) == (202, first.json()["id"])
    assert trader.get("/v1/jobs").json()["total"] == 1


def test_a_refusal_is_not_remembered(trader: AsgiClient) -> None:
    headers = {"Idempotency-Key": "k-2"}
    assert trader.post("/v1/runs", json={**ASKED, "strategy": "nothing"}, headers=headers).status_code == 422
    assert trader.post("/v1/runs", json=ASKED, headers=headers).status_code == 202


def test_a_remembered_answer_is_for_those_who_may_still_ask(trader: AsgiClient) -> None:
    trader.post("/v1/runs", json=ASKED, headers={"Idempotency-Key": "k-3"})
    refused = trader.post("/v1/runs", json=ASKED, headers={"Idempotency-Key": "k-3", "Authorization": "Bearer viewer"})
    assert refused.status_code == 403


def test_a_job_tells_its_progress_its_log_and_its_failure(trader: AsgiClient, desk: ControlRoom) -> None:
    job_id = trader.post("/v1/runs", json=ASKED).json()["id"]
    book = desk.jobs.book
    job = book.claim("worker", [JobKind.BACKTEST])
    assert job
    book.progress(job, JobProgress(10, 40, "bars", 5.0, 6.0, desk.now_ns()))
    desk.jobs.log.append(job_id, b"one\ntwo\nthr")
    assert trader.get(f"/v1/jobs/{job_id}").json()["progress"]["done"] == 10
    log = trader.get(f"/v1/jobs/{job_id}/log").json()
    assert log == {"lines": ["one", "two"], "next": 8, "ended": False}
    book.end(job, JobState.FAILED, None, {"type": "StrategyRaisedError", "sentence": "It raised.", "line": 3})
    said = trader.get(f"/v1/jobs/{job_id}").json()
    assert (said["state"], said["error"]["sentence"], said["error"]["line"]) == ("failed", "It raised.", 3)
    assert trader.get(f"/v1/jobs/{job_id}/log", params={"after": 8}).json() == {
        "lines": ["thr"], "next": 11, "ended": True,
    }  # fmt: skip


def test_a_log_is_cut_between_lines_whatever_the_letters() -> None:
    text = "größer\nkleiner".encode()
    assert log_document(text, 5, is_over=False).model_dump() == {"lines": ["größer"], "next": 14, "ended": False}


def test_a_job_that_waits_is_cancelled_at_once(trader: AsgiClient) -> None:
    job_id = trader.post("/v1/runs", json=ASKED).json()["id"]
    assert trader.post(f"/v1/jobs/{job_id}/cancel").json()["state"] == "cancelled"
    assert trader.post("/v1/jobs/nothing/cancel").status_code == 404


def test_an_estimate_says_rows_memory_trials_and_what_is_missing(trader: AsgiClient) -> None:
    asked = {"strategy": "sma_cross", "symbols": ["ACME"], "source": "store", "timeframe": "1d"}
    said = trader.post("/v1/runs/estimate", json=asked).json()
    assert (said["rows"], said["trials"], said["fits"], said["problems"]) == (100, 1, True, [])
    half = trader.post("/v1/runs/estimate", json={**asked, "start": "2024-02-20"}).json()
    assert half["rows"] == 50
    searched = {**asked, "kind": "optimize", "space": {"fast": {"low": 5, "high": 30, "step": 5}, "slow": [40, 50]}}
    assert trader.post("/v1/runs/estimate", json=searched).json()["trials"] == 12
    missing = trader.post("/v1/runs/estimate", json={**asked, "symbols": ["NONE"], "strategy": "nothing"}).json()
    assert missing["rows"] is None
    assert any("no bars of NONE" in each for each in missing["problems"])
    assert any("nothing" in each for each in missing["problems"])


def test_files_are_put_aside_and_imported_by_a_job(trader: AsgiClient, desk: ControlRoom) -> None:
    files = [("files", ("../../AAPL.csv", b"Date,Open\n", "text/csv")), ("files", ("AAPL.csv", b"x", "text/csv"))]
    words = {"request": json.dumps({"calendar": "XNYS", "timeframe": "1d"})}
    answer = trader.post("/v1/data/imports", files=files, data=words)
    assert answer.status_code == 202, answer.text
    asked = answer.json()["request"]
    paths = [Path(each) for each in asked["files"]]
    assert [path.name for path in paths] == ["AAPL.csv", "1_AAPL.csv"]
    assert all(path.is_relative_to(desk.upload_folder) for path in paths)
    assert [path.read_bytes() for path in paths] == [b"Date,Open\n", b"x"]
    assert asked["calendar"] == "XNYS"


@pytest.mark.parametrize("request_", ["{", '{"surprise": 1}', '{"calendar": 5}'])
def test_files_with_words_that_are_none_leave_nothing(request_: str, trader: AsgiClient, desk: ControlRoom) -> None:
    files = [("files", ("AAPL.csv", b"x", "text/csv"))]
    assert trader.post("/v1/data/imports", files=files, data={"request": request_}).status_code == 422
    assert not list(desk.upload_folder.glob("*"))


def test_stored_bars_are_listed_and_drawn(trader: AsgiClient) -> None:
    listed = trader.get("/v1/data/symbols").json()["items"]
    assert [(each["instrument"], each["rows"], each["source"]) for each in listed] == [("XNYS:ACME", 100, "ACME.csv")]
    bars = trader.get("/v1/data/bars", params={"symbol": "ACME", "max_points": 10}).json()
    assert (bars["method"], len(bars["t"]) <= 10, bars["instrument"]) == ("bucketed", True, "XNYS:ACME")
    assert max(bars["bars"]["high"]) == max(days(100).high)
    assert trader.get("/v1/data/bars", params={"symbol": "NONE"}).status_code == 404
    assert trader.get("/v1/data/quality").json()["items"][0]["checked"] is False


def test_metrics_count_what_was_asked(trader: AsgiClient) -> None:
    trader.get("/v1/runs")
    text = trader.get("/metrics", headers={"Authorization": "Bearer viewer"}).text
    assert 'tradewright_api_requests_total{method="GET",route="/v1/runs",status="2xx"} 1.0' in text
    assert 'tradewright_jobs{kind="backtest",state="queued"} 0.0' in text


def test_a_run_is_deleted_by_an_admin(trader: AsgiClient, kept: Kept) -> None:
    assert trader.delete(f"/v1/runs/{kept.first}").status_code == 403
    assert trader.delete(f"/v1/runs/{kept.first}", headers={"Authorization": "Bearer admin"}).status_code == 204
    assert trader.get(f"/v1/runs/{kept.first}").status_code == 404
