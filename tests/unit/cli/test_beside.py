"""What stands beside the bars on the command line: policies, a margin account, a benchmark, finer bars, rates."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.command_line import SAY, Run, Tw, csv_of, rows_of

RUN = ("backtest", "sma.py", "ACME.csv", *SAY, "--json")


def document(run: Run) -> dict[str, dict[str, object]]:
    assert run.code == 0, run.err
    found: dict[str, dict[str, object]] = json.loads(run.out)
    return found


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        (("--insufficient", "clip"), "insufficient", "clip"),
        (("--metrics-from", "ready"), "metrics_from", "ready"),
        (("--margin", "0.4,0.2"), "margin", {"initial": 0.4, "maintenance": 0.2, "shorts": True}),
        (("--margin", "0.4"), "margin", {"initial": 0.4, "maintenance": 0.25, "shorts": True}),
        (("--margin", "0.4", "--no-shorts"), "margin", {"initial": 0.4, "maintenance": 0.25, "shorts": False}),
    ],
)
def test_a_policy_reaches_the_record(tw: Tw, options: tuple[str, ...], name: str, value: object) -> None:
    assert document(tw(*RUN, *options))["config"][name] == value


@pytest.mark.parametrize(("option", "value"), [("lots", "highest_cost"), ("latency_bars", 2)])
def test_a_policy_beyond_the_common_ones_reaches_the_record(tw: Tw, option: str, value: object) -> None:
    extra = document(tw(*RUN, f"--{option.replace('_', '-')}", str(value)))["config"]["extra"]
    assert extra[option] == value  # type: ignore[index]


@pytest.mark.parametrize("words", ["x", "0.5,0.2,0.1", "2", "0.2,0.5", ""])
def test_a_margin_that_cannot_be_used_is_refused(tw: Tw, words: str) -> None:
    assert tw(*RUN, "--margin", words).code == 2


def test_a_late_order_fills_later(tw: Tw) -> None:
    soon, late = (document(tw(*RUN, "--latency-bars", bars))["trades"]["entry_time"] for bars in ("0", "1"))
    assert soon[0] < late[0]  # type: ignore[index]


def test_a_risk_free_rate_lowers_the_sharpe_ratio(tw: Tw) -> None:
    without, with_rate = (document(tw(*RUN, "--risk-free", rate))["metrics"] for rate in ("0", "0.05"))
    assert sharpe(with_rate) < sharpe(without)


def sharpe(metrics: dict[str, object]) -> float:
    value = metrics["sharpe"]
    return float(value["value"] if isinstance(value, dict) else value)  # type: ignore[arg-type]


# ---------------------------------------------------------------- benchmark


def metric(run: Run, name: str) -> float:
    value = document(run)["metrics"][name]
    return float(value["value"] if isinstance(value, dict) else value)  # type: ignore[arg-type]


def test_a_file_or_a_symbol_of_the_run_is_the_benchmark(tw: Tw, desk: Path) -> None:
    rows = [
        [day, *(f"{1000 + 2 * float(price):.2f}" for price in prices), volume] for day, *prices, volume in rows_of()
    ]
    (desk / "CALM.csv").write_text(csv_of(rows))
    by_file = metric(tw(*RUN, "--benchmark", "CALM.csv"), "beta")
    both = ("backtest", "sma.py", "ACME.csv", "CALM.csv", *SAY, "--json", "--each")
    each = json.loads(tw(*both, "--benchmark", "CALM").out)["runs"][0]["metrics"]["beta"]
    assert by_file != metric(tw(*RUN), "beta")
    assert (each["value"] if isinstance(each, dict) else each) == by_file


def test_a_benchmark_that_is_neither_is_refused(tw: Tw) -> None:
    run = tw(*RUN, "--benchmark", "SPY")
    assert run.code == 1
    assert run.err.startswith("The benchmark 'SPY' is no symbol of the run and no file, and from the store: ")


def test_a_benchmark_may_come_from_the_store(tw: Tw, storage: Path) -> None:
    from tradewright.adapters.storage.parquet.store import ParquetBarStore
    from tradewright.face.bars import read_bars

    bars = read_bars("ACME.csv", symbol="SPY", calendar="24/7", timeframe="1d")
    with ParquetBarStore(storage / "bars").writing() as writer:
        writer.add(bars)
    assert metric(tw(*RUN, "--benchmark", "SPY"), "beta") == metric(tw(*RUN, "--benchmark", "ACME"), "beta")


def test_a_benchmark_of_the_settings_counts_from_their_file(
    tw: Tw, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "tradewright.yaml").write_text("backtest: {benchmark: ACME.csv}\n")
    (desk / "inside").mkdir()
    monkeypatch.chdir(desk / "inside")
    assert tw("backtest", "../sma.py", "../ACME.csv", *SAY, "--json").code == 0


# ---------------------------------------------------------------- finer bars


def hours_of(rows: list[list[str]]) -> list[list[str]]:
    """Twelve bars of two hours inside each day: from its open to its high, its low and its close."""
    found = []
    for day, opened, high, low, close, volume in rows:
        path = [opened] * 3 + [high] * 3 + [low] * 3 + [close] * 3
        found += [[f"{day}T{2 * n:02}:00:00Z", price, price, price, price, volume] for n, price in enumerate(path)]
    return found


def test_finer_bars_are_replayed_inside_the_trading_bars(tw: Tw, desk: Path) -> None:
    (desk / "ACME_2h.csv").write_text(csv_of(hours_of(rows_of())))
    found = document(tw(*RUN, "--detail", "ACME_2h.csv", "--detail-timeframe", "2h"))
    assert found["config"]["extra"]["detail"] == ["ACME"]  # type: ignore[index]


def test_finer_bars_of_a_real_index_say_for_themselves_what_their_stamps_mark(tw: Tw, shared_data: Path) -> None:
    run = tw(
        "backtest", "sma.py", "--symbols", "ESTX50", str(shared_data / "daily" / "ESTX50_1d_2006.csv"),
        "--calendar", "XETR", "--timeframe", "1d", "--volume", "none",
        "--detail", str(shared_data / "intraday" / "ESTX50_5m_200601.csv.gz"),
        "--detail-timeframe", "5m", "--detail-stamp", "end", "--sessions", "regular", "--end", "2006-03-31",
        "--data-currency", "EUR", "--fx", "EUR=1.2", "--json",
    )  # fmt: skip
    assert document(run)["config"]["extra"]["detail"] == ["ESTX50"]  # type: ignore[index]


def test_finer_bars_say_how_long_they_last(tw: Tw) -> None:
    run = tw(*RUN, "--detail", "ACME.csv")
    assert (run.code, "--detail-timeframe, such as 1m" in run.err) == (2, True)


def test_finer_bars_of_a_folder_are_taken_for_the_symbols_of_the_run(tw: Tw, desk: Path) -> None:
    (desk / "fine").mkdir()
    for symbol in ("ACME", "OTHER", "THIRD"):
        (desk / "fine" / f"{symbol}.csv").write_text(csv_of(hours_of(rows_of())))
    (desk / "OTHER.csv").write_text(csv_of())
    run = (
        "backtest",
        "sma.py",
        "ACME.csv",
        "OTHER.csv",
        *SAY,
        "--detail",
        "fine",
        "--detail-timeframe",
        "2h",
        "--each",
    )
    assert tw(*run, "--json").code == 0


# ---------------------------------------------------------------- currencies


def test_prices_in_another_currency_take_a_rate_as_a_number_or_a_file(tw: Tw, desk: Path) -> None:
    with (desk / "EURUSD.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["date", "open", "high", "low", "close"])
        # Of a week the days on which currencies are traded: 2024 begins on a Monday.
        writer.writerows([row[0], 1.25, 1.25, 1.25, 1.25] for n, row in enumerate(rows_of()) if n % 7 < 5)
    in_euro = (*RUN, "--data-currency", "EUR")
    numbers, files = (document(tw(*in_euro, "--fx", f"EUR={rate}")) for rate in ("1.25", "EURUSD.csv"))
    assert [each["config"]["extra"]["fx"] for each in (numbers, files)] == [["EUR"], ["EUR"]]  # type: ignore[index]
    assert numbers["trades"]["net"] == files["trades"]["net"]
    assert numbers["trades"]["net"] != document(tw(*RUN))["trades"]["net"]


def test_prices_in_another_currency_without_a_rate_are_refused(tw: Tw) -> None:
    assert tw(*RUN, "--data-currency", "EUR").code != 0


@pytest.mark.parametrize("text", ["EUR", "EUR=", "=1.1"])
def test_a_rate_that_names_no_currency_or_no_rate_is_refused(tw: Tw, text: str) -> None:
    run = tw(*RUN, "--fx", text)
    assert (run.code, "is not CURRENCY=FILE or CURRENCY=NUMBER" in run.err) == (2, True)
