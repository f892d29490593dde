"""What goes on at this moment, in one answer: what runs, what nobody has seen, whether the market trades."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import ENOUGH, NOW, identify

from tradewright.api.application import DoorOptions, create_app
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.alerts import Alert, Severity
from tradewright.domain.control.jobs import JobKind, JobState
from tradewright.face.bars_again import OriginReader


@pytest.fixture
def room(tmp_path: Path) -> ControlRoom:
    return control_room("0.0.test", OriginReader, folder=tmp_path / "store", project=tmp_path, now_ns=lambda: NOW)


@pytest.fixture
def now(room: ControlRoom) -> Any:
    """Asks as somebody who may look."""
    app = create_app(room, DoorOptions(identify=identify, limits=ENOUGH))
    client = AsgiClient(app, {"Authorization": "Bearer viewer"})
    return lambda: client.get("/v1/now").json()


def begin(room: ControlRoom, name: str, mode: str, exchange: str = "XNYS", **standing: Any) -> None:
    """A session that said how it stands a second ago."""
    about = {
        "mode": mode, "fills": "venue" if mode == "live" else "simulated", "broker": "alpaca", "account": "U1",
        "timeframe": "1m", "strategies": [{"name": "Cross"}], "instruments": [{"symbol": "ACME", "exchange": exchange}],
    }  # fmt: skip
    log = room.sessions.create(name, about)
    log.measure({"equity": 1.0, "cash": 1.0, "measured_ns": NOW - 10**9, "why_ended": "", **standing})
    log.close()


def test_sessions_that_run_are_told_with_whose_money_it_is(room: ControlRoom, now: Any) -> None:
    begin(room, "live-1", "live")
    begin(room, "over", "paper", why_ended="End of the day")
    begin(room, "silent", "paper", measured_ns=NOW - 60 * 10**9)
    told = now()
    assert told["sessions"] == {
        "items": [{"id": "live-1", "mode": "live", "fills": "venue", "broker": "alpaca"}], "total": 1,
    }  # fmt: skip


def test_what_runs_is_not_kept_waiting_for_the_hours_of_the_market(room: ControlRoom, now: Any) -> None:
    begin(room, "live-1", "live")
    assert now()["market"] is None
    assert now()["market"]["calendar"] == "XNYS"


def test_jobs_count_from_their_begin_to_their_end_and_the_answer_says_how_far_it_is(
    room: ControlRoom, now: Any
) -> None:
    assert now()["jobs"] == {"ids": [], "total": 0, "seq": 0}
    request = {"strategy": "sma_cross", "symbols": ["ACME"]}
    waits, runs, stops = (room.jobs.submit("backtest", request, owner="ann").id for _ in range(3))
    book = room.jobs.book
    book.ask_cancel(waits)
    taken = [book.claim("worker", [JobKind.BACKTEST]) for _ in range(2)]
    book.ask_cancel(stops)
    told = now()["jobs"]
    assert (set(told["ids"]), told["total"]) == ({runs, stops}, 2)
    assert told["seq"] == room.events.head("jobs")
    for job in taken:
        assert job is not None
        book.end(job, JobState.FAILED, None, {"type": "KilledError", "sentence": "It was killed."})
    assert now()["jobs"]["total"] == 0


def test_of_alerts_only_those_count_that_are_critical_go_on_and_were_seen_by_nobody(
    room: ControlRoom, now: Any
) -> None:
    mute = Alert("a1", "feed.mute", "now", Severity.CRITICAL, "It is mute.", None, NOW, NOW)
    for each in (
        mute,
        replace(mute, id="a2", subject="seen"),
        replace(mute, id="a3", subject="past"),
        replace(mute, id="a4", subject="mild", severity=Severity.WARNING),
    ):
        room.alerts.raise_(each)
    room.alerts.acknowledge("a2", "ann", NOW)
    room.alerts.resolve("feed.mute", "past", NOW)
    assert now()["alerts"] == {"total": 1, "seq": room.events.head("alerts")}


def test_a_market_that_nobody_knows_takes_nothing_else_away(room: ControlRoom, now: Any) -> None:
    begin(room, "live-1", "live", exchange="NOWHERE")
    for _ in range(2):
        told = now()
        assert told["market"] is None
        assert told["sessions"]["total"] == 1
