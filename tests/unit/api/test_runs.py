"""Runs over HTTP say what the result says: the same numbers, texts and states."""

from __future__ import annotations

import csv
import io
import json

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import Kept

from tradewright.api import strategy_ways
from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.kept_run import RunQuery
from tradewright.reporting import presentation


def test_list_shows_the_latest_first_with_headline_and_trust(viewer: AsgiClient, kept: Kept) -> None:
    answer = viewer.get("/v1/runs").json()
    assert [each["id"] for each in answer["items"]] == [kept.second, kept.first]
    assert (answer["page"], answer["per_page"], answer["total"]) == (1, 50, 2)
    first = answer["items"][1]
    assert (first["name"], first["note"], first["tags"], first["symbols"]) == (
        "turns of seven", "a first look", ["steps"], ["ACME"],
    )  # fmt: skip
    assert first["created_at"].endswith("Z")
    headline = {each["key"]: each for each in first["headline"]}
    assert headline["sharpe"]["value"] == kept.result.metrics["sharpe"]
    assert headline["sharpe"]["text"] == presentation.metric_text(kept.result.metrics, "sharpe", "USD")
    assert [chip["key"] for chip in first["trust"]] == [chip.code for chip in kept.result.trust]
    assert first["synthetic"] is True


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"strategy": "step"}, 2), ({"strategy": "nothing"}, 0), ({"symbol": "ACME"}, 2), ({"symbol": "NONE"}, 0),
        ({"tag": "steps"}, 1), ({"kind": "backtest"}, 2), ({"kind": "optimize"}, 0), ({"status": "done"}, 2),
        ({"since": "2020-01-01"}, 2), ({"since": "2200-01-01"}, 0),
    ],
)  # fmt: skip
def test_list_is_filtered(asked: dict[str, str], found: int, viewer: AsgiClient) -> None:
    assert viewer.get("/v1/runs", params=asked).json()["total"] == found


def test_list_is_sorted_and_paged_with_what_has_no_value_last(viewer: AsgiClient, kept: Kept) -> None:
    up = viewer.get("/v1/runs", params={"sort": "total_return", "order": "asc"}).json()["items"]
    down = viewer.get("/v1/runs", params={"sort": "total_return", "order": "desc"}).json()["items"]
    assert [each["id"] for each in up] == [each["id"] for each in reversed(down)]
    second = viewer.get("/v1/runs", params={"per_page": 1, "page": 2}).json()
    assert ([each["id"] for each in second["items"]], second["total"]) == ([kept.first], 2)


def test_detail_says_what_the_result_says(viewer: AsgiClient, kept: Kept) -> None:
    said = viewer.get(f"/v1/runs/{kept.first[:10]}").json()
    metrics = kept.result.metrics
    assert {each["key"]: each["value"] for each in said["metrics"]} == dict(metrics)
    assert all(each["value"] is not None or each["reason"] for each in said["metrics"])
    assert [(c["key"], c["value"], c["sentence"]) for c in said["trust"]] == [
        (chip.code, chip.value, chip.sentence) for chip in kept.result.trust
    ]
    assert [each["code"] for each in said["warnings"]] == [each.code for each in kept.result.warnings]
    assert said["hashes"]["record"] == kept.result.hash
    assert said["strategies"][0]["params"] == {"every": 7}
    assert said["tables"] == {
        "trades": len(kept.result.trades), "orders": len(kept.result.orders),
        "fills": len(kept.result.fills), "logs": len(kept.result.logs),
    }  # fmt: skip
    assert "origin" not in said["data"][0]


