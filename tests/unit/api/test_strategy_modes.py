"""How far each strategy may go now: by approvals in a file or on a server, and by what its entry says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import ENOUGH, NOW, identify
from tests.unit.api.test_strategy_changes import HOLD, SETTINGS

from tradewright.api.application import DoorOptions, create_app
from tradewright.app.approve import identity_of
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.stage import Approval, Stage, Verdict
from tradewright.face.bars_again import OriginReader
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.registry import load_strategy

CATALOGUE = (
    "strategies:\n"
    "  free: {class: hold.py:Hold}\n"
    "  bound: {class: hold.py:Hold, mode: paper}\n"
    "  aside: {class: hold.py:Hold, status: inactive}\n"
    "  broken: {class: nothing.py:Nothing}\n"
)


@pytest.fixture
def room(request: pytest.FixtureRequest, storage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ControlRoom:
    """A project whose state is in a file, or on a real PostgreSQL."""
    if getattr(request, "param", "file") == "server":
        monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", request.getfixturevalue("postgres_dsn"))
    (tmp_path / "tradewright.yaml").write_text(SETTINGS)
    (tmp_path / "strategies.yaml").write_text(CATALOGUE)
    (tmp_path / "hold.py").write_text(HOLD)
    monkeypatch.chdir(tmp_path)
    return control_room("0.0.test", OriginReader, project=tmp_path, now_ns=lambda: NOW)


@pytest.fixture
def client(room: ControlRoom) -> Any:
    """Clients by role."""
    app = create_app(room, DoorOptions(identify=identify, limits=ENOUGH))
    return lambda role: AsgiClient(app, {"Authorization": f"Bearer {role}"})


def said(room: ControlRoom, stage: Stage, verdict: Verdict = Verdict.APPROVED) -> None:
    """A person has said it of the evidence of a stage."""
    identity = identity_of(as_strategy(load_strategy(str(room.project / "hold.py"))), ["XNYS:ACME"], "1m")
    room.approvals.store.add(Approval(0, stage, verdict, identity, "seen", "ann", "It holds.", 0))


def modes(client: Any, mode: str = "all") -> dict[str, str]:
    """The strategies of a mode, and the mode of each."""
    found = client("viewer").get("/v1/strategies", params={"mode": mode, "per_page": 50}).json()
    assert found["total"] == len(found["items"])
    return {each["id"]: each["mode"] for each in found["items"]}


@pytest.mark.parametrize("room", ["file", "server"], indirect=True)
def test_a_strategy_goes_as_far_as_approvals_and_its_entry_let_it(room: ControlRoom, client: Any) -> None:
    assert set(modes(client).values()) == {"backtest"}
    said(room, Stage.BACKTEST)
    assert modes(client) == {"free": "paper", "bound": "paper", "aside": "backtest", "broken": "backtest"}
    said(room, Stage.PAPER)
    assert modes(client, "live") == {"free": "live"}
    assert modes(client, "paper") == {"bound": "paper"}
    assert modes(client, "backtest") == {"aside": "backtest", "broken": "backtest"}
    said(room, Stage.PAPER, Verdict.REVOKED)
    assert modes(client, "live") == {}
    assert client("viewer").get("/v1/strategies/free").json()["mode"] == "paper"


def test_a_page_is_one_of_those_of_the_mode(room: ControlRoom, client: Any) -> None:
    asked = {"mode": "backtest", "per_page": 1, "page": 2}
    found = client("viewer").get("/v1/strategies", params=asked).json()
    assert ([each["id"] for each in found["items"]], found["total"]) == (["bound"], 4)
    assert client("viewer").get("/v1/strategies", params={"mode": "replay"}).status_code == 422


def test_what_is_bound_to_paper_begins_no_live_session_whatever_was_approved(room: ControlRoom, client: Any) -> None:
    for stage in (Stage.BACKTEST, Stage.PAPER):
        said(room, stage)
    asked = {"symbols": ["ACME"], "timeframe": "1m", "broker": "alpaca", "strategy": "bound"}
    refused = client("admin").post("/v1/sessions", json={**asked, "mode": "live", "limits": "cautious"})
    assert refused.status_code == 409, refused.text
    assert "goes as far as paper in the catalogue, and begins no live session" in refused.json()["detail"]
    assert client("trader").post("/v1/sessions", json={**asked, "mode": "paper"}).status_code == 202
