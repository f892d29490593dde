"""Look-ahead and repainting: the run again on histories that end after a bar, or go on otherwise than they did."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.leaks import Gravity, LeakFinding, LeakKind, Spot
from tradewright.research.leak_compare import changed_rows, first_difference
from tradewright.research.leak_cuts import cut_rows
from tradewright.research.leak_futures import Future
from tradewright.strategy.lines import row_of_value, values_until

from .cutting import altered_series, cut_series
from .wording import intent_text, number_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradewright.engine.rehearsal import Declared, Rehearsal

    from .subject import Subject

__all__ = ["LookAhead", "look_ahead"]

_SEED = 20_260
_HINT_LINE = (
    "Compute it from values up to each bar only: no negative shift, no centred window, nothing of the whole history."
)
_HINT_ORDERS = "Let it read bars, lines and histories through ctx only, which end at the bar that has just closed."


class Replay(NamedTuple):
    """One run on another history: after which row it was cut, what was done to the rest, and what was seen."""

    row: int
    how: str
    seen: Rehearsal


@dataclass
class LookAhead:
    """What the replays showed.

    Attributes
    ----------
    replays : int
        How many were made.
    findings : list of LeakFinding
    """

    replays: int = 0
    findings: list[LeakFinding] = field(default_factory=list)


def look_ahead(subject: Subject, cuts: int, progress: Callable[[int, int], None] | None = None) -> LookAhead:
    """Cut the history at many bars and compare decisions and lines up to each with those of the whole run."""
    found = LookAhead()
    lines: dict[tuple[int, LeakKind], _LineChange] = {}
    decisions: dict[Any, LeakFinding] = {}
    for replay in _replays(subject, cuts, progress):
        found.replays += 1
        changed = list(_changed_lines(subject, replay))
        for change in changed:
            for kind in change.kinds:
                first = lines.setdefault((change.number, kind), change)
                first.count += 1
        difference = _difference(subject, replay)
        if difference is not None and changed:
            for change in changed:
                lines[change.number, LeakKind.LOOK_AHEAD].decides = True
        elif difference is not None:
            key = difference.spot
            decisions.setdefault(key, difference)
    found.findings += [change.finding(subject, kind) for (_, kind), change in lines.items()]
    found.findings += decisions.values()
    return found


def _replays(subject: Subject, cuts: int, progress: Callable[[int, int], None] | None) -> Iterator[Replay]:
    rng = np.random.default_rng(_SEED)
    rows = cut_rows(subject.first_row, len(subject.market) - 1, subject.decided, cuts, rng)
    futures = cycle(Future)
    least = 2 * subject.warmup + 64
    for done, row in enumerate(rows):
        instant = subject.instant(row)
        yield Replay(row, "cut", subject.again(cut_series(subject.series, instant, least), until=row))
        future = next(futures)
        series = altered_series(subject.series, instant, future, rng)
        yield Replay(row, str(future), subject.again(series, until=row))
        if progress is not None:
            progress(done + 1, len(rows))


@dataclass
class _LineChange:
    """A line that has other values at known bars when later bars arrive."""

    number: int
    declared: Declared
    replay: Replay
    row: int
    known: float
    later: float
    revised: bool
    count: int = 0
    decides: bool = False

    @property
    def kinds(self) -> tuple[LeakKind, ...]:
        return (LeakKind.LOOK_AHEAD, LeakKind.REPAINTING) if self.revised else (LeakKind.LOOK_AHEAD,)

    def finding(self, subject: Subject, kind: LeakKind) -> LeakFinding:
        """The sentence for it."""
        name, bar = self.declared.line.name, subject.label(self.row)
        known, later = number_text(self.known), number_text(self.later)
        effect = ", and decisions change with it" if self.decides else ""
        if kind is LeakKind.LOOK_AHEAD:
            said = f"{name} at the bar of {bar} is {later} in the whole run and {known} on the bars up to then{effect}."
        else:
            said = f"{name} was {known} at the bar of {bar} and is {later} now that later bars are there."
        return LeakFinding(
            kind=kind,
            gravity=Gravity.FAIL,
            compared=name,
            sentence=said,
            hint=_HINT_LINE,
            symbol=subject.market.symbols[self.declared.line.symbol_number],
            bar=bar,
            before=known,
            after=later,
            spot=self.declared.spot,
            count=self.count,
        )


def _changed_lines(subject: Subject, replay: Replay) -> Iterator[_LineChange]:
    """Lines whose values up to the cut are not those of the whole run."""
    for number, (whole, other) in enumerate(zip(subject.whole.lines, replay.seen.lines, strict=False)):
        later, known = (values_until(each.line, replay.row) for each in (whole, other))
        rows = changed_rows(known, later)
        if len(rows):
            revised = rows[np.isfinite(known[rows])]
            place = int(revised[-1] if len(revised) else rows[-1])
            row = row_of_value(whole.line, place)
            values = float(known[place]), float(later[place])
            yield _LineChange(number, whole, replay, row, *values, bool(len(revised)))


def _difference(subject: Subject, replay: Replay) -> LeakFinding | None:
    """The first decision up to the cut that is not that of the whole run."""
    whole, seen = subject.whole, replay.seen
    before = [intent for intent in whole.intents if intent.row <= replay.row]
    place = first_difference(seen.intents, before)
    if place is None:
        return _said_otherwise(subject, replay)
    one = seen.intents[place] if place < len(seen.intents) else None
    other = before[place] if place < len(before) else None
    if one is None and seen.failure is not None:
        return _failed(subject, replay)
    row = min(each.row for each in (one, other) if each is not None)
    known = intent_text(subject, one if one is not None and one.row == row else None)
    later = intent_text(subject, other if other is not None and other.row == row else None)
    book = next(each for each in (other, one) if each is not None and each.row == row).book
    spot: Spot | None = None
    if other is not None and other.row == row:
        spot = whole.spots[place]
    bar = subject.label(row)
    return LeakFinding(
        kind=LeakKind.LOOK_AHEAD,
        gravity=Gravity.FAIL,
        compared="orders",
        sentence=f"At the bar of {bar} the strategy decides on {later}, and on {known} when later bars are others.",
        hint=_HINT_ORDERS,
        symbol=subject.market.symbols[book % len(subject.market.symbols)],
        bar=bar,
        before=known,
        after=later,
        spot=spot,
    )


def _said_otherwise(subject: Subject, replay: Replay) -> LeakFinding | None:
    if replay.seen.failure is not None:
        return _failed(subject, replay)
    return None


def _failed(subject: Subject, replay: Replay) -> LeakFinding | None:
    failure = replay.seen.failure
    if failure is None or failure.row < 0:
        return None
    bar = subject.label(failure.row)
    return LeakFinding(
        kind=LeakKind.LOOK_AHEAD,
        gravity=Gravity.FAIL,
        compared="orders",
        sentence=f"At the bar of {bar} the strategy cannot decide without later bars: {failure.sentence}",
        hint=_HINT_ORDERS,
        bar=bar,
        before="an error",
        after="a decision",
        spot=failure.spot,
    )
