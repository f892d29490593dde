"""The dashboard in trouble: streams that fail, a server that begins again, no sockets, and what each role sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from tests.browser import View
from tests.child_processes import until
from tests.dashboard import DESK, PHONE, Visit, visit
from tests.line_stage import ROUTES, Stage, Wire, agrees, enter

pytestmark = pytest.mark.slow

POLLED = {
    "/sessions": ("/v1/sessions", 5), "/positions": ("/v1/positions", 5), "/orders": ("/v1/orders", 5),
    "/risk": ("/v1/controls", 5), "/alerts": ("/v1/alerts", 5), "/jobs": ("/v1/jobs", 10),
    "/schedules": ("/v1/schedules", 10),
    "/runs": ("/v1/runs", 10), "/strategies": ("/v1/strategies", 10), "/health": ("/v1/health/parts", 10),
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Iterator[Visit]:
    """The admin at a desk."""
    with visit(stage.running, stage.line.address, DESK) as seen:
        enter(seen, "admin")
        yield seen


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


@pytest.mark.parametrize(("fault", "view"), [("mute", PHONE), ("cut", DESK)])
def test_a_socket_that_fails_before_its_first_sign_of_life_is_noticed_and_what_was_missed_comes(
    fault: str, view: View, stage: Stage
) -> None:
    """Within ten seconds it is said, and over the next socket comes what the first one did not bring."""
    with visit(stage.running, stage.line.address, view) as seen:
        seen.page.clock.install()
        wire = Wire(seen.page, "loses")
        enter(seen, "admin", "/jobs")
        banner = seen.page.get_by_role("banner")
        banner.get_by_text("live").wait_for()
        until(lambda: agrees(stage, seen), "the page to agree with the server")
        stage.queue()
        if fault == "mute":
            seen.page.clock.fast_forward(10_100)
        else:
            wire.cut()
        banner.get_by_text("every 10 s").wait_for()
        wire.does = "passes"
        seen.page.clock.fast_forward(1_100)
        banner.get_by_text("live").wait_for()
        assert len(wire.opened) == 2
        until(lambda: agrees(stage, seen), "the page to agree with the server")
        assert seen.faults() == []


def stop_time(seen: Visit) -> None:
    """From now on the page's time passes only where the test says so; the line stands meanwhile."""
    from playwright.sync_api import Error as TooLateError

    def is_stopped() -> bool:
        with suppress(TooLateError):
            seen.page.clock.pause_at(seen.page.evaluate("Date.now()") + 1_000)
            return True
        return False

    def is_live() -> bool:
        seen.page.clock.run_for(5)
        return bool(seen.page.get_by_role("banner").get_by_text("live").count())

    until(is_stopped, "the page's time to stop")
    until(is_live, "the line to stand")


@pytest.mark.parametrize(("gap_ms", "view"), [(9_000, DESK), (11_000, PHONE)])
def test_a_stream_that_is_slow_is_no_dead_one_and_loses_nothing(gap_ms: int, view: View, stage: Stage) -> None:
    """A word every nine seconds of the page's own time is a slow line; with more between them it is a dead one."""
    with visit(stage.running, stage.line.address, view) as seen:
        page = seen.page
        page.clock.install()
        wire = Wire(page)
        enter(seen, "admin", "/jobs")
        until(lambda: agrees(stage, seen), "the page to agree with the server")
        stop_time(seen)
        before, wire.does = len(wire.opened), "holds"
        stage.room.jobs.cancel(stage.queue(4)[0])
        until(lambda: page.title() and len(wire.held()) >= 5, "what happened to be told")
        assert not agrees(stage, seen)
        for _ in range(3):
            wire.release()
            assert page.title()
            page.clock.run_for(gap_ms)
        if gap_ms < 10_000:
            assert (len(wire.opened), page.get_by_role("banner").get_by_text("live").count()) == (before, 1)
        else:
            until(lambda: page.title() and len(wire.opened) > before, "another line")
        wire.pass_all()
        page.clock.resume()
        until(lambda: agrees(stage, seen), "the page to agree with the server")
        assert seen.faults() == []


def test_a_server_that_takes_everything_and_says_nothing_is_away(stage: Stage) -> None:
    with visit(stage.running, stage.line.address, DESK) as seen:
        seen.page.clock.install()
        enter(seen, "admin", "/jobs")
        banner = seen.page.get_by_role("banner")
        banner.get_by_text("live").wait_for()
        stage.line.stall()
        try:
            stage.queue()
            seen.page.clock.fast_forward(10_100)
            banner.get_by_text("every 10 s").wait_for()
            seen.page.clock.fast_forward(1_100)
            seen.page.clock.fast_forward(10_100)
            seen.page.get_by_text("Offline, as of").wait_for()
        finally:
            stage.line.flow()
        seen.page.get_by_text("Offline, as of").wait_for(state="detached")
        seen.page.clock.fast_forward(31_000)
        banner.get_by_text("live").wait_for()
        until(lambda: agrees(stage, seen), "the page to agree with the server")


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


def open_stop(seen: Visit) -> tuple[Any, Any]:
    """The Stop panel, and its button."""
    seen.page.get_by_role("banner").get_by_role("button", name="Stop", exact=True).click()
    stop = seen.page.get_by_role("dialog", name="Stop")
    block = stop.get_by_role("button", name="Block new orders")
    block.wait_for()
    return stop, block


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
        stop, block = open_stop(seen)
        assert block.get_attribute("aria-disabled") != "true"
        seen.page.keyboard.press("Escape")
        stop.wait_for(state="detached")
        stage.line.cut()
        stage.servers.close()
        seen.page.clock.fast_forward(10_000)
        seen.page.get_by_text("Offline, as of").wait_for()
        until(lambda: seconds_of(age.inner_text()) >= seconds_of(before) + 10, "its age to grow")
        assert age.get_attribute("datetime") == measured
        stop, block = open_stop(seen)
        assert "tradewright kill" in stop.inner_text()
        assert block.get_attribute("aria-disabled") == "true"
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
