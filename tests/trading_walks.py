"""What a person does on the pages of trading, at a desk or on a phone, and what is seen there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.dashboard import PASSWORD, PHONE, Visit, visit
from tests.live_project import until
from tests.trading_room import TradingRoom

__all__ = [
    "LIVE",
    "LIVE_KEYS",
    "NEW",
    "PAPER",
    "PAPER_KEYS",
    "choose",
    "confirm",
    "newcomer",
    "row_of_steps",
    "see_it_on_top",
]

PAPER, LIVE = "paper-walk", "live-walk"
PAPER_KEYS, LIVE_KEYS = ({"APCA-API-KEY-ID": key, "APCA-API-SECRET-KEY": "secret"} for key in ("PKPAPER", "AKLIVE"))
NEW = "/sessions/new?strategy=steps&symbols=ACME&timeframe=1m"


def choose(seen: Visit, name: str, limits: str, mode: str = "paper") -> None:
    """Fill in the form of a new session at the venue."""
    page = seen.page
    seen.go(NEW)
    page.get_by_label("Mode").select_option(mode)
    page.get_by_label("Broker").fill("alpaca")
    if mode == "paper":
        page.get_by_label("Filled by").select_option("venue")
    page.get_by_label("Limits of the account").select_option(limits)
    page.get_by_label("Name").fill(name)


@contextmanager
def newcomer(running: Any, room: TradingRoom, name: str, role: str, path: str) -> Iterator[Visit]:
    """Somebody of a role who comes for the first time, on a phone."""
    once = room.project.said("user", "add", name, "--role", role)["one_time_password"]
    with visit(running, room.server.address, PHONE) as seen:
        seen.go(path)
        seen.sign_in(name, once)
        seen.change_password(once, PASSWORD)
        yield seen


def row_of_steps(seen: Visit) -> Any:
    """The rows of the session's orders, each with its steps."""
    return seen.page.get_by_role("table", name="Orders of the session, the latest first").locator("tbody tr")


def see_it_on_top(seen: Visit) -> None:
    """An unknown order leads Overview, and Orders, where nothing offers to send it again."""
    page = seen.page
    seen.go("/")
    first = page.get_by_role("list", name="What needs a look").get_by_role("listitem").first
    first.filter(has_text="1 order unknown").wait_for()
    assert seen.faults() == []
    first.get_by_role("link", name="Open").click()
    page.wait_for_url("**/orders")
    row = page.get_by_role("table", name="Open orders, unknown ones first").locator("tbody tr").first
    row.get_by_text("UNKNOWN", exact=True).wait_for()
    assert "the venue is asked" in row.inner_text()
    assert row.get_by_role("button").count() == 0
    assert not re.search(r"\bretry|again\b", page.get_by_role("main").inner_text(), re.IGNORECASE)
    assert seen.faults() == []


def confirm(room: TradingRoom, seen: Visit, button: str) -> Any:
    """Confirm the open review; what moves meanwhile is confirmed as it stands then, bars pass, and the result comes."""
    from playwright.sync_api import TimeoutError as NotYet

    review = seen.page.get_by_role("alertdialog")
    typed, result = review.get_by_label("Type ", exact=False), review.get_by_role("status")
    review.get_by_label("Reason").fill("The walk")
    seen.expected.add(409)

    def is_answered() -> bool:
        # Asked in one look: the field may go the moment the answer comes.
        if typed.evaluate_all("fields => fields.map(each => each.value)") == [""]:
            typed.fill(review.locator("label strong").inner_text())
            review.get_by_role("button", name=button).click()
        try:
            result.wait_for(timeout=500)
        except NotYet:
            room.venue.advance()
        return bool(result.count())

    until(is_answered, "the result of the review")
    return result
