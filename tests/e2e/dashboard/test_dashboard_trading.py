"""Trading in the dashboard, in a real browser over a real server and the sandbox as the venue: begin, watch, stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.dashboard import PASSWORD, Visit, require_built
from tests.live_project import orders_of, until
from tests.trading_room import TradingRoom, trading_room
from tests.trading_walks import (
    LIVE,
    LIVE_KEYS,
    NEW,
    PAPER,
    PAPER_KEYS,
    choose,
    confirm,
    newcomer,
    row_of_steps,
    see_it_on_top,
)

from tradewright.bootstrap.approvals import approval_store
from tradewright.domain.control.users import Scope
from tradewright.domain.stage import Stage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TradingRoom]:
    require_built()
    with trading_room(tmp_path_factory.mktemp("trading")) as opened:
        yield opened


@pytest.fixture(scope="module")
def paper(room: TradingRoom, desk: Visit) -> str:
    """A paper session that was begun from the form, and has worked three bars."""
    choose(desk, PAPER, "bold")
    desk.page.get_by_text("a backtest is approved").wait_for()
    assert desk.faults() == []
    desk.page.get_by_role("button", name="Start paper session").click()
    desk.page.wait_for_url(f"**/sessions/{PAPER}*")
    room.until_it_trades(PAPER)
    room.advance(PAPER, 3)
    desk.page.get_by_role("button", name="Stop…").wait_for()
    return PAPER


def test_a_paper_session_begins_from_the_form_and_its_page_follows_it(
    room: TradingRoom, desk: Visit, paper: str
) -> None:
    page = desk.page
    row_of_steps(desk).filter(has_text="market").first.get_by_text("filled").wait_for()
    steps = row_of_steps(desk).filter(has_text="market").first.inner_text()
    assert steps.index("sent") < steps.index("acknowledged") < steps.index("filled")
    assert row_of_steps(desk).filter(has_text="limit").first.get_by_text("acknowledged").is_visible()
    figures = page.get_by_label("Money in USD").inner_text()
    assert all(word in figures for word in ("Equity, USD", "Realised", "Unrealised", "Costs", "Day", "Drawdown"))
    assert page.title().startswith("PAPER ")
    assert page.locator(".bg-danger.h-1").count() == 0
    # What happens at the venue comes over the stream, without the page being asked for anew.
    before = row_of_steps(desk).count()
    room.advance(paper, 2)
    until(lambda: row_of_steps(desk).count() > before, "the next order to show itself")
    assert desk.faults() == []


@pytest.mark.parametrize("which", ["desk", "phone"])
def test_every_page_of_trading_is_sound(which: str, paper: str, request: pytest.FixtureRequest) -> None:
    seen: Visit = request.getfixturevalue(which)
    assert seen.faults_at("/", NEW, f"/sessions/{paper}", "/positions", "/orders", "/risk") == {}


def test_overview_says_what_trades_is_worth(desk: Visit, paper: str) -> None:
    desk.go("/")
    worth = desk.page.get_by_role("table", name="Worth by mode and currency")
    worth.get_by_text("PAPER").wait_for()
    assert "USD" in worth.inner_text()
    desk.page.get_by_role("button", name="Show as table").click()
    desk.page.get_by_role("region", name="Equity, USD as a table").get_by_text("PAPER").wait_for()
    assert desk.faults() == []


@pytest.mark.parametrize("which", ["desk", "phone"])
def test_a_review_begins_on_cancel_and_neither_enter_nor_a_wrong_name_does_anything(
    which: str, paper: str, request: pytest.FixtureRequest
) -> None:
    seen: Visit = request.getfixturevalue(which)
    page = seen.page
    seen.go(f"/sessions/{paper}")
    page.get_by_role("button", name="Close all…").click()
    review = page.get_by_role("alertdialog")
    typed = review.get_by_label("Type ", exact=False)
    typed.wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Cancel"
    assert seen.faults() == []
    review.get_by_label("Reason").fill("The walk")
    button = review.get_by_role("button", name="Close 1 position in")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    for name, is_right in (("somebody else", False), (review.locator("label strong").inner_text(), True)):
        typed.fill(name)
        assert button.is_enabled() is is_right
        typed.press("Enter")
        seen.settle()
        assert typed.input_value() == name
    page.keyboard.press("Escape")
    review.wait_for(state="detached")
    assert [url for url in sent if "/controls/" in url] == []


@pytest.mark.parametrize(
    ("path", "opens", "which"),
    [("/positions", "Close… ACME", "desk"), (f"/sessions/{PAPER}", "Close all…", "phone")],
)
def test_numbers_that_moved_reopen_the_review(
    path: str, opens: str, which: str, room: TradingRoom, paper: str, request: pytest.FixtureRequest
) -> None:
    seen: Visit = request.getfixturevalue(which)
    page = seen.page
    seen.go(path)
    page.get_by_role("button", name=opens).click()
    review = page.get_by_role("alertdialog")
    review.get_by_label("Type ", exact=False).fill(review.locator("label strong").inner_text())
    review.get_by_label("Reason").fill("The walk")
    held = room.held(paper)
    while room.held(paper) == held:
        room.advance(paper)
    seen.expected.add(409)
    review.get_by_role("button", name="Close ").click()
    review.get_by_text("It stands otherwise than when you looked").wait_for()
    assert review.get_by_label("Type ", exact=False).input_value() == ""
    assert seen.faults() == []
    page.keyboard.press("Escape")


@pytest.mark.parametrize("which", ["desk", "phone"])
def test_a_lost_answer_is_an_unknown_outcome_and_nothing_is_sent_twice(
    which: str, paper: str, request: pytest.FixtureRequest
) -> None:
    seen: Visit = request.getfixturevalue(which)
    page = seen.page
    asked: list[str] = []

    def lose(route: Any) -> None:
        asked.append(route.request.url)
        route.abort()

    seen.go("/orders")
    page.route("**/v1/orders/*/cancel", lose)
    page.get_by_role("button", name="Cancel… buy ACME").first.click()
    review = page.get_by_role("alertdialog")
    review.get_by_label("Reason").fill("The walk")
    review.get_by_role("button", name="Cancel buy").click()
    review.get_by_text("Outcome unknown").wait_for()
    assert review.get_by_role("button").all_inner_texts() == ["Close"]
    seen.complaints.clear()
    assert seen.faults() == []
    page.keyboard.press("Escape")
    assert len(asked) == 1
    page.unroute_all()


def test_an_unknown_order_stands_on_top_is_not_sent_again_and_becomes_what_the_venue_says(
    room: TradingRoom, desk: Visit, phone: Visit, paper: str
) -> None:
    before = len(orders_of(room.project))
    with room.deaf() as took:
        while not took():
            room.work(paper)
            until(lambda: took() or room.is_settled(paper), "what was decided to reach the venue")
        see_it_on_top(desk)
        see_it_on_top(phone)
    for seen in (desk, phone):
        seen.page.get_by_text("UNKNOWN", exact=True).wait_for(state="detached")
        seen.page.get_by_role("row").filter(has_text="market").get_by_text("working").wait_for()
        seen.go("/")
        seen.page.get_by_text("1 order unknown").wait_for(state="detached")
    last = orders_of(room.project)[before:]
    assert [(each["type"], each["status"]) for each in last] == [("market", "new")]
    held = room.held(paper)
    room.venue.advance()
    until(lambda: room.held(paper) == held + 10.0, "the fill of the order")


def test_an_admin_approves_what_was_seen_on_paper_with_a_reason(room: TradingRoom, desk: Visit, paper: str) -> None:
    page = desk.page
    desk.go(f"/approvals?evidence={paper}")
    verdict = page.get_by_role("region", name="Give a verdict")
    store = approval_store(room.project.folder / "store")
    before = len(store.all())
    verdict.get_by_role("button", name="Approve").click()
    reason = verdict.get_by_label("Reason")
    assert reason.evaluate("each => each.validity.valueMissing")
    reason.fill("Fills as in the backtest.")
    verdict.get_by_role("button", name="Approve").click()
    verdict.get_by_role("status").get_by_text("approved").wait_for()
    row = page.get_by_role("table", name="Verdicts, newest first").locator("tbody tr").first
    row.get_by_text("Fills as in the backtest.").wait_for()
    assert all(word in row.inner_text() for word in ("paper", "approved", "admin", PAPER[:12]))
    [said] = list(store.all())[before:]
    assert (said.stage, said.who, said.evidence) == (Stage.PAPER, "admin", paper)
    assert desk.faults() == []


def test_stop_blocks_in_two_clicks_then_flattens_and_only_a_person_arms_again(
    room: TradingRoom, desk: Visit, phone: Visit, paper: str
) -> None:
    page = desk.page
    desk.go("/risk")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Block new orders of 1 account").click()
    page.get_by_text("Every account is blocked").wait_for()
    panel = page.get_by_role("dialog", name="Stop")
    panel.get_by_role("button", name="Close all…").first.click()
    told = confirm(room, desk, "Close 1 position in")
    results = told.get_by_role("list", name="Result by order").get_by_role("listitem").all_inner_texts()
    assert results
    assert all(re.search(r"ACME\s+(filled|cancelled|working|sent|outcome unknown)", each) for each in results)
    assert desk.faults() == []
    page.keyboard.press("Escape")
    until(lambda: bool(room.venue.advance()) and room.held(paper) == 0.0, "everything to be closed")
    page.keyboard.press("Escape")

    desk.go(f"/sessions/{paper}")
    page.get_by_role("button", name="Stop…").click()
    review = page.get_by_role("alertdialog")
    review.get_by_label("Reason").fill("The walk")
    review.get_by_role("button", name=f"Stop {paper}").click()
    page.get_by_text("ended", exact=True).first.wait_for()
    assert room.venue.ask("GET", "/v2/positions", headers=PAPER_KEYS).json() == []
    for seen in (desk, phone):
        seen.page.goto("about:blank")
    room.restart()
    desk.go("/risk")
    accounts = page.get_by_role("table", name="Accounts")
    assert "blocked" in accounts.inner_text()
    accounts.get_by_role("button", name="Re-arm…").click()
    typed = review.get_by_label("Type ", exact=False)
    typed.fill(review.locator("label strong").inner_text())
    assert review.get_by_role("button", name="Re-arm ").is_disabled()
    typed.fill("")
    confirm(room, desk, "Re-arm ")
    page.keyboard.press("Escape")
    accounts.get_by_text("may trade").wait_for()
    assert desk.faults() == []


def test_a_live_session_is_reviewed_and_looks_like_paper_but_for_badge_edge_and_account(
    room: TradingRoom, desk: Visit, paper: str
) -> None:
    page = desk.page
    desk.go(f"/sessions/{paper}")
    panels = page.get_by_role("heading", level=2).all_inner_texts()
    choose(desk, LIVE, "bold", "live")
    page.get_by_role("button", name="Review live session…").click()
    review = page.get_by_role("alertdialog")
    typed = review.get_by_label("Type ", exact=False)
    typed.wait_for()
    assert desk.faults() == []
    button = review.get_by_role("button").last
    assert button.is_disabled()
    typed.fill(review.locator("label strong").inner_text())
    button.click()
    page.wait_for_url(f"**/sessions/{LIVE}*")
    room.until_it_trades(LIVE)
    room.advance(LIVE, 3)
    row_of_steps(desk).filter(has_text="market").first.get_by_text("filled").wait_for()
    assert page.title().startswith("LIVE ")
    assert page.locator(".bg-danger.h-1").count() == 1
    assert page.get_by_role("main").get_by_text("LIVE", exact=True).first.is_visible()
    shown = page.get_by_role("heading", level=2).all_inner_texts()
    assert [each for each in shown if each != "Open orders"] == [each for each in panels if each != "Open orders"]
    assert desk.faults() == []


def test_a_live_session_is_known_as_one_on_a_phone_and_its_orders_go_their_way_by_the_stream(
    room: TradingRoom, phone: Visit, paper: str
) -> None:
    page = phone.page
    phone.go(f"/sessions/{LIVE}")
    assert page.title().startswith("LIVE ")
    assert page.locator(".bg-danger.h-1").count() == 1
    assert page.get_by_role("main").get_by_text("LIVE", exact=True).first.is_visible()
    page.get_by_role("banner").get_by_text("live", exact=True).wait_for()
    before = row_of_steps(phone).count()
    room.advance(LIVE, 2)
    until(lambda: row_of_steps(phone).count() > before, "the next order to show itself")
    row = row_of_steps(phone).first
    row.get_by_text("filled").wait_for()
    assert row.inner_text().index("sent") < row.inner_text().index("acknowledged") < row.inner_text().index("filled")
    assert phone.faults() == []


def test_a_viewer_sees_what_is_forbidden_with_its_reason_and_the_server_refuses(
    running: Any, room: TradingRoom, desk: Visit, paper: str
) -> None:
    with newcomer(running, room, "vera", "viewer", f"/approvals?evidence={paper}") as seen:
        verdict = seen.page.get_by_role("region", name="Give a verdict")
        verdict.get_by_text("This takes the role admin.").wait_for()
        approve = verdict.get_by_role("button", name="Approve")
        assert approve.get_attribute("aria-disabled") == "true"
        sent: list[str] = []
        seen.page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
        verdict.get_by_label("Reason").fill("I say so.")
        verdict.get_by_label("Reason").press("Enter")
        approve.click(force=True)
        assert seen.faults() == []
        assert sent == []
        seen.go(f"/sessions/{LIVE}")
        stop = seen.page.get_by_role("button", name="Stop…")
        assert stop.get_attribute("aria-disabled") == "true"
        assert stop.get_attribute("title") == "This takes the role trader."
        assert seen.faults() == []


def test_no_verdict_is_given_by_a_viewer_or_by_a_program_whatever_its_token_may(room: TradingRoom, paper: str) -> None:
    """What is forbidden on the page is refused by the server; the token of an admin's program is no person."""
    store = approval_store(room.project.folder / "store")
    before = len(store.all())
    with httpx.Client(base_url=room.server.address) as web:
        said = {"evidence": paper, "verdict": "approved", "reason": "I say so."}

        def signed(name: str) -> dict[str, str]:
            asked = web.post("/v1/auth/login", json={"name": name, "password": PASSWORD})
            return {"Authorization": f"Bearer {asked.json()['access_token']}"}

        admin = signed("admin")
        made = web.post("/v1/tokens", json={"name": "program", "scopes": [*Scope]}, headers=admin).json()
        refusals = [
            web.post("/v1/approvals", json=said, headers=shown).json()
            for shown in (signed("vera"), {"Authorization": f"Bearer {made['token']}"})
        ]
        assert [each["detail"] for each in refusals] == [
            "This takes the role admin; vera is viewer.",
            "Only a person may do this.",
        ]
    assert len(store.all()) == before


