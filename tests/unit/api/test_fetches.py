"""Bars fetched over HTTP: a job is asked for, the same one while it is under way, and it tells of every symbol."""

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

ASKED = {"source": "alpaca", "symbols": ["AAPL", "MSFT"], "timeframe": "1m", "start": "2024-01-02"}
DONE = {
    "symbol": "AAPL", "instrument": "XNAS:AAPL", "timeframe": "1m", "adjustment": "raw", "source": "alpaca iex",
    "synthetic": False, "passed_over": ["ib: It cannot be reached."], "days_asked": 3, "pieces": 1, "came": 9, "new": 8,
    "revised": 1, "refused": 2, "notes": ["A bar of AAPL cannot be."],
}  # fmt: skip
LOST = {"symbol": "MSFT", "error": "Alpaca does not know MSFT.", "hint": None, "passed_over": []}


@pytest.fixture
def room(tmp_path: Path) -> ControlRoom:
    return control_room("0.0.test", OriginReader, folder=tmp_path / "store", project=tmp_path, now_ns=lambda: 10**18)


@pytest.fixture
def as_(room: ControlRoom) -> Callable[[str], AsgiClient]:
    app = app_over(room)
    return lambda name: AsgiClient(app, {"Authorization": f"Bearer {name}"})


def ended(room: ControlRoom, job_id: str, printed: str, state: JobState) -> None:
    job = room.jobs.book.claim("worker", [JobKind.FETCH_DATA])
    assert job is not None
    room.jobs.log.append(job_id, printed.encode())
    room.jobs.book.end(job, state, None, None)


def test_a_fetch_is_a_job_and_leaves_an_entry(room: ControlRoom, as_: Callable[[str], AsgiClient]) -> None:
    answer = as_("trader").post("/v1/data/fetches", json=ASKED)
    job: dict[str, Any] = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (202, f"/v1/jobs/{job['id']}")
    assert (job["kind"], job["state"], job["request"]) == ("fetch", "queued", ASKED)
    (entry,) = as_("admin").get("/v1/audit", params={"action": "data.fetch"}).json()["items"]
    assert (entry["subject"], entry["details"]["symbols"]) == (job["id"], ["AAPL", "MSFT"])


def test_the_same_while_it_is_under_way_is_the_same_job(room: ControlRoom, as_: Callable[[str], AsgiClient]) -> None:
    first, again, other = (
        as_("trader").post("/v1/data/fetches", json=asked).json()["id"]
        for asked in (ASKED, ASKED, {**ASKED, "refresh": True})
    )
    assert first == again != other
    ended(room, first, "", JobState.DONE)
    assert as_("trader").post("/v1/data/fetches", json=ASKED).json()["id"] not in {first, other}


def test_it_tells_what_became_of_every_symbol(room: ControlRoom, as_: Callable[[str], AsgiClient]) -> None:
    job = as_("trader").post("/v1/data/fetches", json=ASKED).json()["id"]
    assert as_("viewer").get(f"/v1/data/fetches/{job}").json()["symbols"] == []
    told = "Fetching: 50%\n" + json.dumps({"symbols": [DONE, LOST]}, indent=2) + "\n"
    ended(room, job, told, JobState.FAILED)
    said = as_("viewer").get(f"/v1/data/fetches/{job}").json()
    assert said["job"]["state"] == "failed"
    assert [each["symbol"] for each in said["symbols"]] == ["AAPL", "MSFT"]
    for name in ("instrument", "source", "passed_over", "days_asked", "came", "new", "revised", "refused", "notes"):
        assert said["symbols"][0][name] == DONE[name]
    assert (said["symbols"][1]["error"], said["symbols"][1]["came"]) == ("Alpaca does not know MSFT.", 0)


def test_a_job_of_another_kind_is_no_fetch(room: ControlRoom, as_: Callable[[str], AsgiClient]) -> None:
    other = room.jobs.submit("backtest", {"strategy": "sma_cross"}, owner="admin").id
    assert as_("viewer").get(f"/v1/data/fetches/{other}").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"symbols": []}, {"source": "../../x"}, {"timeframe": "soon"}, {"start": "yesterday"}, {"folder": "x"}]
)
def test_what_cannot_be_carried_out_is_refused(as_: Callable[[str], AsgiClient], wrong: dict[str, Any]) -> None:
    assert as_("trader").post("/v1/data/fetches", json={**ASKED, **wrong}).status_code == 422


def test_who_may_only_read_fetches_nothing(as_: Callable[[str], AsgiClient]) -> None:
    assert as_("viewer").post("/v1/data/fetches", json=ASKED).status_code == 403
