"""Acts on accounts and sessions over HTTP: seen first, confirmed by name, and refused where what was seen has moved."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import NOW, app_over

from tradewright.adapters.storage.journal.file_journal import FileJournal
from tradewright.adapters.storage.journal.latch_file import FileLatch
from tradewright.app.approve import identity_of
from tradewright.app.desk.picture import position_id
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.live.journal import JournalIdentity, Record, RecordKind
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.stage import Approval, Stage, Verdict
from tradewright.face.bars_again import OriginReader
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.registry import load_strategy

SETTINGS = """brokers:
  alpaca:
    paper: {key: '${PAPER_KEY}', secret: '${SECRET}'}
    live: {account: U-7431, key: '${LIVE_KEY}', secret: '${SECRET}'}
"""
HOLD = (
    "import tradewright as tw\n\nclass Hold(tw.Strategy):\n    days = tw.Param(3, low=1, high=9)\n"
    "    def on_bar(self, ctx): pass\n"
)
WIRE = {"symbol": "ACME", "side": "BUY", "quantity": "5", "type": "limit", "limit": "9.5", "tif": "gtc"}
ORDER = Record(
    RecordKind.DECIDE,
    {"key": "1/ACME", "digest": "d", "at": 1, "instance": "night/0",
     "intents": [{"cid": "tw-1", "role": "ENTRY", "wire": WIRE, "ttl_ns": 9, "number": 0}]},
)  # fmt: skip
SENT = Record(RecordKind.ARM, {"cid": "tw-1", "attempt": 1, "at": 2})
HELD = (
    Record(RecordKind.BASELINE, {"positions": {"ACME": "10", "BOLT": "4"}, "at": 0}),
    Record(RecordKind.OWNER, {"symbol": "ACME", "units": "10"}),
)


class Account:
    """An account that traded here, by its journal."""

    def __init__(self, store: Path, name: str = "DU1", mode: str = "paper") -> None:
        self.path = store / "accounts" / mode / name
        self._identity = JournalIdentity(name, mode)
        self.write(Record(RecordKind.EPOCH, {"epoch": 1, "at": 0, "dead": True}))

    def write(self, *records: Record) -> None:
        journal = FileJournal(self.path / "journal", self._identity)
        journal.begin_epoch(journal.open().epoch + 1)
        last = [journal.append(record) for record in records][-1]
        asyncio.run(journal.durable(last))
        journal.close()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ControlRoom:
    """A project with a broker and a strategy, and its stores."""
    (tmp_path / "tradewright.yaml").write_text(SETTINGS)
    (tmp_path / "hold.py").write_text(HOLD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(tmp_path / "store"))
    return control_room("0.0.test", OriginReader, folder=tmp_path / "store", project=tmp_path, now_ns=lambda: NOW)


@pytest.fixture
def client(desk: ControlRoom) -> Any:
    """Clients by role."""
    app = app_over(desk)
    return lambda role: AsgiClient(app, {"Authorization": f"Bearer {role}"})


@pytest.fixture
def account(desk: ControlRoom) -> Account:
    """One that holds ten of ours and four of somebody else's, with an order under way."""
    found = Account(desk.folder)
    found.write(*HELD, ORDER, SENT)
    return found


def allow(room: ControlRoom, *stages: Stage, symbol: str = "XNYS:ACME", **params: Any) -> None:
    """A person has approved stages of the strategy."""
    made = as_strategy(load_strategy(str(room.project / "hold.py")), params or None)
    for stage in stages:
        identity = identity_of(made, [symbol], "1m")
        room.approvals.store.add(Approval(0, stage, Verdict.APPROVED, identity, "seen", "ann", "It holds.", 0))


