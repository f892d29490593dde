"""Bars of two sources put beside each other over HTTP: a job is asked for, and it tells of every symbol."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import app_over

from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.jobs import JobKind, JobState
from tradewright.face.bars_again import OriginReader

ASKED = {"sources": ["store", "alpaca"], "symbols": ["AAPL", "MSFT"], "timeframe": "1d"}
AT = "2024-01-02T00:00:00Z"
DONE = {
    "symbol": "AAPL", "instrument": "XNAS:AAPL", "timeframe": "1d", "same": False, "rows": [10, 9], "common": 9,
    "missing": [0, 1], "absent": [{"side": 1, "first": AT, "last": AT, "count": 1}], "differing": {"close": 2},
    "rows_differing": 2, "patterns": [{"kind": "split", "sentence": "As after a split.", "value": 4.0, "from": AT}],
    "worst": [{"at": AT, "name": "close", "values": [10.0, 11.0], "relative": 0.09}],
}  # fmt: skip
LOST = {"symbol": "MSFT", "error": "Alpaca does not know MSFT.", "hint": None}


@pytest.fixture
def room(tmp_path: Path) -> ControlRoom:
    return control_room("0.0.test", OriginReader, folder=tmp_path / "store", project=tmp_path, now_ns=lambda: 10**18)


@pytest.fixture
def as_(room: ControlRoom) -> Callable[[str], AsgiClient]:
    app = app_over(room)
    return lambda name: AsgiClient(app, {"Authorization": f"Bearer {name}"})


def ended(room: ControlRoom, job_id: str, printed: str, state: JobState) -> None:
    job = room.jobs.book.claim("worker", [JobKind.COMPARE_DATA])
    assert job is not None
    room.jobs.log.append(job_id, printed.encode())
    room.jobs.book.end(job, state, None, None)


def test_a_comparison_is_a_job_in_which_differences_are_no_failure(
    room: ControlRoom, as_: Callable[[str], AsgiClient]
) -> None:
    answer = as_("trader").post("/v1/data/comparisons", json=ASKED)
    job: dict[str, Any] = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (202, f"/v1/jobs/{job['id']}")
    assert (job["kind"], job["request"]) == ("compare", {**ASKED, "differing": "pass"})
    (entry,) = as_("admin").get("/v1/audit", params={"action": "data.compare"}).json()["items"]
    assert (entry["subject"], entry["details"]["sources"]) == (job["id"], ["store", "alpaca"])
    assert as_("trader").post("/v1/data/comparisons", json=ASKED).json()["id"] == job["id"]


def test_it_tells_what_came_of_every_symbol(room: ControlRoom, as_: Callable[[str], AsgiClient]) -> None:
    job = as_("trader").post("/v1/data/comparisons", json=ASKED).json()["id"]
    assert as_("viewer").get(f"/v1/data/comparisons/{job}").json()["symbols"] == []
    ended(room, job, json.dumps({"sources": ASKED["sources"], "symbols": [DONE, LOST]}, indent=2), JobState.FAILED)
    said = as_("viewer").get(f"/v1/data/comparisons/{job}").json()
    assert said["sources"] == ["store", "alpaca"]
    assert said["symbols"][0] == {**DONE, "error": None, "hint": None}
    assert (said["symbols"][1]["error"], said["symbols"][1]["same"]) == ("Alpaca does not know MSFT.", None)


def test_a_job_of_another_kind_is_no_comparison(room: ControlRoom, as_: Callable[[str], AsgiClient]) -> None:
    other = room.jobs.submit("backtest", {"strategy": "sma_cross"}, owner="admin").id
    assert as_("viewer").get(f"/v1/data/comparisons/{other}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"symbols": []}, {"sources": ["store"]}, {"sources": ["store", "../x"]}, {"tolerance": 2}, {"differing": "fail"}],
)
def test_what_cannot_be_carried_out_is_refused(as_: Callable[[str], AsgiClient], wrong: dict[str, Any]) -> None:
    assert as_("trader").post("/v1/data/comparisons", json={**ASKED, **wrong}).status_code == 422


def test_who_may_only_read_asks_no_vendor(as_: Callable[[str], AsgiClient]) -> None:
    assert as_("viewer").post("/v1/data/comparisons", json=ASKED).status_code == 403
