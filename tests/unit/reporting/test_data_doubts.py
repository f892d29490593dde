"""Doubts about the data: read once and late, counted in the chip, told in the warnings."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.builders import random_walk, round_trips, run_record

from tradewright.domain.bars import Actions
from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport
from tradewright.domain.record import RunRecord
from tradewright.reporting.doubt import Severity
from tradewright.reporting.evidence import Evidence
from tradewright.reporting.findings import Findings, examine
from tradewright.reporting.result import Result
from tradewright.reporting.trust import State

GAP = QualityFinding(Problem.GAP, Gravity.WARN, 3, 0, 1, None, "3 sessions are missing from 2020-01-06 on.")
LATER = QualityFinding(Problem.GAP, Gravity.WARN, 1, 5, 5, None, "1 session is missing on 2020-02-06.")
SPLIT = QualityFinding(Problem.SPLIT, Gravity.FAIL, 1, 9, 9, 11, "The close of 2020-03-02 is a quarter of its last.")
STALE = QualityFinding(Problem.STALE, Gravity.NOTICE, 14, 2, 3, None, "14 bars repeat the same prices.")


def report(*findings: QualityFinding, instrument: str = "XNYS:ACME") -> QualityReport:
    return QualityReport(instrument, "1d", "raw", "ACME.csv", 600, 604, 0, 9, findings)


def sound(**changes: Any) -> RunRecord:
    closes = random_walk(600, seed=5)
    return run_record(closes, round_trips(closes), **changes)


def found(*reports: QualityReport, record: RunRecord | None = None) -> Findings:
    return examine(record or sound(), evidence=Evidence(quality=lambda: reports))


def data_chip(findings: Findings) -> Any:
    return next(chip for chip in findings.trust if chip.code == "data")


def test_a_metric_never_asks_for_the_quality_of_the_data() -> None:
    def refuse() -> tuple[QualityReport, ...]:
        raise AssertionError

    result = Result(sound(), evidence=Evidence(quality=refuse))
    assert result.metrics["sharpe"] is not None
    with pytest.raises(AssertionError):
        _ = result.trust


def test_the_quality_check_is_asked_once() -> None:
    asked = []
    findings = examine(sound(), evidence=Evidence(quality=lambda: (asked.append(1), report(GAP))[1:]))
    assert findings.trust
    assert findings.warnings
    assert findings.quality == (report(GAP),)
    assert asked == [1]


def test_clean_data_is_ok_and_says_how_much_was_checked() -> None:
    chip = data_chip(found(report()))
    assert (chip.state, chip.value) == (State.OK, "no problems")
    assert chip.sentence.startswith("600 bars checked")


def test_the_chip_counts_what_was_found_by_kind() -> None:
    chip = data_chip(found(report(SPLIT, GAP, LATER, STALE)))
    assert chip.value == "2 gaps, 14 stale bars, 1 split suspect"


def test_one_failing_finding_makes_the_result_unreliable() -> None:
    assert found(report(SPLIT)).is_unreliable
    assert not found(report(GAP)).is_unreliable


def test_each_kind_of_problem_is_one_warning_and_the_gravest_comes_first() -> None:
    warnings = found(report(GAP, LATER, SPLIT)).warnings
    assert [(warning.code, warning.severity) for warning in warnings] == [
        ("data_split", Severity.FAIL), ("data_gap", Severity.WARN)
    ]  # fmt: skip
    assert warnings[1].sentence == "3 sessions are missing from 2020-01-06 on. (1 more of this kind.)"


def test_with_several_series_a_warning_names_its_own() -> None:
    warnings = found(report(), report(GAP, instrument="XNYS:ZETA")).warnings
    assert warnings[0].sentence.startswith("XNYS:ZETA: 3 sessions")


def test_synthetic_data_stays_named_beside_what_was_found() -> None:
    chip = data_chip(found(report(GAP), record=sound(synthetic=True)))
    assert chip.value == "SYNTHETIC, 1 gap"
    assert chip.state is State.WARN


def universe(count: int, **changes: Any) -> RunRecord:
    closes = random_walk(600, seed=5)
    return run_record({f"S{number}": closes for number in range(count)}, round_trips(closes), **changes)


def codes(record: RunRecord) -> set[str]:
    return {warning.code for warning in examine(record).warnings}


def test_many_symbols_that_all_last_are_a_notice_of_survivorship() -> None:
    assert "survivors" in codes(universe(10))
    assert "survivors" not in codes(universe(9))
    one_ended = universe(10)
    ended = (replace(one_ended.data[0], last="2020-02-03"), *one_ended.data[1:])
    assert "survivors" not in codes(replace(one_ended, data=ended))


def split_on(day: str, **changes: Any) -> RunRecord:
    record = sound(**changes)
    days = np.array([np.datetime64(day, "D").astype(np.int64)])
    held = SimpleNamespace(close=record.bars["ACME"], actions=Actions(days, np.array([4.0])))
    return replace(record, bars={"ACME": held})


def test_indicators_over_an_unadjusted_split_are_a_notice() -> None:
    findings = examine(split_on("2020-08-31"))
    warning = next(warning for warning in findings.warnings if warning.code == "raw_over_split")
    assert warning.sentence.startswith("ACME is raw over the split of 2020-08-31:")
    assert "raw_over_split" not in codes(split_on("2031-08-31"))


def test_adjusted_bars_and_strategies_without_indicators_have_no_such_notice() -> None:
    split = split_on("2020-08-31")
    adjusted = replace(split, data=tuple(replace(key, adjustment="split") for key in split.data))
    assert "raw_over_split" not in codes(adjusted)
    plain = replace(split, strategies=tuple(replace(each, warmup_bars=0) for each in split.strategies))
    assert "raw_over_split" not in codes(plain)
