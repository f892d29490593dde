"""Sessions, approvals, alerts and the kill switch over HTTP are those of their stores."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import NOW, Kept, app_over

from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.bars import Bar
from tradewright.domain.control.alerts import Alert, Severity
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.users import AuditQuery
from tradewright.domain.live.session import Happened, Logged, Placed, Row
from tradewright.face.bars_again import OriginReader

ABOUT = {
    "mode": "paper", "fills": "simulated", "broker": "sandbox", "account": "DU1", "timeframe": "1m", "is_dry": False,
    "strategies": [{"name": "Cross", "source_hash": "ab", "params": {}, "symbols": ["XNYS:ACME"], "timeframe": "1m"}],
    "instruments": [{"symbol": "ACME"}],
}  # fmt: skip
STANDING = {
    "cash": 900.0, "equity": 1010.5, "rows": 3, "measured_ns": NOW - 2_000_000_000,
    "positions": [
        {"strategy": 0, "symbol": "ACME", "quantity": 10.0, "average_price": 10.0, "mark": 11.05, "realized_pnl": 0.5},
        {"strategy": 0, "symbol": "NONE", "quantity": 0.0, "average_price": 0.0, "mark": 1.0, "realized_pnl": 0.0},
    ],
    "orders": [{"strategy": 0, "id": 7, "symbol": "ACME", "side": "sell", "quantity": 10.0, "status": "working"}],
    "feed": {"is_connected": True, "last_bar_age_s": 1.5}, "latency_ms": {"p50": 1.0, "p99": None}, "why_ended": "",
}  # fmt: skip


@pytest.fixture
def desk(kept: Kept, tmp_path: Path) -> ControlRoom:
    """A room with one session that runs and one that has ended."""
    shutil.copytree(kept.folder, tmp_path / "store")
    room = control_room("0.0.test", OriginReader, folder=tmp_path / "store", project=tmp_path, now_ns=lambda: NOW)
    for name, why in (("old", "End of the day"), ("now", "")):
        log = room.sessions.create(name, ABOUT)
        bar = Bar("ACME", NOW - 60_000_000_000, NOW, 10.0, 11.1, 9.9, 11.05, 100.0)
        number = log.take(Row(bar.open_time, bar.close_time, (bar,), 20_000, (20_000,)))
        fill = Happened("fill", 6, 0, "ACME", 10.0, 10.0, 0.0)
        log.note(number, [fill, Placed(7, 0, "ACME", -1, 10.0, "market", "day"), Logged(0, "turn", {"n": 1})])
        log.measure({**STANDING, "why_ended": why})
        log.close()
    return room


@pytest.fixture
def client(desk: ControlRoom) -> Any:
    """Clients by role."""
    app = app_over(desk)
    return lambda role: AsgiClient(app, {"Authorization": f"Bearer {role}"})


def test_sessions_say_how_they_stand(client: Any) -> None:
    listed = client("viewer").get("/v1/sessions").json()["items"]
    assert [(each["id"], each["state"], each["equity"], each["age_s"]) for each in listed] == [
        ("now", "running", "1010.5", 2.0), ("old", "ended", "1010.5", 2.0),
    ]  # fmt: skip
    assert client("viewer").get("/v1/sessions", params={"state": "ended"}).json()["total"] == 1
    one = client("viewer").get("/v1/sessions/now").json()
    assert (one["account"], one["latency_ms"], one["standing"]["rows"]) == ("DU1", {"p50": 1.0, "p99": None}, 3)
    assert client("viewer").get("/v1/sessions/none").status_code == 404


def test_decisions_are_told_the_latest_first(client: Any) -> None:
    said = client("viewer").get("/v1/sessions/now/decisions").json()["items"]
    assert [(each["kind"], each["sentence"]) for each in said] == [
        ("Logged", "turn"), ("Placed", "Order 7: sell 10 ACME at market."),
        ("Happened", "Order 6: fill 10 at 10."),
    ]  # fmt: skip


def test_positions_and_orders_are_those_of_sessions_that_go_on(client: Any) -> None:
    held = client("viewer").get("/v1/positions").json()["items"]
    assert [(e["session"], e["symbol"], e["quantity"], e["value"], e["strategy"]) for e in held] == [
        ("now", "ACME", "10", "110.5", "Cross")
    ]
    assert float(held[0]["unrealized"]) == pytest.approx(10.5)
    assert held[0]["quoted_at"] is None
    orders = client("viewer").get("/v1/orders").json()["items"]
    assert [(e["session"], e["id"], e["side"]) for e in orders] == [("now", "now:7", "sell")]


@pytest.mark.parametrize(
    ("after_s", "sides", "mark"),
    [
        (0.5, (11.9, 12.1), "12"),
        (-0.5, (11.9, 12.1), "11.05"),
        (0.5, (12.1, 11.9), "11.05"),
        (0.5, (None, 12.1), "11.05"),
    ],
)
def test_a_later_quote_with_two_sides_marks_a_position(
    client: Any, desk: ControlRoom, after_s: float, sides: tuple[float | None, float], mark: str
) -> None:
    at_ns = NOW + round(after_s * 1e9)
    quote = {"symbol": "ACME", "at_ns": at_ns, "bid": sides[0], "ask": sides[1], "bid_size": 1.0, "ask_size": 1.0}
    log = desk.sessions.open("now")
    log.measure({**STANDING, "quotes": {"last": [quote]}})
    log.close()
    (held,) = client("viewer").get("/v1/positions").json()["items"]
    assert (held["mark"], held["quoted_at"] is not None) == (mark, mark == "12")


def test_a_running_session_is_asked_to_end_and_an_ended_one_is_not(client: Any, desk: ControlRoom) -> None:
    asked = client("trader").post("/v1/sessions/now/stop", json={"reason": "lunch"})
    assert asked.status_code == 202
    assert [words for _, words in desk.request_box("now").take()] == [
        {"command": "end", "who": "a trader", "reason": "lunch"}
    ]
    assert client("trader").post("/v1/sessions/old/stop", json={"reason": "lunch"}).status_code == 409


def test_evidence_is_approved_by_an_admin_and_taken_back(client: Any) -> None:
    admin = client("admin")
    given = admin.post("/v1/approvals", json={"evidence": "now", "verdict": "approved", "reason": "It held."})
    assert given.status_code == 201, given.text
    said = given.json()[0]
    assert (said["stage"], said["verdict"], said["in_force"], said["who"]) == ("paper", "approved", True, "a admin")
    assert client("viewer").get("/v1/approvals", params={"in_force": True}).json()["total"] == 1
    revoked = admin.post(f"/v1/approvals/{said['number']}/revoke", json={"reason": "It did not."})
    assert revoked.status_code == 201
    assert client("viewer").get(f"/v1/approvals/{said['number']}").json()["in_force"] is False
    assert admin.post(f"/v1/approvals/{said['number']}/revoke", json={"reason": "again"}).status_code == 409


def test_a_synthetic_run_is_no_evidence(client: Any, kept: Kept) -> None:
    asked = {"evidence": kept.first, "verdict": "approved", "reason": "It held."}
    answer = client("admin").post("/v1/approvals", json=asked)
    assert (answer.status_code, "SYNTHETIC" in answer.json()["detail"]) == (409, True)


def test_an_alert_is_acknowledged_once_and_told(client: Any, desk: ControlRoom) -> None:
    desk.alerts.raise_(Alert("a1", "feed.mute", "now", Severity.CRITICAL, "It is mute.", "Look.", NOW, NOW))
    listed = client("viewer").get("/v1/alerts", params={"severity": "critical"}).json()
    (found,) = listed["items"]
    assert (found["rule"], found["count"], found["acknowledged_at"]) == ("feed.mute", 1, None)
    seen = client("trader").patch("/v1/alerts/a1/acknowledge").json()
    assert seen["acknowledged_by"] == "a trader"
    assert client("viewer").get("/v1/alerts/a1").json()["deliveries"] == []
    assert client("viewer").get("/v1/alerts", params={"acknowledged": False}).json()["total"] == 0
    assert [event.kind for event in desk.events.after("alerts", 0, 10)] == ["acknowledged"]
    assert client("viewer").get("/v1/alerts").json()["seq"] == 1


def test_who_has_seen_what_happened_ends_it_and_readers_of_events_are_told_in_one_form(
    client: Any, desk: ControlRoom
) -> None:
    desk.alerts.raise_(Alert("a2", "job_failed", "j1", Severity.WARNING, "It failed.", None, NOW, NOW))
    before = desk.events.head("alerts")
    seen = client("trader").patch("/v1/alerts/a2/acknowledge").json()
    assert seen["resolved_at"] is not None
    told = list(desk.events.after("alerts", before, 10))
    assert [event.kind for event in told] == ["acknowledged", "resolved"]
    assert all(event.body.keys() == set(Alert.__slots__) for event in told)


def test_the_kill_switch_latches_accounts_at_once(client: Any, desk: ControlRoom) -> None:
    (desk.folder / "accounts" / "paper" / "DU1").mkdir(parents=True)
    assert client("viewer").get("/v1/controls").json()["items"][0]["latched"] is False
    set_ = client("trader").post("/v1/controls/kill-switch", json={"reason": "It runs wild."})
    assert (set_.status_code, set_.json()["items"][0]["latched"], set_.json()["seq"]) == (200, True, 1)
    said = client("viewer").get("/v1/controls").json()["items"][0]
    assert (said["account"], said["reason"], said["who"]) == ("paper/DU1", "It runs wild.", "a trader")
    none = client("trader").post("/v1/controls/kill-switch", json={"reason": "x", "account": "paper/DU2"})
    assert none.status_code == 404


def test_settings_and_limits_are_those_in_force(client: Any) -> None:
    said = client("admin").get("/v1/settings").json()
    values = {each["key"]: each for each in said["values"]}
    assert (values["backtest.cash"]["value"], values["backtest.cash"]["origin"]) == (100_000.0, "default")
    assert values["backtest.cash"]["description"]
    names = [each["name"] for each in client("viewer").get("/v1/risk/limits").json()]
    assert "standard" in names


def test_settings_are_changed_with_pointers_to_what_is_wrong_and_an_entry_of_who_did(client: Any, desk: Any) -> None:
    admin = client("admin")
    seen = admin.get("/v1/settings").json()
    rows = {each["key"]: each["changeable"] for each in seen["values"]}
    assert (rows["backtest.cash"], rows["storage.folder"]) == (True, False)
    asked = {"changes": {"backtest.cash": 50_000, "logging.level": "debug"}, "digest": seen["digest"]}
    changed = admin.patch("/v1/settings", json=asked)
    assert changed.status_code == 200, changed.text
    values = {each["key"]: (each["value"], each["origin"]) for each in changed.json()["values"]}
    assert (values["backtest.cash"][0], "line" in values["backtest.cash"][1]) == (50_000.0, True)
    assert admin.patch("/v1/settings", json=asked).status_code == 409
    wrong = admin.patch("/v1/settings", json={"changes": {"backtest.cash": -1, "storage.folder": "x"}}).json()
    assert [each["pointer"] for each in wrong["errors"]] == ["/changes/backtest.cash", "/changes/storage.folder"]
    assert client("trader").patch("/v1/settings", json=asked).status_code == 403
    latest, *_ = written = desk.access.audit.page(AuditQuery(action="settings.change"), Slice(50)).items
    assert (latest.who, latest.outcome) == ("a trader", "refused")
    assert [dict(each.details) for each in written if each.outcome == "done"] == [{"changes": asked["changes"]}]


def test_orders_of_all_sessions_are_listed_by_status_and_gone_through_by_cursor(client: Any, desk: Any) -> None:
    viewer = client("viewer")

    def said(**asked: Any) -> list[tuple[str, str]]:
        return [(each["id"], each["status"]) for each in viewer.get("/v1/orders", params=asked).json()["items"]]

    assert said(status="filled") == [("old:6", "filled"), ("now:6", "filled")]
    every = said(status="all")
    assert len(every) == 4
    assert said(status="all", session="old", strategy_id="Cross", symbol="ACME", mode="paper") == [
        ("old:7", "working"), ("old:6", "filled"),
    ]  # fmt: skip
    assert said(status="all", mode="live") == said(status="all", from_date="2027-01-01") == []
    first = viewer.get("/v1/orders", params={"status": "all", "per_page": 3}).json()
    last = viewer.get("/v1/orders", params={"status": "all", "per_page": 3, "cursor": first["cursor"]}).json()
    assert [each["id"] for each in first["items"] + last["items"]] == [each[0] for each in every]
    assert (first["total"], last["cursor"]) == (4, None)
    wrong = viewer.get("/v1/orders", params={"status": "all", "cursor": "guess"})
    assert (wrong.status_code, "cursor" in wrong.json()["detail"]) == (422, True)
    assert said(session="none") == []


def test_positions_and_sessions_are_found_by_strategy(client: Any) -> None:
    viewer = client("viewer")
    assert viewer.get("/v1/sessions", params={"strategy_id": "Cross"}).json()["total"] == 2
    assert viewer.get("/v1/sessions", params={"strategy_id": "Fade"}).json()["total"] == 0
    assert viewer.get("/v1/positions", params={"strategy_id": "Cross", "symbol": "ACME"}).json()["total"] == 1
    assert viewer.get("/v1/positions", params={"mode": "live"}).json()["total"] == 0
