"""A server behind a line, with something in its stores, and who looks at it while the line or the server fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.browser import browser
from tests.dashboard import PASSWORD, Visit, require_built, served
from tests.lines import Line

from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.access import Actor
from tradewright.domain.control.alerts import Alert, Severity
from tradewright.domain.control.schedules import Wish
from tradewright.domain.control.users import Role
from tradewright.face.bars_again import OriginReader

SESSION = "20261120-143000-paper"
HOUR_NS = 3600 * 10**9
SPRING_NS = 1_772_953_200 * 10**9
"""2026-03-08 07:00 UTC, when clocks in New York go forward."""
ROUTES = {
    "/": "Overview", "/strategies": "Strategies", "/runs": "Runs", "/compare": "Compare", "/data": "Data",
    "/sessions": "Sessions", "/positions": "Positions", "/orders": "Orders", "/approvals": "Approvals", "/risk": "Risk",
    "/jobs": "Jobs", "/schedules": "Schedules", "/alerts": "Alerts", "/health": "Health", "/settings": "Settings",
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


class Wire:
    """The sockets of a page: what the server says passes, is held back, or is lost, as the test wants it.

    Parameters
    ----------
    page : Page
    does : str
        ``passes``, ``holds`` or ``loses``.
    """

    def __init__(self, page: Any, does: str = "passes") -> None:
        self.does = does
        self.opened: list[Any] = []
        self._current: Any = None
        self._held: list[tuple[Any, str]] = []
        page.route_web_socket("**/v1/ws*", self._follow)

    def held(self) -> list[str]:
        """What waits."""
        return [message for _, message in self._held]

    def release(self) -> None:
        """Let the oldest that waits through; the word of a line that was given up is lost."""
        self._send(*self._held.pop(0))

    def cut(self) -> None:
        """The present socket ends as if the server had gone."""
        socket, self._current = self._current, None
        socket.close(code=1011)

    def pass_all(self) -> None:
        """Let through what waits, and from now on all."""
        while self._held:
            self.release()
        self.does = "passes"

    def _follow(self, socket: Any) -> None:
        self.opened.append(socket)
        self._current = socket
        socket.connect_to_server().on_message(lambda message: self._hear(socket, message))

    def _hear(self, socket: Any, message: str) -> None:
        if self.does == "holds":
            self._held.append((socket, message))
        elif self.does == "passes":
            self._send(socket, message)

    def _send(self, socket: Any, message: str) -> None:
        if socket is self._current:
            socket.send(message)


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