def previewed(asker: AsgiClient, **asked: Any) -> dict[str, Any]:
    answer = asker.post("/v1/previews", json=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def confirmed(shown: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"typed": shown["typed"], "digest": shown["digest"], "reason": "drill", **more}


PAPER = {"mode": "paper", "strategy": "hold.py:Hold", "symbols": ["ACME"]}
LIVE = {**PAPER, "mode": "live", "limits": "cautious", "account": "U-7431"}


# ---------------------------------------------------------------- beginning


def test_a_paper_session_begins_as_a_job_under_a_name_by_which_it_goes_on(client: Any, desk: ControlRoom) -> None:
    allow(desk, Stage.BACKTEST)
    answer = client("trader").post("/v1/sessions", json={**PAPER, "params": {"days": 3}, "restarts": 2})
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    assert (job["kind"], job["state"], job["attempts_most"]) == ("paper", "queued", 3)
    assert job["request"]["broker"] == "alpaca"
    assert job["request"]["session"].startswith("paper-hold-2026")
    (entry,) = [each for each in client("admin").get("/v1/audit").json()["items"] if each["action"] == "session.start"]
    assert (entry["who"], entry["subject"], entry["outcome"]) == ("a trader", job["request"]["session"], "done")


@pytest.mark.parametrize(
    ("stages", "more"),
    [((), {}), ((Stage.BACKTEST,), {"params": {"days": 4}}), ((Stage.BACKTEST,), {"symbols": ["X"]})],
)
def test_what_has_not_been_approved_never_enters_the_queue(
    client: Any, desk: ControlRoom, stages: tuple[Stage, ...], more: dict[str, Any]
) -> None:
    allow(desk, *stages)
    answer = client("trader").post("/v1/sessions", json={**PAPER, **more})
    assert (answer.status_code, "may not go on paper" in answer.json()["detail"]) == (409, True)
    assert client("viewer").get("/v1/jobs").json()["total"] == 0


def test_a_live_session_takes_the_account_typed_and_the_preview_that_was_seen(client: Any, desk: ControlRoom) -> None:
    allow(desk, Stage.BACKTEST, Stage.PAPER)
    admin = client("admin")
    shown = previewed(admin, action="start_live", start=LIVE)
    assert (shown["typed"], shown["blocked"], shown["account"]) == ("U-7431", None, "live/U-7431")
    wrong = admin.post("/v1/sessions", json={**LIVE, "typed": "U-7", "digest": shown["digest"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/typed")
    other = {**LIVE, "limits": "bold", "typed": "U-7431", "digest": shown["digest"]}
    moved = admin.post("/v1/sessions", json=other)
    assert (moved.status_code, moved.json()["type"].rpartition(":")[2]) == (409, "moved")
    assert "bold" in " ".join(moved.json()["preview"]["will"])
    begun = admin.post("/v1/sessions", json={**LIVE, "typed": "U-7431", "digest": shown["digest"]})
    assert (begun.status_code, begun.json()["kind"]) == (202, "live")


def test_a_live_session_without_an_approved_paper_session_is_refused_and_the_preview_says_so(
    client: Any, desk: ControlRoom
) -> None:
    allow(desk, Stage.BACKTEST)
    admin = client("admin")
    shown = previewed(admin, action="start_live", start=LIVE)
    assert "may not go live" in shown["blocked"]
    answer = admin.post("/v1/sessions", json={**LIVE, "typed": "U-7431", "digest": shown["digest"]})
    assert (answer.status_code, client("viewer").get("/v1/jobs").json()["total"]) == (409, 0)


@pytest.mark.parametrize("who", ["trader", "token:admin:paper", "token:admin:propose-live", "token:trader:paper"])
def test_nobody_but_an_admin_in_person_begins_with_money(client: Any, desk: ControlRoom, who: str) -> None:
    allow(desk, Stage.BACKTEST, Stage.PAPER)
    shown = previewed(client("admin"), action="start_live", start=LIVE)
    answer = client(who).post("/v1/sessions", json={**LIVE, "typed": "U-7431", "digest": shown["digest"]})
    assert answer.status_code == 403


def test_a_program_with_the_scope_begins_on_paper_and_ends_nothing(client: Any, desk: ControlRoom) -> None:
    allow(desk, Stage.BACKTEST)
    token = client("token:trader:paper")
    job = token.post("/v1/sessions", json=PAPER).json()
    assert job["state"] == "queued"
    assert client("token:trader:research").post(f"/v1/jobs/{job['id']}/cancel").status_code == 403
    assert client("trader").post(f"/v1/jobs/{job['id']}/cancel").json()["state"] == "cancelled"


# ---------------------------------------------------------------- looking


def test_a_preview_of_flattening_says_what_ends_what_is_closed_and_what_is_left_alone(
    client: Any, account: Account
) -> None:
    shown = previewed(client("trader"), action="flatten", account="paper/DU1")
    assert (shown["counts"], shown["typed"], shown["button"]) == (
        {"positions": 1, "orders": 1}, "DU1", "Close 1 position in DU1"
    )  # fmt: skip
    assert "Closes at market: 10 ACME." in shown["will"]
    assert "Ends: buy 5 ACME (sent)." in shown["will"]
    assert any("4 BOLT" in each for each in shown["will_not"])
    assert (shown["notional"], shown["blocked"]) == (None, None)


def test_the_digest_is_the_same_until_something_moves(client: Any, account: Account) -> None:
    trader = client("trader")
    first, again = (previewed(trader, action="flatten", account="paper/DU1") for _ in range(2))
    account.write(Record(RecordKind.OWNER, {"symbol": "ACME", "units": "-3"}))
    moved = previewed(trader, action="flatten", account="paper/DU1")
    assert first["digest"] == again["digest"] != moved["digest"]


def test_an_act_on_what_has_moved_does_nothing_and_shows_it_anew(client: Any, account: Account) -> None:
    trader = client("trader")
    shown = previewed(trader, action="flatten", account="paper/DU1")
    account.write(Record(RecordKind.OWNER, {"symbol": "ACME", "units": "-3"}))
    answer = trader.post("/v1/controls/flatten", json=confirmed(shown, account="paper/DU1"))
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "moved")
    assert "Closes at market: 7 ACME." in answer.json()["preview"]["will"]
    assert FileLatch(account.path / "latch").read() is None
    assert trader.get("/v1/controls").json()["items"][0]["latched"] is False


def test_a_wrong_name_does_nothing_and_is_written_down(client: Any, account: Account) -> None:
    shown = previewed(client("trader"), action="flatten", account="paper/DU1")
    answer = client("trader").post(
        "/v1/controls/flatten", json={**confirmed(shown, account="paper/DU1"), "typed": "du1"}
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/typed")
    assert client("viewer").get("/v1/controls").json()["items"][0]["latched"] is False
    (entry,) = client("admin").get("/v1/audit").json()["items"]
    assert (entry["action"], entry["outcome"], entry["subject"]) == ("account.flatten", "refused", "paper/DU1")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"action": "flatten"}, 422), ({"action": "flatten", "account": "live/none"}, 404),
        ({"action": "close_position"}, 422), ({"action": "close_position", "position_id": "x"}, 404),
        ({"action": "cancel_order", "order_id": "x"}, 404), ({"action": "stop_session", "session_id": "x"}, 404),
        ({"action": "mode_transition", "session_id": "x", "to": "live"}, 404), ({"action": "start_live"}, 422),
        ({"action": "fly"}, 422),
    ],
)  # fmt: skip
def test_a_preview_of_nothing_says_what_is_missing(client: Any, asked: dict[str, Any], status: int) -> None:
    assert client("trader").post("/v1/previews", json=asked).status_code == status


