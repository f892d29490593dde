"""`tradewright walk-forward`: what its options mean, what it prints and writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import SAY, Run, Tw

ON = ("ACME.csv", *SAY)
GRID = ("--param", "fast=2,3", "--param", "slow=10,12")
WALK = ("walk-forward", "sma.py", *ON, *GRID, "--train", "40d", "--test", "20d")


def document(run: Run) -> dict[str, Any]:
    assert run.code == 0, run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


def test_a_walk_prints_what_came_out_of_sample_and_writes_a_folder(tw: Tw, desk: Path) -> None:
    run = tw(*WALK)
    (folder,) = (desk / "runs").iterdir()
    assert run.code == 0
    assert "out of sample" in run.out
    assert f"Written to runs/{folder.name}" in run.out
    assert folder.name.startswith("walk-SmaCross-")
    written = {path.name for path in folder.iterdir()}
    assert {"report.html", "walk-forward.json", "folds.csv", "trades.csv", "equity.csv"} <= written


def test_out_names_the_folder_and_json_is_the_document_alone(tw: Tw, desk: Path) -> None:
    run = tw(*WALK, "--json", "--out", "mine")
    assert json.loads(run.out) == json.loads((desk / "mine" / "walk-forward.json").read_text())
    assert not (desk / "runs").exists()
    assert run.err == ""


def test_windows_are_as_they_were_asked_for(tw: Tw) -> None:
    options = ("--step", "22d", "--gap", "3", "--anchored", "--whole", "--min-trades", "1")
    found = document(tw(*WALK, *options, "--json"))
    assert found["settings"] == {
        "anchored": True, "gap": 3, "min_trades": 1, "step": "22d", "test": "20d", "train": "40d",
    }  # fmt: skip
    assert len({fold["train_start"] for fold in found["folds"]}) == 1
    assert not any(fold["is_partial"] for fold in found["folds"])


def test_a_walk_is_what_python_gives(tw: Tw, desk: Path) -> None:
    import tradewright

    strategy = tradewright.load_strategy(str(desk / "sma.py"))
    bars = tradewright.read_bars(desk / "ACME.csv", symbol="ACME", timeframe="1d", calendar="24/7")
    walk = tradewright.walk_forward(
        strategy, bars, params={"fast": [2, 3], "slow": [10, 12]}, train="40d", test="20d", ledger=False
    )
    found = document(tw(*WALK, "--json"))
    assert found["folds"] == walk.to_dict()["folds"]
    assert found["result"]["metrics"] == walk.to_dict()["result"]["metrics"]


def test_where_nothing_qualifies_cash_is_held_and_the_walk_fails(tw: Tw) -> None:
    run = tw(*WALK, "--min-trades", "99")
    assert run.code == 1
    assert "none of 4 trials qualified in training: " in run.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--train", "400d"), "has no window in"),
        (("--step", "5d"), "The tests of a walk overlap"),
        (("--test", "soon"), "The test 'soon' of a walk is no length."),
        (("--objective", "sharpe", "--objective", "cagr"), "A walk chooses by one objective"),
        (("--no-finalize",), "Every test of a walk ends flat"),
        (("--param", "fats=2,3"), "Did you mean 'fast'?"),
    ],
)
def test_what_cannot_be_walked_is_said_in_a_sentence(tw: Tw, desk: Path, options: tuple[str, ...], said: str) -> None:
    run = tw(*WALK, *options)
    assert run.code in {1, 2}, run.out
    assert said in run.err
    assert not (desk / "runs").exists()


def test_lengths_must_be_given(tw: Tw) -> None:
    run = tw("walk-forward", "sma.py", *ON, *GRID, "--train", "40d")
    assert run.code == 2
    assert "'--test'" in run.err


def test_ctrl_c_says_how_many_trials_stay_and_the_same_command_goes_on(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    from tradewright.app.search import rounds

    whole = document(tw(*WALK, "--json", "--no-ledger"))
    keep, kept = rounds.Rounds._keep, []

    def stop(self: Any, number: int, *rest: Any) -> None:
        keep(self, number, *rest)
        kept.append(number)
        if len(kept) == 6:
            raise KeyboardInterrupt

    monkeypatch.setattr(rounds.Rounds, "_keep", stop)
    run = tw(*WALK, "--executor", "threads", "--workers", "1")
    assert (run.code, run.out) == (130, "")
    assert run.err == "Stopped. Kept: 6 trials, and the same command goes on from there.\n"
    assert document(tw(*WALK, "--json"))["folds"] == whole["folds"]
    assert len(kept) == 4 * len(whole["folds"])
