"""Findings about rows of one series: where they are, on which line of the file, in one sentence each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.quality import QualityFinding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.domain.quality import Gravity, Problem

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Site", "in_runs", "written"]

_NANOSECONDS_PER_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Site:
    """A series under examination: its bars, their stamps, and the way back to the lines of its file.

    Parameters
    ----------
    bars : Bars
    stamps : (n,) int64
        UTC nanoseconds: session dates of daily and longer bars, opening instants of shorter ones.
    line_of : callable, optional
        From a row of the bars to the line of the file.
    """

    bars: Bars
    stamps: Ints = field(repr=False)
    line_of: Callable[[int], int] | None = None

    def stamp(self, row: int) -> str:
        """The stamp of a row as a reader writes it."""
        return self.written(int(self.stamps[row]))

    def day(self, row: int) -> str:
        """The session date of a row."""
        sessions = self.bars.sessions
        label = sessions.labels[np.searchsorted(sessions.first_rows, row, "right") - 1]
        return str(np.datetime64(int(label), "D"))

    def written(self, nanoseconds: int) -> str:
        """A stamp of this series as a reader writes it: a date for daily and longer bars, else an instant."""
        return written(nanoseconds, is_intraday=self.bars.timeframe.is_intraday)

    def line(self, row: int) -> int | None:
        """The line of a row, where there is a file."""
        return None if self.line_of is None else self.line_of(row)

    def finding(self, problem: Problem, gravity: Gravity, rows: tuple[int, int], sentence: str) -> QualityFinding:
        """A finding about the rows from the first to the last of a pair, both included."""
        first, last = rows
        stamps = int(self.stamps[first]), int(self.stamps[last])
        return QualityFinding(problem, gravity, last - first + 1, *stamps, self.line(first), sentence)

    def rest(
        self, problem: Problem, gravity: Gravity, runs: Iterable[tuple[int, int]], sentence: str
    ) -> QualityFinding:
        """One finding about several runs of rows, counting the rows inside them only."""
        spans = list(runs)
        count = sum(last - first + 1 for first, last in spans)
        stamps = int(self.stamps[spans[0][0]]), int(self.stamps[spans[-1][1]])
        return QualityFinding(problem, gravity, count, *stamps, self.line(spans[0][0]), sentence)


def written(nanoseconds: int, *, is_intraday: bool) -> str:
    """A stamp as a reader writes it: ``2014-06-09`` or ``2014-06-09 13:30 UTC``.

    Examples
    --------
    >>> written(1_402_320_600_000_000_000, is_intraday=True)
    '2014-06-09 13:30 UTC'
    """
    moment = np.datetime64(nanoseconds // _NANOSECONDS_PER_SECOND, "s")
    if not is_intraday:
        return str(moment.astype("datetime64[D]"))
    return str(moment).replace("T", " ").removesuffix(":00") + " UTC"


def in_runs(mask: Mask) -> list[tuple[int, int]]:
    """First and last row of each unbroken run of true values.

    Examples
    --------
    >>> in_runs(np.array([True, True, False, True]))
    [(0, 1), (3, 3)]
    """
    edges = np.diff(np.concatenate(([False], mask, [False])).astype(np.int8))
    first, last = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return list(zip(first.tolist(), last.tolist(), strict=True))
