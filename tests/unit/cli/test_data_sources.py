"""Sources of bars from the command line: files of a folder, a made-up market, and auto, which says what it took."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import Tw, csv_of

RANGE = ("--start", "2024-01-02", "--end", "2024-06-28")
SETTINGS = """
data: {sources: [second, first]}
providers:
  first: {kind: folder, path: one, timeframe: 1d, calendar: 24/7}
  second: {kind: folder, path: two, timeframe: 1d, calendar: 24/7}
"""


@pytest.fixture
def folders(desk: Path) -> Path:
    """Two folders of files that the settings name as providers: the first has ACME, the second BOLT."""
    for name, symbol in (("one", "ACME"), ("two", "BOLT")):
        (desk / name).mkdir()
        (desk / name / f"{symbol}.csv").write_text(csv_of())
    (desk / "tradewright.yaml").write_text(SETTINGS)
    return desk


def fetched(tw: Tw, *words: str) -> Any:
    return json.loads(tw("data", "fetch", *words, "--json").out)["symbols"]


def test_files_of_a_folder_are_fetched_as_an_import_reads_them(folders: Path, tw: Tw) -> None:
    whole = ("--start", "2024-01-01", "--end", "2024-06-28")
    (told,) = fetched(tw, "ACME", "--source", "first", *whole)
    assert (told["instrument"], told["new"], told["synthetic"]) == ("CRYPTO:ACME", 120, False)
    assert re.fullmatch("first [0-9a-f]{8}", told["source"])
    (again,) = fetched(tw, "ACME", "--source", "first", *whole)
    assert (again["days_asked"], again["new"]) == (0, 0)
    imported = tw("data", "import", "one/ACME.csv", "--timeframe", "1d", "--calendar", "24/7", "--json").out
    assert json.loads(imported)["files"][0]["effect"] == "unchanged"


def test_hours_and_a_date_are_chosen_of_stored_bars_alone(folders: Path, tw: Tw) -> None:
    fetched(tw, "ACME", "--source", "first", *RANGE)
    days = tw("backtest", "sma_cross", "--symbols", "ACME", "--hours", "regular")
    assert "The 1d bars of ACME have no hours to choose from" in days.err
    for option, word in (("--hours", "extended"), ("--as-of", "2024-03-01")):
        of_files = tw("backtest", "sma_cross", "--data", "one/ACME.csv", "--timeframe", "1d", option, word)
        assert (of_files.code, f"{option} is about the store" in of_files.err) == (2, True)
    seen = tw("backtest", "sma_cross", "--symbols", "ACME", "--as-of", "2024-03-01", "--json")
    assert json.loads(seen.out)["data"][0]["last"].startswith("2024-03-01")


def test_a_folder_that_changed_is_looked_through_again(folders: Path, tw: Tw) -> None:
    fetched(tw, "ACME", "--source", "first", *RANGE)
    lines = (folders / "one" / "ACME.csv").read_text().splitlines()
    (folders / "one" / "ACME.csv").write_text("\n".join([*lines, "2024-06-01,100,102,99,101,1000"]) + "\n")
    (told,) = fetched(tw, "ACME", "--source", "first", *RANGE)
    assert (told["new"], told["revised"]) == (1, 0)


def test_auto_goes_on_to_the_next_and_says_why(folders: Path, tw: Tw) -> None:
    told = fetched(tw, "BOLT", "ACME", "--source", "auto", *RANGE)
    assert [each["source"].split()[0] for each in told] == ["second", "first"]
    assert told[0]["passed_over"] == []
    assert re.match("second [0-9a-f]{8}: No file holds ACME.", told[1]["passed_over"][0])
    said = tw("data", "fetch", "ACME", "--source", "auto", *RANGE, "--refresh")
    assert "ACME: passed over second" in said.err
    assert "SYNTHETIC" not in said.out + said.err


def test_where_no_source_has_it_the_command_fails_and_nothing_is_made_up(folders: Path, tw: Tw) -> None:
    said = tw("data", "fetch", "NOSUCH", "--source", "auto", *RANGE)
    assert said.code == 1
    assert "NOSUCH was not fetched: No file holds NOSUCH." in said.err
    assert "SYNTHETIC" not in said.out + said.err


def test_a_key_that_is_named_and_not_there_is_an_error_and_no_reason_to_make_bars_up(desk: Path, tw: Tw) -> None:
    (desk / "tradewright.yaml").write_text("brokers:\n  alpaca: {paper: {key: '${NO_KEY}', secret: '${NO_SECRET}'}}\n")
    said = tw("data", "fetch", "AAPL", "--source", "auto", *RANGE)
    assert said.code == 2
    assert "brokers.alpaca.paper.key" in said.err
    assert "SYNTHETIC" not in said.out + said.err


@pytest.mark.parametrize("named", ["synthetic", "auto", "made_up"])
def test_nothing_gives_way_to_what_is_made_up(desk: Path, tw: Tw, named: str) -> None:
    settings = f"data: {{sources: [mine, {named}]}}\nproviders:\n  mine: {{kind: folder, path: ., timeframe: 1d}}\n"
    (desk / "tradewright.yaml").write_text(f"{settings}  made_up: {{kind: synthetic}}\n")
    said = tw("data", "fetch", "AAPL", "--source", "auto", *RANGE)
    assert (said.code, f"data.sources names '{named}'" in said.err) == (2, True)


def test_with_nothing_configured_auto_is_synthetic_in_every_line_and_never_evidence(desk: Path, tw: Tw) -> None:
    said = tw("data", "fetch", "AAPL", "--source", "auto", *RANGE)
    assert "SYNTHETIC:AAPL 1d raw" in said.out
    assert said.err.startswith("SYNTHETIC: the bars of AAPL are made up")
    assert "SYNTHETIC:AAPL" in tw("data", "list").out
    run = tw("backtest", "sma.py", "--symbols", "AAPL", "--source", "auto", *RANGE)
    assert run.code == 0
    assert run.err.startswith("SYNTHETIC: the bars of AAPL are made up")
    assert "SYNTHETIC · SmaCross · AAPL · 1d" in run.out
    kept = re.findall(r"Kept as (\w{8})", run.out)[0]
    refused = tw("approvals", "approve", kept, "--reason", "looks fine")
    assert refused.code == 3
    assert "SYNTHETIC market, which is never evidence" in refused.err
    # Read from the store later, without a word on where it came from, it is still made up.
    stored = tw("backtest", "sma.py", "--symbols", "AAPL")
    assert "SYNTHETIC · SmaCross" in stored.out
    again = re.findall(r"Kept as (\w{8})", stored.out)[0]
    assert tw("approvals", "approve", again, "--reason", "looks fine").code == 3


def test_a_run_with_auto_trades_what_was_fetched_and_is_evidence_where_it_is_real(folders: Path, tw: Tw) -> None:
    run = tw("backtest", "sma.py", "--symbols", "ACME", "--source", "auto", *RANGE)
    assert (run.code, "SYNTHETIC" in run.out + run.err) == (0, False), run.err
    kept = re.findall(r"Kept as (\w{8})", run.out)[0]
    assert tw("approvals", "approve", kept, "--reason", "sound").code == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "which stored symbols to trade"),
        (("--symbols", "AAPL", "--data-version", "abcdef"), "--data-version is about what is stored"),
        (("--symbols", "../x"), "no symbol of the synthetic market"),
    ],
)
def test_a_run_that_cannot_be_fetched_for_says_why(desk: Path, tw: Tw, words: tuple[str, ...], sentence: str) -> None:
    said = tw("backtest", "sma.py", "--source", "auto", *words)
    assert said.code != 0
    assert sentence in said.err