def test_from_a_phone_a_live_account_is_stopped_closed_and_armed_again(
    running: Any, room: TradingRoom, phone: Visit, paper: str
) -> None:
    """In the other view, and with the account that matters; who is no admin sees why it stays blocked."""
    page = phone.page
    phone.go(f"/sessions/{LIVE}")
    page.get_by_role("button", name="Stop", exact=True).click()
    panel = page.get_by_role("dialog", name="Stop")
    panel.get_by_role("button", name="Block new orders of ").click()
    panel.get_by_text("Every account is blocked").wait_for()
    assert phone.faults() == []
    account = panel.get_by_role("listitem").filter(has_text="LIVE")
    account.get_by_role("button", name="Close all…").click()
    told = confirm(room, phone, "Close 1 position in")
    assert told.get_by_role("list", name="Result by order").get_by_role("listitem").count() > 0
    assert phone.faults() == []
    page.keyboard.press("Escape")
    until(lambda: bool(room.venue.advance()) and room.held(LIVE) == 0.0, "everything to be closed")
    assert room.venue.ask("GET", "/v2/positions", headers=LIVE_KEYS).json() == []
    with newcomer(running, room, "tom", "trader", "/risk") as seen:
        button = seen.page.get_by_role("table", name="Accounts").get_by_role("button", name="Re-arm…").first
        button.wait_for()
        assert button.get_attribute("aria-disabled") == "true"
        assert button.get_attribute("title") == "This takes the role admin."
        assert seen.faults() == []
    account.get_by_role("button", name="Re-arm…").click()
    review = page.get_by_role("alertdialog")
    review.get_by_text("an account is armed while nobody trades it").wait_for()
    for overlay in (review, panel):
        page.keyboard.press("Escape")
        overlay.wait_for(state="detached")
    page.get_by_role("button", name="Stop…").click()
    review.get_by_label("Reason").fill("The walk")
    review.get_by_role("button", name=f"Stop {LIVE}").click()
    page.get_by_text("ended", exact=True).first.wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    account.get_by_role("button", name="Re-arm…").click()
    confirm(room, phone, "Re-arm ")
    assert phone.faults() == []
    page.keyboard.press("Escape")
    account.get_by_text("may trade").wait_for()
