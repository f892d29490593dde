"""What to doubt about the bars themselves: what the quality check found, survivors, raw prices over a split."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.quality import Gravity, Problem
from tradewright.reporting import wording
from tradewright.reporting.doubt import Case, ResultWarning, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tradewright.domain.quality import QualityFinding, QualityReport
    from tradewright.domain.record import DataKey

__all__ = ["SURVIVORS_FROM", "counted", "find", "is_of_data"]

SURVIVORS_FROM = 10
"""Symbols from which on a universe without a single end is worth a question."""

_GRAVITIES = tuple(Gravity)
_SEVERITIES = {Gravity.NOTICE: Severity.NOTICE, Gravity.WARN: Severity.WARN, Gravity.FAIL: Severity.FAIL}
_PREFIX = "data_"
_OF_DATA = frozenset({"synthetic_data", "survivors", "raw_over_split"})
_NOUNS = {
    Problem.IMPOSSIBLE: "impossible row",
    Problem.DUPLICATE: "duplicate",
    Problem.DISORDER: "row out of order",
    Problem.OUTSIDE: "bar outside the sessions",
    Problem.GAP: "gap",
    Problem.SPIKE: "spike",
    Problem.STALE: "stale bar",
    Problem.ZERO_VOLUME: "bar without volume",
    Problem.SPLIT: "split suspect",
    Problem.MIXED_ADJUSTMENT: "mixed adjustment",
    Problem.UNAPPLIED: "unapplied action",
}
_PLURALS = {Problem.DISORDER: "rows out of order", Problem.OUTSIDE: "bars outside the sessions",
            Problem.ZERO_VOLUME: "bars without volume"}  # fmt: skip
_BY_FINDING = frozenset({Problem.GAP, Problem.SPLIT, Problem.MIXED_ADJUSTMENT, Problem.UNAPPLIED})
"""Problems of which each finding is one occurrence, however many rows it concerns."""


def is_of_data(warning: ResultWarning) -> bool:
    """Whether a warning is about the bars and not about what was done with them."""
    return warning.code.startswith(_PREFIX) or warning.code in _OF_DATA


def counted(reports: Iterable[QualityReport] | None) -> str:
    """What was found, in a few words, as ``2 gaps, 1 split suspect``."""
    totals: Counter[Problem] = Counter()
    for _, finding in _findings(reports or ()):
        totals[finding.problem] += 1 if finding.problem in _BY_FINDING else finding.count
    parts = [_noun(problem, totals[problem]) for problem in Problem if totals[problem]]
    return ", ".join(parts) or "no problems"


def find(case: Case) -> tuple[ResultWarning, ...]:
    """Warnings about the data: one for each kind of problem, the gravest first, then survivors and raw splits."""
    named = len(case.quality or ()) > 1
    kinds = [_of_kind(problem, _pairs(case, problem), named=named) for problem in Problem if _pairs(case, problem)]
    ranked = sorted(kinds, key=lambda warning: -list(Severity).index(warning.severity))
    rest = [warning for warning in (_survivors(case), *_raw_over_split(case)) if warning is not None]
    return (*ranked, *rest)


def _findings(reports: Iterable[QualityReport]) -> Iterator[tuple[QualityReport, QualityFinding]]:
    return ((report, finding) for report in reports for finding in report.findings)


def _pairs(case: Case, problem: Problem) -> list[tuple[QualityReport, QualityFinding]]:
    return [pair for pair in _findings(case.quality or ()) if pair[1].problem is problem]


def _of_kind(problem: Problem, pairs: list[tuple[QualityReport, QualityFinding]], *, named: bool) -> ResultWarning:
    """One warning for all findings of a kind: the sentence of the gravest, and how many more there are."""
    report, gravest = max(pairs, key=lambda pair: _GRAVITIES.index(pair[1].gravity))
    lead = f"{report.instrument}: " if named and report.instrument not in gravest.sentence else ""
    rest = f" ({len(pairs) - 1:,} more of this kind.)" if len(pairs) > 1 else ""
    return ResultWarning(f"{_PREFIX}{problem}", _SEVERITIES[gravest.gravity], f"{lead}{gravest.sentence}{rest}")


def _noun(problem: Problem, count: int) -> str:
    plural = _PLURALS.get(problem)
    return f"{count:,} {plural}" if plural and count != 1 else wording.plural(count, _NOUNS[problem])


def _survivors(case: Case) -> ResultWarning | None:
    """Many symbols of which none ever ended: the list may have been written by someone who knew who would last."""
    keys = case.record.data
    ends = {key.last[:10] for key in keys}
    if len(case.record.symbols) < SURVIVORS_FROM or len(ends) > 1 or case.record.is_synthetic:
        return None
    sentence = (
        f"All {len(case.record.symbols):,} symbols trade to the end of the run: if the list was made of those that"
        " lasted, the result is better than it was possible to do."
    )
    return ResultWarning("survivors", Severity.NOTICE, sentence)


def _raw_over_split(case: Case) -> list[ResultWarning]:
    """Unadjusted prices jump at a split, and so does whatever is computed from them."""
    if not any(strategy.warmup_bars for strategy in case.record.strategies):
        return []
    jumps = [(key.symbol, day) for key in case.record.data if key.adjustment == "raw" for day in _splits(case, key)]
    if not jumps:
        return []
    symbol, day = jumps[0]
    rest = f" and at {len(jumps) - 1:,} more" if len(jumps) > 1 else ""
    sentence = (
        f"{symbol} is raw over the split of {day}{rest}: indicators see a jump that no holder felt;"
        " split-adjusted bars do not have it."
    )
    return [ResultWarning("raw_over_split", Severity.NOTICE, sentence)]


def _splits(case: Case, key: DataKey) -> list[str]:
    """Session dates of the splits inside a symbol's bars."""
    bars: Any = case.record.bars.get(key.symbol)
    days = getattr(getattr(bars, "actions", None), "split_days", ())
    return [day for day in (str(np.datetime64(int(day), "D")) for day in days) if key.first < day <= key.last]
