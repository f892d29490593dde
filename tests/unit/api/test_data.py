"""Stored bars over HTTP: what an import kept and refused, how fresh bars are, and which runs read them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.asgi_client import AsgiClient
from tests.command_line import Tw, desk, tw
from tests.unit.api.conftest import Steps, app_over

import tradewright
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.jobs import JobKind, JobState
from tradewright.face.bars_again import OriginReader

__all__ = ["desk", "tw"]

HEAD = "date,open,high,low,close,volume"
GOOD = [f"2024-01-{day:02d},10,11,9,10.{day:02d},100" for day in (*range(2, 6), *range(16, 20))]
BAD = ["2024-01-22,10,8,9,10,100", "nonsense,10,11,9,10,100"]
SAID = ("--symbol", "ACME", "--timeframe", "1d", "--calendar", "XNYS", "--bad-rows", "drop", "--json")
NOW = dt.datetime(2024, 1, 25, 12, tzinfo=dt.UTC)


@pytest.fixture
def room(storage: Path, tmp_path: Path) -> ControlRoom:
    """A room over the store that the command line writes, on a Thursday morning before the market opens."""
    now_ns = int(NOW.timestamp()) * 10**9
    return control_room("0.0.test", OriginReader, folder=storage, project=tmp_path, now_ns=lambda: now_ns)


@pytest.fixture
def viewer(room: ControlRoom) -> AsgiClient:
    """Who may read."""
    return AsgiClient(app_over(room), {"Authorization": "Bearer viewer"})


def imported(room: ControlRoom, printed: str, state: JobState = JobState.DONE) -> str:
    """A job of an import that printed this, and how it ended."""
    file = room.upload_folder / "acme.csv"
    file.parent.mkdir(parents=True)
    file.touch()
    job_id = room.jobs.submit("import", {"files": [str(file)], "timeframe": "1d"}, owner="admin").id
    job = room.jobs.book.claim("worker", [JobKind.IMPORT_DATA])
    assert job is not None
    room.jobs.log.append(job_id, printed.encode())
    room.jobs.book.end(job, state, None, None)
    return job_id


def test_an_import_tells_of_each_line_that_it_refused(tw: Tw, room: ControlRoom, viewer: AsgiClient) -> None:
    Path("acme.csv").write_text("\n".join([HEAD, *GOOD, *BAD]) + "\n", encoding="utf-8")
    done = tw("data", "import", "acme.csv", *SAID)
    job = imported(room, done.err + done.out)
    file = viewer.get(f"/v1/data/imports/{job}").json()["files"][0]
    assert (file["effect"], file["instrument"], file["kept"], file["refused"]) == ("added", "XNYS:ACME", 8, 2)
    assert [each["line"] for each in file["refusals"]] == [10, 11]
    assert "high is below its low" in file["refusals"][0]["sentence"]
    assert "gap" in [each["problem"] for each in file["findings"]]


def test_an_import_that_ended_badly_or_printed_nothing_has_no_files(room: ControlRoom, viewer: AsgiClient) -> None:
    job = imported(room, "Line 10 of acme.csv cannot be used.\n", JobState.FAILED)
    said = viewer.get(f"/v1/data/imports/{job}").json()
    assert (said["files"], said["job"]["state"]) == ([], "failed")
    assert viewer.get("/v1/data/imports/none").status_code == 404


def test_a_log_that_was_cut_is_no_document(room: ControlRoom, viewer: AsgiClient) -> None:
    job = imported(room, '{\n  "files": [\n[The log ends here]\n}\n')
    assert viewer.get(f"/v1/data/imports/{job}").json()["files"] == []


def test_bars_say_how_many_sessions_they_lie_behind_and_which_runs_read_them(tw: Tw, viewer: AsgiClient) -> None:
    Path("acme.csv").write_text("\n".join([HEAD, *GOOD]) + "\n", encoding="utf-8")
    tw("data", "import", "acme.csv", *SAID)
    series = viewer.get("/v1/data/quality", params={"symbol": "ACME"}).json()["items"][0]
    assert (series["last"], series["behind"], series["calendar"]) == ("2024-01-19", 3, "XNYS")
    run = tradewright.keep_run(tradewright.backtest(Steps, tradewright.load_bars("ACME")))
    made_up = tradewright.synthetic_bars("ACME", bars=30, seed=1)
    tradewright.keep_run(tradewright.backtest(Steps, made_up))
    uses = viewer.get("/v1/data/uses", params={"symbol": "XNYS:ACME"}).json()
    assert [(each["run_id"], each["version"]) for each in uses] == [(run, series["version"])]


def test_bars_say_how_fresh_they_are_by_their_calendar_and_their_source(
    tw: Tw, room: ControlRoom, viewer: AsgiClient
) -> None:
    Path("acme.csv").write_text("\n".join([HEAD, *GOOD]) + "\n", encoding="utf-8")
    tw("data", "import", "acme.csv", *SAID)
    (series,) = viewer.get("/v1/data/freshness", params={"symbol": "ACME"}).json()["items"]
    assert (series["state"], series["sessions_behind"], series["bars_behind"]) == ("stale", 3, 3)
    assert (series["last_close"], series["expected_close"]) == ("2024-01-19T21:00:00Z", "2024-01-24T21:00:00Z")
    assert (series["source"], series["fetched_from"], series["delay_s"]) == ("acme.csv", None, None)
    assert "3 sessions have closed on XNYS since its last bar (2024-01-19)" in series["sentence"]
    (stored,) = room.bars.series()
    asked_ns = int(NOW.timestamp()) * 10**9
    room.coverage.mark(stored.source, stored.key, 19_000, 19_742, asked_ns, 900.0)
    (series,) = viewer.get("/v1/data/freshness").json()["items"]
    assert (series["fetched_from"], series["delay_s"]) == (stored.source, 900.0)
    assert series["asked_at"] == "2024-01-25T12:00:00Z"
    assert "renamed or delisted" not in series["sentence"]
    assert viewer.get("/v1/data/freshness", params={"symbol": "NOBODY"}).json()["total"] == 0


def test_versions_of_a_series_are_told_the_current_one_first(tw: Tw, viewer: AsgiClient) -> None:
    for rows in (GOOD[:-1], GOOD):
        Path("acme.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        tw("data", "import", "acme.csv", *SAID, "--append")
    said = viewer.get("/v1/data/series/versions", params={"symbol": "ACME", "timeframe": "1d"}).json()
    assert [(each["rows"], each["why"], each["current"]) for each in said["items"]] == [
        (8, "import", True), (7, "import", False),
    ]  # fmt: skip
    assert (said["items"][0]["last"], said["total"]) == ("2024-01-19", 2)
    (series,) = viewer.get("/v1/data/freshness", params={"symbol": "ACME"}).json()["items"]
    assert (series["versions"], series["version"]) == (2, said["items"][0]["version"])
    second = viewer.get("/v1/data/series/versions", params={"symbol": "ACME", "page": "2", "per_page": "1"}).json()
    assert [each["rows"] for each in second["items"]] == [7]
    assert viewer.get("/v1/data/series/versions", params={"symbol": "NOBODY"}).status_code == 404


def test_providers_are_listed_without_a_secret(
    room: ControlRoom, viewer: AsgiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLYGON_CANARY", "s3cret-canary")
    (room.project / "tradewright.yaml").write_text('providers: {polygon: {key: "${POLYGON_CANARY}"}}', encoding="utf-8")
    answer = viewer.get("/v1/data/providers")
    found = {each["name"]: each for each in answer.json()}
    assert found["polygon"] == {
        "name": "polygon", "kind": "polygon", "configured": True, "named": True, "synthetic": False,
        "live_bars": True, "live_quotes": True,
    }  # fmt: skip
    assert found["synthetic"]["synthetic"] is True
    assert (found["alpaca"]["kind"], found["alpaca"]["configured"], found["alpaca"]["named"]) == (
        "broker",
        False,
        False,
    )
    assert "canary" not in answer.text.lower()
