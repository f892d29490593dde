"""The dashboard as it is used: a real server with something to show, and a real browser that looks at it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.browser import View

PROJECT = Path(__file__).resolve().parents[1]
WEB = PROJECT / "dashboard"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
SERVE = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())", "serve", "--port", "0")
DESK, PHONE = View(1440, "light"), View(390, "dark")
PASSWORD = "a long enough sentence"  # noqa: S105 - of a user who lives as long as the test
_PATIENCE_MS = 60_000
"""How long anything may take on a busy machine; what never comes still fails."""


def require_built() -> None:
    """The test skips where the dashboard was not built."""
    if not (WEB / "dist" / "index.html").is_file() or not AXE.is_file():
        pytest.skip("the dashboard is not built: `make dashboard` builds it, with Node and npm")


class Served(NamedTuple):
    """A running server."""

    address: str
    password: str | None
    """The one-time password of its first start."""


@contextmanager
def served(
    folder: Path, *words: str, project: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """The server over a folder of stores and a project, in a process of its own, until the block ends."""
    env = {**os.environ, "TRADEWRIGHT_STORAGE__FOLDER": str(folder), **(environment or {})}
    project = project or folder.parent / "project"
    project.mkdir(exist_ok=True)
    log = folder.parent / "server.log"
    with (
        log.open("w", encoding="utf-8") as said,
        subprocess.Popen(
            [*SERVE, "--json", *words], cwd=project, env=env, stdout=subprocess.PIPE, stderr=said, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first, log.read_text(encoding="utf-8")
            told = json.loads(first)
            yield Served(told["address"], told["password"])
        finally:
            process.terminate()
            process.wait(60)


class Furnished(NamedTuple):
    """A server, and what was put into its stores before it began."""

    server: Served
    kept: Any


@contextmanager
def furnished(folder: Path, keep: Callable[[], Any], *words: str) -> Iterator[Furnished]:
    """A server over new stores in a folder, which the environment names while something is kept in them."""
    require_built()
    stores = folder / "stores"
    stores.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(stores))
        kept = keep()
    with served(stores, *words) as server:
        yield Furnished(server, kept)


@dataclass
class Visit:
    """A page that somebody looks at, and what went wrong on it."""

    page: Any
    address: str
    view: View
    expected: set[int] = field(default_factory=set)
    """States that the test provokes; the browser's word about them is no complaint."""
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, said: Any) -> None:
        if said.type == "error" and not any(f"status of {state}" in said.text for state in self.expected):
            self.complaints.append(f"{said.text} {said.location.get('url', '')}")

    def go(self, path: str) -> None:
        """Open an address; it is there when its headline is, and nothing loads any more."""
        self.page.goto(self.address + path)
        self.settle()

    def settle(self) -> None:
        """Wait until the page shows what it has."""
        self.page.wait_for_selector("h1")
        self.page.wait_for_selector("[aria-busy=true]", state="detached")

    def sign_in(self, name: str, password: str) -> None:
        """Fill in the form."""
        self.page.get_by_label("Name", exact=True).fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def change_password(self, old: str, new: str) -> None:
        """Fill in the form that a one-time password leads to."""
        self.page.get_by_label("One-time password").fill(old)
        self.page.get_by_label("New password", exact=True).fill(new)
        self.page.get_by_label("New password again").fill(new)
        self.page.get_by_role("button", name="Change password").click()

    def enter(self, password: str, new: str | None = None) -> None:
        """Come in as the admin; the password of the first start has to be changed to a new one."""
        self.go("/sign-in")
        self.sign_in("admin", password)
        if new is not None:
            self.change_password(password, new)
        self.page.get_by_role("heading", name="Overview").wait_for()

    def faults_at(self, *paths: str) -> dict[str, list[str]]:
        """What is wrong with each of these pages, where anything is."""
        found = {}
        for path in paths:
            self.go(path)
            if faults := self.faults():
                found[path] = faults
        return found

    def faults(self) -> list[str]:
        """What is wrong with the page as it stands: wider than the screen, headlines, access, complaints."""
        found, self.complaints[:] = list(self.complaints), []
        wide, inner = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide != inner:
            found.append(f"{wide} px wide on a screen of {inner} px")
        if (count := self.page.locator("h1").count()) != 1:
            found.append(f"{count} headlines")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        answer = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        found += [f"{each['id']}: {node['html'][:120]}" for each in answer["violations"] for node in each["nodes"][:3]]
        return found


@contextmanager
def visit(running: Any, address: str, view: View, workers: str = "block") -> Iterator[Visit]:
    """A browser window of its own; what a test routes is not seen where service workers are allowed."""
    context = running.new_context(
        viewport={"width": view.width, "height": view.height}, color_scheme=view.scheme, reduced_motion="reduce",
        service_workers=workers,
    )  # fmt: skip
    context.set_default_timeout(_PATIENCE_MS)
    try:
        yield Visit(context.new_page(), address, view)
    finally:
        context.close()


@pytest.fixture(scope="module")
def desk(running: Any, server: Served) -> Iterator[Visit]:
    """The admin at a desk, who begins with the one-time password."""
    assert server.password
    with visit(running, server.address, DESK) as seen:
        seen.enter(server.password, PASSWORD)
        yield seen


@pytest.fixture(scope="module")
def phone(running: Any, desk: Visit) -> Iterator[Visit]:
    """The same on a phone in the dark."""
    with visit(running, desk.address, PHONE) as seen:
        seen.enter(PASSWORD)
        yield seen