# ---------------------------------------------------------------- doing


def test_flattening_latches_at_once_and_says_what_it_could_not_end(client: Any, account: Account) -> None:
    """No broker of the settings opens this account: what the kill switch could not do is named, the latch stands."""
    trader = client("trader")
    shown = previewed(trader, action="flatten", account="paper/DU1")
    answer = trader.post("/v1/controls/flatten", json=confirmed(shown, account="paper/DU1"))
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["done"], [each["order_id"] for each in said["results"]]) == (False, ["tw-1"])
    assert "No broker of the settings opens the account DU1" in said["left"][0]
    control = trader.get("/v1/controls").json()["items"][0]
    assert (control["latched"], control["flatten"], control["who"]) == (True, True, "a trader")
    again = previewed(trader, action="rearm", account="paper/DU1", limits="cautious")
    assert "has not ended yet" in again["blocked"]


def test_rearming_takes_an_admin_the_name_and_a_reason(client: Any, desk: ControlRoom, account: Account) -> None:
    idle = Account(desk.folder, "DU2")
    idle.write(
        Record(RecordKind.LATCH, {"number": 1, "at": 1, "reason": "d", "who": "a", "flatten": False, "all": False})
    )
    FileLatch(idle.path / "latch").set(LatchOrder("drill", "ann"))
    admin = client("admin")
    shown = previewed(admin, action="rearm", account="paper/DU2", limits="cautious")
    assert shown["blocked"] is None
    body = confirmed(shown, account="paper/DU2", limits="cautious")
    assert client("trader").post("/v1/controls/re-arm", json=body).status_code == 403
    assert admin.post("/v1/controls/re-arm", json={**body, "reason": ""}).status_code == 422
    done = admin.post("/v1/controls/re-arm", json=body)
    assert (done.status_code, done.json()["done"]) == (200, True), done.text
    states = {each["account"]: each["latched"] for each in admin.get("/v1/controls").json()["items"]}
    assert states == {"paper/DU1": False, "paper/DU2": False}
    (event,) = [event for event in desk.events.after("controls", 0, 10) if event.kind == "armed"]
    assert (event.body["account"], event.body["who"]) == ("paper/DU2", "a admin")


