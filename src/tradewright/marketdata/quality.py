"""What is wrong, or worth a second look, in a series of bars.

Every rule is a function from a `Site` to findings; which thresholds they use, and why, is told in
`docs/reference/data-quality.md`. Nothing is repaired here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport
from tradewright.marketdata.coverage import Absence, Coverage, Habit, coverage_of
from tradewright.marketdata.findings import Site
from tradewright.marketdata.jumps import split_findings
from tradewright.marketdata.prints import spike_findings, stale_findings, zero_volume_findings
from tradewright.marketdata.unapplied import unapplied_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

    Ints = NDArray[np.int64]

__all__ = ["MOST_EXAMINED", "examine", "report_on"]

MOST_EXAMINED = 5_000_000
"""Rows of the longest series that stores look over as a whole; beyond, memory would no longer be bounded."""

_FOREVER = int(np.iinfo(np.int64).max)
_NAMED_GAPS = 50
"""Gaps that are told one by one, the longest ones; what is beyond is one finding with its count."""


def examine(
    bars: Bars, *, line_of: Callable[[int], int] | None = None, noted: Sequence[QualityFinding] = ()
) -> QualityReport:
    """Look a series over.

    Parameters
    ----------
    bars : Bars
    line_of : callable, optional
        From a row of the bars (from 0) to the line of the file that it was read from; findings then name lines.
    noted : sequence of QualityFinding
        What was found before there were bars, such as rows that a reader left out; it becomes part of the report.

    Returns
    -------
    QualityReport
        The gravest findings first, then by time.
    """
    site = Site(bars, bars.labels(), line_of)
    coverage = coverage_of(bars)
    # At the ends of what floats hold, infinity compares as it should.
    with np.errstate(all="ignore"):
        prices = [*split_findings(site), *spike_findings(site), *stale_findings(site)]
    gaps = _gap_findings(site, coverage, _left_out(noted))
    findings = [*noted, *prices, *gaps, *zero_volume_findings(site), *unapplied_findings(site)]
    return QualityReport(
        instrument=bars.instrument.id,
        timeframe=str(bars.timeframe),
        adjustment=str(bars.adjustment),
        source=bars.source,
        rows=len(bars),
        expected_rows=coverage.expected,
        first_ns=int(site.stamps[0]),
        last_ns=int(site.stamps[-1]),
        findings=tuple(sorted(findings, key=_order)),
    )


def report_on(bars: Bars, first: int, stop: int) -> QualityReport:
    """The report on the rows ``first`` to ``stop - 1``: from what was found at reading where that is known.

    Parameters
    ----------
    bars : Bars
    first, stop : int
        What was left out before the first row of all, or after the last, counts where these are the ends.
    """
    whole = examine(bars) if bars.quality is None else bars.quality
    stamps = bars.labels()
    begin, end = int(stamps[first]), int(stamps[stop - 1])
    is_own = whole.timeframe == str(bars.timeframe)
    before = begin if first > 0 or begin != whole.first_ns else -_FOREVER
    after = end if stop < len(bars) or end != whole.last_ns else _FOREVER
    if not is_own:
        # Aggregated since: what was found among the shorter bars still concerns these, by their instants.
        before, after = min(before, int(bars.open_time[first])), max(after, int(bars.close_time[stop - 1]))
    if (before, after) == (-_FOREVER, _FOREVER):
        return whole
    findings = tuple(finding for finding in whole.findings if _overlaps(finding, before, after))
    missing = sum(finding.count for finding in findings if finding.problem is Problem.GAP)
    return replace(
        whole,
        timeframe=str(bars.timeframe),
        rows=stop - first,
        expected_rows=stop - first + missing if is_own and whole.expected_rows is not None else None,
        first_ns=begin,
        last_ns=end,
        findings=findings,
    )


def _overlaps(finding: QualityFinding, first_ns: int, last_ns: int) -> bool:
    """Whether a finding concerns a stretch; one without a time may."""
    if finding.first_ns is None or finding.last_ns is None:
        return True
    return finding.first_ns <= last_ns and finding.last_ns >= first_ns


_RANKS = {gravity: rank for rank, gravity in enumerate(reversed(Gravity))}


def _order(finding: QualityFinding) -> tuple[int, float, int]:
    moment = float("-inf") if finding.first_ns is None else finding.first_ns
    return _RANKS[finding.gravity], moment, finding.line or 0


def _left_out(noted: Sequence[QualityFinding]) -> Ints:
    """Stamps of the rows that a reader left out, rising."""
    stamps = {finding.first_ns for finding in noted if finding.count == 1}
    return np.array(sorted(stamp for stamp in stamps if stamp is not None), np.int64)


def _gap_findings(site: Site, coverage: Coverage, left_out: Ints) -> Iterator[QualityFinding]:
    # A row that was left out is told once, by its line.
    gaps = [gap for gap in coverage.gaps if _stamps_within(left_out, gap) < gap.count]
    by_length = sorted(gaps, key=lambda gap: -gap.count)
    for gap in by_length[:_NAMED_GAPS]:
        yield _absence(gap, Gravity.WARN, _gap_sentence(site, gap))
    others = by_length[_NAMED_GAPS:]
    if others:
        bounds = min(gap.first_ns for gap in others), max(gap.last_ns for gap in others)
        count = sum(gap.count for gap in others)
        text = f"{count} more bars are missing in {len(others)} places from {_span(site, *bounds)}."
        yield _absence(Absence(*bounds, count), Gravity.WARN, text)
    if coverage.quiet is not None:
        longest = f"{coverage.longest_quiet} in a row at most"
        text = f"{coverage.quiet.count} bars have no row ({longest}), as often here: nothing traded in them."
        yield _absence(coverage.quiet, Gravity.NOTICE, text)
    for habit in coverage.habits:
        yield _habit(site, habit)


def _stamps_within(stamps: Ints, gap: Absence) -> int:
    first, stop = np.searchsorted(stamps, gap.first_ns), np.searchsorted(stamps, gap.last_ns, "right")
    return int(stop - first)


def _gap_sentence(site: Site, gap: Absence) -> str:
    calendar = site.bars.instrument.calendar
    if gap.sessions:
        what = "1 session" if gap.sessions == 1 else f"{gap.sessions} sessions"
    else:
        what = "1 bar" if gap.count == 1 else f"{gap.count} bars"
    verb = "is" if what.startswith("1 ") else "are"
    return f"{what} of {calendar} {verb} missing: {_span(site, gap.first_ns, gap.last_ns)}."


def _span(site: Site, first_ns: int, last_ns: int) -> str:
    first, last = site.written(first_ns), site.written(last_ns)
    return first if first == last else f"{first} to {last}"


def _habit(site: Site, habit: Habit) -> QualityFinding:
    bars = "bar" if habit.count == 1 else "bars"
    where = f"{habit.place}, first {site.written(habit.first_ns)}"
    text = f"{habit.sessions} sessions lack the same {habit.count} {bars} {where}: taken for the habit of the source."
    return _absence(Absence(habit.first_ns, habit.first_ns, habit.count * habit.sessions), Gravity.NOTICE, text)


def _absence(gap: Absence, gravity: Gravity, sentence: str) -> QualityFinding:
    return QualityFinding(Problem.GAP, gravity, gap.count, gap.first_ns, gap.last_ns, None, sentence)
