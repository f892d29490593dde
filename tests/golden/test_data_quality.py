"""The quirks of the real files, as their own documentation counts them, are reported line by line."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradewright.domain.bars import Actions, Bars
from tradewright.domain.quality import Gravity, Problem, QualityFinding
from tradewright.face.bars import DroppedRowsWarning, read_bars

BID = {name: f"bid_{name}" for name in ("open", "high", "low", "close")}
US = {"calendar": "XNAS", "timeframe": "1d"}
MINUTES = {"calendar": "XNYS", "timeframe": "1m", "sessions": "extended"}

# What was found in each file, by kind of problem; files with impossible rows have tests of their own.
FILES: dict[str, tuple[dict[str, Any], dict[Problem, int]]] = {
    "crypto/BTCUSDT_1d_2020_binance.csv": ({"calendar": "24/7", "timeframe": "1d"}, {Problem.ZERO_VOLUME: 1}),
    "crypto/BTCUSD_1m_20200101_bitstamp.csv": ({"calendar": "24/7", "timeframe": "1m"}, {Problem.ZERO_VOLUME: 45}),
    "crypto/BTCUSD_1mo_2012_2024.csv": ({"calendar": "24/7", "timeframe": "1mo"}, {}),
    "crypto/ETHBTC_5m.csv.gz": ({"calendar": "24/7", "timeframe": "5m"}, {}),
    "crypto/XRPETH_1m.csv.gz": ({"calendar": "24/7", "timeframe": "1m"}, {Problem.GAP: 1091}),
    "daily/AAPL_1d_1998_2021_adjusted.csv.gz": ({**US, "adjustment": "full"}, {Problem.SPIKE: 3}),
    "daily/AAPL_1d_1998_2021_raw.csv.gz": (US, {Problem.SPLIT: 4, Problem.SPIKE: 3}),
    "daily/AAPL_1d_2004_2018_yahoo.csv.gz": ({**US, "adjustment": "split"}, {}),
    "daily/AAPL_1d_2011_2012_wiki_actions.csv": (US, {}),
    "daily/ESTX50_1d_2006.csv": ({"calendar": "XETR", "timeframe": "1d", "volume": "none"}, {}),
    "daily/GOOG_1d_2004_2013.csv": (US, {}),
    "daily/INTC_1d_1995_2004.csv.gz": ({**US, "adjustment": "split"}, {}),
    "daily/ORCL_1d_1995_2014.csv.gz": ({**US, "adjustment": "split"}, {}),
    "daily/ORCL_1d_2000_raw_adj.csv": (US, {Problem.SPLIT: 2}),
    "daily/ORCL_1d_2000_wiki_actions.csv": (US, {}),
    "daily/ORCL_1d_2011_wiki_actions.csv": (US, {}),
    "daily/SI_default_502.csv": ({"calendar": "XNYS", "timeframe": "1d"}, {}),
    "daily/YHOO_1d_1996_2015.csv.gz": ({**US, "adjustment": "split"}, {}),
    "fx/EURUSD_1h_2017_2018.csv.gz": ({"calendar": "24/5", "timeframe": "1h"}, {}),
    "fx/EURUSD_1m_20140501_20140509_bidask.csv.gz": (
        {"calendar": "24/5", "timeframe": "1m", "columns": BID},
        {Problem.GAP: 341},
    ),
    "india/CCCL_1d_2010_2011_raw.csv": (
        {"calendar": "XNSE", "timeframe": "1d"},
        {Problem.SPLIT: 1, Problem.GAP: 3},
    ),
    "india/NIFTY50_1m_20190101_20190102.csv": ({**MINUTES, "calendar": "XNSE", "volume": "none"}, {}),
    "india/YESBANK_1m_20190709_20190711.csv": ({**MINUTES, "calendar": "XNSE"}, {}),
    "intraday/AAPL_1m_20140605_20140609_quotes.csv": (
        {**MINUTES, "columns": BID},
        {Problem.SPLIT: 1, Problem.SPIKE: 2},
    ),
    "intraday/AAPL_1m_20140605_20140609_trades.csv": (MINUTES, {Problem.SPLIT: 1, Problem.SPIKE: 5}),
    "intraday/AIG_1m_20131004_20131011_trades.csv": (MINUTES, {Problem.GAP: 1, Problem.SPIKE: 1}),
    "intraday/ESTX50_5m_200601.csv.gz": (
        {"calendar": "XETR", "timeframe": "5m", "stamp": "end", "volume": "none"},
        {},
    ),
    "intraday/IBM_1m_20131004_20131011_trades.csv": (MINUTES, {Problem.GAP: 2}),
    "intraday/SPX_1m_20191105_20191108.csv": ({**MINUTES, "volume": "none"}, {}),
}
NOT_BARS = {"AAPL_factors.csv"}


def read(folder: Path, name: str, **said: Any) -> Bars:
    symbol = "EURUSD" if said["calendar"] == "24/5" else Path(name).name.split("_")[0]
    return read_bars(folder / name, symbol=symbol, **said)


def found(bars: Bars, problem: Problem) -> list[QualityFinding]:
    assert bars.quality is not None
    return [finding for finding in bars.quality.findings if finding.problem is problem]


def lines_of(file: Path) -> list[dict[str, str]]:
    """The rows of a file; the first is line 2."""
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(text.decode().splitlines()))


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_the_quirks_it_is_known_for(shared_data: Path, name: str) -> None:
    said, expected = FILES[name]
    bars = read(shared_data, name, **said)
    assert bars.quality is not None
    assert bars.quality.counts() == expected


def test_every_file_of_bars_is_among_them(shared_data: Path) -> None:
    folders = ("crypto", "daily", "fx", "india", "intraday")
    there = {f"{folder}/{file.name}" for folder in folders for file in (shared_data / folder).iterdir()}
    assert there - {f"daily/{name}" for name in NOT_BARS} == set(FILES)


# ---------------------------------------------------------------- rows that cannot be: the twenty files of the index


def quirks(folder: Path) -> dict[str, tuple[int, Counter[str]]]:
    """Rows of each file, and how many of them have which fault, as the documentation of the data counts them."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (\w+_1d_2006_2014\.csv\.gz) \| \w+ \| (\d+) \|.*\| ([^|]*) \|$", text, re.MULTILINE)
    counted = {}
    for name, rows, said in table:
        counts = Counter({what: int(number) for number, what in re.findall(r"(\d+) ([^;]+)", said)})
        counted[name] = (int(rows), counts)
    return counted