def test_orders_of_an_account_are_listed_by_the_id_that_cancels_them(client: Any, account: Account) -> None:
    (order,) = client("viewer").get("/v1/orders").json()["items"]
    assert (order["id"], order["status"], order["side"], order["limit"], order["session"]) == (
        "tw-1", "sent", "buy", "9.5", "night"
    )  # fmt: skip
    shown = previewed(client("trader"), action="cancel_order", order_id="tw-1")
    assert (shown["counts"]["orders"], shown["button"]) == (1, "Cancel buy 5 ACME")


# ---------------------------------------------------------------- limits and modes


def test_tightening_the_limits_takes_a_reason_and_raising_them_an_admin_who_types(
    client: Any, account: Account
) -> None:
    trader, admin = client("trader"), client("admin")
    words = {"account": "paper/DU1", "limits": "cautious", "reason": "A bad week."}
    tight = trader.put("/v1/risk/limits", json=words)
    assert (tight.status_code, tight.json()["most"], tight.json()["who"]) == (200, "cautious", "a trader"), tight.text
    bold = {**words, "limits": "bold"}
    assert trader.put("/v1/risk/limits", json=bold).status_code == 403
    assert admin.put("/v1/risk/limits", json=bold).json()["errors"][0]["pointer"] == "/typed"
    shown = previewed(admin, action="raise_limits", account="paper/DU1", limits="bold")
    assert "'bold' at most, instead of 'cautious'" in shown["sentence"]
    trader.put("/v1/risk/limits", json={**words, "limits": "cautious", "reason": "Still."})
    raised = admin.put("/v1/risk/limits", json={**bold, "typed": shown["typed"], "digest": shown["digest"]})
    assert (raised.status_code, raised.json()["most"]) == (200, "bold"), raised.text
    stale = admin.put(
        "/v1/risk/limits", json={**words, "limits": "standard", "typed": "DU1", "digest": shown["digest"]}
    )
    assert stale.status_code == 200
    (listed,) = client("viewer").get("/v1/risk/accounts").json()["items"]
    assert (listed["account"], listed["most"], listed["in_force"]) == ("paper/DU1", "standard", None)
    acts = [each["outcome"] for each in admin.get("/v1/audit").json()["items"] if each["action"] == "limits.change"]
    assert sorted(acts) == ["done"] * 4 + ["refused"] * 2


def test_a_session_never_names_looser_limits_than_its_account_may_have(client: Any, desk: ControlRoom) -> None:
    allow(desk, Stage.BACKTEST, Stage.PAPER)
    Account(desk.folder, "U-7431", "live")
    client("trader").put("/v1/risk/limits", json={"account": "live/U-7431", "limits": "cautious", "reason": "new"})
    shown = previewed(client("admin"), action="start_live", start={**LIVE, "limits": "bold"})
    assert "'cautious' at most, not 'bold'" in shown["blocked"]
    body = {**LIVE, "limits": "bold", "typed": shown["typed"], "digest": shown["digest"]}
    assert client("admin").post("/v1/sessions", json=body).status_code == 409
    assert previewed(client("admin"), action="start_live", start=LIVE)["blocked"] is None


def test_an_account_is_never_armed_with_looser_limits_than_it_may_have(client: Any, desk: ControlRoom) -> None:
    idle = Account(desk.folder, "DU2")
    idle.write(
        Record(RecordKind.LATCH, {"number": 1, "at": 1, "reason": "d", "who": "a", "flatten": False, "all": False})
    )
    client("trader").put("/v1/risk/limits", json={"account": "paper/DU2", "limits": "cautious", "reason": "new"})
    shown = previewed(client("admin"), action="rearm", account="paper/DU2", limits="bold")
    answer = client("admin").post("/v1/controls/re-arm", json=confirmed(shown, account="paper/DU2", limits="bold"))
    assert (answer.status_code, "at most" in answer.json()["detail"]) == (409, True)
    assert client("viewer").get("/v1/controls").json()["items"][0]["latched"] is True


ABOUT = {
    "mode": "paper", "fills": "venue", "broker": "alpaca", "account": "DU1", "timeframe": "1m", "is_dry": False,
    "strategies": [{"name": "Hold", "source_hash": "ab", "params": {}, "symbols": ["XNYS:ACME"], "timeframe": "1m"}],
    "instruments": [{"symbol": "ACME"}],
}  # fmt: skip
STANDING = {
    "state": "running", "why_ended": "", "measured_ns": NOW, "equity": 1000.0, "cash": 880.0, "orders": [],
    "positions": [{"strategy": 0, "symbol": "ACME", "quantity": 10.0, "average_price": 11.0, "mark": 12.0}],
}  # fmt: skip


def running(room: ControlRoom, name: str = "night") -> Any:
    """A session that trades the account, by what it wrote down; its process is that of the test."""
    log = room.sessions.create(name, ABOUT)
    log.measure(STANDING)
    return log


