"""Quality reports as text for a terminal, and as one document of plain values."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.quality import Gravity, Problem
from tradewright.domain.timeframe import Timeframe
from tradewright.reporting import formatting, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradewright.domain.quality import QualityFinding, QualityReport

__all__ = [
    "MARKS",
    "SCHEMA_VERSION",
    "WORDS",
    "extent",
    "period",
    "problem_text",
    "quality_document",
    "quality_text",
    "verdict",
]

SCHEMA_VERSION = 1

MARKS = {Gravity.NOTICE: "·", Gravity.WARN: "!", Gravity.FAIL: "✕"}
"""A sign for each gravity, so that no colour is needed to tell them apart."""

WORDS = {Gravity.NOTICE: "notice", Gravity.WARN: "warning", Gravity.FAIL: "failure"}

_SHOWN = 20
"""Findings of one kind that the terminal shows; the documents hold all."""


def quality_text(reports: Iterable[QualityReport]) -> str:
    """Reports as aligned text, each series under its name; of long lists of one kind the first findings."""
    return "\n\n".join("\n".join(_series(report)) for report in reports)


def quality_document(reports: Sequence[QualityReport]) -> dict[str, Any]:
    """Reports as plain values, as `docs/reference/data-quality.md` describes them."""
    gravities = [report.gravity for report in reports if report.gravity is not None]
    worst = max(gravities, key=list(Gravity).index, default=None)
    return {
        "schema_version": SCHEMA_VERSION,
        "gravity": None if worst is None else str(worst),
        "reports": [_document(report) for report in reports],
    }


def _document(report: QualityReport) -> dict[str, Any]:
    counts = {str(problem): count for problem, count in report.counts().items()}
    gravity = None if report.gravity is None else str(report.gravity)
    return report.to_dict() | {"gravity": gravity, "coverage": report.coverage, "counts": counts}


def verdict(report: QualityReport) -> str:
    """How many findings of each gravity, the gravest first: ``4 failures, 1 warning``."""
    found = Counter(finding.gravity for finding in report.findings)
    said = [wording.plural(found[gravity], WORDS[gravity]) for gravity in reversed(Gravity) if found[gravity]]
    return ", ".join(said) or "nothing found"


def extent(report: QualityReport) -> str:
    """How many bars of how many: ``5,848 of 5,849 bars (99.98 %)``."""
    coverage = report.coverage
    if coverage is None or report.expected_rows is None:
        return wording.plural(report.rows, "bar")
    # Rounding up would call a series complete that is not.
    percent = f"{np.floor(coverage * 10_000) / 100:.2f}"
    return f"{report.rows:,} of {report.expected_rows:,} bars ({percent} %)"


def period(report: QualityReport, first_ns: int | None, last_ns: int | None) -> str:
    """From when to when, in the words of the timeframe: dates, or instants in UTC; empty where there is no time."""
    if first_ns is None or last_ns is None:
        return ""
    unit = "m" if Timeframe.parse(report.timeframe).is_intraday else "D"
    first, last = (str(np.datetime64(stamp, "ns").astype(f"datetime64[{unit}]")) for stamp in (first_ns, last_ns))
    first, last = first.replace("T", " "), last.replace("T", " ")
    return first if first == last else f"{first} … {last}"


def problem_text(problem: Problem) -> str:
    """A kind of problem in words."""
    return problem.value.replace("_", " ")


def _series(report: QualityReport) -> list[str]:
    zone = " UTC" if Timeframe.parse(report.timeframe).is_intraday else ""
    head = [
        f"{report.instrument} {report.timeframe}, {report.adjustment} prices, from {report.source}",
        f"  {extent(report)}, {period(report, report.first_ns, report.last_ns)}{zone}: {verdict(report)}",
    ]
    return head + [line for kind in _kinds(report) for line in _kind(kind)]


def _kinds(report: QualityReport) -> list[list[QualityFinding]]:
    """Findings that share gravity and problem, in the order of the report."""
    kinds: dict[tuple[Gravity, Problem], list[QualityFinding]] = {}
    for finding in report.findings:
        kinds.setdefault((finding.gravity, finding.problem), []).append(finding)
    return list(kinds.values())


def _kind(findings: list[QualityFinding]) -> list[str]:
    lines = [
        f"  {MARKS[each.gravity]} {problem_text(each.problem):<17}{_line(each):<12}{each.sentence}" for each in findings
    ]
    more = len(lines) - _SHOWN
    if more <= 1:
        return lines
    count = formatting.count(sum(each.count for each in findings[_SHOWN:]))
    return [*lines[:_SHOWN], f"  {'':<31}… and {more:,} more findings of this kind about {count} rows."]


def _line(finding: QualityFinding) -> str:
    return "" if finding.line is None else f"line {finding.line}"
