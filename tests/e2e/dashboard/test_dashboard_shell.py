"""The dashboard in a real browser, on a real server: signing in, every page, the keys, the Stop panel, the stream."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from tests.dashboard import DESK, PASSWORD, Furnished, Served, Visit, furnished, visit

import tradewright as tw
from tradewright.bootstrap.control_room import control_room
from tradewright.domain.control.alerts import Alert, Severity
from tradewright.face.bars_again import OriginReader

pytestmark = pytest.mark.slow

SESSION = "20261120-143000-paper"
PAGES = (
    "/", "/sessions", "/sessions/new", f"/sessions/{SESSION}", "/positions", "/orders", "/approvals", "/risk",
    "/jobs", "/jobs/{job}", "/schedules", "/schedules/new",
    "/alerts", "/health", "/settings", "/settings?tab=tokens", "/settings?tab=users",
    "/settings?tab=audit", "/settings?tab=server", "/nothing-is-here",
)  # fmt: skip


class Turns(tw.Strategy):
    """Buys and sells in turn."""

    def setup(self) -> None:
        self.seen = 0

    def on_bar(self, ctx: Any) -> None:
        self.seen += 1
        if self.seen % 20 == 0:
            if ctx.has_position():
                ctx.close_position()
            else:
                ctx.target_percent(0.5)


class Seeded(NamedTuple):
    """What the stores hold."""

    run: str
    job: str


def seed() -> Seeded:
    """A kept run, a paper session with its account, a critical alert, and a job that waits."""
    room = control_room("0", OriginReader)
    now = time.time_ns()
    kept = tw.keep_run(tw.backtest(Turns, tw.synthetic_bars("ACME", bars=300, seed=3), engine="python"))
    about = {
        "mode": "paper", "fills": "simulated", "broker": "simulated", "account": "practice", "timeframe": "1d",
        "currency": "USD", "strategies": [{"name": "Turns"}], "instruments": [{"symbol": "ACME"}],
        "policies": {"cash": 100_000.0, "currency": "USD"},
    }  # fmt: skip
    position = {"strategy": "Turns", "symbol": "ACME", "quantity": 10.0, "average_price": 100.0, "mark": 104.5}
    log = room.sessions.create(SESSION, about)
    log.measure({"equity": 100_045.0, "cash": 99_000.0, "rows": 12, "positions": [position], "measured_ns": now})
    log.close()
    (room.folder / "accounts" / "paper" / "practice").mkdir(parents=True)
    room.alerts.raise_(
        Alert("a1", "feed.mute", "alpaca", Severity.CRITICAL, "The feed 'alpaca' is silent.", "See its page.", now, now)
    )
    job = room.jobs.submit("backtest", {"strategy": "sma_cross", "symbols": ["ACME"]}, owner="admin")
    return Seeded(kept, job.id)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """A server over stores with a little of everything."""
    with furnished(tmp_path_factory.mktemp("control"), seed, "--no-worker") as begun:
        yield begun


@pytest.fixture(scope="module")
def desk(running: Any, server: Served) -> Iterator[Visit]:
    """The admin at a desk, who came by a link, signed in for the first time and chose a password."""
    assert server.password
    with visit(running, server.address, DESK) as seen:
        seen.go("/jobs?state=failed")
        assert seen.faults() == []
        seen.sign_in("admin", server.password)
        seen.change_password(server.password, PASSWORD)
        seen.page.get_by_role("heading", name="Jobs", level=1).wait_for()
        yield seen


def test_first_sign_in_comes_back_to_the_address_that_was_asked_for(desk: Visit) -> None:
    desk.settle()
    assert desk.page.url == f"{desk.address}/jobs?state=failed"
    assert desk.faults() == []


@pytest.mark.parametrize("which", ["desk", "phone"])
def test_every_page_is_sound(which: str, room: Furnished, request: pytest.FixtureRequest) -> None:
    seen: Visit = request.getfixturevalue(which)
    assert seen.faults_at(*(path.format(job=room.kept.job) for path in PAGES)) == {}


def test_overview_begins_with_what_is_wrong(desk: Visit) -> None:
    desk.go("/")
    problems = desk.page.get_by_role("list", name="What needs a look")
    assert "The feed 'alpaca' is silent." in problems.inner_text()


def test_money_of_a_session_is_shown_as_it_said(desk: Visit) -> None:
    desk.go(f"/sessions/{SESSION}")
    assert "100,045.00" in desk.page.get_by_label("Money in USD").inner_text()
    assert "paper" in desk.page.locator("main").inner_text().lower()


def test_dialogs_are_sound_and_give_the_focus_back(desk: Visit) -> None:
    desk.go("/health")
    page = desk.page
    page.get_by_role("button", name="Go to").focus()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("alerts")
    assert desk.faults() == []
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Alerts", level=1).wait_for()
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    assert desk.faults() == []
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.get_by_role("heading", name="Health", level=1).wait_for()


def test_changes_arrive_over_the_socket(desk: Visit, room: Furnished) -> None:
    desk.go(f"/jobs/{room.kept.job}")
    desk.page.get_by_role("banner").get_by_text("live").wait_for()
    desk.page.get_by_text("queued").wait_for()
    desk.page.get_by_role("button", name="Cancel").click()
    desk.page.get_by_text("cancelled").wait_for()
    assert desk.faults() == []


def test_alert_is_acknowledged_by_name(desk: Visit) -> None:
    desk.go("/alerts")
    desk.page.get_by_role("button", name="Acknowledge").click()
    desk.page.get_by_role("cell", name="admin").wait_for()
    desk.go("/alerts?acknowledged=false")
    desk.page.get_by_text("No alert fits the filters").wait_for()


def test_refusal_is_told_in_the_words_of_the_server(desk: Visit, room: Furnished) -> None:
    desk.expected.add(409)
    desk.go(f"/approvals?evidence={room.kept.run}")
    desk.page.get_by_label("Reason").fill("Looked at in full")
    desk.page.get_by_role("button", name="Approve").click()
    told = desk.page.get_by_role("alert")
    told.filter(has_text="is of a SYNTHETIC market, which is never evidence.").wait_for()
    assert desk.faults() == []


def test_stop_takes_two_clicks_and_holds(desk: Visit) -> None:
    desk.go("/risk")
    desk.page.get_by_role("button", name="Stop", exact=True).click()
    desk.page.get_by_role("button", name="Block new orders of 1 account").click()
    desk.page.get_by_text("Every account is blocked").wait_for()
    assert desk.faults() == []
    desk.go("/risk")
    assert "blocked" in desk.page.get_by_role("table", name="Accounts").inner_text()


def test_end_of_a_sign_in_leads_back_to_its_address(running: Any, room: Furnished, desk: Visit) -> None:
    with visit(running, room.server.address, DESK) as seen:
        seen.expected.add(401)
        seen.go("/settings")
        seen.sign_in("admin", PASSWORD)
        seen.page.get_by_role("heading", name="Looks").wait_for()
        seen.page.context.clear_cookies()
        seen.page.route("**/v1/audit*", lambda route: route.fulfill(status=401, json={"detail": "It has run out."}))
        seen.page.get_by_role("link", name="Audit").click()
        seen.page.get_by_role("heading", name="Sign in").wait_for()
        seen.page.unroute_all()
        seen.sign_in("admin", PASSWORD)
        seen.page.get_by_role("heading", name="Audit").wait_for()
        assert seen.page.url == f"{seen.address}/settings?tab=audit"
        assert seen.complaints == []


def test_silence_of_the_server_is_said_and_dated(desk: Visit) -> None:
    desk.go("/")
    desk.page.route("**/v1/**", lambda route: route.abort())
    desk.page.get_by_role("button", name="Stop", exact=True).click()
    told = desk.page.get_by_text("Offline, as of")
    told.wait_for()
    assert "tradewright kill" in desk.page.get_by_role("dialog", name="Stop").inner_text()
    desk.page.unroute_all()
    told.wait_for(state="detached")
    desk.complaints.clear()
