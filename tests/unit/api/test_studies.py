"""A run that came from a search or a walk-forward shows what it came from, as it was kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import ENOUGH, Kept, Steps, identify

import tradewright as tw
from tradewright.api.application import DoorOptions, create_app
from tradewright.bootstrap.control_room import control_room
from tradewright.face.bars_again import OriginReader


def test_trials_of_a_search_are_paged_and_its_headline_stands_with_the_run(storage: Path, tmp_path: Path) -> None:
    bars = tw.synthetic_bars("ACME", bars=200, seed=3)
    search = tw.optimize(Steps, bars, params={"every": [5, 7, 9]}, objective="total_return")
    run_id = tw.keep_run(search, name="a search")
    room = control_room("0.0.test", OriginReader, folder=storage, project=tmp_path)
    client = AsgiClient(
        create_app(room, DoorOptions(identify=identify, limits=ENOUGH)), {"Authorization": "Bearer viewer"}
    )
    said = client.get(f"/v1/runs/{run_id}").json()
    document = json.loads(search.to_json())
    assert (said["kind"], said["walk_forward"]) == ("optimize", None)
    assert said["search"] == {name: value for name, value in document.items() if name != "trials"}
    trials = client.get(f"/v1/runs/{run_id}/trials", params={"per_page": 2}).json()
    assert (trials["total"], len(trials["items"])) == (3, 2)
    tried = document["trials"]["params"]["every"]
    assert [each["values"]["params"]["every"] for each in trials["items"]] == tried[:2]
    folds = client.get(f"/v1/runs/{run_id}/folds")
    assert (folds.status_code, "has no folds" in folds.json()["detail"]) == (404, True)


@pytest.mark.parametrize("part", ["trials", "folds"])
def test_a_plain_run_has_neither(part: str, viewer: AsgiClient, kept: Kept) -> None:
    assert viewer.get(f"/v1/runs/{kept.first}/{part}").status_code == 404
