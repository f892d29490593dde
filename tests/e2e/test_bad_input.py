"""Bad input gets one clear sentence with what to do, the right exit code, and leaves nothing behind."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from tests.command_line import SAY, SMA, Run, Tw, csv_of, left_behind, rows_of

KNOWN = ("sma.py", "ACME.csv")


def assert_refused(run: Run, desk: Path, says: str, *known: str, code: int = 1) -> None:
    """One sentence, at most one hint below it, no traceback, no files."""
    assert says in run.err, run.err
    assert run.code == code
    assert run.out == ""
    lines = run.err.strip().splitlines()
    assert len(lines) <= 2, run.err
    assert all(line.startswith("  ") for line in lines[1:])
    assert "Traceback" not in run.err
    assert left_behind(desk, *KNOWN, *known) == []


def rows_with(number: int, column: int, value: str) -> list[list[str]]:
    rows = rows_of()
    rows[number][column] = value
    return rows


# ---------------------------------------------------------------- files


def test_missing_file(tw: Tw, desk: Path) -> None:
    run = tw("backtest", "sma.py", "--data", "ACNE.csv", *SAY)
    assert_refused(run, desk, "There is no file ACNE.csv.")
    assert "Did you mean ACME.csv?" in run.err


def test_folder_without_bars(tw: Tw, desk: Path) -> None:
    (desk / "none").mkdir()
    assert_refused(tw("backtest", "sma.py", "none", *SAY), desk, "There are no CSV or Parquet files", "none")


def test_empty_file(tw: Tw, desk: Path) -> None:
    (desk / "ACME.csv").write_text("")
    assert_refused(tw("backtest", "sma.py", "ACME.csv", *SAY), desk, "ACME.csv is empty.")


def test_damaged_archive(tw: Tw, desk: Path) -> None:
    (desk / "Z.csv.gz").write_bytes(gzip.compress(csv_of().encode())[:200])
    assert_refused(tw("backtest", "sma.py", "Z.csv.gz", *SAY), desk, "Z.csv.gz", "Z.csv.gz")


def test_wrong_column(tw: Tw, desk: Path) -> None:
    (desk / "ACME.csv").write_text(csv_of(head="timestamp,open,high,low,last,volume"))
    run = tw("backtest", "sma.py", "ACME.csv", *SAY)
    assert_refused(run, desk, "close")
    assert "Rename it in the file" in run.err


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([*rows_of()[50:], *rows_of()[:50]], "Line 72"),
        ([*rows_of()[:50], rows_of()[49], *rows_of()[50:]], "Line 52"),
        (rows_with(30, 1, "-3"), "Line 32"),
        (rows_with(30, 2, "1"), "Line 32"),
        (rows_with(30, 4, "nan"), "Line 32"),
        (rows_with(30, 4, "many"), "Line 32"),
        (rows_with(30, 0, "2024-01-31T12:00:00"), "Line 32"),
        (rows_with(30, 0, "yesterday"), "Line 32"),
    ],
    ids=["unsorted", "duplicate", "negative price", "high below low", "not a number", "text", "mixed", "no date"],
)
def test_impossible_rows_name_their_line(tw: Tw, desk: Path, rows: list[list[str]], says: str) -> None:
    (desk / "ACME.csv").write_text(csv_of(rows))
    assert_refused(tw("backtest", "sma.py", "ACME.csv", *SAY), desk, says)


def test_hints_are_options_of_the_command_line(tw: Tw, desk: Path) -> None:
    (desk / "ACME.csv").write_text(csv_of(rows_with(30, 1, "-3")))
    assert "pass --bad-rows drop to leave such rows out" in tw("backtest", "sma.py", "ACME.csv", *SAY).err


def test_naive_intraday_stamps_need_a_zone(tw: Tw, desk: Path) -> None:
    rows = [[f"2024-01-02 {10 + n // 60}:{n % 60:02}:00", "5", "6", "4", "5", "9"] for n in range(60)]
    (desk / "ACME.csv").write_text(csv_of(rows))
    run = tw("backtest", "sma.py", "ACME.csv", "--timeframe", "1m", "--calendar", "24/7")
    assert_refused(run, desk, "zone")
    assert "--tz" in run.err


def test_mixed_zones(tw: Tw, desk: Path) -> None:
    rows = [[f"2024-01-02T10:{n:02}:00{'Z' if n % 2 else ''}", "5", "6", "4", "5", "9"] for n in range(60)]
    (desk / "ACME.csv").write_text(csv_of(rows))
    run = tw("backtest", "sma.py", "ACME.csv", "--timeframe", "1m", "--calendar", "24/7")
    assert_refused(run, desk, "ACME.csv")


def test_no_calendar(tw: Tw, desk: Path) -> None:
    assert_refused(tw("backtest", "sma.py", "ACME.csv", "--timeframe", "1d"), desk, "calendar")


def test_unknown_calendar(tw: Tw, desk: Path) -> None:
    run = tw("backtest", "sma.py", "ACME.csv", "--timeframe", "1d", "--calendar", "XNIS")
    assert_refused(run, desk, "There is no calendar named 'XNIS'.")


def test_no_timeframe(tw: Tw, desk: Path) -> None:
    run = tw("backtest", "sma.py", "ACME.csv", "--calendar", "24/7")
    assert_refused(run, desk, "how long a bar lasts", code=2)


def test_unknown_symbol(tw: Tw, desk: Path) -> None:
    (desk / "BETA.csv").write_text(csv_of())
    run = tw("backtest", "sma.py", "ACME.csv", "BETA.csv", "--symbols", "BETTA", *SAY)
    assert_refused(run, desk, "No file holds BETTA.", "BETA.csv")


@pytest.mark.parametrize(
    ("range_", "says"),
    [
        (("--start", "2030-01-01"), "There are no bars from 2030-01-01 on."),
        (("--end", "2001-01-01"), "There are no bars up to 2001-01-01."),
        (("--start", "2024-03-01", "--end", "2024-02-01"), "ends before it begins"),
    ],
)
def test_empty_range(tw: Tw, desk: Path, range_: tuple[str, ...], says: str) -> None:
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, *range_)
    assert_refused(run, desk, says, code=run.code)
    assert run.code in (1, 2)


def test_too_short_for_the_warm_up(tw: Tw, desk: Path) -> None:
    (desk / "ACME.csv").write_text(csv_of(rows_of(10)))
    assert_refused(tw("backtest", "sma.py", "ACME.csv", *SAY), desk, "there are 10")


# ---------------------------------------------------------------- usage


def test_no_bars_named(tw: Tw, desk: Path) -> None:
    assert_refused(tw("backtest", "sma.py"), desk, "There are no bars to run over.", code=2)


def test_files_and_a_synthetic_market(tw: Tw, desk: Path) -> None:
    assert_refused(tw("backtest", "sma.py", "ACME.csv", "--synthetic"), desk, "not both", code=2)


def test_words_about_files_with_a_synthetic_market(tw: Tw, desk: Path) -> None:
    assert_refused(tw("backtest", "sma.py", "--synthetic", "--tz", "UTC"), desk, "--tz describes files", code=2)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--param", "fsat=3"), "no parameter 'fsat'"),
        (("--param", "fast"), "is not NAME=VALUE"),
        (("--param", "fast=quick"), "fast takes a value of type int"),
        (("--param", "fast=500"), "fast=500 is outside"),
        (("--cash", "-1"), "cannot begin with cash"),
        (("--commission", "1"), "There is no commission '1'."),
        (("--costs", "none", "--slippage-bps", "1"), "not both"),
        (("--limits", "brave"), "brave"),
        (("--fil-at", "open"), "--fil-at"),
    ],
)
def test_options_that_cannot_be_used(tw: Tw, desk: Path, options: tuple[str, ...], says: str) -> None:
    assert_refused(tw("backtest", "sma.py", "ACME.csv", *SAY, *options), desk, says, code=2)


@pytest.mark.parametrize(("args", "says"), [(("bakctest",), "Did you mean 'backtest'?"), (("qqq",), "There are demo")])
def test_unknown_command(tw: Tw, desk: Path, args: tuple[str, ...], says: str) -> None:
    assert_refused(tw(*args), desk, says, code=2)


# ---------------------------------------------------------------- strategies


def strategy_file(desk: Path, body: str, setup: str = "pass") -> str:
    lines = [f"        {line}" for line in body.splitlines()]
    text = "from tradewright import Strategy\nfrom tradewright import indicators as ta\n\n\nclass Bad(Strategy):\n"
    text += f"    def setup(self):\n        {setup}\n\n    def on_bar(self, ctx):\n" + "\n".join(lines) + "\n"
    (desk / "bad.py").write_text(text)
    return "bad.py"


def test_strategy_that_raises_is_named_with_file_line_and_bar(tw: Tw, desk: Path) -> None:
    strategy = strategy_file(desk, "x = 1\ny = x / 0")
    run = tw("backtest", strategy, "ACME.csv", *SAY)
    assert_refused(run, desk, "raised ZeroDivisionError", "bad.py")
    assert "bad.py:11 at the bar closing 2024-01-02T00:00:00Z: division by zero" in run.err
    assert "The line is: y = x / 0" in run.err


def test_strategy_that_raises_in_setup(tw: Tw, desk: Path) -> None:
    strategy = strategy_file(desk, "pass", setup="self.use(ta.sma, 'clothes', 3)")
    assert_refused(tw("backtest", strategy, "ACME.csv", *SAY), desk, "bad.py:7", "bad.py")


def test_strategy_file_with_a_syntax_error(tw: Tw, desk: Path) -> None:
    (desk / "bad.py").write_text("from tradewright import Strategy\n\nclass Bad(Strategy)\n    pass\n")
    run = tw("backtest", "bad.py", "ACME.csv", *SAY)
    assert_refused(run, desk, "bad.py", "bad.py")
    assert "3" in run.err


def test_strategy_file_that_imports_what_is_not_there(tw: Tw, desk: Path) -> None:
    (desk / "bad.py").write_text("import not_there_at_all\n")
    assert_refused(tw("backtest", "bad.py", "ACME.csv", *SAY), desk, "not_there_at_all", "bad.py")


def test_file_without_a_strategy(tw: Tw, desk: Path) -> None:
    (desk / "bad.py").write_text("x = 1\n")
    run = tw("backtest", "bad.py", "ACME.csv", *SAY)
    assert "bad.py" in run.err
    assert_refused(run, desk, "strateg", "bad.py", code=run.code)
    assert run.code in (1, 2)


def test_strategy_file_that_is_not_there(tw: Tw, desk: Path) -> None:
    run = tw("backtest", "smaa.py", "ACME.csv", *SAY)
    assert_refused(run, desk, "smaa.py", code=run.code)
    assert run.code in (1, 2)


def test_class_that_is_not_in_the_file(tw: Tw, desk: Path) -> None:
    run = tw("backtest", "sma.py:SmaCros", "ACME.csv", *SAY)
    assert_refused(run, desk, "SmaCros", code=run.code)
    assert run.code in (1, 2)


def test_name_that_is_not_in_the_catalogue(tw: Tw, desk: Path) -> None:
    assert_refused(tw("backtest", "sma_crss", "ACME.csv", *SAY), desk, "has no strategy 'sma_crss'.", code=2)


def test_strategy_that_never_trades_is_a_result_that_says_so(tw: Tw, desk: Path) -> None:
    run = tw("backtest", strategy_file(desk, "pass"), "ACME.csv", *SAY)
    assert run.code == 0
    assert "no trade" in run.out.lower().replace("never traded", "no trade")


def test_strategy_that_reads_before_the_warm_up(tw: Tw, desk: Path) -> None:
    strategy = strategy_file(desk, "ctx.history(ctx.symbols[0], int('5000'))")
    assert_refused(tw("backtest", strategy, "ACME.csv", *SAY), desk, "bad.py:10", "bad.py")


@pytest.mark.parametrize(
    "order",
    [
        "ctx.buy(-5)",
        "ctx.buy(float('nan'))",
        "ctx.buy(1, 'NOPE')",
        "ctx.buy(1, order_type='sideways')",
        "ctx.buy(1, order_type='limit')",
        "ctx.buy('many')",
        "ctx.target_percent(float('inf'))",
    ],
)
def test_strategy_that_orders_nonsense(tw: Tw, desk: Path, order: str) -> None:
    assert_refused(tw("backtest", strategy_file(desk, order), "ACME.csv", *SAY), desk, "bad.py:10", "bad.py")


def test_strategy_that_leaves_the_symbol_out_among_many(tw: Tw, desk: Path) -> None:
    (desk / "BETA.csv").write_text(csv_of())
    run = tw("backtest", strategy_file(desk, "ctx.target_percent(0.5)"), "ACME.csv", "BETA.csv", *SAY)
    assert_refused(run, desk, "bad.py:10", "bad.py", "BETA.csv")
    assert "symbol" in run.err


# ---------------------------------------------------------------- catalogue, memory, disk


def test_broken_yaml(tw: Tw, desk: Path) -> None:
    (desk / "strategies.yaml").write_text("strategies:\n  a: {class: sma.py\n")
    run = tw("backtest", "a", "ACME.csv", *SAY)
    assert_refused(run, desk, "strategies.yaml, line", "strategies.yaml", code=2)


def test_run_that_would_not_fit_in_memory(tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([10**9, 1_000])
    monkeypatch.setattr("tradewright.app.backtest.free_memory", lambda: next(answers))
    assert_refused(tw("backtest", "sma.py", "ACME.csv", *SAY), desk, "The run over 120 bars needs about")


def test_files_that_would_not_fit_in_memory(tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewright.app.backtest.free_memory", lambda: 1_000)
    assert_refused(tw("backtest", "sma.py", "ACME.csv", *SAY), desk, "Reading 1 files needs about")


@pytest.mark.parametrize("failing", [1, 3, 7], ids=["first file", "in between", "last file"])
def test_full_disk_leaves_nothing_behind(tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    real, count = Path.open, iter(range(1, 100))

    def full(self: Path, mode: str = "r", *args: object, **keywords: object) -> object:
        if "w" in mode and ".partial" in str(self) and next(count) >= failing:
            raise OSError(28, os.strerror(28), str(self))
        return real(self, mode, *args, **keywords)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--out", "mine")
    assert_refused(run, desk, "The disk is full: 'mine' was not written")


def test_results_where_nothing_may_be_written(tw: Tw, desk: Path) -> None:
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--out", "ACME.csv/mine")
    assert_refused(run, desk, "cannot be written", code=2)


def test_a_fault_of_the_program_is_a_sentence_and_debug_shows_where(
    tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradewright.cli.backtest.choices_of", lambda *_: 1 / 0)
    assert_refused(tw("backtest", "sma.py"), desk, "A fault of the program, ZeroDivisionError")
    assert "Traceback" in tw("backtest", "sma.py", "--debug").err


def test_debug_shows_the_traceback_of_a_refusal(tw: Tw) -> None:
    run = tw("--debug", "backtest", "sma.py")
    assert "Traceback" in run.err
    assert run.err.strip().endswith("--synthetic.")


def test_the_strategy_of_these_tests_runs(tw: Tw, desk: Path) -> None:
    assert (desk / "sma.py").read_text() == SMA
    assert tw("backtest", "sma.py", "ACME.csv", *SAY, "--json").code == 0
