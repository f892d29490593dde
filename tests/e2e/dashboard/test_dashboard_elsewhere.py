"""The dashboard served as plain files from another place than its server: signed in, live, and only where it may."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.dashboard import DESK, PASSWORD, WEB, Served, Visit, require_built, served, visit

from tradewright.bootstrap.control_room import control_room
from tradewright.face.bars_again import OriginReader

pytestmark = pytest.mark.slow

META = '<meta name="tradewright-server" content="" />'


class _Files(http.server.SimpleHTTPRequestHandler):
    """The built files, as any host of static pages sends them: every other address is the first page."""

    server_said = ""

    def __init__(self, *words: Any) -> None:
        super().__init__(*words, directory=str(WEB / "dist"))

    def do_GET(self) -> None:
        if self.path.startswith(("/assets/", "/icon")):
            super().do_GET()
            return
        page = (WEB / "dist" / "index.html").read_text(encoding="utf-8")
        assert META in page
        sent = page.replace(META, META.replace('content=""', f'content="{self.server_said}"')).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Place(NamedTuple):
    """A host of static pages."""

    handler: type[_Files]
    port: int


@contextmanager
def files() -> Iterator[Place]:
    """The built dashboard on a port of its own."""
    handler = type("Files", (_Files,), {})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Place(handler, server.server_port)
        server.shutdown()
        thread.join(10)


class Stage(NamedTuple):
    """A server, and pages of three other places: of the same site, of another site, and one that is not named."""

    server: Served
    same: str
    other: str
    unnamed: str
    room: Any


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    require_built()
    folder: Path = tmp_path_factory.mktemp("elsewhere") / "stores"
    with ExitStack() as stack:
        places = [stack.enter_context(files()) for _ in range(3)]
        # Ports are no part of a site; the name of the machine is another site than its number.
        same, other, unnamed = (
            f"http://{host}:{place.port}"
            for host, place in zip(("127.0.0.1", "localhost", "127.0.0.1"), places, strict=True)
        )
        server = stack.enter_context(served(folder, "--no-worker", "--origin", same, "--origin", other))
        for place in places:
            place.handler.server_said = server.address
        room = control_room("0", OriginReader, folder=folder)
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("TRADEWRIGHT_STORAGE__FOLDER", str(folder))
        room.access.users.set_password("admin", PASSWORD, room_actor())
        yield Stage(server, same, other, unnamed, room)


def room_actor() -> Any:
    from tradewright.domain.control.access import Actor

    return Actor("terminal")


def signed_in(seen: Visit) -> None:
    seen.go("/jobs")
    seen.sign_in("admin", PASSWORD)
    seen.page.get_by_role("heading", name="Jobs", level=1).wait_for()


@pytest.mark.parametrize("which", ["same", "other"])
def test_a_named_place_signs_in_follows_and_comes_back_after_a_reload(which: str, stage: Stage, running: Any) -> None:
    with visit(running, getattr(stage, which), DESK) as seen:
        signed_in(seen)
        seen.page.get_by_role("banner").get_by_text("live").wait_for()
        job = stage.room.jobs.submit("backtest", {"strategy": "sma_cross", "symbols": [which.upper()]}, owner="admin")
        seen.page.get_by_role("cell", name="queued").wait_for()
        seen.page.reload()
        seen.settle()
        seen.page.get_by_role("heading", name="Jobs", level=1).wait_for()
        [cookie] = seen.page.context.cookies()
        assert (cookie["sameSite"], cookie["httpOnly"]) == ({"same": "Strict", "other": "None"}[which], True)
        assert seen.faults() == []
        stage.room.jobs.cancel(job.id)
        seen.page.get_by_role("banner").get_by_text("admin").click()
        seen.page.get_by_role("button", name="Sign out").click()
        seen.page.get_by_role("heading", name="Sign in").wait_for()
        assert seen.page.context.cookies() == []


def test_a_place_that_is_not_named_gets_no_answer_and_says_so(stage: Stage, running: Any) -> None:
    with visit(running, stage.unnamed, DESK) as seen:
        seen.go("/jobs")
        seen.sign_in("admin", PASSWORD)
        seen.page.get_by_role("alert").get_by_text("did not answer").wait_for()
        assert seen.page.context.cookies() == []
        assert all("CORS" in each or "Failed to load" in each for each in seen.complaints)


def test_a_page_of_an_unnamed_place_cannot_use_the_cookie(stage: Stage, running: Any) -> None:
    """The cookie may travel with what it asks, and is neither exchanged nor is the answer shown."""
    with visit(running, stage.same, DESK) as seen:
        signed_in(seen)
        [before] = seen.page.context.cookies()
        page = seen.page.context.new_page()
        page.goto(stage.unnamed)
        ask = "url => fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include'}).then(a => a.type, () => '')"
        assert page.evaluate(ask, f"{stage.server.address}/v1/auth/refresh") == ""
        assert seen.page.context.cookies() == [before]
