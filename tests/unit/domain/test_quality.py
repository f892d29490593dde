"""What a quality report says of itself, and that it survives being stored."""

from __future__ import annotations

import json

from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport

GAP = QualityFinding(Problem.GAP, Gravity.WARN, 3, 10, 12, None, "3 sessions are missing from then to then.")
ROW = QualityFinding(Problem.IMPOSSIBLE, Gravity.FAIL, 1, None, None, 17, "Line 17: its high is below its low.")


def report(*findings: QualityFinding, expected: int | None = 100) -> QualityReport:
    return QualityReport("XNAS:AAPL", "1d", "raw", "AAPL.csv", 97, expected, 0, 99, findings)


def test_a_report_without_findings_is_clean_and_has_no_gravity() -> None:
    assert report().is_clean
    assert report().gravity is None


def test_the_gravest_finding_is_the_gravity_of_the_report() -> None:
    assert report(GAP, ROW).gravity is Gravity.FAIL
    assert report(GAP).gravity is Gravity.WARN


def test_coverage_is_a_share_of_what_the_calendar_expects() -> None:
    assert report().coverage == 0.97
    assert report(expected=None).coverage is None
    assert report(expected=50).coverage == 1.0


def test_counts_add_up_by_kind() -> None:
    assert report(GAP, ROW, GAP).counts() == {Problem.GAP: 6, Problem.IMPOSSIBLE: 1}


def test_a_report_survives_json() -> None:
    whole = report(GAP, ROW)
    assert QualityReport.from_dict(json.loads(json.dumps(whole.to_dict()))) == whole
