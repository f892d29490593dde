"""Warm-up: the same trading days after histories of different length, which must lead to the same decisions.

One run knows everything from the first bar on, the other as many bars as the strategy declares that it needs. Both
begin to decide on the same day with the same cash, so that nothing but history can make them differ.

What is allowed: an indicator that fades, such as an exponential average, gets `ALLOWED_BARS`, or `ALLOWED_TIMES` its
declared warm-up, before decisions are compared, and then quantities may differ by `ALLOWED_SHARE`. A strategy that is
silent until it has seen enough is given what it waited for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.leaks import Gravity, LeakFinding, LeakKind
from tradewright.engine.rehearsal import Watch
from tradewright.engine.steps import Steps, first_other_step
from tradewright.research.leak_compare import TOLERANCE, nearly_same
from tradewright.research.leak_memory import Memory, MemoryKind, memory_of
from tradewright.strategy.lines import SparseLine, values_by_row
from tradewright.strategy.places import spot

from .wording import said_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradewright.domain.bars import Bars
    from tradewright.domain.leaks import Spot
    from tradewright.engine.rehearsal import Intent, Rehearsal

    from .subject import Subject

__all__ = ["ALLOWED_BARS", "ALLOWED_SHARE", "ALLOWED_TIMES", "WarmUp"]

ALLOWED_BARS = 100
ALLOWED_TIMES = 8
ALLOWED_SHARE = 0.02

_DATES = 6
_WINDOW = 120
_RETRIES = 6
_HINT = "Return more from required_warmup_bars(), or give missing values until the indicator has seen enough."


class Disagreement(NamedTuple):
    """A row in which the run with less history decides on something else."""

    begin: int
    row: int
    short: Intent
    long: Intent | None
    bars: int


@dataclass
class WarmUp:
    """Compares runs of one subject over the same days with more and less history.

    Parameters
    ----------
    subject : Subject
    """

    subject: Subject
    compared: int = 0

    def findings(self) -> Iterator[LeakFinding]:
        """One where decisions depend on history that the declared warm-up does not hold."""
        if self.subject.counts_bars:
            return
        found = []
        for day in self._days:
            one = self._disagreement(day)
            if one is not None:
                found.append(one)
        needed = 1 if self._allowance == 0 else 2
        if len(found) >= needed:
            yield self._finding(found)

    @cached_property
    def _memories(self) -> list[Memory]:
        """How each declared line forgets where its history began."""
        subject, rows = self.subject, self._begins[:: max(1, len(self._begins) // 4)][:4]
        later = [subject.again(series=self._from(row), until=-1) for row in rows]
        memories = []
        for number, declared in enumerate(subject.whole.lines):
            whole = values_by_row(declared.line)
            shorter = [
                (row, values_by_row(seen.lines[number].line))
                for row, seen in zip(rows, later, strict=True)
                if number < len(seen.lines)
            ]
            memories.append(memory_of(whole, shorter))
        return memories

    @cached_property
    def _allowance(self) -> int:
        """Bars of history beyond the declared ones before decisions are compared."""
        if all(memory.kind is MemoryKind.EXACT for memory in self._memories):
            return 0
        return max(ALLOWED_BARS, (ALLOWED_TIMES - 1) * self.subject.warmup)

    @cached_property
    def _begins(self) -> list[int]:
        """Rows from which history may begin: first bars of sessions, of weeks and months where longer bars are read."""
        market = self.subject.market
        first = market.sessions.first_rows
        labels = market.sessions.labels
        if any(isinstance(each.line, SparseLine) for each in self.subject.whole.lines):
            weeks = (labels + 3) // 7
            months = labels.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
            new_week, new_month = (np.append(True, np.diff(each) != 0) for each in (weeks, months))
            both = first[new_week & new_month]
            first = both if len(both) > _DATES else first[new_week]
        ends = [np.flatnonzero(track.present)[-1] for track in market.tracks if track.present is not None]
        alive = min([len(market), *(int(end) for end in ends)])
        return [int(row) for row in first if 0 < row < alive]

    @cached_property
    def _days(self) -> list[int]:
        """Rows from which the shorter history begins."""
        room = self.subject.warmup + self._allowance + 20
        rows = [row for row in self._begins if row + room < len(self.subject.market)]
        if not rows:
            return []
        places = np.unique(np.linspace(0, len(rows) - 1, _DATES).astype(np.int64))
        return [rows[place] for place in places]

    def _from(self, row: int) -> Mapping[str, Bars]:
        """The bars from a row on."""
        series: dict[str, Bars] = {}
        for track, (name, bars) in zip(self.subject.market.tracks, self.subject.series.items(), strict=True):
            before = row if track.present is None else int(np.count_nonzero(track.present[:row]))
            series[name] = bars.rows(before, len(bars))
        return series

    def _disagreement(self, begin: int) -> Disagreement | None:
        """Compare from one beginning, giving more history to a strategy that waits for it."""
        # At least one session before: the first bar of the data counts as the first of a month.
        bars = max(1, self.subject.warmup - 1 + self._allowance)
        for _ in range(_RETRIES):
            day = self._first_of_session(begin + bars)
            if day is None:
                return None
            long, short = self._pair(begin, day)
            if not _comparable(long, short, begin):
                return None
            self.compared += 1
            row, one, other = self._first_difference(long, short, begin)
            if row is None:
                return None
            if one is not None:
                return Disagreement(begin, row, one, other, day - begin)
            bars = max(2 * bars, day - begin + 16)
        return None

    def _first_of_session(self, row: int) -> int | None:
        first = self.subject.market.sessions.first_rows
        place = int(np.searchsorted(first, row))
        return int(first[place]) if place < len(first) and first[place] + 2 < len(self.subject.market) else None

    def _pair(self, begin: int, day: int, *steps: tuple[Steps, int]) -> tuple[Rehearsal, Rehearsal]:
        subject = self.subject
        until = min(day + _WINDOW, len(subject.market) - 1)
        label = int(subject.market.sessions.row_labels(len(subject.market))[day])
        start = str(np.datetime64(label, "D"))
        watches = [Watch(steps=found, steps_row=row) for found, row in steps] or [Watch(), Watch()]
        long = subject.again(until=until, watch=watches[0], start=start)
        return long, subject.again(series=self._from(begin), until=until - begin, watch=watches[1], start=start)

    def _first_difference(
        self, long: Rehearsal, short: Rehearsal, begin: int
    ) -> tuple[int | None, Intent | None, Intent | None]:
        """Row of the whole market, what the shorter history led to there, and what the longer."""
        ours = [intent._replace(row=intent.row + begin) for intent in short.intents]
        theirs = list(long.intents)
        share = ALLOWED_SHARE if self._allowance else TOLERANCE
        for place in range(max(len(ours), len(theirs))):
            one, other = (found[place] if place < len(found) else None for found in (ours, theirs))
            if one is not None and other is not None and nearly_same(one, other, share):
                continue
            row = min(each.row for each in (one, other) if each is not None)
            here = [None if each is None or each.row > row else each for each in (one, other)]
            return row, here[0], here[1]
        return None, None, None

    def _finding(self, found: list[Disagreement]) -> LeakFinding:
        first = found[0]
        subject = self.subject
        symbol = subject.market.symbols[first.short.book % len(subject.market.symbols)]
        short, long = said_text(first.short, symbol), said_text(first.long, symbol)
        line = self._slowest_line()
        lasting = line is not None and self._memories[line].kind is MemoryKind.LASTING
        where = self._spot(first) if line is None else subject.whole.lines[line].spot
        name = "orders" if line is None else subject.whole.lines[line].line.name
        needs = "" if line is None or lasting else f"; {name} needs about {self._memories[line].bars:,} bars"
        never = f"; {name} never forgets where its history begins" if lasting else ""
        bar = subject.label(first.row)
        return LeakFinding(
            kind=LeakKind.WARM_UP,
            gravity=Gravity.NOTICE if lasting else Gravity.FAIL,
            compared=name,
            sentence=(
                f"At the bar of {bar} the strategy decides on {short} after {first.bars:,} bars of history, "
                f"and on {long} after more; it declares that {subject.warmup:,} are enough{needs}{never}."
            ),
            hint=_HINT if not lasting else "Say from which bar on it is computed: another beginning decides otherwise.",
            symbol=symbol,
            bar=bar,
            before=short,
            after=long,
            spot=where,
            count=len(found),
        )

    def _slowest_line(self) -> int | None:
        """Number of the line that remembers longest, where one remembers longer than it may."""
        allowed = self.subject.warmup + self._allowance
        numbers = [
            number
            for number, memory in enumerate(self._memories)
            if memory.bars >= (self.subject.warmup if memory.kind is MemoryKind.EXACT else allowed)
        ]
        return max(numbers, key=lambda number: self._memories[number].bars, default=None)

    def _spot(self, found: Disagreement) -> Spot | None:
        """The line that read something else with the longer history."""
        one, other = Steps(_WINDOW * 4), Steps(_WINDOW * 4)
        self._pair(found.begin, found.begin + found.bars, (other, found.row), (one, found.row - found.begin))
        step = first_other_step(one.steps, other.steps) or next(reversed(one.steps), None)
        return None if step is None else spot(step.file, step.line)


def _comparable(long: Rehearsal, short: Rehearsal, begin: int) -> bool:
    """Whether both runs came about, and begin to decide in the same rows."""
    if long.staged is None or short.staged is None or long.failure is not None or short.failure is not None:
        return False
    return [row + begin for row in short.staged.loop.first_rows] == long.staged.loop.first_rows
