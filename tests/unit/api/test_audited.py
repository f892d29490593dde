"""Every request that changes something leaves an entry of who did what, whether it was done or refused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import ENOUGH, NOW, Kept, identify
from tests.unit.api.test_door import address

from tradewright.api.application import DoorOptions, create_app
from tradewright.api.audited import ACTS
from tradewright.api.roles import RULES
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.alerts import Alert, Severity
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.users import AuditQuery, Role
from tradewright.domain.errors import StorageError
from tradewright.face.bars_again import OriginReader

CHANGES = sorted((each for each, act in ACTS.items() if act.action))


@pytest.fixture(scope="module")
def desk(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> ControlRoom:
    """A room of its own."""
    import shutil

    folder = tmp_path_factory.mktemp("audited")
    shutil.copytree(kept.folder, folder / "store")
    return control_room("0.0.test", OriginReader, folder=folder / "store", project=folder, now_ns=lambda: NOW)


@pytest.fixture(scope="module")
def client(desk: ControlRoom) -> Any:
    """Clients by role."""
    app = create_app(desk, DoorOptions(identify=identify, limits=ENOUGH))
    return lambda role: AsgiClient(app, {"Authorization": f"Bearer {role}"} if role else {})


def entries(desk: ControlRoom, count: int = 1000) -> list[Any]:
    return desk.access.audit.page(AuditQuery(), Slice(count)).items


def test_every_route_that_is_no_reading_stands_in_the_table() -> None:
    assert set(ACTS) == {(method, path) for method, path in RULES if method != "GET"}


@pytest.mark.parametrize("route", CHANGES, ids=" ".join)
def test_who_is_not_let_through_is_written_down(route: Any, desk: ControlRoom, client: Any) -> None:
    rule, act = RULES[route], ACTS[route]
    if rule.role in {None, Role.VIEWER}:
        return
    before = len(entries(desk))
    client("viewer").request(route[0], address(route[1]), json={})
    (latest, *_), after = entries(desk), len(entries(desk))
    assert (after - before, latest.action, latest.outcome, latest.who) == (1, act.action, "refused", "a viewer")


@pytest.mark.parametrize("route", CHANGES, ids=" ".join)
def test_what_cannot_be_done_is_written_down(route: Any, desk: ControlRoom, client: Any) -> None:
    act = ACTS[route]
    if act.is_told_inside:
        return
    client("admin").request(route[0], address(route[1]), json={"nonsense": 1})
    latest = entries(desk)[0]
    assert (latest.action, latest.outcome, latest.who, latest.address) == (
        act.action,
        "refused",
        "a admin",
        "127.0.0.1",
    )
    assert latest.request_id


def test_what_was_done_says_to_what_and_with_what_words(desk: ControlRoom, client: Any, kept: Kept) -> None:
    desk.alerts.raise_(Alert("a1", "feed.mute", "now", Severity.CRITICAL, "It is mute.", "Look.", NOW, NOW))
    assert client("trader").patch("/v1/alerts/a1/acknowledge").status_code == 200
    assert client("trader").patch(f"/v1/runs/{kept.first}", json={"star": True}).status_code == 200
    asked = {"kind": "backtest", "strategy": "sma_cross", "symbols": ["ACME"], "source": "synthetic"}
    job = client("trader").post("/v1/runs", json=asked)
    assert client("trader").post(f"/v1/jobs/{job.json()['id']}/cancel").status_code == 200
    told = [(each.action, each.subject, each.outcome, dict(each.details)) for each in entries(desk, 4)][::-1]
    said = {"kind": "backtest", "strategy": "sma_cross", "symbols": ["ACME"]}
    assert told == [
        ("alert.acknowledge", "a1", "done", {}),
        ("run.change", kept.first, "done", {"star": True}),
        ("run.start", job.json()["id"], "done", said),
        ("job.cancel", job.json()["id"], "done", {}),
    ]


def test_reading_and_what_changes_nothing_leave_nothing(desk: ControlRoom, client: Any) -> None:
    before = len(entries(desk))
    client("viewer").get("/v1/runs")
    client("viewer").post("/v1/ws/ticket")
    client("").post("/v1/runs", json={})
    assert len(entries(desk)) == before


def test_what_is_answered_once_more_was_done_once(desk: ControlRoom, client: Any) -> None:
    asked = {"kind": "backtest", "strategy": "sma_cross", "symbols": ["ACME"], "source": "synthetic"}
    before = len(entries(desk))
    for _ in range(3):
        client("trader").post("/v1/runs", json=asked, headers={"Idempotency-Key": "once"})
    assert len(entries(desk)) - before == 1


def test_what_was_done_is_answered_also_where_it_cannot_be_written_down(
    desk: ControlRoom, client: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise StorageError("The database is away.")

    (desk.folder / "accounts" / "paper" / "DU7").mkdir(parents=True)
    monkeypatch.setattr(type(desk.access.audit), "add", away)
    answer = client("trader").post("/v1/controls/kill-switch", json={"reason": "It runs wild.", "account": "paper/DU7"})
    assert answer.status_code == 200
    assert "'account.latch' of paper/DU7 by a trader is missing in the audit log" in caplog.text


def test_a_route_without_an_act_is_refused(desk: ControlRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACTS, ("POST", "/v1/runs"))
    with pytest.raises(LookupError, match="POST /v1/runs is not in the table of audited acts"):
        create_app(desk, DoorOptions(identify=lambda _: None))