def impossible(row: dict[str, str]) -> bool:
    """Whether a row cannot be a bar, told without the reader."""
    prices = [row[name] for name in ("open", "high", "low", "close")]
    if "" in prices:
        return True
    opening, high, low, close = map(float, prices)
    return not (0 < low <= min(opening, close) <= max(opening, close) <= high)


def test_every_impossible_row_of_every_file_is_named_by_its_line(shared_data: Path) -> None:
    documented = quirks(shared_data)
    assert len(documented) == 20
    for name, (rows, counts) in documented.items():
        with pytest.warns(DroppedRowsWarning):
            bars = read(shared_data, f"universe_djia/{name}", calendar="XNYS", timeframe="1d", bad_rows="drop")
        findings = found(bars, Problem.IMPOSSIBLE)
        expected = [
            number for number, row in enumerate(lines_of(shared_data / "universe_djia" / name), 2) if impossible(row)
        ]
        assert [finding.line for finding in findings] == expected
        assert all(f"Line {finding.line} of {name} was left out: its " in finding.sentence for finding in findings)
        assert all(finding.gravity is Gravity.WARN for finding in findings)
        assert len(expected) == sum(counts[what] for what in counts if what.startswith("rows"))
        assert len(bars) + len(expected) == rows


@pytest.mark.parametrize("symbol", ["AAPL", "MSFT", "INTC", "GOOGL", "AABA"])
def test_the_session_that_five_files_lack_is_a_gap_and_rows_left_out_are_not(shared_data: Path, symbol: str) -> None:
    name = f"universe_djia/{symbol}_1d_2006_2014.csv.gz"
    with pytest.warns(DroppedRowsWarning):
        bars = read(shared_data, name, calendar="XNAS", timeframe="1d", bad_rows="drop")
    gaps = found(bars, Problem.GAP)
    assert [finding.sentence for finding in gaps] == ["1 session of XNAS is missing: 2010-04-01."]
    assert bars.quality is not None
    assert bars.quality.expected_rows == len(bars) + 1 + len(found(bars, Problem.IMPOSSIBLE)) == 2265


# ---------------------------------------------------------------- volume


def test_every_bar_without_volume_is_inside_a_finding(shared_data: Path) -> None:
    name = "crypto/BTCUSD_1m_20200101_bitstamp.csv"
    bars = read(shared_data, name, **FILES[name][0])
    empty = [number for number, row in enumerate(lines_of(shared_data / name), 2) if float(row["volume"]) == 0]
    findings = found(bars, Problem.ZERO_VOLUME)
    assert len(empty) == 45
    assert {finding.line for finding in findings} <= set(empty)
    assert findings[0].line == empty[0]
    day = "crypto/BTCUSDT_1d_2020_binance.csv"
    assert [finding.line for finding in found(read(shared_data, day, **FILES[day][0]), Problem.ZERO_VOLUME)] == [61]


# ---------------------------------------------------------------- splits

RAW = "daily/AAPL_1d_1998_2021_raw.csv.gz"
SPLITS = ["2000-06-21", "2005-02-28", "2014-06-09", "2020-08-31"]


def days(findings: list[QualityFinding]) -> list[str]:
    return [str(np.datetime64(finding.first_ns or 0, "ns").astype("datetime64[D]")) for finding in findings]