def test_a_finished_run_is_sent_once(viewer: AsgiClient, kept: Kept) -> None:
    for part in ("", "/trades", "/series", "/result.json"):
        first = viewer.get(f"/v1/runs/{kept.first}{part}")
        tag = first.headers["ETag"]
        again = viewer.get(f"/v1/runs/{kept.first}{part}", headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert viewer.get(f"/v1/runs/{kept.first}{part}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_trades_are_those_of_the_result_with_money_as_text(viewer: AsgiClient, kept: Kept) -> None:
    said = viewer.get(f"/v1/runs/{kept.first}/trades", params={"per_page": 500}).json()
    trades = kept.result.trades
    assert said["total"] == len(trades)
    assert [float(each["net"]) for each in said["items"]] == trades["net"].tolist()
    assert [each["return"] for each in said["items"]] == trades["return"].tolist()
    assert all(isinstance(each["entry_price"], str) and "e" not in each["entry_price"] for each in said["items"])
    assert [each["number"] for each in said["items"]] == list(range(1, len(trades) + 1))


def test_trades_are_filtered_sorted_and_paged(viewer: AsgiClient, kept: Kept) -> None:
    address = f"/v1/runs/{kept.first}/trades"
    worst = viewer.get(address, params={"sort": "net", "per_page": 3}).json()
    nets = sorted(kept.result.trades["net"])
    assert [float(each["net"]) for each in worst["items"]] == nets[:3]
    middle = worst["items"][0]["exit_time"]
    later = viewer.get(address, params={"from": middle, "per_page": 500}).json()["items"]
    earlier = viewer.get(address, params={"to": middle, "per_page": 500}).json()["items"]
    assert len(later) + len(earlier) == worst["total"]
    assert all(each["exit_time"] >= middle for each in later)
    assert viewer.get(address, params={"symbol": "NONE"}).json()["total"] == 0


def test_trades_are_told_apart_by_what_came_of_them(viewer: AsgiClient, kept: Kept) -> None:
    address = f"/v1/runs/{kept.first}/trades"
    nets = kept.result.trades["net"]
    found = {each: viewer.get(address, params={"outcome": each, "per_page": 500}).json() for each in ("gain", "loss")}
    assert [each["total"] for each in found.values()] == [(nets > 0).sum(), (nets < 0).sum()]
    assert all(float(each["net"]) > 0 for each in found["gain"]["items"])


def test_a_column_that_there_is_not_is_named_in_a_problem(viewer: AsgiClient, kept: Kept) -> None:
    answer = viewer.get(f"/v1/runs/{kept.first}/trades", params={"sort": "luck"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "There is no column 'luck'."


def test_orders_fills_and_logs_have_a_row_for_each(viewer: AsgiClient, kept: Kept) -> None:
    for name, rows in (("orders", kept.result.orders), ("fills", kept.result.fills), ("logs", kept.result.logs)):
        assert viewer.get(f"/v1/runs/{kept.first}/{name}").json()["total"] == len(rows)
    line = viewer.get(f"/v1/runs/{kept.first}/logs", params={"per_page": 1, "page": 2}).json()["items"][0]
    assert (line["number"], line["message"]) == (2, "turn")


def test_series_are_raw_where_they_fit_and_keep_extremes_where_not(viewer: AsgiClient, kept: Kept) -> None:
    address = f"/v1/runs/{kept.first}/series"
    names = "equity,drawdown,benchmark,exposure,close,volume,bars"
    raw = viewer.get(address, params={"names": names}).json()
    equity = kept.result.equity
    assert (raw["method"], raw["raw_points"], raw["level"]) == ("raw", len(equity), 0)
    assert raw["lines"]["equity"]["last"] == equity["equity"].tolist()
    assert raw["lines"]["equity"]["min"] is None
    assert raw["t"] == sorted(set(raw["t"]))
    few = viewer.get(address, params={"names": names, "max_points": 20}).json()
    assert few["method"] == "bucketed"
    assert len(few["t"]) <= 20
    assert all(time % few["bucket"] == 0 for time in few["t"])
    assert min(few["lines"]["drawdown"]["min"]) == kept.result.metrics["max_drawdown"]
    assert max(few["bars"]["high"]) == max(raw["bars"]["high"])
    assert sum(few["bars"]["volume"]) == pytest.approx(sum(raw["bars"]["volume"]))
    assert few["lines"]["benchmark"]["last"][-1] == raw["lines"]["benchmark"]["last"][-1]


def test_a_range_is_half_open(viewer: AsgiClient, kept: Kept) -> None:
    address = f"/v1/runs/{kept.first}/series"
    times = viewer.get(address).json()["t"]
    days = [f"{__import__('datetime').datetime.fromtimestamp(t, __import__('datetime').UTC):%Y-%m-%d}" for t in times]
    part = viewer.get(address, params={"from": days[3], "to": days[10]}).json()
    assert part["t"] == times[3:10]


def test_indicator_is_computed_from_every_bar_before_rows_are_gathered(viewer: AsgiClient, kept: Kept) -> None:
    address = f"/v1/runs/{kept.first}/series"
    bars = kept.result.record.bars["ACME"]
    whole = viewer.get(address, params={"names": "sma:20", "max_points": 1000}).json()["lines"]["sma:20"]["last"]
    assert whole[:19] == [None] * 19
    assert whole[-1] == pytest.approx(bars.close[-20:].mean())
    few = viewer.get(address, params={"names": "sma:20", "max_points": 20}).json()["lines"]["sma:20"]
    assert max(each for each in few["max"] if each is not None) == max(each for each in whole if each is not None)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"names": "sma:0"}, 422),
        ({"names": "luck:20"}, 422),
        ({"names": "macd:9"}, 422),
        ({"names": "luck"}, 422),
        ({"names": "close", "symbol": "NONE"}, 422),
        ({"from": "soon"}, 422),
    ],
)
def test_what_cannot_be_drawn_is_a_problem(asked: dict[str, str], status: int, viewer: AsgiClient, kept: Kept) -> None:
    assert viewer.get(f"/v1/runs/{kept.first}/series", params=asked).status_code == status


