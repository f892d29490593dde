"""`tradewright montecarlo`: of a strategy run now, or of a run that was kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command_line import SAY, Tw

RUN = ("sma.py", "ACME.csv", *SAY, "--finalize")
STUDY = ("montecarlo", *RUN, "--runs", "20")


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ((), "resampled trades"),
        (("--shuffle", "--money"), "shuffled trades"),
        (("--method", "returns", "--block", "3", "--fixed"), "bootstrapped returns"),
        (("--method", "bars", "--block", "3", "--executor", "threads"), "redrawn bars"),
    ],
)
def test_a_study_prints_its_paths_beside_the_run_and_writes_a_folder(
    tw: Tw, desk: Path, options: tuple[str, ...], kind: str
) -> None:
    run = tw(*STUDY, *options)
    assert run.code == 0, run.err
    assert f"20 paths, {kind}, " in run.out
    (folder,) = (desk / "runs").iterdir()
    assert folder.name.startswith(f"{kind.replace(' ', '_')}-SmaCross-")
    assert sorted(path.name for path in folder.iterdir()) == ["monte-carlo.json", "report.html"]


def test_json_is_the_document_alone(tw: Tw, desk: Path) -> None:
    run = tw(*STUDY, "--json", "--out", "mine")
    assert json.loads(run.out) == json.loads((desk / "mine" / "monte-carlo.json").read_text())
    assert run.err == ""


def test_the_seed_is_that_of_the_paths(tw: Tw) -> None:
    one, other, third = (tw(*STUDY, "--method", "returns", "--seed", seed, "--json").out for seed in ("1", "1", "2"))
    assert one == other != third


def test_a_kept_run_is_drawn_from_by_its_id(tw: Tw) -> None:
    tw("backtest", *RUN)
    kept = json.loads(tw("runs", "list", "--json").out)["runs"][0]["id"]
    for method in ("returns", "bars"):
        options = ("--runs", "20", "--method", method, "--json")
        of_kept, of_made = (json.loads(tw("montecarlo", *of, *options).out) for of in ((kept[:8],), RUN))
        assert of_kept["bands"] == of_made["bands"]
        assert of_kept["outcomes"] == of_made["outcomes"]


def test_a_kept_run_is_as_it_was_made(tw: Tw) -> None:
    tw("backtest", *RUN)
    kept = json.loads(tw("runs", "list", "--json").out)["runs"][0]["id"]
    run = tw("montecarlo", kept[:8], "--cash", "5000")
    assert run.code == 2
    assert run.err.startswith("--cash is about a run that is made now, and the run is a kept one.")


def test_a_run_that_is_not_there_is_said(tw: Tw) -> None:
    run = tw("montecarlo", "deadbeef")
    assert run.code == 1
    assert "There is no kept run 'deadbeef'." in run.err


def test_a_run_with_too_few_trades_says_what_is_missing(tw: Tw, desk: Path) -> None:
    run = tw(*STUDY, "--end", "2024-02-20")
    assert run.code == 1
    assert run.err.startswith("The run gives nothing to draw from: there are ")
    assert not (desk / "runs").exists()
