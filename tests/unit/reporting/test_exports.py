"""JSON and CSV: canonical, complete, and read back to the same numbers."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tests.builders import Dealt, minute_timeline, random_walk, round_trips, run_record

from tradewright.reporting.result import Result

PRINT_JSON = """
from tests.builders import random_walk, round_trips, run_record
from tradewright.reporting.result import Result
closes = random_walk(80)
record = run_record({"ACME": closes, "ZETA": closes}, round_trips(closes), tags={1: "a", 3: "b"})
print(Result(record).to_json(), end="")
"""


def result(rows: int = 80) -> Result:
    closes = random_walk(rows)
    return Result(run_record(closes, round_trips(closes)))


def test_json_holds_equity_at_session_closes_only() -> None:
    line = minute_timeline(3, 10)
    record = run_record(random_walk(30), timeline=line, timeframe="1m")
    equity = json.loads(Result(record).to_json())["equity"]
    assert equity["session"] == ["2020-01-06", "2020-01-07", "2020-01-08"]
    assert equity["close_time"][0] == "2020-01-06T14:40:00Z"
    assert equity["equity"] == record.equity[[9, 19, 29]].tolist()


def test_json_numbers_read_back_to_the_same_floats() -> None:
    shown = result()
    document = json.loads(shown.to_json())
    assert document["trades"]["net"] == shown.record.trades["net"].tolist()
    assert document["metrics"]["total_return"]["value"] == shown.metrics["total_return"]


def test_json_gives_reasons_and_no_nan() -> None:
    document = json.loads(result().to_json(), parse_constant=pytest.fail)
    assert document["metrics"]["deflated_sharpe"] == {
        "value": None, "unit": "probability", "reason": "not part of a search",
    }  # fmt: skip
    assert document["schema_version"] == 2


def test_json_carries_what_is_needed_to_run_again() -> None:
    shown = result()
    document = json.loads(shown.to_json())
    assert document["hash"] == shown.hash
    assert document["config_hash"] == shown.record.config_hash
    assert document["config"]["costs"] == shown.config.costs
    assert document["config"]["limits"] == {"name": "none"}
    assert document["data"][0]["fingerprint"] == "f" * 64
    assert document["strategies"][0]["params"] == {"fast": 10, "slow": 30}


def test_json_is_canonical() -> None:
    text = result().to_json()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def test_json_is_the_same_in_processes_with_different_hash_seeds_and_zones(project: Path) -> None:
    texts = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": f"{project}/src:{project}"}
        run = subprocess.run([sys.executable, "-c", PRINT_JSON], capture_output=True, env=environment, check=True)
        texts.append(run.stdout)
    assert texts[0] == texts[1]
    assert len(texts[0]) > 1_000


def test_trades_of_the_document_are_a_table() -> None:
    shown = result()
    frame = pd.DataFrame(shown.to_dict()["trades"])
    assert len(frame) == len(shown.trades)


def test_csv_reads_back_to_the_same_floats(tmp_path: Path) -> None:
    shown = result()
    shown.to_csv(tmp_path / "run")
    frame = pd.read_csv(tmp_path / "run" / "trades.csv")
    assert frame["net"].tolist() == shown.record.trades["net"].tolist()
    assert frame["entry_time"][0] == "2020-01-07T14:30:00Z"
    equity = pd.read_csv(tmp_path / "run" / "equity.csv")
    assert equity["session"][0] == "2020-01-06"
    assert equity["equity"].tolist() == shown.record.equity.tolist()


def test_intraday_equity_of_the_csv_is_timed(tmp_path: Path) -> None:
    record = run_record(random_walk(4), timeline=minute_timeline(2, 2), timeframe="1m")
    Result(record).to_csv(tmp_path / "run")
    assert (tmp_path / "run" / "equity.csv").read_text().splitlines()[1].startswith("2020-01-06T14:30:00Z,")


def test_metrics_of_the_csv_leave_the_undefined_empty_and_say_why(tmp_path: Path) -> None:
    Result(run_record([10.0, 11.0], [Dealt(1, 1, 11.0)])).to_csv(tmp_path / "run")
    with (tmp_path / "run" / "metrics.csv").open(encoding="utf-8") as stream:
        rows = {row["key"]: row for row in csv.DictReader(stream)}
    assert rows["win_rate"]["value"] == ""
    assert rows["win_rate"]["reason"] == "there are no closed trades"


def test_csv_is_the_same_for_the_same_run(tmp_path: Path) -> None:
    for name in ("one", "two"):
        result().to_csv(tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
