"""A run that came from a search or a walk-forward shows what it came from, in the words of its report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from fastapi import FastAPI
from tests.asgi_client import AsgiClient
from tests.feed_stage import at
from tests.stores import write
from tests.timed_bars import timed
from tests.unit.api.conftest import ENOUGH, NOW, Kept, Steps, app_over, identify

import tradewright as tw
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.api.application import DoorOptions, create_app
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.control.jobs import Job, JobKind, JobProgress
from tradewright.domain.timeframe import NS_PER_MINUTE
from tradewright.face.bars_again import OriginReader
from tradewright.marketdata.placement import Hours
from tradewright.reporting.search.head import out_of_sample, tiles


class Turns(Steps):
    """The same with a share of the account."""

    share = tw.Param(0.5, low=0.1, high=1.0)


class Studied(NamedTuple):
    """A room with a search and a walk."""

    room: ControlRoom
    client: AsgiClient
    search: tw.SearchResult
    walk: Any
    searched: str
    walked: str


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Studied:
    folder = tmp_path_factory.mktemp("studies")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(folder))
        bars = tw.synthetic_bars("ACME", bars=260, seed=3)
        space = {"every": [3, 5, 7, 9], "share": [0.2, 0.5, 0.8]}
        search = tw.optimize(Turns, bars, params=space)
        walk = tw.walk_forward(Turns, bars, params=space, train="90d", test="40d")
        ids = tw.keep_run(search, name="a search"), tw.keep_run(walk, name="a walk")
    room = control_room("0.0.test", OriginReader, folder=folder, project=folder, now_ns=lambda: NOW)
    app: FastAPI = create_app(room, DoorOptions(identify=identify, limits=ENOUGH))
    return Studied(room, AsgiClient(app, {"Authorization": "Bearer viewer"}), search, walk, *ids)


@pytest.fixture
def ask(studied: Studied) -> Callable[..., Any]:
    """Asks about the search."""
    return lambda path, **given: studied.client.get(f"/v1/runs/{studied.searched}{path}", params=given).json()


def test_the_document_stands_with_the_run_without_its_table(studied: Studied, ask: Callable[..., Any]) -> None:
    said = ask("")
    document = json.loads(studied.search.to_json())
    assert (said["kind"], said["walk_forward"]) == ("optimize", None)
    assert said["search"] == {name: value for name, value in document.items() if name != "trials"}


def test_the_head_says_what_the_report_says(studied: Studied, ask: Callable[..., Any]) -> None:
    said, findings = ask("/search"), studied.search.findings
    shown = [*tiles(findings), out_of_sample(findings)]
    assert [(each["label"], each["text"], each["aside"], each["reason"]) for each in said["tiles"]] == [
        (each.label, each.text, each.aside, each.reason) for each in shown
    ]
    assert [each["key"] for each in said["tiles"]] == [
        "best", "trials", "deflated_sharpe", "pbo", "out_of_sample_sharpe",
    ]  # fmt: skip
    assert said["verdict"]["word"] == studied.search.verdict.word
    assert [each["text"] for each in said["luck"]] == [row.text for row in findings.honesty_rows]
    assert [each["code"] for each in said["warnings"]] == [each.code for each in studied.search.warnings]
    assert said["best"]["params"] == studied.search.best_params
    assert [(each["name"], each["values"]) for each in said["params"]] == [
        ("every", ["3", "5", "7", "9"]), ("share", ["0.2", "0.5", "0.8"]),
    ]  # fmt: skip
    assert said["neighbours"]["sentence"].startswith("Neighbours")


def test_the_map_is_that_of_the_search(studied: Studied, ask: Callable[..., Any]) -> None:
    said, frame = ask("/search/map"), studied.search.trials
    assert (said["x"]["name"], said["y"]["name"], said["value"]["key"]) == ("every", "share", "sharpe")
    cells = said["cells"]
    found = {
        (said["x"]["labels"][x], said["y"]["labels"][y]): value
        for x, y, value in zip(cells["x"], cells["y"], cells["value"], strict=True)
    }
    assert found == {(f"{row.every:g}", f"{row.share:g}"): row.sharpe for row in frame.itertuples()}
    best = studied.search.best_params
    assert best is not None
    assert said["x"]["labels"][said["best"]["x"]] == f"{best['every']:g}"
    assert all(
        few == (trades < 30)
        for few, trades in zip(cells["few_trades"], frame.sort_values(["share", "every"])["trades"], strict=True)
    )


def test_cells_hold_the_median_or_the_best_of_their_trials_and_others_can_be_held(
    studied: Studied, ask: Callable[..., Any]
) -> None:
    frame = studied.search.trials
    turned = ask("/search/map", x="share", value="trades")
    assert (turned["x"]["name"], turned["y"]["name"]) == ("share", "every")
    assert turned["cells"]["text"][0] == f"{frame['trades'][0]:,}"
    for hold, detail in (("share:0.5", "cannot be held"), ("nothing:1", "cannot be held")):
        assert detail in ask("/search/map", hold=hold)["detail"]
    assert "Both axes" in ask("/search/map", x="every", y="every")["detail"]


def test_lines_run_through_parameters_to_what_was_looked_for_best_first(
    studied: Studied, ask: Callable[..., Any]
) -> None:
    said = ask("/search/lines")
    assert [each["name"] for each in said["axes"]] == ["every", "share", "trades", "max_drawdown", "sharpe"]
    values = [row[-1] for row in said["rows"]]
    assert values == sorted(values, reverse=True)
    assert (len(said["rows"]), said["sentence"]) == (12, "All 12 trials that have a value.")
    assert studied.search.best is not None
    assert said["trials"][0] == studied.search.best.number


def test_trials_are_paged_sorted_and_kept_to_ranges(studied: Studied, ask: Callable[..., Any]) -> None:
    document = json.loads(studied.search.to_json())["trials"]
    first = ask("/trials", per_page=2)
    assert (first["total"], [each["number"] for each in first["items"]]) == (12, [1, 2])
    assert [each["values"]["params"]["every"] for each in first["items"]] == document["params"]["every"][:2]
    best = ask("/trials", sort="sharpe", order="desc", per_page=1)["items"][0]
    assert studied.search.best is not None
    assert best["values"]["number"] == studied.search.best.number
    assert best["texts"]["sharpe"] == studied.search.findings.written(studied.search.best.value)
    inside = ask("/trials", within=["every:5:7", "share:0.4:0.9"])
    assert {(each["values"]["params"]["every"], each["values"]["params"]["share"]) for each in inside["items"]} == {
        (5, 0.5), (5, 0.8), (7, 0.5), (7, 0.8),
    }  # fmt: skip
    assert "no range" in ask("/trials", within="every:a:b")["detail"]
    assert "have no 'luck'" in ask("/trials", sort="luck")["detail"]


def test_a_walk_tells_its_folds_in_the_words_of_its_report(studied: Studied) -> None:
    address = f"/v1/runs/{studied.walked}"
    head = studied.client.get(f"{address}/walk").json()
    findings = studied.walk.findings
    assert head["verdict"]["word"] == findings.verdict.word
    assert [each["key"] for each in head["tiles"]] == ["total_return", "sharpe", "efficiency", "folds_with_a_gain"]
    assert [each["values"] for each in head["stability"]] == [list(each.values) for each in findings.numbers.stability]
    folds = studied.client.get(f"{address}/folds", params={"per_page": 2}).json()
    assert (folds["total"], len(folds["items"])) == (head["folds"], 2)
    first = studied.walk.record.folds[0]
    assert folds["items"][0]["texts"]["train_value"] == findings.written(first.train_value)
    assert folds["items"][0]["texts"]["test"].startswith(first.window.test_start)
    assert "no trials" in studied.client.get(f"{address}/search").json()["detail"]


def test_a_search_under_way_shows_its_trials_and_promises_nothing(studied: Studied) -> None:
    search = studied.search.record.header.id
    job: Job = studied.room.jobs.submit(JobKind.OPTIMIZE, {"strategy": "sma_cross"}, owner="a trader")
    address = f"/v1/jobs/{job.id}/search"
    assert studied.client.get(address).status_code == 404
    claimed = studied.room.jobs.book.claim("a worker", [JobKind.OPTIMIZE])
    assert claimed is not None
    studied.room.jobs.book.progress(claimed, JobProgress(12, 40, "trials", None, None, NOW, search))
    said = studied.client.get(address).json()
    assert (said["is_over"], said["trials"], said["total"], said["verdict"]) == (False, 12, 40, None)
    assert said["seq"] == studied.room.events.head(f"jobs/{job.id}") > 0
    told = {each["key"]: each for each in said["tiles"]}
    assert told["best"]["label"] == "Best Sharpe so far"
    assert told["best"]["value"] == studied.search.best.value  # type: ignore[union-attr]
    assert all(
        told[key]["state"] == "not_computed" and told[key]["value"] is None for key in ("deflated_sharpe", "pbo")
    )
    shown = studied.client.get(f"{address}/map").json()
    assert (len(shown["cells"]["x"]), shown["trials"], shown["seq"]) == (12, 12, said["seq"])


@pytest.mark.parametrize("part", ["trials", "folds", "search", "walk"])
def test_a_plain_run_has_neither(part: str, viewer: AsgiClient, kept: Kept) -> None:
    assert viewer.get(f"/v1/runs/{kept.first}/{part}").status_code == 404


def test_a_trial_over_stored_bars_says_as_of_when_and_which_hours(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("hours")
    stamps = np.concatenate([
        at(f"2024-03-{day:02}T09:00:00") + np.arange(26) * 30 * NS_PER_MINUTE for day in (4, 5, 6, 7, 8)
    ])  # fmt: skip
    write(ParquetBarStore(folder / "bars"), timed(tw.Equity("AAPL", "XNAS"), "30m", stamps, Hours.EXTENDED))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(folder))
        bars = tw.load_bars("AAPL", timeframe="30m", as_of="2024-03-07", hours="regular")
        shipped = tw.load_strategy("sma_cross")
        space = {"fast": [3, 5], "slow": [10]}
        run_id = tw.keep_run(tw.optimize(shipped, bars, params=space, objective="total_return", ledger=False))
    room = control_room("0.0.test", OriginReader, folder=folder, project=folder, now_ns=lambda: NOW)
    client = AsgiClient(app_over(room), {"Authorization": "Bearer viewer"})
    asked = client.get(f"/v1/runs/{run_id}/trials/0/request").json()
    assert (asked["source"], asked["as_of"], asked["hours"]) == ("store", "2024-03-07", "regular")


def test_a_trial_can_be_run_by_itself_with_the_same_numbers(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the answer asks for, asked for by Python, gives the row of the trial."""
    folder = tmp_path_factory.mktemp("trial")
    shipped = tw.load_strategy("sma_cross")
    bars = tw.synthetic_bars("ACME", bars=260)
    costs = tw.Costs(slippage_bps=3, commission=tw.PerTrade(0.5))
    search = tw.optimize(shipped, bars, params={"fast": [3, 5]}, costs=costs, cash=12_345.5, ledger=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(folder))
        run_id = tw.keep_run(search, name="a search")
    room = control_room("0.0.test", OriginReader, folder=folder, project=folder, now_ns=lambda: NOW)
    client = AsgiClient(app_over(room), {"Authorization": "Bearer viewer"})
    asked = client.get(f"/v1/runs/{run_id}/trials/1/request").json()
    assert (asked["strategy"], asked["symbols"], asked["source"]) == ("sma_cross", ["ACME"], "synthetic")
    assert (asked["costs"], asked["cash"], asked["name"]) == (
        {"slippage_bps": 3, "commission": "per-trade:0.5"}, "12345.5", "Trial 1 of a search",
    )  # fmt: skip
    assert asked["params"] == {"fast": 5, "slow": 30}
    again = tw.backtest(shipped, bars, params=asked["params"], costs=costs, cash=12_345.5, start=asked["start"])
    assert again.metrics["sharpe"] == search.record.trials[1].value
    assert client.get(f"/v1/runs/{run_id}/trials/7/request").status_code == 404
