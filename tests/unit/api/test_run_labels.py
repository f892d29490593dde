"""What is said of a run from outside it can be changed, and nothing else; a deletion is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import Kept

import tradewright as tw

AS_IT_WAS = {"name": "turns of eleven", "note": "", "tags": [], "star": False}


@pytest.fixture
def trader(client_of: Callable[[str], AsgiClient], kept: Kept) -> Iterator[AsgiClient]:
    """Who may change them; the run is left as it was."""
    client = client_of("trader")
    yield client
    client.patch(f"/v1/runs/{kept.second}", json=AS_IT_WAS)


def test_only_what_is_said_changes(trader: AsgiClient, kept: Kept) -> None:
    address = f"/v1/runs/{kept.second}"
    before = trader.get(address).json()
    assert trader.patch(address, json={"star": True}).json()["name"] == "turns of eleven"
    answer = trader.patch(address, json={"note": "why so few?", "tags": [" slow ", "slow", "odd"]}).json()
    assert (answer["star"], answer["note"], answer["tags"]) == (True, "why so few?", ["slow", "odd"])
    after = trader.get(address).json()
    assert {name for name in after if after[name] != before[name]} == {"star", "note", "tags"}
    assert trader.patch(address, json={"name": None}).json()["name"] is None


def test_marked_runs_are_found(trader: AsgiClient, kept: Kept) -> None:
    trader.patch(f"/v1/runs/{kept.second}", json={"star": True})
    assert [each["id"] for each in trader.get("/v1/runs", params={"star": True}).json()["items"]] == [kept.second]
    assert [each["id"] for each in trader.get("/v1/runs", params={"star": False}).json()["items"]] == [kept.first]


def test_a_changed_label_is_sent_anew(trader: AsgiClient, kept: Kept) -> None:
    address = f"/v1/runs/{kept.second}"
    tag = trader.get(address).headers["ETag"]
    trader.patch(address, json={"star": True})
    assert trader.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "said", [{"status": "done"}, {"tags": [""]}, {"name": "x" * 201}, {"tags": ["a"] * 21}, {"note": None}]
)
def test_what_is_no_label_is_refused(said: dict[str, object], trader: AsgiClient, kept: Kept) -> None:
    assert trader.patch(f"/v1/runs/{kept.second}", json=said).status_code == 422


def test_who_deleted_which_run_stands_in_the_audit_log(admin: AsgiClient, kept: Kept) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(kept.folder))
        run_id = tw.keep_run(kept.result, name="not needed")
    assert admin.delete(f"/v1/runs/{run_id}").status_code == 204
    entry = admin.get("/v1/audit", params={"action": "run.delete"}).json()["items"][0]
    assert (entry["subject"], entry["who"], entry["details"]["name"]) == (run_id, "a admin", "not needed")
