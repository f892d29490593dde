"""`tradewright backtest` where all goes well: what it prints, writes and passes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command_line import SAY, Run, Tw, csv_of

FILES = [
    "contributions.csv", "cost_scenarios.csv", "drawdowns.csv", "equity.csv", "fills.csv", "metrics.csv",
    "monthly.csv", "orders.csv", "report.html", "result.json", "trades.csv", "yearly.csv",
]  # fmt: skip


def config(run: Run) -> dict[str, object]:
    assert run.code == 0, run.err
    values: dict[str, object] = json.loads(run.out)["config"]
    return values


def test_a_file_is_run_summarised_and_written_as_a_folder_of_results(tw: Tw, desk: Path) -> None:
    run = tw("backtest", "sma.py", "--data", "ACME.csv", *SAY)
    folder = next((desk / "runs").iterdir())
    assert run.code == 0
    assert "Total return" in run.out
    assert f"Written to runs/{folder.name}" in run.out
    assert sorted(path.name for path in folder.iterdir()) == FILES


def test_the_same_run_goes_into_the_same_folder(tw: Tw, desk: Path) -> None:
    for _ in range(2):
        tw("backtest", "sma.py", "--data", "ACME.csv", *SAY)
    assert len(list((desk / "runs").iterdir())) == 1


def test_out_names_the_folder(tw: Tw, desk: Path) -> None:
    tw("backtest", "sma.py", "ACME.csv", *SAY, "--out", "mine")
    assert sorted(path.name for path in (desk / "mine").iterdir()) == FILES


def test_json_is_the_document_alone_and_nothing_is_written(tw: Tw, desk: Path) -> None:
    run = tw("backtest", "sma.py:SmaCross", "--data", "ACME.csv", "--symbols", "XYZ", *SAY, "--json", "--no-keep")
    document = json.loads(run.out)
    assert (document["data"][0]["symbol"], run.err) == ("XYZ", "")
    assert not (desk / "runs").exists()


def test_json_with_out_is_the_document_and_the_folder(tw: Tw, desk: Path) -> None:
    run = tw("backtest", "sma.py", "--data", "ACME.csv", *SAY, "--json", "--out", "mine")
    assert json.loads(run.out) == json.loads((desk / "mine" / "result.json").read_text())


def test_what_a_strategy_prints_does_not_mix_with_the_json(tw: Tw, desk: Path) -> None:
    (desk / "loud.py").write_text((desk / "sma.py").read_text() + "\nprint('loaded')\n")
    run = tw("backtest", "loud.py", "--data", "ACME.csv", *SAY, "--json", "--no-keep")
    assert json.loads(run.out)["strategies"][0]["name"] == "SmaCross"
    assert run.err == "loaded\n"


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        (("--cash", "5000"), "cash", 5000.0),
        (("--start", "2024-02-01"), "start", "2024-02-01"),
        (("--end", "2024-03-01"), "end", "2024-03-01"),
        (("--fill-at", "close"), "fill_at", "close"),
        (("--size-at", "fill"), "size_at", "fill"),
        (("--intrabar", "ohlc"), "intrabar", "ohlc"),
        (("--limit-fill", "touch"), "limit_fill", "touch"),
        (("--finalize",), "finalize", True),
        (("--seed", "3"), "seed", 3),
    ],
)
def test_a_policy_reaches_the_record(tw: Tw, options: tuple[str, ...], name: str, value: object) -> None:
    found = config(tw("backtest", "sma.py", "ACME.csv", *SAY, "--json", *options))
    assert found[name] == value


def test_costs_limits_and_shorts_reach_the_record(tw: Tw) -> None:
    options = ("--slippage-bps", "3", "--commission", "per-share:0.01", "--limits", "standard", "--shorts")
    found = config(tw("backtest", "sma.py", "ACME.csv", *SAY, "--json", *options))
    costs = found["costs"]
    assert isinstance(costs, dict)
    assert costs["slippage"] == {"bps": 3.0, "model": "Bps"}
    assert costs["commission"]["model"] == "PerShare"
    assert found["limits"]["name"] == "standard"  # type: ignore[index]
    assert found["margin"]["shorts"] is True  # type: ignore[index]


def test_a_slippage_of_nought_is_said_and_not_left_to_the_default(tw: Tw) -> None:
    found = config(tw("backtest", "sma.py", "ACME.csv", *SAY, "--json", "--slippage-bps", "0"))
    assert found["costs"]["slippage"] == {"bps": 0.0, "model": "Bps"}  # type: ignore[index]


def test_cash_of_nought_is_refused_and_not_taken_for_the_default(tw: Tw) -> None:
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--json", "--cash", "0")
    assert (run.code, run.out) == (2, "")
    assert "cannot begin with cash 0.0" in run.err


def test_a_seed_of_nought_replaces_the_catalogues(tw: Tw, desk: Path) -> None:
    (desk / "strategies.yaml").write_text("strategies:\n  mine: {class: sma.py, seed: 4}\n")
    assert config(tw("backtest", "mine", "ACME.csv", *SAY, "--json", "--seed", "0"))["seed"] == 0


def test_parameters_are_read_as_the_type_of_their_default(tw: Tw) -> None:
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--json", "--param", "fast=3", "--param", "slow=12")
    assert json.loads(run.out)["strategies"][0]["params"] == {"fast": 3, "slow": 12}


def test_bad_rows_are_left_out_when_asked_and_told(tw: Tw, desk: Path) -> None:
    lines = csv_of().splitlines()
    lines[10] = lines[10].replace(",100000", ",-5")
    (desk / "ACME.csv").write_text("\n".join(lines) + "\n")
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--bad-rows", "drop", "--json", "--no-keep")
    assert json.loads(run.out)["data"][0]["rows"] == 119
    assert run.err.count("\n") == 1
    assert "line 11" in run.err


def test_doubtful_bars_are_refused_with_the_code_of_a_refusal(tw: Tw, desk: Path) -> None:
    lines = csv_of().splitlines()
    del lines[40:43]
    (desk / "ACME.csv").write_text("\n".join(lines) + "\n")
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--quality", "refuse")
    assert run.code == 3
    assert "3 sessions of 24/7 are missing: 2024-02-09 to 2024-02-11" in run.err
    assert "or pass --quality keep" in run.err
    assert tw("backtest", "sma.py", "ACME.csv", *SAY, "--json").code == 0


def test_suspect_rows_are_refused_or_left_out_when_asked(tw: Tw, desk: Path) -> None:
    lines = csv_of().splitlines()
    lines[10] = lines[10].replace(",100000", ",0")
    (desk / "ACME.csv").write_text("\n".join(lines) + "\n")
    refused = tw("backtest", "sma.py", "ACME.csv", *SAY, "--suspects", "refuse")
    assert (refused.code, "Line 11 of ACME.csv is hard to believe: its volume is 0" in refused.err) == (1, True)
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--suspects", "drop", "--json")
    assert json.loads(run.out)["data"][0]["rows"] == 119


# ---------------------------------------------------------------- several symbols


@pytest.fixture
def many(desk: Path) -> Path:
    folder = desk / "bars"
    folder.mkdir()
    for symbol in ("AAA", "BBB"):
        (folder / f"{symbol}_1d.csv").write_text(csv_of())
    return folder


def test_each_symbol_runs_by_itself_into_a_folder_of_its_own(tw: Tw, desk: Path, many: Path) -> None:
    run = tw("backtest", "sma.py", "bars", "--symbol-from", "{symbol}_1d", *SAY, "--each", "--out", "out")
    assert run.code == 0
    assert [line.split()[0] for line in run.out.splitlines() if "%" in line] == ["AAA", "BBB"]
    assert sorted(path.name for path in (desk / "out").iterdir()) == ["AAA", "BBB"]


def test_each_with_json_is_a_list_of_documents(tw: Tw, many: Path) -> None:
    run = tw("backtest", "sma.py", "bars/*", "--symbol-from", "{symbol}_1d", *SAY, "--each", "--json")
    assert [each["data"][0]["symbol"] for each in json.loads(run.out)["runs"]] == ["AAA", "BBB"]


def test_files_named_one_after_the_other_are_one_universe(tw: Tw, many: Path) -> None:
    run = tw("backtest", "sma.py", "--data", "bars/AAA_1d.csv", "bars/BBB_1d.csv", *SAY, "--each", "--json")
    assert [each["data"][0]["symbol"] for each in json.loads(run.out)["runs"]] == ["AAA_1d", "BBB_1d"]


# ---------------------------------------------------------------- synthetic market and catalogue


@pytest.mark.parametrize("words", [("--synthetic",), ("--source", "synthetic")])
def test_a_synthetic_market_is_made_only_when_asked_for_and_says_so(tw: Tw, words: tuple[str, ...]) -> None:
    run = tw("backtest", "sma.py", *words, "--calendar", "24/7", "--json")
    assert json.loads(run.out)["synthetic"] is True
    assert run.err.startswith("SYNTHETIC market")


def test_the_catalogue_says_what_the_options_leave_open(tw: Tw, desk: Path) -> None:
    (desk / "strategies.yaml").write_text(
        "strategies:\n  mine:\n    class: sma.py:SmaCross\n    timeframe: 1d\n    cash: 7000\n"
        "    data: {files: ACME.csv, calendar: 24/7}\n    params: {fast: 4}\n    costs: none\n"
    )
    document = json.loads(tw("backtest", "mine", "--param", "slow=20", "--cash", "8000", "--json").out)
    assert document["strategies"][0]["params"] == {"fast": 4, "slow": 20}
    assert (document["config"]["cash"], document["config"]["costs"]["free"]) == (8000.0, True)


def test_costs_as_numbers_replace_the_catalogues_word(tw: Tw, desk: Path) -> None:
    (desk / "strategies.yaml").write_text("strategies:\n  mine: {class: sma.py, costs: none}\n")
    run = tw("backtest", "mine", "ACME.csv", *SAY, "--slippage-bps", "4", "--json")
    assert json.loads(run.out)["config"]["costs"]["slippage"] == {"bps": 4.0, "model": "Bps"}


def test_no_costs_replace_the_catalogues_numbers(tw: Tw, desk: Path) -> None:
    (desk / "strategies.yaml").write_text("strategies:\n  mine: {class: sma.py, costs: {slippage_bps: 4}}\n")
    assert json.loads(tw("backtest", "mine", "ACME.csv", *SAY, "--costs", "none", "--json").out)["config"]["costs"][
        "free"
    ]


def test_open_shows_the_report(tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: shown.append(address) or True)
    tw("backtest", "sma.py", "ACME.csv", *SAY, "--out", "mine", "--open")
    assert shown == [(desk / "mine" / "report.html").as_uri()]


def test_without_a_browser_the_path_is_told(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    assert "open mine/report.html yourself" in tw("backtest", "sma.py", "ACME.csv", *SAY, "--out", "mine", "--open").err


def trials_told(run: Run) -> str:
    assert run.code == 0, run.err
    value: str = next(chip["value"] for chip in json.loads(run.out)["trust"] if chip["code"] == "trials")
    return value


def test_a_run_says_of_how_many_configurations_it_is_one(tw: Tw) -> None:
    ask = ("backtest", "sma.py", "ACME.csv", *SAY, "--json", "--no-keep", "--param")
    assert trials_told(tw(*ask, "fast=3")) == "1 trial"
    assert trials_told(tw(*ask, "fast=4")).startswith("2 trials, DSR")
    assert trials_told(tw(*ask, "fast=3")).startswith("2 trials, DSR")
    assert trials_told(tw(*ask, "fast=3", "--family", "mine")) == "1 trial"
    assert trials_told(tw(*ask, "fast=3", "--no-ledger")) == "not computed"


def test_a_kept_run_runs_again_to_the_same_bytes_after_more_trials(tw: Tw) -> None:
    first = tw("backtest", "sma.py", "ACME.csv", *SAY).out.splitlines()[-1].removeprefix("Kept as ")
    tw("backtest", "sma.py", "ACME.csv", *SAY, "--param", "fast=4")
    assert tw("runs", "rerun", first).code == 0


def test_a_run_that_cannot_be_counted_is_told_and_its_result_is_there(tw: Tw, storage: Path) -> None:
    storage.mkdir(parents=True)
    (storage / "runs").write_text("in the way")
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--json", "--no-keep")
    assert run.code == 1
    assert run.err.startswith("The run was not counted. ")
    assert json.loads(run.out)["trust"]
