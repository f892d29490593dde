"""A real browser for the tests: the system's Chromium, driven by Playwright, with nothing to reach but local files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

VARIABLE = "TRADEWRIGHT_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_MS = 60_000
"""How long a page may take to draw on a busy machine; a page that never draws still fails."""
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def chromium() -> str:
    """Path of the browser; the test skips where there is none."""
    named = os.environ.get(VARIABLE)
    found = named or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no Chromium is installed; {VARIABLE} names one")
    return found


@contextmanager
def browser() -> Iterator[Any]:
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium(), args=list(_FLAGS))
        try:
            yield running
        finally:
            running.close()


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    """A browser for a module's tests; one for more would leave its event loop running under tests of other kinds."""
    with browser() as started:
        yield started


class View(NamedTuple):
    """How a page is looked at."""

    width: int
    scheme: str

    @property
    def height(self) -> int:
        return 844 if self.width < 500 else 900


class Seen(NamedTuple):
    """A page that was opened, and what the browser complained of."""

    page: Any
    complaints: list[str]
    requests: list[str]


@contextmanager
def opened(running: Any, file: Path, view: View) -> Iterator[Seen]:
    """Open a file as one looks at it; console errors, failed scripts and every request are kept."""
    context = running.new_context(viewport={"width": view.width, "height": view.height}, color_scheme=view.scheme)
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    seen = Seen(page, [], [])
    page.on("console", lambda said: seen.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(file.resolve().as_uri(), wait_until="load")
    try:
        yield seen
    finally:
        context.close()