def test_the_four_splits_of_apple_are_suspected_by_line_until_their_actions_explain_them(shared_data: Path) -> None:
    bars = read(shared_data, RAW, **US)
    findings = found(bars, Problem.SPLIT)
    rows = lines_of(shared_data / RAW)
    assert days(findings) == SPLITS
    assert [rows[(finding.line or 0) - 2]["timestamp"][:10] for finding in findings] == SPLITS
    assert [re.findall(r"split of (\S+),", finding.sentence) for finding in findings] == [
        ["2:1"],
        ["2:1"],
        ["7:1"],
        ["4:1"],
    ]
    explained = read(shared_data, RAW, **US, actions=shared_data / "daily/AAPL_factors.csv")
    assert found(explained, Problem.SPLIT) == found(explained, Problem.MIXED_ADJUSTMENT) == []


def test_adjusted_prices_beside_a_factor_file_contain_its_actions_already(shared_data: Path) -> None:
    bars = read(
        shared_data, "daily/AAPL_1d_1998_2021_adjusted.csv.gz", **US, actions=shared_data / "daily/AAPL_factors.csv"
    )
    # The dividends before the seven to one, in old shares, are too large for the adjusted prices, too.
    assert set(SPLITS) < set(days(found(bars, Problem.MIXED_ADJUSTMENT)))


def test_the_split_of_seven_to_one_shows_in_minutes_although_the_first_print_is_of_the_old_price(
    shared_data: Path,
) -> None:
    name = "intraday/AAPL_1m_20140605_20140609_trades.csv"
    finding = found(read(shared_data, name, **MINUTES), Problem.SPLIT)[0]
    assert (finding.line, "as after a split of 7:1" in finding.sentence) == (1471, True)


def test_splits_in_columns_explain_the_jumps_and_their_absence_is_suspected(shared_data: Path) -> None:
    name = "daily/ORCL_1d_2000_wiki_actions.csv"
    assert found(read(shared_data, name, **US), Problem.SPLIT) == []
    assert days(found(read(shared_data, name, **US, actions="none"), Problem.SPLIT)) == ["2000-01-19", "2000-10-13"]


CCCL = ("india/CCCL_1d_2010_2011_raw.csv", {"calendar": "XNSE", "timeframe": "1d"})


def test_the_factors_that_came_with_an_indian_share_explain_its_split(shared_data: Path, tmp_path: Path) -> None:
    factors = tmp_path / "cccl.csv"
    factors.write_text(
        "timestamp,price_factor,split_factor,reference_price\n2010-01-04,0.9800619,0.2,1\n"
        "2010-02-09,0.9800619,0.2,1\n2010-06-15,0.9800619,1,88.8\n2011-06-15,0.9856115,1,50\n2050-12-31,1,1,0\n"
    )
    name, said = CCCL
    finding = found(read(shared_data, name, **said), Problem.SPLIT)[0]
    assert (days([finding]), "as after a split of 5:1" in finding.sentence) == (["2010-02-10"], True)
    explained = read(shared_data, name, **said, actions=factors)
    assert found(explained, Problem.SPLIT) == found(explained, Problem.MIXED_ADJUSTMENT) == []


def test_a_split_dated_four_months_late_is_told_on_both_days(shared_data: Path) -> None:
    name, said = CCCL
    late = Actions(np.array([np.datetime64("2010-06-16").astype(int)]), np.array([5.0]))
    bars = read(shared_data, name, **said, actions=late)
    assert days(found(bars, Problem.SPLIT)) == ["2010-02-10"]
    assert days(found(bars, Problem.MIXED_ADJUSTMENT)) == ["2010-06-16"]


def test_three_lows_of_apple_that_never_traded_are_spikes(shared_data: Path) -> None:
    findings = found(read(shared_data, RAW, **US), Problem.SPIKE)
    assert [(finding.line, re.findall(r"from (\S+) to", finding.sentence)) for finding in findings] == [
        (2949, ["10.59"]),
        (3187, ["25.3"]),
        (3273, ["32.65"]),
    ]


def test_twenty_shares_over_nineteen_years_of_crashes_are_not_accused(shared_data: Path) -> None:
    file = shared_data / "universe_close/SP500_20names_adjclose_1990_2009.csv.gz"
    accused = []
    for symbol in list(lines_of(file)[0])[1:]:
        columns = dict.fromkeys(("open", "high", "low", "close"), symbol)
        bars = read_bars(file, symbol=symbol, calendar="XNYS", timeframe="1d", adjustment="full", columns=columns)
        assert found(bars, Problem.GAP) == []
        accused += found(bars, Problem.SPLIT)
    # Of closes alone four falls and two jumps of the tick are doubted, and no result is called unreliable for them.
    assert len(accused) <= 6
    assert {finding.gravity for finding in accused} == {Gravity.WARN}


# ---------------------------------------------------------------- what is asked for


def test_minutes_before_and_after_the_session_are_counted_when_left_out_on_purpose(shared_data: Path) -> None:
    name = "intraday/AAPL_1m_20140605_20140609_trades.csv"
    with pytest.warns(DroppedRowsWarning):
        bars = read(shared_data, name, calendar="XNAS", timeframe="1m", sessions="regular")
    assert [(each.count, each.gravity, each.line) for each in found(bars, Problem.OUTSIDE)] == [
        (2303 - 3 * 390, Gravity.NOTICE, 2)
    ]
    assert bars.quality is not None
    assert bars.quality.coverage == 1.0