def test_a_transition_to_live_shows_what_stays_and_is_refused_without_the_approval(
    client: Any, desk: ControlRoom, account: Account
) -> None:
    allow(desk, Stage.BACKTEST)
    client("trader").post("/v1/sessions", json={**PAPER, "name": "night", "fills": "venue", "limits": "cautious"})
    log = running(desk)
    shown = previewed(client("admin"), action="mode_transition", session_id="night", to="live")
    assert (shown["typed"], shown["mode"]) == ("U-7431", "live")
    assert "Stays open in paper/DU1: 10 ACME." in shown["will_not"]
    assert "may not go live" in shown["blocked"]
    words = {"session_id": "night", "to": "live", "typed": "U-7431", "digest": shown["digest"]}
    answer = client("admin").post("/v1/controls/mode-transition", json=words)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "blocked")
    assert desk.request_box("night").take() == []
    assert client("trader").post("/v1/controls/mode-transition", json=words).status_code == 403
    log.close()


def test_a_position_that_a_running_strategy_holds_is_closed_by_that_strategy(
    client: Any, desk: ControlRoom, account: Account
) -> None:
    log = running(desk)
    shown = previewed(client("trader"), action="close_position", position_id=position_id("paper/DU1", "ACME"))
    assert "Night/0".lower() in " ".join(shown["will"])
    assert (shown["notional"], shown["counts"]) == ("120", {"positions": 1, "orders": 1})
    log.close()


def test_without_a_session_nothing_single_is_sent_and_flattening_is_named(client: Any, account: Account) -> None:
    shown = previewed(client("trader"), action="cancel_order", order_id="tw-1")
    assert "flatten the account" in shown["blocked"]
    answer = client("trader").post("/v1/orders/tw-1/cancel", json={})
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "blocked")


def test_stopping_a_session_cancels_its_job_so_that_it_is_not_begun_again(
    client: Any, desk: ControlRoom, account: Account
) -> None:
    allow(desk, Stage.BACKTEST)
    job = client("trader").post("/v1/sessions", json={**PAPER, "name": "night"}).json()
    log = running(desk)
    assert client("viewer").get("/v1/sessions/night").json()["job_id"] == job["id"]
    assert client("trader").post("/v1/sessions/night/stop", json={"reason": "lunch"}).status_code == 202
    assert client("viewer").get(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    ((_, asked),) = desk.request_box("night").take()
    assert (asked["command"], asked["who"]) == ("end", "a trader")
    log.close()


def test_an_account_of_which_nobody_says_what_it_may_risk_is_not_armed(client: Any, desk: ControlRoom) -> None:
    idle = Account(desk.folder, "DU2")
    idle.write(
        Record(RecordKind.LATCH, {"number": 1, "at": 1, "reason": "d", "who": "a", "flatten": False, "all": False})
    )
    shown = previewed(client("admin"), action="rearm", account="paper/DU2")
    assert "name the limits" in shown["blocked"]
    answer = client("admin").post("/v1/controls/re-arm", json=confirmed(shown, account="paper/DU2"))
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "blocked")


def test_who_holds_a_position_is_known_from_the_journal_before_the_session_says_so(
    client: Any, desk: ControlRoom
) -> None:
    account = Account(desk.folder)
    filled = {
        "id": "f1", "cid": "tw-1", "vid": "v1", "side": "BUY", "symbol": "ACME", "quantity": "5", "price": "9.5",
        "at": 4, "to": "F", "unsettle": False,
    }  # fmt: skip
    account.write(ORDER, SENT, Record(RecordKind.FILL, filled))
    log = desk.sessions.create("night", ABOUT)
    log.measure({**STANDING, "positions": []})
    shown = previewed(client("trader"), action="close_position", position_id=position_id("paper/DU1", "ACME"))
    assert "night/0 closes by its own orders." in shown["will"]
    log.close()


@pytest.mark.parametrize("name", ["U-7431", "live/U-7431", "paper/DU1", "DU1 "])
def test_the_name_of_another_account_confirms_nothing(
    client: Any, desk: ControlRoom, account: Account, name: str
) -> None:
    Account(desk.folder, "U-7431", "live")
    shown = previewed(client("trader"), action="flatten", account="paper/DU1")
    body = {**confirmed(shown, account="paper/DU1"), "typed": name}
    assert client("trader").post("/v1/controls/flatten", json=body).status_code == 422
    other = client("trader").post("/v1/controls/flatten", json=confirmed(shown, account="live/U-7431"))
    assert other.status_code == 422
    assert not any(each["latched"] for each in client("viewer").get("/v1/controls").json()["items"])
