"""Rows that do not become bars: named by line in the report of the bars, left out or refused as asked."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd
import pytest

from tradewright.domain.bars import Bars
from tradewright.domain.errors import BadRowsError, ConfigError, DataNotAvailableError
from tradewright.domain.quality import Gravity, Problem, QualityFinding
from tradewright.face.bars import DroppedRowsWarning, bars_from, read_bars

HEAD = "timestamp,open,high,low,close,volume\n"
DAILY = {"symbol": "X", "calendar": "24/7", "timeframe": "1d"}
HOURLY = {"symbol": "X", "calendar": "24/7", "timeframe": "1h"}


def day(number: int, close: float = 100.0, volume: int = 9) -> str:
    return f"2024-01-{number:02d},100,{max(close, 101)},{min(close, 99)},{close},{volume}"


def bars_of(folder: Path, *rows: str, **said: object) -> Bars:
    file = folder / "x.csv"
    file.write_text(HEAD + "\n".join(rows) + "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DroppedRowsWarning)
        return read_bars(file, **{**DAILY, **said})


def findings(bars: Bars) -> list[QualityFinding]:
    assert bars.quality is not None
    return list(bars.quality.findings)


def told(bars: Bars) -> list[tuple[int | None, Problem, Gravity, str]]:
    return [(each.line, each.problem, each.gravity, each.sentence) for each in findings(bars)]


def days(*without: int) -> list[str]:
    """Thirty days, some left out, closing in small steps."""
    return [day(number, 100 + number % 5 / 10) for number in range(1, 31) if number not in without]


# ---------------------------------------------------------------- the report of what was read


def test_bars_that_were_read_carry_their_report(tmp_path) -> None:
    bars = bars_of(tmp_path, *days())
    assert bars.quality is not None
    assert (bars.quality.rows, bars.quality.expected_rows, bars.quality.source) == (30, 30, "x.csv")
    assert bars.quality.is_clean


def test_every_row_left_out_is_a_finding_with_its_line_and_time(tmp_path) -> None:
    rows = [day(1), "2024-01-02,,2,1,1.5,9", "2024-01-03,1,2", ",1,2,1,2,9", *days(1, 2, 3)]
    bars = bars_of(tmp_path, *rows, bad_rows="drop")
    left_out = [each for each in findings(bars) if each.problem is Problem.IMPOSSIBLE]
    assert [(each.line, each.first_ns is None) for each in left_out] == [(4, True), (5, True), (3, False)]
    assert {each.sentence for each in left_out} == {
        "Line 3 of x.csv was left out: its open is missing.",
        "Line 4 of x.csv was left out: it has 3 values, not 6.",
        "Line 5 of x.csv was left out: its time is missing.",
    }


def test_beyond_a_thousand_bad_rows_are_counted(tmp_path) -> None:
    stamps = pd.date_range("2024-01-01", periods=2400, freq="h").strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = [f"{stamp},1,2,1,{1.5 if number >= 1200 else -1},9" for number, stamp in enumerate(stamps)]
    bars = bars_of(tmp_path, *rows, **HOURLY, bad_rows="drop")
    left_out = [each for each in findings(bars) if each.problem is Problem.IMPOSSIBLE]
    assert len(left_out) == 1001
    assert sum(each.count for each in left_out) == 1200
    assert left_out[-1].sentence == "200 rows more of x.csv have such a fault and were left out, first line 1002."


def test_rows_of_a_frame_have_no_line(tmp_path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(HEAD + "\n".join([*days(), "2024-01-31,1,1,2,1,9"]) + "\n")
    with pytest.warns(DroppedRowsWarning):
        bars = bars_from(pd.read_csv(file), **DAILY, bad_rows="drop")
    assert [(each.line, each.sentence) for each in findings(bars)] == [
        (None, "Row 30 of the pandas frame was left out: its high is below its low.")
    ]


# ---------------------------------------------------------------- times that stand twice


def test_of_two_rows_of_one_time_the_first_is_kept_and_the_other_named(tmp_path) -> None:
    rows = [day(1), day(2, 100.5), day(2, 100.7), day(2, 100.5), *days(1, 2)]
    bars = bars_of(tmp_path, *rows, bad_rows="drop")
    assert len(bars) == 30
    assert bars.close[1] == 100.5
    assert told(bars) == [
        (4, Problem.DUPLICATE, Gravity.WARN,
         "Line 4 of x.csv was left out: it has the same time as line 3 and another close, 100.7 instead of 100.5."),
        (5, Problem.DUPLICATE, Gravity.NOTICE,
         "Line 5 of x.csv was left out: it has the same time as line 3 and the same values."),
    ]  # fmt: skip


def test_an_instant_that_stands_twice_is_left_out_as_well(tmp_path) -> None:
    rows = ["2024-01-01T00:00Z,1,2,1,2,9", "2024-01-01T01:00Z,1,2,1,2,9", "2024-01-01T01:00Z,1,2,1,2,9"]
    bars = bars_of(tmp_path, *rows, **HOURLY, bad_rows="drop")
    assert [(each.line, each.problem) for each in findings(bars)] == [(4, Problem.DUPLICATE)]


def test_the_row_that_is_kept_is_the_first_possible_one(tmp_path) -> None:
    bars = bars_of(tmp_path, "2024-01-01,1,1,2,1,9", day(1, 100.3), *days(1), bad_rows="drop")
    assert bars.close[0] == 100.3
    assert [(each.line, each.problem) for each in findings(bars)] == [(2, Problem.IMPOSSIBLE)]


def test_disorder_is_refused_even_where_bad_rows_are_left_out(tmp_path) -> None:
    with pytest.raises(BadRowsError, match=r"Line 4 .* comes before the row above it. Sort the rows by time"):
        bars_of(tmp_path, day(1), day(3), day(2), bad_rows="drop")


def test_a_warning_counts_repeated_rows(tmp_path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(HEAD + "\n".join([day(1), day(1), *days(1)]) + "\n")
    with pytest.warns(DroppedRowsWarning, match=r"1 of 31 rows .* line 3: it has the same time as line 2"):
        read_bars(file, **DAILY, bad_rows="drop")


# ---------------------------------------------------------------- rows outside the sessions


def test_a_row_that_the_calendar_has_no_place_for_is_named(tmp_path) -> None:
    rows = ["2024-01-05,1,2,1,2,9", "2024-01-06,1,2,1,2,9", "2024-01-08,1,2,1,2,9"]
    bars = bars_of(tmp_path, *rows, calendar="XNYS", bad_rows="drop")
    assert told(bars) == [
        (3, Problem.OUTSIDE, Gravity.WARN, "Line 3 of x.csv was left out: it lies outside the sessions of XNYS.")
    ]


# ---------------------------------------------------------------- columns that do not belong together


def half_adjusted() -> list[str]:
    """Closes at half of everything else."""
    return [f"2024-01-{number:02d},100,101,99,50,9" for number in range(1, 31)]


def test_closes_far_outside_their_bars_are_a_mixed_adjustment(tmp_path) -> None:
    bars = bars_of(tmp_path, *half_adjusted(), "2024-01-31,100,101,99,100,9", bad_rows="drop")
    first = findings(bars)[0]
    assert (first.problem, first.gravity, first.count, first.line) == (Problem.MIXED_ADJUSTMENT, Gravity.FAIL, 30, 2)


def test_a_refusal_of_such_a_file_says_so(tmp_path) -> None:
    with pytest.raises(BadRowsError, match=r"Some price columns seem adjusted and others not"):
        bars_of(tmp_path, *half_adjusted())


# ---------------------------------------------------------------- rows that are hard to believe


def doubtful() -> list[str]:
    rows = days()
    rows[9] = "2024-01-10,100,101,1,100,9"
    rows[19] = day(20, 100, volume=0)
    return rows


def test_suspects_are_kept_and_told_by_default(tmp_path) -> None:
    bars = bars_of(tmp_path, *doubtful())
    assert len(bars) == 30
    assert [(each.line, each.problem) for each in findings(bars)] == [(11, Problem.SPIKE), (21, Problem.ZERO_VOLUME)]


def test_suspects_are_left_out_when_asked_and_named(tmp_path) -> None:
    bars = bars_of(tmp_path, *doubtful(), suspects="drop")
    assert len(bars) == 28
    assert bars.source == "x.csv (2 rows left out)"
    assert told(bars) == [
        (11, Problem.SPIKE, Gravity.WARN,
         "Line 11 of x.csv was left out: its prices (1 to 101) stand far from those around."),
        (21, Problem.ZERO_VOLUME, Gravity.WARN, "Line 21 of x.csv was left out: its volume is 0."),
    ]  # fmt: skip


def test_suspects_are_refused_when_asked_by_line(tmp_path) -> None:
    with pytest.raises(
        BadRowsError, match=r"Line 11 of x.csv is hard to believe: its prices .*; so are 1 more"
    ) as refused:
        bars_of(tmp_path, *doubtful(), suspects="refuse")
    assert refused.value.rows == (
        (11, "its prices (1 to 101) stand far from those around"),
        (21, "its volume is 0"),
    )
    assert refused.value.hint == "Look at the source, or pass suspects='keep' or 'drop'."


def test_a_file_without_suspects_passes_both(tmp_path) -> None:
    for choice in ("drop", "refuse"):
        assert len(bars_of(tmp_path, *days(), suspects=choice)) == 30


def test_a_stale_run_keeps_its_first_row(tmp_path) -> None:
    rows = [*days(10, 11, 12, 13)[:9], *(f"2024-01-{at},100,101,99,100.7,9" for at in (10, 11, 12, 13)), *days()[13:]]
    bars = bars_of(tmp_path, *rows, suspects="drop")
    assert len(bars) == 27
    assert [each.line for each in findings(bars)] == [12, 13, 14]


def test_a_file_of_nothing_but_suspects_has_no_bars(tmp_path) -> None:
    rows = [day(number, 100 + number / 10, volume=0) for number in range(1, 31)]
    rows[9] = "2024-01-10,1,1,1,1,9"
    with pytest.raises(DataNotAvailableError, match=r"No row of x.csv can be used"):
        bars_of(tmp_path, *rows, suspects="drop")


def test_another_word_is_refused_with_the_nearest_one(tmp_path) -> None:
    with pytest.raises(ConfigError, match=r"suspects='dorp' is not a choice. Did you mean 'drop'"):
        bars_of(tmp_path, *days(), suspects="dorp")
