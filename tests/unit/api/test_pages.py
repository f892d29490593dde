"""The dashboard's files are handed out as they were built, its own addresses lead to its first page, others nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.asgi_client import AsgiClient

from tradewright.api.application import DoorOptions, create_app
from tradewright.bootstrap.control_room import ControlRoom


@pytest.fixture
def site(room: ControlRoom, tmp_path: Path) -> AsgiClient:
    """A server of a dashboard of two files."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>first</title>", encoding="utf-8")
    (folder / "assets" / "app-1a2b.js").write_text("run()", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "way-out").symlink_to(tmp_path / "secret.txt")
    return AsgiClient(create_app(room, DoorOptions(dashboard=folder)))


@pytest.mark.parametrize("path", ["/", "/runs", "/runs/3f1c", "/compare?ids=a,b", "/sign-in"])
def test_every_address_of_the_dashboard_gives_its_first_page(path: str, site: AsgiClient) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.text) == (200, "<title>first</title>")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_built_file_is_kept_for_ever(site: AsgiClient) -> None:
    answer = site.get("/assets/app-1a2b.js")
    assert (answer.text, "immutable" in answer.headers["Cache-Control"]) == ("run()", True)
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["/assets/app-0.js", "/v1/nothing", "/%2e%2e/secret.txt", "/way-out/x.txt"])
def test_what_there_is_not_is_a_problem(path: str, site: AsgiClient) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_link_out_of_the_folder_leads_nowhere(site: AsgiClient) -> None:
    assert "secret" not in site.get("/way-out").text


def test_without_a_dashboard_the_server_says_so(room: ControlRoom) -> None:
    answer = AsgiClient(create_app(room, DoorOptions())).get("/")
    assert "was not built" in answer.text


def test_the_interface_is_described_without_anything_from_elsewhere(site: AsgiClient) -> None:
    page = site.get("/docs").text
    assert "/v1/runs/{run_id}" in page
    assert "src=" not in page
    assert "http://" not in page.replace("http://localhost", "")
    assert site.get("/openapi.json").json()["info"]["title"] == "Tradewright"
