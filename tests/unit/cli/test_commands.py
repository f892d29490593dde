"""The other commands: demo, new strategy, strategies, doctor."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
from pathlib import Path

import pytest
from tests import twin_interpreted
from tests.command_line import SAY, Tw, left_behind

from tradewright.domain.errors import CalendarError

# ---------------------------------------------------------------- demo


def test_demo_shows_two_strategies_side_by_side_and_where_the_reports_are(tw: Tw, desk: Path) -> None:
    run = tw("demo")
    assert (run.code, run.err) == (0, "")
    assert "SmaCross (SYNTHETIC)" in run.out
    assert "MomentumRotation (SYNTHETIC)" in run.out
    assert "Sharpe" in run.out
    for name in ("SmaCross", "MomentumRotation"):
        assert f"runs/demo/{name}/report.html" in run.out
        assert "SYNTHETIC" in (desk / "runs" / "demo" / name / "report.html").read_text(encoding="utf-8")


def test_demo_keeps_its_runs_once_and_offers_the_dashboard(tw: Tw, desk: Path) -> None:
    first = tw("demo")
    assert first.out.count("Kept as ") == 2
    assert "tradewright serve --open" in first.out
    again = tw("demo")
    assert (again.code, "Both runs were kept before." in again.out) == (0, True)
    kept = json.loads(tw("runs", "list", "--tag", "demo", "--json").out)
    assert len(kept["runs"]) == 2


def test_a_store_that_cannot_take_the_demo_costs_the_exit_code_and_not_the_reports(tw: Tw, desk: Path) -> None:
    store = Path(os.environ["TRADEWRIGHT_STORAGE__FOLDER"])
    store.parent.mkdir(parents=True, exist_ok=True)
    store.write_text("no folder")
    run = tw("demo")
    assert run.code == 1
    assert "not kept" in run.err
    assert (desk / "runs" / "demo" / "SmaCross" / "report.html").exists()


def test_demo_goes_where_it_is_told_and_opens_the_first_report(
    tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: shown.append(address) or True)
    tw("demo", "--out", "there", "--open")
    assert shown == [(desk / "there" / "SmaCross" / "report.html").as_uri()]


# ---------------------------------------------------------------- new strategy


@pytest.mark.parametrize("name", ["MyIdea", "my-idea", "my_idea", "my_idea.py"])
def test_a_new_strategy_runs_as_it_is_written(tw: Tw, desk: Path, name: str) -> None:
    assert "tradewright backtest my_idea.py --synthetic" in tw("new", "strategy", name).out
    document = json.loads(tw("backtest", "my_idea.py:MyIdea", "--data", "ACME.csv", *SAY, "--json").out)
    assert document["strategies"][0]["name"] == "MyIdea"


def test_a_new_strategy_trades_on_the_synthetic_market(tw: Tw) -> None:
    tw("new", "strategy", "my_idea")
    document = json.loads(tw("backtest", "my_idea.py", "--synthetic", "--calendar", "24/7", "--json").out)
    assert len(document["trades"]["net"]) > 10


def test_a_file_that_exists_is_left_alone(tw: Tw, desk: Path) -> None:
    before = (desk / "sma.py").read_text()
    run = tw("new", "strategy", "sma")
    assert (run.code, (desk / "sma.py").read_text()) == (2, before)
    assert "sma.py exists already" in run.err


@pytest.mark.parametrize("name", ["1st", "my idea!", "class", "../x", ""])
def test_a_name_that_python_cannot_use_is_refused(tw: Tw, desk: Path, name: str) -> None:
    run = tw("new", "strategy", name)
    assert run.code == 2
    assert "cannot be the name of a strategy" in run.err
    assert left_behind(desk, "sma.py", "ACME.csv") == []


def test_new_alone_lists_what_can_be_started(tw: Tw) -> None:
    assert "strategy  A commented strategy file." in tw("new", "--help").out


# ---------------------------------------------------------------- strategies


def test_the_shipped_examples_are_listed_with_their_parameters(tw: Tw) -> None:
    run = tw("strategies")
    assert run.code == 0
    assert "fast=10, slow=30" in run.out
    assert "Examples that come with the package" in run.out


def test_the_list_as_json_has_bounds_and_places(tw: Tw) -> None:
    listed = json.loads(tw("strategies", "--json").out)
    sma = next(each for each in listed["strategies"] if each["name"] == "sma_cross")
    assert sma["params"]["fast"] | {"doc": ""} == {
        "default": 10, "value": 10, "low": 2, "high": 60, "name": "fast", "doc": "",
    }  # fmt: skip
    assert listed["shipped"] is True


def test_a_catalogue_of_ones_own_takes_their_place_and_shows_its_values(tw: Tw, desk: Path) -> None:
    (desk / "strategies.yaml").write_text("strategies:\n  mine: {class: sma.py, params: {fast: 7}}\n")
    run = tw("strategies")
    assert "fast=7, slow=15" in run.out
    assert "sma_cross" not in run.out


def test_an_entry_that_cannot_be_loaded_says_why_in_the_list(tw: Tw, desk: Path) -> None:
    (desk / "strategies.yaml").write_text("strategies:\n  gone: {class: gone.py}\n  mine: {class: sma.py}\n")
    run = tw("strategies")
    assert run.code == 0
    assert "gone.py cannot be read" in run.out
    assert "fast=5" in run.out


# ---------------------------------------------------------------- doctor


def test_doctor_finds_everything_in_a_whole_installation(tw: Tw) -> None:
    run = tw("doctor")
    assert run.code == 0
    assert "Everything needed is here." in run.out


def test_doctor_warms_the_rules_and_a_strategy(tw: Tw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twin_interpreted.use(monkeypatch)
    text = "def buys(ctx):\n    ctx.buy(1)\n\n\ndef reads(ctx):\n    ctx.history(3)\n"
    (tmp_path / "own.py").write_text(text, encoding="utf-8")
    run = tw("doctor", "--warm", "--strategy", f"{tmp_path / 'own.py'}:buys")
    lines = run.out.splitlines()
    assert len(lines) == 5
    assert all("compiled in" in line for line in lines)
    assert lines[-1].startswith("buys: compiled in")
    assert "compiling" in run.err
    told = json.loads(tw("doctor", "--strategy", f"{tmp_path / 'own.py'}:reads", "--json").out)["warmed"]
    assert told[-1].startswith("reads: not compiled, own.py, line 6: a call whose result is not used")


def test_doctor_as_json(tw: Tw) -> None:
    found = json.loads(tw("doctor", "--json").out)
    assert found["ok"] is True
    names = [check["name"] for check in found["checks"]]
    assert {"Python", "tradewright", "numpy", "settings", "store", "catalogue", "calendars", "clock and zones"} <= set(
        names
    )


def test_doctor_names_the_extra_of_an_optional_library(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "polars")
    run = tw("doctor")
    assert run.code == 0
    assert "pip install 'tradewright[polars]'" in run.out


def test_doctor_says_how_to_bring_what_is_missing(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "plotly")
    run = tw("doctor")
    assert run.code == 1
    assert "To fix: plotly." in run.out


def detail(tw: Tw, name: str) -> str:
    checks = json.loads(tw("doctor", "--json").out)["checks"]
    return next(f"{check['state']}: {check['detail']}" for check in checks if check["name"] == name)


def test_doctor_names_the_settings_and_the_variables_over_them(tw: Tw, desk: Path) -> None:
    assert detail(tw, "settings") == (
        "ok: no tradewright.yaml from here upward, environment TRADEWRIGHT_STORAGE__FOLDER"
    )
    (desk / "tradewright.yaml").touch()
    assert detail(tw, "settings").startswith(f"ok: {desk / 'tradewright.yaml'}, ")


def test_doctor_shows_the_line_of_broken_settings(tw: Tw, desk: Path) -> None:
    (desk / "tradewright.yaml").write_text("backtest:\n  cahs: 5\n")
    run = tw("doctor")
    assert (run.code, run.out.splitlines()[-1]) == (1, "To fix: settings.")
    assert "line 2: there is no key 'backtest.cahs'" in run.out


def test_doctor_shows_a_secret_that_others_may_read(tw: Tw, desk: Path) -> None:
    (desk / "key").write_text("x")
    (desk / "key").chmod(0o644)
    (desk / "tradewright.yaml").write_text("credentials: {key: {file: key}}")
    assert detail(tw, "settings").startswith("fail: The secret 'key' lies in")


def test_doctor_says_where_the_store_is_how_large_and_what_is_in_it(tw: Tw, storage: Path) -> None:
    assert detail(tw, "store") == f"ok: {storage}, nothing stored yet"
    storage.mkdir(parents=True)
    (storage / "file").write_bytes(b"x" * 1_500_000)
    assert re.fullmatch(rf"ok: {storage}, [\d.]+ GB free, 1.5 MB used, 0 series of bars, 0 runs", detail(tw, "store"))


def test_doctor_shows_the_line_of_a_broken_catalogue(tw: Tw, desk: Path) -> None:
    (desk / "strategies.yaml").write_text("strategies:\n  mine: {clas: sma.py}\n")
    run = tw("doctor")
    assert run.code == 1
    assert "line 2" in run.out


def test_doctor_shows_calendars_that_end_too_early(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object) -> object:
        raise CalendarError("The calendar XNYS does not reach that far.")

    monkeypatch.setattr("tradewright.marketdata.sessions.sessions_between", ended)
    assert "To fix: calendars." in tw("doctor").out


def test_doctor_shows_a_folder_that_cannot_be_written(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert "To fix: working folder, temporary folder." in tw("doctor").out


def test_doctor_shows_a_disk_that_is_nearly_full(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 1_000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    assert "Free some space." in tw("doctor").out


def without(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """Let one library look as if it were not installed."""
    real = importlib.metadata.version

    def version(name: str) -> str:
        if name.lower() == library:
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr("importlib.metadata.version", version)


# ---------------------------------------------------------------- the program


@pytest.mark.parametrize("args", [("--help",), ("-h",), ("backtest", "--help")])
def test_help_is_an_answer_not_a_failure(tw: Tw, args: tuple[str, ...]) -> None:
    run = tw(*args)
    assert (run.code, run.err) == (0, "")
    assert "Usage: tradewright" in run.out


def test_every_command_of_the_list_can_be_called(tw: Tw) -> None:
    from tradewright.cli.entry import program

    for name in program.list_commands(None):  # type: ignore[arg-type]
        assert tw(name, "--help").code == 0


def test_the_version_is_told(tw: Tw) -> None:
    assert tw("--version").out == f"tradewright {importlib.metadata.version('tradewright')}\n"
