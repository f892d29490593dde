"""Keeping from the command line: what is kept, found, shown, compared, repeated and deleted, and what fails."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.command_line import SAY, Run, Tw

from tradewright.domain.errors import ResourceError, StorageError


def keep(tw: Tw, *options: str) -> str:
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--json", *options)
    assert run.code == 0, run.err
    return re.findall(r"^Kept as (\w{8})", run.out + run.err, flags=re.MULTILINE)[-1]


def listed(tw: Tw, *options: str) -> list[str]:
    return [each["id"][:8] for each in json.loads(tw("runs", "list", "--json", *options).out)["runs"]]


# ---------------------------------------------------------------- keeping


def test_a_backtest_is_kept_and_its_id_printed(tw: Tw) -> None:
    run_id = keep(tw, "--name", "first", "--note", "a note", "--tag", "a", "--tag", "b")
    (run,) = json.loads(tw("runs", "list", "--json").out)["runs"]
    assert run["id"].startswith(run_id)
    assert (run["name"], run["note"], run["tags"]) == ("first", "a note", ["a", "b"])
    assert (run["symbols"], run["strategy"], run["status"]) == (["ACME"], "SmaCross", "done")


def test_with_json_the_id_is_told_aside(tw: Tw) -> None:
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--json")
    assert json.loads(run.out)["hash"]
    assert run.err.startswith("Kept as ")


def test_nothing_is_kept_when_told_so(tw: Tw, storage: Path) -> None:
    assert "Kept" not in tw("backtest", "sma.py", "ACME.csv", *SAY, "--no-keep", "--no-ledger").out
    assert not storage.exists()


@pytest.mark.parametrize("option", ["--name", "--note", "--tag"])
def test_what_is_not_kept_takes_no_label(tw: Tw, option: str) -> None:
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--no-keep", option, "x")
    assert (run.code, run.err.splitlines()[0]) == (2, f"{option} is for a run that is kept.")


def test_each_symbol_is_kept_by_itself(tw: Tw, desk: Path) -> None:
    (desk / "BETA.csv").write_text((desk / "ACME.csv").read_text())
    run = tw("backtest", "sma.py", "ACME.csv", "BETA.csv", *SAY, "--each")
    assert re.findall(r"Kept as \w{8} \((\w+)\)", run.out) == ["ACME", "BETA"]
    assert len(listed(tw)) == 2


@pytest.mark.parametrize(
    "error", [ResourceError("The disk is full.", hint="Free some space."), StorageError("The database is locked.")]
)
def test_a_run_that_cannot_be_kept_is_printed_all_the_same(
    tw: Tw, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr("tradewright.app.runs.archive.RunArchive.keep", failing)
    run = tw("backtest", "sma.py", "ACME.csv", *SAY)
    assert run.code == 1
    assert "Total return" in run.out
    assert run.err.startswith(f"The run was not kept. {error.message}")  # type: ignore[attr-defined]


def test_a_folder_that_cannot_be_made_is_a_sentence(tw: Tw, storage: Path) -> None:
    storage.parent.mkdir(parents=True, exist_ok=True)
    storage.write_text("a file stands here")
    run = tw("backtest", "sma.py", "ACME.csv", *SAY)
    assert (run.code, run.err.count("Traceback")) == (1, 0)
    assert "cannot be made" in run.err


def test_a_damaged_database_is_a_sentence(tw: Tw, storage: Path) -> None:
    keep(tw)
    for file in (storage / "runs").glob("runs.db*"):
        file.unlink()
    (storage / "runs" / "runs.db").write_bytes(b"this is no database" * 100)
    run = tw("runs", "list")
    assert run.code == 1
    assert "is damaged or no database" in run.err


def test_a_locked_database_is_a_sentence(tw: Tw, storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tw)
    monkeypatch.setattr("tradewright.adapters.storage.sql.database.Database.__init__.__defaults__", (0.05,))
    with sqlite3.connect(storage / "runs" / "runs.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        run = tw("backtest", "sma.py", "ACME.csv", *SAY)
    other.close()
    assert run.code == 1
    assert "is locked by another process" in run.err


# ---------------------------------------------------------------- finding


def test_runs_are_found_by_what_they_are(tw: Tw) -> None:
    first, second = keep(tw, "--tag", "a"), keep(tw, "--symbols", "XYZ", "--param", "fast=4")
    assert set(listed(tw)) == {first, second}
    assert listed(tw, "--tag", "a") == [first]
    assert listed(tw, "--symbol", "XYZ") == [second]
    assert set(listed(tw, "--strategy", "sma")) == {first, second}
    assert listed(tw, "--strategy", "other") == []
    assert listed(tw, "--since", "2100-01-01") == []
    assert set(listed(tw, "--since", "2020-01-01", "--sort", "sharpe")) == {first, second}


def test_the_list_is_a_table(tw: Tw) -> None:
    assert tw("runs", "list").out == "There are no kept runs like that.\n"
    run_id = keep(tw, "--name", "mine")
    (line,) = [each for each in tw("runs", "list").out.splitlines() if run_id in each]
    assert "mine" in line
    assert "SmaCross" in line


def test_the_list_shows_the_sharpe_ratio_as_the_summary_does(tw: Tw) -> None:
    run_id = keep(tw)
    (shown,) = re.findall(r"Sharpe +(\S+ ± \S+)", tw("runs", "show", run_id).out)
    assert shown in tw("runs", "list").out


def test_a_long_name_leaves_the_table_its_shape(tw: Tw) -> None:
    keep(tw, "--name", "a\nb" + "x" * 300)
    (name,) = re.findall(r"a bx+…?", tw("runs", "list").out)
    assert len(name) == 32


def test_a_day_that_is_none_is_refused(tw: Tw) -> None:
    run = tw("runs", "list", "--since", "yesterday")
    assert (run.code, run.err.splitlines()[0]) == (2, "since='yesterday' is not a date.")


def test_an_unknown_id_is_refused_and_an_ambiguous_one_with_the_candidates(
    tw: Tw, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = tw("runs", "show", "0123")
    assert (unknown.code, unknown.err.splitlines()[0]) == (1, "There is no kept run '0123'.")
    numbers = itertools.count(1111)
    monkeypatch.setattr("uuid.uuid4", lambda: SimpleNamespace(hex=f"abcd{next(numbers)}"))
    ids = [keep(tw), keep(tw)]
    several = tw("runs", "show", "abcd")
    assert several.code == 2
    assert f"'abcd' begins the ids of 2 runs: {', '.join(ids)}." in several.err


# ---------------------------------------------------------------- showing, exporting, repeating, deleting


def test_a_run_is_shown_with_where_it_came_from(tw: Tw, desk: Path) -> None:
    run_id = keep(tw, "--name", "mine")
    said = tw("runs", "show", run_id).out
    assert "Total return" in said
    assert re.search(rf"^Bars +ACME: {desk / 'ACME.csv'}$", said, flags=re.MULTILINE)
    assert re.search(rf"^Strategy +{desk / 'sma.py'}:SmaCross$", said, flags=re.MULTILINE)
    assert f"runs rerun {run_id}" in said
    assert json.loads(tw("runs", "show", run_id, "--json").out)["recipe"]["obstacles"] == []


def test_an_exported_run_is_the_folder_that_the_backtest_wrote(tw: Tw, desk: Path) -> None:
    run_id = keep(tw, "--out", "first")
    assert tw("runs", "export", run_id, "--out", "second").code == 0
    before, after = ({path.name: path.read_bytes() for path in (desk / name).iterdir()} for name in ("first", "second"))
    assert after == before


def test_a_run_is_repeated_to_the_same_bytes(tw: Tw) -> None:
    run_id = keep(tw)
    run = tw("runs", "rerun", run_id)
    assert run.code == 0, run.err
    assert f"{run_id} ran again to the same bytes" in run.out
    assert json.loads(tw("runs", "rerun", run_id, "--json").out)["same"] is True


def test_an_edited_strategy_is_repeated_with_its_old_text(tw: Tw, desk: Path) -> None:
    run_id = keep(tw)
    (desk / "sma.py").write_text((desk / "sma.py").read_text().replace("0.95", "0.10"))
    assert tw("runs", "rerun", run_id).code == 0


def test_changed_bars_are_named_with_both_fingerprints(tw: Tw, desk: Path) -> None:
    run_id = keep(tw)
    file = desk / "ACME.csv"
    file.write_text(file.read_text().replace("100000", "100001", 1))
    run = tw("runs", "rerun", run_id)
    assert run.code == 1
    assert re.search(
        rf"The bars of ACME in {file} are not those of the run: fingerprint \w{{12}} now, \w{{12}} then", run.err
    )


def test_bars_that_are_gone_are_named(tw: Tw, desk: Path) -> None:
    run_id = keep(tw)
    (desk / "ACME.csv").unlink()
    run = tw("runs", "rerun", run_id)
    assert run.code == 1
    assert re.search(
        rf"The bars of ACME \(fingerprint \w{{12}}\) cannot be had again: {desk / 'ACME.csv'} is gone", run.err
    )


def test_a_result_is_shown_where_its_bars_are_gone(tw: Tw, desk: Path) -> None:
    run_id = keep(tw)
    before = tw("runs", "show", run_id).out
    (desk / "ACME.csv").unlink()
    assert tw("runs", "show", run_id).out == before
    assert tw("runs", "export", run_id, "--out", "x").code == 0


def test_deleting_frees_what_nothing_else_needs(tw: Tw, storage: Path) -> None:
    first, second = keep(tw), keep(tw, "--param", "fast=4")
    files = storage / "runs" / "artifacts"
    # Two records and two benchmarks that are the same, and one text.
    assert len(list(files.rglob("??/*"))) == 4
    assert tw("runs", "delete", first).out == f"Deleted {first}.\n"
    assert len(list(files.rglob("??/*"))) == 3
    assert tw("runs", "rerun", second).code == 0
    tw("runs", "delete", second)
    assert list(files.rglob("??/*")) == []


def test_nothing_is_deleted_where_one_is_not_there(tw: Tw) -> None:
    run_id = keep(tw)
    assert tw("runs", "delete", run_id, "nowhere").code == 1
    assert listed(tw) == [run_id]


def test_a_lost_artifact_is_a_sentence(tw: Tw, storage: Path) -> None:
    run_id = keep(tw)
    for file in (storage / "runs" / "artifacts").rglob("??/*"):
        file.unlink()
    run = tw("runs", "show", run_id)
    assert run.code == 1
    assert "is gone, and a kept run needs it" in run.err
    assert tw("runs", "list").code == 0
    assert tw("runs", "delete", run_id).code == 0


# ---------------------------------------------------------------- comparing


def compared(run: Run) -> dict[str, dict[str, object]]:
    assert run.code == 0, run.err
    found: dict[str, dict[str, object]] = json.loads(run.out)
    return found


def test_only_what_differs_is_compared(tw: Tw) -> None:
    first, second = keep(tw), keep(tw, "--param", "fast=4", "--cash", "50000")
    found = compared(tw("compare", first, second, "--json"))
    assert found["config"] == {"strategy.params.fast": [5, 4], "cash": [100000.0, 50000.0]}
    assert (found["data"], found["common_period"], found["same"]) == ({}, None, False)
    assert found["metrics"]["sharpe"]["standard_errors"][1] > 0  # type: ignore[index]
    values = found["metrics"]["net_profit"]
    assert values["differences"] == [None, values["values"][1] - values["values"][0]]  # type: ignore[index]


def test_identical_runs_say_so(tw: Tw) -> None:
    first, second = keep(tw), keep(tw)
    assert tw("compare", first, second).out.startswith(f"{first} and {second} are the same run: hash ")
    assert "seed" in tw("compare", first, second, "--all").out


def test_files_and_folders_compare_with_kept_runs(tw: Tw) -> None:
    run_id = keep(tw, "--out", "folder", "--end", "2024-03-01")
    other = keep(tw)
    assert "are the same run" in tw("compare", run_id, "folder", "folder/result.json").out
    said = tw("compare", "folder", other).out
    assert "Equity over the 61 sessions they share, 2024-01-01 to 2024-03-01" in said


@pytest.mark.parametrize("content", ["no json", "[]", "{}"])
def test_a_file_that_is_no_result_is_refused(tw: Tw, desk: Path, content: str) -> None:
    (desk / "x.json").write_text(content)
    run = tw("compare", "x.json", "x.json")
    assert run.code in (1, 2)
    assert "x.json is not the result of a run" in run.err


def test_one_run_is_no_comparison(tw: Tw) -> None:
    run = tw("compare", keep(tw))
    assert (run.code, run.err.splitlines()[0]) == (2, "A comparison takes two runs or more.")


def test_every_field_of_the_json_stands_in_the_reference(tw: Tw) -> None:
    page = (Path(__file__).parents[3] / "docs/reference/runs.md").read_text(encoding="utf-8")
    lines = {line.split("`")[1]: line for line in page.splitlines() if re.match(r"\| `[a-z ]+ --json` \|", line)}
    first, second = keep(tw), keep(tw, "--symbols", "XYZ", "--param", "fast=4")
    shown = json.loads(tw("runs", "show", first, "--json").out)
    listed_run = json.loads(tw("runs", "list", "--json").out)["runs"][0]
    compared = json.loads(tw("compare", first, second, "--json").out)
    fields = {
        "runs show --json": {*shown, *listed_run},
        "runs rerun --json": set(json.loads(tw("runs", "rerun", first, "--json").out)),
        "compare --json": {*compared, *compared["runs"][0], *next(iter(compared["metrics"].values()))},
    }
    for command, keys in fields.items():
        assert {key for key in keys if f"`{key}`" not in lines[command]} == set(), command
    assert shown.keys() - listed_run.keys() == {"config", "recipe"}
