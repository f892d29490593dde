"""The main job from the command line on real files: bars in, one strategy, an honest result out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command_line import Tw

DJIA = ("--symbol-from", "{symbol}_1d_*", "--calendar", "XNYS", "--timeframe", "1d", "--bad-rows", "drop")


@pytest.mark.slow
def test_sma_cross_on_a_real_share(tw: Tw, shared_data: Path, desk: Path) -> None:
    file = shared_data / "daily" / "GOOG_1d_2004_2013.csv"
    run = tw(
        "backtest", "sma_cross", str(file), "--symbols", "GOOG", "--calendar", "XNAS", "--timeframe", "1d", "--out", "r"
    )
    assert (run.code, run.err) == (0, "")
    document = json.loads((desk / "r" / "result.json").read_text())
    assert document["data"][0] | {"fingerprint": "", "source": ""} == {
        "symbol": "GOOG", "timeframe": "1d", "rows": 2148, "first": "2004-08-19T00:00:00Z",
        "last": "2013-03-01T00:00:00Z", "adjustment": "raw", "synthetic": False, "fingerprint": "", "source": "",
    }  # fmt: skip
    assert document["metrics"]["trades"]["value"] > 30
    assert "GOOG" in (desk / "r" / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_momentum_rotation_over_twenty_real_shares(tw: Tw, shared_data: Path) -> None:
    run = tw("backtest", "momentum_rotation", str(shared_data / "universe_djia"), *DJIA, "--json")
    document = json.loads(run.out)
    assert run.code == 0
    assert len(document["data"]) == 20
    # Every file of this source has rows that cannot have happened, and each says how many were left out.
    assert run.err.count("left out") == 20
    assert sum(key["rows"] for key in document["data"]) == 20 * 2265 - 5 - 105
    assert document["metrics"]["trades"]["value"] > 100
    assert document["metrics"]["rejected_orders"]["value"] < 10


@pytest.mark.slow
def test_impossible_rows_of_real_files_are_refused_unless_one_says_otherwise(tw: Tw, shared_data: Path) -> None:
    run = tw("backtest", "momentum_rotation", str(shared_data / "universe_djia"), *DJIA[:-2])
    assert run.code == 1
    assert "Line 1406 of AABA_1d_2006_2014.csv.gz cannot be used" in run.err
    assert "--bad-rows drop" in run.err


@pytest.mark.slow
def test_each_example_runs_on_a_real_share_by_its_name(tw: Tw, shared_data: Path) -> None:
    file = str(shared_data / "daily" / "GOOG_1d_2004_2013.csv")
    say = ("--symbols", "GOOG", "--calendar", "XNAS", "--timeframe", "1d", "--json")
    for name in ("sma_cross", "mean_reversion", "breakout_bracket", "multi_timeframe"):
        assert json.loads(tw("backtest", name, file, *say).out)["metrics"]["trades"]["value"] > 0


@pytest.mark.slow
def test_pairs_over_two_real_shares(tw: Tw, shared_data: Path) -> None:
    options = ("--symbols", "AAPL,MSFT", *DJIA, "--json")
    document = json.loads(tw("backtest", "pairs", str(shared_data / "universe_djia"), *options).out)
    assert document["config"]["margin"]["shorts"] is True
    assert document["metrics"]["trades"]["value"] > 0