def test_files_are_those_of_the_result(viewer: AsgiClient, kept: Kept) -> None:
    document = viewer.get(f"/v1/runs/{kept.first}/result.json")
    assert document.text == kept.result.to_json()
    assert json.loads(document.text)["hash"] == kept.result.hash
    table = viewer.get(f"/v1/runs/{kept.first}/export.csv", params={"table": "trades"})
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == len(kept.result.trades)
    assert table.headers["content-type"].startswith("text/csv")
    report = viewer.get(f"/v1/runs/{kept.first}/report")
    assert report.headers["content-security-policy"].startswith("sandbox")
    assert kept.result.hash[:16] in report.text


def test_file_of_a_filter_holds_its_rows_in_its_order_as_the_whole_file_writes_them(
    viewer: AsgiClient, kept: Kept
) -> None:
    address = f"/v1/runs/{kept.first}/export.csv"
    asked = {"table": "trades", "outcome": "gain", "sort": "net", "order": "desc"}
    whole = viewer.get(address, params={"table": "trades"}).text.splitlines()
    part = viewer.get(address, params=asked).text.splitlines()
    nets = kept.result.trades["net"]
    shown = [float(row["net"]) for row in csv.DictReader(part)]
    assert shown == sorted(nets[nets > 0], reverse=True)
    assert set(part) < set(whole)
    assert viewer.get(address, params={"table": "monthly", "side": "long"}).status_code == 422
    assert viewer.get(address, params={"table": "orders", "outcome": "gain"}).status_code == 422


def test_runs_stand_side_by_side(viewer: AsgiClient, kept: Kept) -> None:
    said = viewer.get("/v1/runs/compare", params={"ids": f"{kept.first},{kept.second}"}).json()
    assert [each["id"] for each in said["runs"]] == [kept.first, kept.second]
    assert said["same"] is False
    assert all(row["differs"] for row in said["config"])
    returns = next(row for row in said["metrics"] if row["key"] == "total_return")
    assert returns["differences"][0] is None
    assert returns["differences"][1] == returns["values"][1] - returns["values"][0]
    everything = viewer.get(
        "/v1/runs/compare", params={"ids": f"{kept.first},{kept.second}", "everything": True}
    ).json()
    assert len(everything["config"]) > len(said["config"])


@pytest.mark.parametrize("ids", ["", "one", ",".join("abcdefghi")])
def test_a_comparison_takes_two_to_eight(ids: str, viewer: AsgiClient) -> None:
    assert viewer.get("/v1/runs/compare", params={"ids": ids}).status_code == 422


def test_a_run_that_there_is_not_is_a_problem_with_a_hint(viewer: AsgiClient) -> None:
    answer = viewer.get("/v1/runs/nowhere")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:tradewright:problem:data-not-available"
    assert answer.json()["hint"]
    assert answer.json()["instance"] == "/v1/runs/nowhere"


def test_the_last_run_of_a_strategy_is_looked_for_a_few_runs_at_a_time(
    room: ControlRoom, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(strategy_ways, "_FEW", 1)
    archive, page = type(room.archive), type(room.archive).page
    monkeypatch.setattr(
        archive, "page", lambda self, query, piece: asked.append(piece.offset) or page(self, query, piece=piece)
    )
    found = strategy_ways._latest_first(room, RunQuery())
    assert (next(found).id, asked) == (kept.second, [0])
    assert ([run.id for run in found], asked) == ([kept.first], [0, 1, 2])


def test_tables_of_a_run_are_gone_through_by_cursor_and_by_words(viewer, kept):
    place = f"/v1/runs/{kept.first}/orders"
    every = viewer.get(place, params={"per_page": 500}).json()
    found, cursor = [], None
    while True:
        asked = {"per_page": 7} | ({} if cursor is None else {"cursor": cursor})
        part = viewer.get(place, params=asked).json()
        found += part["items"]
        if (cursor := part["cursor"]) is None:
            break
    assert found == every["items"]
    assert viewer.get(place, params={"strategy_id": "Steps", "status": "filled"}).json()["total"] > 0
    assert viewer.get(place, params={"strategy_id": "Nobody"}).json()["total"] == 0
    assert viewer.get(f"/v1/runs/{kept.first}/fills", params={"status": "filled"}).status_code == 422
    logs = viewer.get(f"/v1/runs/{kept.first}/logs", params={"per_page": 2}).json()
    following = viewer.get(f"/v1/runs/{kept.first}/logs", params={"per_page": 2, "cursor": logs["cursor"]}).json()
    assert [each["number"] for each in following["items"]] == [3, 4]
