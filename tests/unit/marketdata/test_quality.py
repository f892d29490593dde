"""A report: everything that was found, the gravest first, and the part of it that concerns a stretch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.price_series import changed, dates, minutes, placed, scaled, walk, without

from tradewright.domain.instrument import Crypto
from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport
from tradewright.marketdata.quality import examine, report_on
from tradewright.marketdata.resample import resample


def noted(problem: Problem, stamp: int, gravity: Gravity = Gravity.WARN) -> QualityFinding:
    return QualityFinding(problem, gravity, 1, stamp, stamp, 7, "Line 7 of x.csv was left out: its low is zero.")


def test_a_clean_series_has_a_clean_report() -> None:
    bars = walk(1)
    report = examine(bars)
    assert report == QualityReport(
        "XNYS:ACME", "1d", "raw", "memory", 500, 500, int(bars.labels()[0]), int(bars.labels()[-1])
    )
    assert report.coverage == 1.0


def test_the_gravest_come_first_and_then_the_earliest() -> None:
    bars = changed(scaled(without(walk(1), 10, 300), 200, 2), 400, low=0.5)
    volume = np.array(bars.volume)
    volume[3] = 0
    report = examine(replace(bars, volume=volume))
    told = [(finding.gravity, finding.problem) for finding in report.findings]
    assert told == [
        (Gravity.FAIL, Problem.SPLIT),
        (Gravity.WARN, Problem.GAP),
        (Gravity.WARN, Problem.GAP),
        (Gravity.WARN, Problem.SPIKE),
        (Gravity.NOTICE, Problem.ZERO_VOLUME),
    ]
    assert report.expected_rows == 500


def test_findings_name_the_lines_of_the_file() -> None:
    report = examine(scaled(walk(1), 200, 2), line_of=lambda row: row + 2)
    assert [finding.line for finding in report.findings] == [202]
    assert examine(scaled(walk(1), 200, 2)).findings[0].line is None


def test_what_was_noted_before_becomes_part_of_the_report() -> None:
    row = noted(Problem.DUPLICATE, 0, Gravity.NOTICE)
    assert examine(walk(1), noted=[row]).findings == (row,)


def test_a_row_that_was_left_out_is_not_told_again_as_a_gap() -> None:
    whole = walk(1)
    bars = without(whole, 100, 200)
    row = noted(Problem.IMPOSSIBLE, int(whole.labels()[100]))
    report = examine(bars, noted=[row])
    assert [(finding.problem, finding.first_ns) for finding in report.findings] == [
        (Problem.IMPOSSIBLE, whole.labels()[100]),
        (Problem.GAP, whole.labels()[200]),
    ]
    assert report.expected_rows == 500


def test_a_gap_of_which_one_row_was_left_out_is_still_told() -> None:
    whole = walk(1)
    row = noted(Problem.IMPOSSIBLE, int(whole.labels()[100]))
    assert examine(without(whole, 100, 101), noted=[row]).counts() == {Problem.IMPOSSIBLE: 1, Problem.GAP: 2}


def test_a_gap_is_told_with_its_sessions_and_its_calendar() -> None:
    bars = without(walk(1), 100, 101, 200)
    assert [finding.sentence for finding in examine(bars).findings] == [
        "2 sessions of XNYS are missing: 2000-05-25 to 2000-05-26.",
        "1 session of XNYS is missing: 2000-10-17.",
    ]


def test_of_very_many_gaps_the_longest_are_told_one_by_one() -> None:
    bars = without(placed(dates("2000-01-03", "2003-12-31")), *range(1, 600, 2), 700, 701)
    report = examine(bars)
    assert len(report.findings) == 51
    assert report.counts() == {Problem.GAP: 302}
    assert any(finding.count == 2 for finding in report.findings)
    assert any("251 more bars are missing in 251 places" in finding.sentence for finding in report.findings)


def test_a_thin_market_is_a_notice() -> None:
    every = minutes("2024-01-01", "2024-01-03")
    kept = np.random.default_rng(1).random(len(every)) < 0.5
    report = examine(placed(every[kept], "1m", Crypto("BTCUSD")))
    assert [(finding.problem, finding.gravity) for finding in report.findings] == [(Problem.GAP, Gravity.NOTICE)]
    assert report.coverage is None


# ---------------------------------------------------------------- a stretch of a series


def test_only_what_touches_the_stretch_is_reported() -> None:
    bars = scaled(without(walk(1), 10, 300), 200, 2)
    report = report_on(bars, 150, 250)
    assert [finding.problem for finding in report.findings] == [Problem.SPLIT]
    assert (report.rows, report.expected_rows) == (100, 100)
    assert report_on(bars, 250, 400).counts() == {Problem.GAP: 1}
    assert report_on(bars, 250, 400).expected_rows == 151


def test_what_was_found_at_reading_is_asked_first() -> None:
    bars = walk(1)
    row = noted(Problem.IMPOSSIBLE, int(bars.labels()[0]) - 1)
    read = replace(bars, quality=examine(bars, noted=[row]))
    assert report_on(read, 0, len(read)) is read.quality
    assert report_on(bars, 0, len(bars)).is_clean


def test_rows_left_out_before_the_first_bar_concern_a_run_from_the_beginning_only() -> None:
    bars = walk(1)
    row = noted(Problem.IMPOSSIBLE, int(bars.labels()[0]) - 1)
    read = replace(bars, quality=examine(bars, noted=[row]))
    assert report_on(read, 0, 100).findings == (row,)
    assert report_on(read, 1, 100).is_clean


def test_a_part_of_bars_that_were_read_whole_does_not_inherit_what_lies_outside() -> None:
    bars = scaled(walk(1), 200, 2)
    part = replace(bars, quality=examine(bars)).rows(300, 400)
    assert report_on(part, 0, 100).is_clean


def test_bars_added_up_of_others_keep_what_was_found_among_those() -> None:
    days = [minutes(f"2023-11-{day}T14:30", f"2023-11-{day}T21:00") for day in (27, 28, 29)]
    bars = changed(placed(np.concatenate(days), "1m"), 3 * 390 - 30, low=1.0)
    daily = resample(replace(bars, quality=examine(bars)), "1d")
    report = report_on(daily, 0, 3)
    assert (report.timeframe, report.rows, report.expected_rows) == ("1d", 3, None)
    assert report.counts() == {Problem.SPIKE: 1}
    assert report_on(daily, 0, 2).is_clean


def test_a_row_without_a_time_concerns_every_stretch() -> None:
    bars = walk(1)
    row = QualityFinding(Problem.IMPOSSIBLE, Gravity.WARN, 1, None, None, 9, "Line 9 has no time.")
    read = replace(bars, quality=examine(bars, noted=[row]))
    assert report_on(read, 100, 200).findings == (row,)
