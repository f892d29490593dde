"""Rows that did not become bars: why, on which line, and as findings of the quality report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.quality import Gravity, Problem, QualityFinding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradewright.adapters.data.raw import RawTable

__all__ = ["NAMED_ROWS", "LeftOut", "findings_of", "is_half_adjusted"]

NAMED_ROWS = 1000
"""Rows that are named one by one; what is beyond is counted."""

_FEWEST_ODD = 20
_ODD_SHARE = 0.05
_BODY_OUTSIDE = ("its high is below its open or close", "its low is above its open or close")


class LeftOut(NamedTuple):
    """One row that was left out.

    Parameters
    ----------
    line : int
        Line of a file (from 1, header included) or row of a frame (from 0).
    reason : str
        Begins with "its" or "it".
    problem : Problem
    gravity : Gravity
    stamp_ns : int or None
        Where it would have been, None where its time cannot be read.
    """

    line: int
    reason: str
    problem: Problem = Problem.IMPOSSIBLE
    gravity: Gravity = Gravity.WARN
    stamp_ns: int | None = None


def findings_of(table: RawTable, rows: Sequence[LeftOut], read: int) -> list[QualityFinding]:
    """What was left out, as findings: each row with its line up to a thousand of a kind, the rest counted.

    Parameters
    ----------
    table : RawTable
        Where the rows come from; must have been loaded.
    rows : sequence of LeftOut
    read : int
        All rows of the table, to tell single mistakes from a wrong column.
    """
    by_kind: dict[tuple[Problem, Gravity], list[LeftOut]] = {}
    for row in sorted(rows, key=lambda each: each.line):
        by_kind.setdefault((row.problem, row.gravity), []).append(row)
    findings = [finding for kind in by_kind.values() for finding in _of_kind(table, kind)]
    return [_half_adjusted(table, rows, read), *findings] if is_half_adjusted(rows, read) else findings


def is_half_adjusted(rows: Sequence[LeftOut], read: int) -> bool:
    """Whether so many bodies lie outside their bars that some columns must be adjusted and others not."""
    odd = sum(row.reason in _BODY_OUTSIDE for row in rows)
    return odd >= max(_FEWEST_ODD, _ODD_SHARE * read)


def _of_kind(table: RawTable, rows: list[LeftOut]) -> Iterator[QualityFinding]:
    if rows[0].problem is Problem.OUTSIDE and rows[0].gravity is Gravity.NOTICE:
        # Asked for with the hours to read, so no row of them is a fault.
        yield _together(table, rows, f"{_many(len(rows))} of {table.source} lie outside the session's hours")
        return
    for row in rows[:NAMED_ROWS]:
        text = f"{table.row_word.capitalize()} {row.line} of {table.source} was left out: {row.reason}."
        yield QualityFinding(row.problem, row.gravity, 1, row.stamp_ns, row.stamp_ns, _line(table, row), text)
    if len(rows) > NAMED_ROWS:
        yield _together(
            table, rows[NAMED_ROWS:], f"{_many(len(rows) - NAMED_ROWS)} more of {table.source} have such a fault"
        )


def _together(table: RawTable, rows: list[LeftOut], what: str) -> QualityFinding:
    stamps = [row.stamp_ns for row in rows if row.stamp_ns is not None]
    first, last = min(stamps, default=None), max(stamps, default=None)
    text = f"{what} and were left out, first {table.row_word} {rows[0].line}."
    return QualityFinding(rows[0].problem, rows[0].gravity, len(rows), first, last, _line(table, rows[0]), text)


def _half_adjusted(table: RawTable, rows: Sequence[LeftOut], read: int) -> QualityFinding:
    odd = [row for row in sorted(rows, key=lambda each: each.line) if row.reason in _BODY_OUTSIDE]
    text = (
        f"In {len(odd)} of {read} rows of {table.source} the open or close lies outside low to high: "
        "some price columns seem adjusted and others not."
    )
    return QualityFinding(Problem.MIXED_ADJUSTMENT, Gravity.FAIL, len(odd), None, None, _line(table, odd[0]), text)


def _line(table: RawTable, row: LeftOut) -> int | None:
    return row.line if table.has_lines else None


def _many(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
