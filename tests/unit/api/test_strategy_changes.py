"""Entries of the catalogue are changed over HTTP: checked, told of approvals, audited, by persons who may trade."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import NOW, app_over

from tradewright.app.approve import identity_of
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.users import AuditQuery
from tradewright.domain.stage import Approval, Stage, Verdict
from tradewright.face.bars_again import OriginReader
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.registry import load_strategy

CATALOGUE = "strategies:\n  hold:   # ours\n    class: hold.py:Hold\n    params: {days: 3}\n    timeframe: 1m\n"
HOLD = (
    "import tradewright as tw\n\nclass Hold(tw.Strategy):\n    days = tw.Param(3, low=1, high=9)\n"
    "    def on_bar(self, ctx): pass\n"
)
SETTINGS = "brokers:\n  alpaca:\n    paper: {key: '${PAPER_KEY}', secret: '${SECRET}'}\n"
ROAD = "/v1/strategies/hold"


@pytest.fixture
def desk(storage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ControlRoom:
    """A project with a catalogue of its own."""
    (tmp_path / "tradewright.yaml").write_text(SETTINGS)
    (tmp_path / "strategies.yaml").write_text(CATALOGUE)
    (tmp_path / "hold.py").write_text(HOLD)
    monkeypatch.chdir(tmp_path)
    return control_room("0.0.test", OriginReader, project=tmp_path, now_ns=lambda: NOW)


@pytest.fixture
def client(desk: ControlRoom) -> Any:
    """Clients by role."""
    app = app_over(desk)
    return lambda role: AsgiClient(app, {"Authorization": f"Bearer {role}"})


def allow(room: ControlRoom, days: int) -> int:
    """A person has approved the backtest; gives the number."""
    made = as_strategy(load_strategy(str(room.project / "hold.py")), {"days": days})
    identity = identity_of(made, ["XNYS:ACME"], "1m")
    given = Approval(0, Stage.BACKTEST, Verdict.APPROVED, identity, "seen", "ann", "It holds.", 0)
    return room.approvals.store.add(given).number


def test_another_parameter_is_another_strategy_to_approvals_and_the_answer_says_so(client: Any, desk: Any) -> None:
    three, five = allow(desk, 3), allow(desk, 5)
    seen = client("viewer").get(ROAD).json()
    asked = {"changes": {"params.days": 5, "costs.slippage_bps": 2}, "digest": seen["digest"]}
    shown = client("trader").post(f"{ROAD}/preview", json=asked)
    assert shown.status_code == 200, shown.text
    assert client("viewer").get(ROAD).json()["digest"] == seen["digest"]
    changed = client("trader").patch(ROAD, json=asked)
    assert changed.status_code == 200, changed.text
    said = changed.json()
    assert said["changes"] == shown.json()["changes"] == [
        {"key": "params.days", "before": 3, "after": 5},
        {"key": "costs.slippage_bps", "before": None, "after": 2.0},
    ]  # fmt: skip
    assert said["identity"] == shown.json()["identity"]
    assert (said["identity"]["changed"], said["identity"]["lost"], said["identity"]["found"]) == (True, [three], [five])
    assert f"({'number'} {three}) does not let it trade any more" in said["identity"]["sentence"]
    assert said["params"][0]["value"] == 5
    assert "# ours" in (desk.project / "strategies.yaml").read_text()
    assert client("trader").patch(ROAD, json=asked).status_code == 409


def test_costs_are_nothing_to_approvals(client: Any, desk: Any) -> None:
    allow(desk, 3)
    said = client("trader").patch(ROAD, json={"changes": {"limits": "bold", "params.days": 3}}).json()
    assert ([each["key"] for each in said["changes"]], said["identity"]["changed"]) == (["limits"], False)


def test_what_cannot_be_changed_is_pointed_at_and_nothing_is(client: Any, desk: Any) -> None:
    answer = client("admin").patch(ROAD, json={"changes": {"params.dais": 4, "class": "x", "cash": 5}})
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (
        422, ["/changes/params.dais", "/changes/class"],
    )  # fmt: skip
    assert "Did you mean 'params.days'?" in answer.json()["detail"]
    assert (desk.project / "strategies.yaml").read_text() == CATALOGUE
    assert client("admin").patch("/v1/strategies/none", json={"changes": {"cash": 5}}).status_code == 404


def test_examples_that_ship_say_what_to_do_instead(client: Any, desk: Any) -> None:
    (desk.project / "strategies.yaml").unlink()
    assert client("viewer").get("/v1/strategies/sma_cross").json()["changeable"] is False
    answer = client("admin").patch("/v1/strategies/sma_cross", json={"changes": {"status": "inactive"}})
    assert (answer.status_code, "strategies.yaml" in answer.json()["hint"]) == (409, True)


def test_who_changed_what_is_audited_and_a_preview_is_no_change(client: Any, desk: Any) -> None:
    asked = {"changes": {"status": "inactive"}}
    client("trader").post(f"{ROAD}/preview", json=asked)
    for role in ("viewer", "token:trader:research"):
        assert client(role).patch(ROAD, json=asked).status_code == 403
        assert client(role).post(f"{ROAD}/preview", json=asked).status_code == 403
    client("trader").patch(ROAD, json=asked)
    written = desk.access.audit.page(AuditQuery(action="strategy.change"), Slice(50)).items
    assert [(each.who, each.subject, each.outcome) for each in written if each.outcome == "done"] == [
        ("a trader", "hold", "done")
    ]
    assert {each.outcome for each in written} == {"done", "refused"}


def test_what_is_inactive_is_listed_apart_and_begins_no_session(client: Any, desk: Any) -> None:
    allow(desk, 3)
    asked = {"mode": "paper", "strategy": "hold", "symbols": ["ACME"], "timeframe": "1m"}
    client("trader").patch(ROAD, json={"changes": {"status": "inactive"}})
    viewer = client("viewer")
    found = {word: viewer.get("/v1/strategies", params={"status": word}).json() for word in ("active", "inactive")}
    assert (found["active"]["total"], [each["id"] for each in found["inactive"]["items"]]) == (0, ["hold"])
    refused = client("trader").post("/v1/sessions", json=asked)
    assert (refused.status_code, "inactive in the catalogue" in refused.json()["detail"]) == (409, True)
    client("trader").patch(ROAD, json={"changes": {"status": None}})
    assert client("trader").post("/v1/sessions", json=asked).status_code == 202
