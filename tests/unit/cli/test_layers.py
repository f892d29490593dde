"""Who is stronger in a run: options over the environment, over the catalogue's entry, over the settings file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command_line import SAY, Run, Tw

from tradewright.bootstrap.run_archive import run_archive
from tradewright.cli.choices import choices_of
from tradewright.domain.kept_run import RunQuery

SETTINGS = "backtest: {cash: 1000, seed: 1, lots: lifo, shorts: true}\n"
ENTRY = "strategies:\n  mine: {class: sma.py, cash: 2000, seed: 2}\n"


def config(run: Run) -> dict[str, object]:
    assert run.code == 0, run.err
    values: dict[str, object] = json.loads(run.out)["config"]
    return values


def test_each_layer_replaces_what_it_says_and_leaves_the_rest(
    tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cash_seed_lots(*options: str) -> tuple[object, ...]:
        found = config(tw("backtest", "mine", "ACME.csv", *SAY, "--json", *options))
        return found["cash"], found["seed"], found["extra"]["lots"]  # type: ignore[index]

    (desk / "strategies.yaml").write_text("strategies:\n  mine: {class: sma.py}\n")
    assert cash_seed_lots() == (100_000.0, 0, "fifo")
    (desk / "tradewright.yaml").write_text(SETTINGS)
    assert cash_seed_lots() == (1000.0, 1, "lifo")
    (desk / "strategies.yaml").write_text(ENTRY)
    assert cash_seed_lots() == (2000.0, 2, "lifo")
    monkeypatch.setenv("TRADEWRIGHT_BACKTEST__CASH", "3000")
    assert cash_seed_lots() == (3000.0, 2, "lifo")
    assert cash_seed_lots("--cash", "4000") == (4000.0, 2, "lifo")


def test_what_files_need_said_may_be_said_once_for_all(tw: Tw, desk: Path) -> None:
    (desk / "tradewright.yaml").write_text("data: {timeframe: 1d, calendar: 24/7}\n")
    assert tw("backtest", "sma.py", "ACME.csv", "--json").code == 0


def test_a_switch_of_the_settings_is_turned_off_by_its_opposite(tw: Tw, desk: Path) -> None:
    (desk / "tradewright.yaml").write_text("backtest: {shorts: true, finalize: true}\n")
    run = ("backtest", "sma.py", "ACME.csv", *SAY, "--json")
    on, off = config(tw(*run)), config(tw(*run, "--no-shorts", "--no-finalize"))
    assert (on["margin"]["shorts"], on["finalize"]) == (True, True)  # type: ignore[index]
    assert (off["margin"]["shorts"], off["finalize"]) == (False, False)  # type: ignore[index]


@pytest.mark.parametrize(
    ("below", "above", "costs"),
    [
        ("costs: none", "slippage_bps: 3", {"slippage_bps": 3.0}),
        ("slippage_bps: 3", "costs: none", {"costs": "none"}),
        ("slippage_bps: 3, commission: none", "commission: none", {"slippage_bps": 3.0, "commission": "none"}),
        ("slippage_bps: 3", "slippage: spread:0.02", {"slippage": "spread:0.02"}),
        ("costs: none", "seed: 1", {"costs": "none"}),
    ],
)  # fmt: skip
def test_costs_of_a_stronger_layer_do_not_mix_with_those_below(
    desk: Path, monkeypatch: pytest.MonkeyPatch, below: str, above: str, costs: dict[str, object]
) -> None:
    (desk / "tradewright.yaml").write_text(f"backtest: {{{below}}}\n")
    name, _, value = above.partition(": ")
    monkeypatch.setenv(f"TRADEWRIGHT_BACKTEST__{name.upper()}", value)
    said = choices_of("sma.py", {}).said
    assert {each: said[each] for each in ("costs", "slippage_bps", "slippage", "commission") if each in said} == costs


def test_an_entry_that_says_nothing_of_costs_leaves_those_of_the_settings(desk: Path) -> None:
    (desk / "tradewright.yaml").write_text("backtest: {costs: none}\n")
    (desk / "strategies.yaml").write_text(ENTRY)
    assert choices_of("mine", {}).said["costs"] == "none"


def test_settings_about_files_do_not_stand_in_the_way_of_a_synthetic_market(tw: Tw, desk: Path) -> None:
    (desk / "tradewright.yaml").write_text(
        "backtest: {currency: EUR}\ndata: {tz: UTC, bad_rows: drop, calendar: 24/7, currency: USD}\n"
    )
    assert config(tw("backtest", "sma.py", "--synthetic", "--json"))["currency"] == "EUR"


def test_runs_go_where_the_settings_say(tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "tradewright.yaml").write_text("runs: {folder: results}\n")
    (desk / "inside").mkdir()
    monkeypatch.chdir(desk / "inside")
    run = tw("backtest", "../sma.py", "../ACME.csv", *SAY)
    assert run.code == 0, run.err
    assert [path.name[:8] for path in (desk / "results").iterdir()] == ["SmaCross"]


@pytest.mark.parametrize(("said", "option", "kept"), [("true", (), 1), ("false", (), 0), ("false", ("--keep",), 1)])
def test_runs_are_kept_as_the_settings_say_unless_the_option_does(
    tw: Tw, desk: Path, said: str, option: tuple[str, ...], kept: int
) -> None:
    (desk / "tradewright.yaml").write_text(f"runs: {{keep: {said}}}\n")
    tw("backtest", "sma.py", "ACME.csv", *SAY, *option, "--json")
    assert len(run_archive().query(RunQuery())) == kept


def test_broken_settings_stop_a_run_before_anything_is_read(tw: Tw, desk: Path) -> None:
    (desk / "tradewright.yaml").write_text("backtest: {cahs: 5}\n")
    run = tw("backtest", "sma.py", "nowhere.csv", *SAY)
    assert (run.code, "Did you mean 'cash'?" in run.err) == (2, True)
