"""`tradewright optimize`: what its options mean, what it prints and writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import SAY, SMA, Run, Tw

GRID = ("--param", "fast=2,3", "--param", "slow=10,12,14")
ON = ("ACME.csv", *SAY)


def document(run: Run) -> dict[str, Any]:
    assert run.code == 0, run.err
    found: dict[str, Any] = json.loads(run.out)
    return found


def tried(run: Run) -> list[dict[str, Any]]:
    return rows(document(run))


def rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    params = found["trials"]["params"]
    return [dict(zip(params, values, strict=True)) for values in zip(*params.values(), strict=True)]


def test_a_search_prints_the_best_beside_its_trials_and_writes_a_folder(tw: Tw, desk: Path) -> None:
    run = tw("optimize", "sma.py", *ON, *GRID)
    (folder,) = (desk / "runs").iterdir()
    assert run.code == 0
    assert "6 trials · DSR" in run.out
    assert f"Written to runs/{folder.name}" in run.out
    assert folder.name.startswith("search-SmaCross-")
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "search.json", "trials.csv"]


def test_out_names_the_folder_and_json_is_the_document_alone(tw: Tw, desk: Path) -> None:
    run = tw("optimize", "sma.py", *ON, *GRID, "--json", "--out", "mine")
    assert json.loads(run.out) == json.loads((desk / "mine" / "search.json").read_text())
    assert not (desk / "runs").exists()
    assert run.err == ""


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ("fast=2:4", [2, 3, 4]), ("fast=2:6:2", [2, 4, 6]), ("fast=5,3", [5, 3]), ("fast = 2 : 3", [2, 3]),
    ],
)  # fmt: skip
def test_ranges_hold_both_ends_and_lists_keep_their_order(tw: Tw, given: str, values: list[int]) -> None:
    assert [each["fast"] for each in tried(tw("optimize", "sma.py", *ON, "--param", given, "--json"))] == values


def test_a_name_alone_takes_the_range_that_the_strategy_declares(tw: Tw, desk: Path) -> None:
    text = SMA.replace("low=2, high=60", "low=2, high=8, step=3").replace("low=10", "choices=(10, 14), low=10")
    (desk / "sma.py").write_text(text.replace("Param(15,", "Param(14,"))
    found = tried(tw("optimize", "sma.py", *ON, "--param", "fast", "--param", "slow", "--json"))
    assert found == [{"fast": fast, "slow": slow} for fast in (2, 5, 8) for slow in (10, 14)]


def test_fractions_are_fractions_and_need_a_step_in_a_grid(tw: Tw, desk: Path) -> None:
    (desk / "sma.py").write_text(SMA.replace("slow = Param", "weight = Param(0.5)\n    slow = Param"))
    assert [each["weight"] for each in tried(tw("optimize", "sma.py", *ON, "--param", "weight=0:1:0.5", "--json"))] == [
        0.0, 0.5, 1.0,
    ]  # fmt: skip
    run = tw("optimize", "sma.py", *ON, "--param", "weight=0:1")
    assert (run.code, run.err.splitlines()[0]) == (2, "The range of 'weight' has no steps, so there is no grid of it.")
    drawn = tried(tw("optimize", "sma.py", *ON, "--param", "weight=0.01:1:log", "--method", "random", "--trials", "3",
                     "--json"))  # fmt: skip
    assert all(0.01 <= each["weight"] <= 1.0 for each in drawn)


def test_one_value_is_kept_fixed(tw: Tw) -> None:
    found = document(tw("optimize", "sma.py", *ON, "--param", "fast=2,3", "--param", "slow=12", "--json"))
    assert rows(found) == [{"fast": 2}, {"fast": 3}]
    assert found["defaults"] == {"slow": 12}


def test_what_the_catalogue_sets_stays_where_the_search_does_not_vary_it(tw: Tw, desk: Path) -> None:
    (desk / "strategies.yaml").write_text("strategies:\n  mine: {class: sma.py, params: {fast: 4, slow: 11}}\n")
    found = document(tw("optimize", "mine", *ON, "--param", "fast=2,3", "--json"))
    assert found["defaults"] == {"slow": 11}


def test_a_condition_leaves_combinations_out_and_may_speak_of_what_is_fixed(tw: Tw) -> None:
    run = tw(
        "optimize", "sma.py", *ON, "--param", "fast=8:12", "--param", "slow=10", "--where", "fast < slow", "--json"
    )
    assert [each["fast"] for each in tried(run)] == [8, 9]


def test_objective_direction_bounds_and_rows_are_passed_on(tw: Tw) -> None:
    options = ("--objective", "max_drawdown", "--minimize", "--constraint", "trades=1:", "--metrics", "cagr,win_rate")
    found = document(tw("optimize", "sma.py", *ON, *GRID, *options, "--json"))
    assert found["objectives"] == [{"is_metric": True, "maximize": False, "name": "max_drawdown"}]
    assert {"cagr", "win_rate"} <= found["trials"]["metrics"].keys()


def test_several_objectives_are_searched_by_generations(tw: Tw) -> None:
    options = ("--objective", "sharpe", "--objective", "max_drawdown", "--method", "nsga2", "--trials", "4")
    found = document(tw("optimize", "sma.py", *ON, *GRID, *options, "--json"))
    assert {name: len(values) for name, values in found["trials"]["values"].items()} == {"sharpe": 4, "max_drawdown": 4}


def test_too_few_trades_are_no_value_and_a_search_that_finds_nothing_fails(tw: Tw) -> None:
    run = tw("optimize", "sma.py", *ON, *GRID, "--min-trades", "99")
    assert run.code == 1
    assert "None of 6 trials has a value" in run.out
    assert "trades 1 is below 99" in run.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "The search is given no parameter to vary.\n  It declares fast, slow: give --param fast to try "),
        (("--param", "fats=2,3"), "SmaCross has no parameter 'fats'.\n  Did you mean 'fast'?"),
        (("--param", "fats"), "SmaCross has no parameter 'fats'.\n  Did you mean 'fast'?"),
        (("--param", "fast=2,x"), "fast takes a value of type int, not 'x'."),
        (("--param", "fast=2:"), "--param fast=2: is no range."),
        (("--param", "fast=2:3:1:9"), "--param fast=2:3:1:9 is no range."),
        (("--param", "fast=9:3"), "From 9 to 3 by None is no range."),
        (("--param", "fast=2,3", "--param", "fast=4,5"), "--param fast is given twice."),
        (("--param", "fast=2,2"), "The values of 'fast' hold one twice."),
        (("--param", "fast=,"), "The values of 'fast' are empty."),
        (("--param", "fast=1,2"), "fast=1 is outside 2 … 60."),
        ((*GRID, "--where", "fast < sloe"), "speaks of 'sloe', which is no parameter of the search."),
        ((*GRID, "--where", "fast > 99"), "None of the 6 combinations satisfies the condition 'where'."),
        ((*GRID, "--where", "open('x')"), "holds 'open('x')', which no condition may."),
        ((*GRID, "--objective", "sharp"), "There is no metric 'sharp' to search by.\n  Did you mean 'sharpe'?"),
        ((*GRID, "--metrics", "cagrr"), "There is no metric 'cagrr'"),
        ((*GRID, "--method", "gird"), "There is no sampler 'gird'.\n  Did you mean 'grid'?"),
        ((*GRID, "--executor", "thread"), "There is no executor 'thread'.\n  Did you mean 'threads'?"),
        ((*GRID, "--trials", "5"), "A grid tries every combination"),
        ((*GRID, "--method", "random", "--trials", "0"), "A search of 0 trials finds nothing."),
        ((*GRID, "--constraint", "max_drawdown"), "--constraint max_drawdown is not METRIC=LOW:HIGH."),
        ((*GRID, "--constraint", "sharpe=:"), "--constraint sharpe=: is not METRIC=LOW:HIGH."),
        ((*GRID, "--constraint", "sharpe=a:b"), "--constraint sharpe=a:b is not METRIC=LOW:HIGH."),
        ((*GRID, "--constraint", "sharpe=2:1"), "constraints['sharpe'] goes from 2 to 1, and nothing lies between."),
        ((*GRID, "--constraint", "sharp=1:"), "There is no metric 'sharp'"),
        ((*GRID, "--prune", "1.5"), "prune=1.5 is no part of the period."),
        ((*GRID, "--end", "2024-01-05"), "bars"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_said_in_a_sentence(tw: Tw, desk: Path, options: tuple[str, ...], said: str) -> None:
    run = tw("optimize", "sma.py", *ON, *options)
    assert run.code in {1, 2}, run.out
    assert said in run.err
    assert not (desk / "runs").exists()


def test_a_slip_in_a_range_does_not_cost_the_reading_of_the_files(tw: Tw) -> None:
    assert "fats" in tw("optimize", "sma.py", "missing.csv", *SAY, "--param", "fats=2,3").err


def test_ctrl_c_says_how_many_trials_stay_and_the_same_command_goes_on(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    from tradewright.app.search import rounds

    whole = document(tw("optimize", "sma.py", *ON, *GRID, "--json", "--no-ledger"))
    keep, stopped = rounds.Rounds._keep, []

    def stop(self: Any, number: int, *rest: Any) -> None:
        keep(self, number, *rest)
        if number == 3 and not stopped:
            stopped.append(number)
            raise KeyboardInterrupt

    monkeypatch.setattr(rounds.Rounds, "_keep", stop)
    run = tw("optimize", "sma.py", *ON, *GRID, "--executor", "threads", "--workers", "1")
    assert (run.code, run.out) == (130, "")
    assert run.err == "Stopped. Kept: 4 trials, and the same command goes on from there.\n"
    evaluated: list[int] = []
    monkeypatch.setattr(
        rounds.Rounds, "_keep", lambda self, number, *rest: (evaluated.append(number), keep(self, number, *rest))
    )
    assert document(tw("optimize", "sma.py", *ON, *GRID, "--json")) == whole
    assert evaluated == [4, 5]


def test_stopped_without_a_ledger_nothing_stays(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    from tradewright.app.search import rounds

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rounds.Rounds, "_keep", stop)
    assert tw("optimize", "sma.py", *ON, *GRID, "--no-ledger").err == "Stopped. Nothing was written.\n"


def test_the_report_is_opened_when_asked_for(tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import webbrowser

    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: bool(opened.append(address)) or True)
    assert tw("optimize", "sma.py", *ON, *GRID, "--out", "mine", "--open").code == 0
    assert opened == [(desk / "mine" / "report.html").as_uri()]
