"""The dashboard in trouble: streams that fail, a server that begins again, no sockets, and what each role sees."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.browser import browser
from tests.child_processes import until
from tests.dashboard import DESK, PASSWORD, PHONE, Visit, require_built, served, visit
from tests.lines import Line

from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.access import Actor
from tradewright.domain.control.alerts import Alert, Severity
from tradewright.domain.control.schedules import Wish
from tradewright.domain.control.users import Role
from tradewright.face.bars_again import OriginReader

pytestmark = pytest.mark.slow

SESSION = "20261120-143000-paper"
HOUR_NS = 3600 * 10**9
SPRING_NS = 1_772_953_200 * 10**9
"""2026-03-08 07:00 UTC, when clocks in New York go forward."""
ROUTES = {
    "/": "Overview", "/strategies": "Strategies", "/runs": "Runs", "/compare": "Compare", "/data": "Data",
    "/sessions": "Sessions", "/positions": "Positions", "/orders": "Orders", "/approvals": "Approvals", "/risk": "Risk",
    "/jobs": "Jobs", "/schedules": "Schedules", "/alerts": "Alerts", "/health": "Health", "/settings": "Settings",
}  # fmt: skip
POLLED = {
    "/sessions": ("/v1/sessions", 5), "/positions": ("/v1/positions", 5), "/orders": ("/v1/orders", 5),
    "/risk": ("/v1/controls", 5), "/alerts": ("/v1/alerts", 5), "/jobs": ("/v1/jobs", 10),
    "/schedules": ("/v1/schedules", 10),
    "/runs": ("/v1/runs", 10), "/strategies": ("/v1/strategies", 10), "/health": ("/v1/health/parts", 10),
}  # fmt: skip


@dataclass
class Stage:
    """A server behind a line, its stores, and a browser."""

    folder: Path
    room: ControlRoom
    line: Line
    running: Any
    servers: ExitStack

    def begin(self) -> None:
        """Begin a server, and let the line lead to it."""
        server = self.servers.enter_context(served(self.folder, "--no-worker"))
        self.line.mend(int(server.address.rpartition(":")[2]))

    def queue(self, count: int = 1) -> list[str]:
        """Put jobs into the queue, as another program would."""
        request = {"strategy": "sma_cross", "symbols": ["ACME"]}
        return [self.room.jobs.submit("backtest", request, owner="admin").id for _ in range(count)]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    require_built()
    folder = tmp_path_factory.mktemp("trouble") / "stores"
    with pytest.MonkeyPatch.context() as patch, ExitStack() as servers, browser() as running:
        patch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(folder))
        room = control_room("0", OriginReader, folder=folder)
        made = Stage(folder, room, Line(1), running, servers)
        made.begin()
        by = Actor("terminal")
        room.access.users.set_password("admin", PASSWORD, by)
        for name, role in (("vera", Role.VIEWER), ("tom", Role.TRADER)):
            room.access.users.create(name, role, by)
            room.access.users.set_password(name, PASSWORD, by)
        about = {
            "mode": "paper", "fills": "simulated", "broker": "simulated", "account": "practice", "timeframe": "1d",
            "currency": "USD", "strategies": [{"name": "Turns"}], "instruments": [{"symbol": "ACME"}],
        }  # fmt: skip
        log = room.sessions.create(SESSION, about)
        log.measure({"equity": 100_045.0, "cash": 99_000.0, "rows": 12, "positions": [], "measured_ns": time.time_ns()})
        log.close()
        (folder / "accounts" / "paper" / "practice").mkdir(parents=True)
        for number, at in enumerate((SPRING_NS - HOUR_NS, SPRING_NS, SPRING_NS + HOUR_NS)):
            room.alerts.raise_(
                Alert(f"a{number}", f"rule.{number}", "feed", Severity.WARNING, f"Number {number}.", None, at, at)
            )
        room.schedules.add(Wish(name="nightly", when="XNYS close + 15 m", kind="check", request={}), owner="admin")
        yield made
        made.line.close()


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Iterator[Visit]:
    """The admin at a desk."""
    with visit(stage.running, stage.line.address, DESK) as seen:
        enter(seen, "admin")
        yield seen


def enter(seen: Visit, name: str, path: str = "/") -> None:
    seen.go(path)
    seen.sign_in(name, PASSWORD)
    seen.page.get_by_role("heading", name=ROUTES[path], level=1).wait_for()


def shown_jobs(seen: Visit) -> list[list[str]]:
    """Id and state of every row."""
    rows = seen.page.locator("table tbody tr")
    ids = rows.locator("a[href^='/jobs/']").evaluate_all("links => links.map(each => each.getAttribute('href'))")
    states = rows.evaluate_all("rows => rows.map(each => each.innerText)")
    return sorted([one.removeprefix("/jobs/"), text] for one, text in zip(ids, states, strict=False))


def agrees(stage: Stage, seen: Visit) -> bool:
    """Whether the page shows the jobs of the server, each once and as it stands."""
    kept = {job.id: str(job.state) for job in stage.room.jobs.page().items}
    shown = shown_jobs(seen)
    ids = [one for one, _ in shown]
    return sorted(ids) == sorted(kept) and all(kept[one] in text.lower() for one, text in shown)


# ---------------------------------------------------------------- walk 11: stream faults


def test_events_that_come_twice_and_in_any_order_show_what_the_server_has(stage: Stage) -> None:
    with visit(stage.running, stage.line.address, DESK) as seen:
        held: list[str] = []

        def follow(socket: Any) -> None:
            server = socket.connect_to_server()

            def hear(message: str) -> None:
                held.append(message)
                if len(held) >= 3 or "heartbeat" in message:
                    for each in [*reversed(held), held[0]]:
                        socket.send(each)
                    held.clear()

            server.on_message(hear)

        seen.page.route_web_socket("**/v1/ws*", follow)
        enter(seen, "admin", "/jobs")
        seen.page.get_by_role("banner").get_by_text("live").wait_for()
        jobs = stage.queue(8)
        for job in jobs[::2]:
            stage.room.jobs.cancel(job)
        until(lambda: agrees(stage, seen), "the page to agree with the server")
        assert seen.complaints == []


def test_a_mute_socket_is_noticed_within_ten_seconds_and_what_was_missed_comes(stage: Stage) -> None:
    with visit(stage.running, stage.line.address, PHONE) as seen:
        mute, opened = [False], []

        def follow(socket: Any) -> None:
            server = socket.connect_to_server()
            opened.append(server)
            number = len(opened)
            server.on_message(lambda message: socket.send(message) if number > 1 or not mute[0] else None)

        seen.page.clock.install()
        seen.page.route_web_socket("**/v1/ws*", follow)
        enter(seen, "admin", "/jobs")
        seen.page.get_by_role("banner").get_by_text("live").wait_for()
        mute[0] = True
        seen.page.clock.fast_forward(9_000)
        stage.queue()
        seen.page.clock.fast_forward(1_100)
        seen.page.get_by_role("banner").get_by_text("every 10 s").wait_for()
        seen.page.clock.fast_forward(30_000)
        seen.page.get_by_role("banner").get_by_text("live").wait_for()
        until(lambda: agrees(stage, seen), "the page to agree with the server")
        assert seen.faults() == []


# ---------------------------------------------------------------- no sockets at all


def test_without_sockets_every_page_asks_often_enough(stage: Stage) -> None:
    """Five seconds for what moves money and for alerts, ten for the rest; time is moved by hand."""
    with visit(stage.running, stage.line.address, DESK) as seen:
        seen.page.clock.install()
        seen.page.route_web_socket("**/v1/ws*", lambda socket: socket.close())
        enter(seen, "admin")
        seen.page.get_by_role("banner").get_by_text("every 10 s").wait_for()
        for path, (asked, seconds) in POLLED.items():
            seen.page.locator(f"nav a[href='{path}']").first.click()
            seen.page.get_by_role("heading", name=ROUTES[path], level=1).wait_for()
            seen.settle()
            with seen.page.expect_response(lambda answer, asked=asked: asked in answer.url, timeout=60_000):
                seen.page.clock.fast_forward(seconds * 1000 + 100)
        assert seen.complaints == []


def test_without_sockets_what_happens_is_shown_all_the_same(stage: Stage) -> None:
    with visit(stage.running, stage.line.address, DESK) as seen:
        seen.page.clock.install()
        seen.page.route_web_socket("**/v1/ws*", lambda socket: socket.close())
        enter(seen, "admin", "/jobs")
        stage.room.jobs.cancel(stage.queue(2)[0])
        seen.page.clock.fast_forward(10_100)
        until(lambda: agrees(stage, seen), "the page to agree with the server")


# ---------------------------------------------------------------- walk 15: access and reach


@pytest.mark.parametrize("name", ["vera", "tom", "admin"])
def test_every_route_is_sound_for_every_role_and_every_link_answers(name: str, stage: Stage) -> None:
    """No page asks for what its reader may not have: a refusal would be a word of the console."""
    with visit(stage.running, stage.line.address, DESK) as seen:
        enter(seen, name)
        links: set[str] = set()
        for path, title in ROUTES.items():
            seen.page.locator(f"nav a[href='{path}']").first.click()
            seen.page.get_by_role("heading", name=title, level=1).wait_for()
            seen.settle()
            found = seen.page.locator("a[href^='/']").evaluate_all(
                "links => links.map(each => each.getAttribute('href'))"
            )
            links |= {each for each in found if each.partition("?")[0] not in ROUTES}
            assert seen.complaints == [], path
        for link in few_of_each(links) if name == "admin" else ():
            seen.go(link)
            assert seen.page.get_by_role("heading", name="There is no such page").count() == 0, link
            assert seen.complaints == [], link


def few_of_each(links: set[str]) -> list[str]:
    """Two links of each kind of page: a list has many of one kind."""
    kinds: dict[str, list[str]] = {}
    for link in sorted(links):
        kinds.setdefault(link.partition("?")[0].rpartition("/")[0], []).append(link)
    return [link for kind in kinds.values() for link in kind[:2]]


def test_a_viewer_sees_what_begins_by_itself_and_why_it_is_not_theirs_to_change(stage: Stage) -> None:
    with visit(stage.running, stage.line.address, DESK) as seen:
        enter(seen, "vera")
        seen.go("/schedules")
        main = seen.page.get_by_role("main")
        assert disabled(main) == ["Pause nightly", "Run now: nightly"]
        main.get_by_role("link", name="nightly").click()
        seen.page.get_by_role("heading", name="nightly", level=1).wait_for()
        assert disabled(main) == ["Pause nightly", "Run now: nightly", "Remove nightly…"]
        assert seen.faults() == []
        seen.go("/schedules/new")
        assert disabled(main) == ["Add the schedule"]


def disabled(main: Any) -> list[str]:
    """The buttons that may not be pressed for want of a role."""
    found = main.locator("button[aria-description='This takes the role trader.']")
    return [each.get_attribute("aria-label") or each.inner_text() for each in found.all()]


TABBABLE = """() => [...document.querySelectorAll(
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea, summary, [tabindex="0"]')]
  .filter(each => each.offsetParent !== null && each.tabIndex >= 0 && each.type !== 'radio')
  .map((each, at) => { each.dataset.reach = at; return at; }).length"""
REACHED = """() => { const at = document.activeElement?.dataset?.reach;
  return at === undefined ? null : Number(at); }"""


def test_every_route_passes_with_the_keyboard_alone(desk: Visit) -> None:
    """By the palette to each page, and by Tab to everything on it that can be used."""
    for title in ROUTES.values():
        desk.page.keyboard.press("Control+k")
        desk.page.get_by_role("combobox", name="Page").wait_for()
        desk.page.keyboard.type(title)
        desk.page.keyboard.press("Enter")
        desk.page.get_by_role("heading", name=title, level=1).wait_for()
        desk.settle()
        # What is drawn anew meanwhile loses its mark: then all of it is walked once more.
        assert any(_reaches_all(desk) for _ in range(3)), title
    assert desk.complaints == []


def _reaches_all(desk: Visit) -> bool:
    """Whether Tab comes to everything on the page that can be used."""
    count = desk.page.evaluate(TABBABLE)
    reached = set()
    for _ in range(count + 10):
        desk.page.keyboard.press("Tab")
        reached.add(desk.page.evaluate(REACHED))
    return set(range(count)) <= reached


def test_a_change_of_zone_changes_labels_and_no_places_on_a_day_when_clocks_change(desk: Visit) -> None:
    desk.page.locator("nav a[href='/alerts']").first.click()
    desk.page.get_by_role("heading", name="Alerts", level=1).wait_for()
    desk.page.get_by_role("table").get_by_text("Number 2.").first.wait_for()
    cells = "rows => rows.map(each => [...each.querySelectorAll('time')].map(time => time.dateTime).join())"
    rows = desk.page.locator("table tbody tr")
    order, labels = [], []
    for _ in range(3):
        order.append(rows.evaluate_all(cells))
        labels.append(rows.first.inner_text())
        desk.page.keyboard.press("t")
    assert order[0] == order[1] == order[2]
    assert len(order[0]) == 3


def keeps_its_page(seen: Visit) -> bool:
    """Whether the browser has what it shows where no server answers; each visit asks for it anew."""
    found = "navigator.serviceWorker.getRegistration().then(found => Boolean(found && found.active))"
    if not seen.page.evaluate(found):
        seen.page.reload()
    return bool(seen.page.evaluate(found))


def test_a_reload_without_the_server_shows_a_sentence_and_comes_back_by_itself(stage: Stage) -> None:
    with visit(stage.running, stage.line.address, PHONE, workers="allow") as seen:
        enter(seen, "admin", "/alerts")
        until(lambda: keeps_its_page(seen), "the page for when there is no server")
        port = stage.line._target
        stage.line.cut()
        seen.page.reload()
        seen.page.get_by_role("heading", name="The server does not answer").wait_for()
        stage.line.mend(port)
        seen.page.get_by_role("heading", name="Alerts", level=1).wait_for()
        assert seen.page.url == f"{seen.address}/alerts"


# ---------------------------------------------------------------- the server itself ends


def seconds_of(age: str) -> int:
    """What an age says, as "stale 1 m 5 s"."""
    sizes = {"h": 3600, "m": 60, "s": 1}
    return sum(int(count) * sizes[unit] for count, unit in re.findall(r"(\d+) ([hms])\b", age))


def test_while_the_server_is_away_it_is_said_ages_grow_and_danger_is_off(stage: Stage) -> None:
    with visit(stage.running, stage.line.address, DESK) as seen:
        seen.page.clock.install()
        enter(seen, "admin", "/health")
        banner = seen.page.get_by_role("banner")
        banner.get_by_text("live").wait_for()
        seen.page.locator("nav a[href='/sessions']").first.click()
        age = seen.page.get_by_role("table").locator("tbody tr").first.locator("time").last
        age.wait_for()
        measured, before = age.get_attribute("datetime"), age.inner_text()
        stage.line.cut()
        stage.servers.close()
        seen.page.clock.fast_forward(10_000)
        seen.page.get_by_text("Offline, as of").wait_for()
        until(lambda: seconds_of(age.inner_text()) >= seconds_of(before) + 10, "its age to grow")
        assert age.get_attribute("datetime") == measured
        banner.get_by_role("button", name="Stop", exact=True).click()
        stop = seen.page.get_by_role("dialog", name="Stop")
        assert "tradewright kill" in stop.inner_text()
        for button in stop.get_by_role("button", name="Block").all():
            assert button.get_attribute("aria-disabled") == "true"
        seen.page.keyboard.press("Escape")
        stage.queue(2)
        stage.begin()
        seen.page.clock.fast_forward(31_000)
        seen.page.get_by_text("Offline, as of").wait_for(state="detached")
        banner.get_by_text("live").wait_for()
        seen.page.locator("nav a[href='/jobs']").first.click()
        seen.page.get_by_role("heading", name="Jobs", level=1).wait_for()
        stage.queue()
        until(lambda: agrees(stage, seen), "the page to agree with the server")
