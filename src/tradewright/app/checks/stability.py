"""Unstable runs: the same strategy over the same bars with the same seed, decided twice."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.leaks import Gravity, LeakFinding, LeakKind
from tradewright.engine.rehearsal import Watch, rehearse
from tradewright.engine.steps import Steps, first_other_step
from tradewright.research.leak_compare import first_difference
from tradewright.strategy.places import spot

from .chance import other_day
from .set_order import OtherOrder, other_order
from .wording import said_text

if TYPE_CHECKING:
    from tradewright.domain.leaks import Spot
    from tradewright.engine.rehearsal import Rehearsal

    from .subject import Subject

__all__ = ["Stability", "stability"]

_SEED = 1
_TRIES = 8
_HINT = "Draw from ctx.rng, take times from ctx.timestamp, keep state on self, and sort what comes out of a set."


@dataclass(frozen=True)
class Stability:
    """Whether decisions, and logs, are the same each time; `finding` says where they are not."""

    finding: LeakFinding | None
    decisions: bool
    logs: bool


@dataclass(frozen=True)
class Circumstance:
    """What was otherwise in a second run, and how that is told."""

    words: str
    seed: int = 0
    is_other_day: bool = False
    is_other_order: bool = False
    forgets: bool = True


_SAME = Circumstance("the same run again")
_EVERYTHING = Circumstance("another day", _SEED, is_other_day=True, is_other_order=True, forgets=False)
_CAUSES = (
    Circumstance("another state of a shared random generator", _SEED),
    Circumstance("another time of the clock", is_other_day=True),
    Circumstance("sets and hashes of texts as in another process", is_other_order=True),
    Circumstance("what an earlier run left behind outside the strategy", forgets=False),
)


def stability(subject: Subject) -> Stability:
    """Run a subject again, first as it was and then on another day."""
    repeated = _again(subject, _SAME)
    place = _difference(subject, repeated)
    logs = _said(repeated) == _said(subject.whole)
    if place is not None:
        return Stability(_finding(subject, repeated, place, _SAME), decisions=False, logs=False)
    moved = _again(subject, _EVERYTHING)
    if _difference(subject, moved) is None:
        return Stability(None, decisions=True, logs=logs)
    for cause in _CAUSES:
        seen = _again(subject, cause)
        place = _difference(subject, seen)
        if place is not None:
            return Stability(_finding(subject, seen, place, cause), decisions=True, logs=logs)
    place = _difference(subject, moved)
    return Stability(_finding(subject, moved, place or 0, _EVERYTHING), decisions=True, logs=logs)


def _again(subject: Subject, how: Circumstance, row: int | None = None, steps: Steps | None = None) -> Rehearsal:
    """The run once more; with a row, up to there and step by step in it."""
    subject.outside.restore()
    day = other_day(subject.outside.functions) if how.is_other_day else contextlib.nullcontext()
    order = other_order(subject.outside.functions) if how.is_other_order else contextlib.nullcontext()
    try:
        if how.is_other_order:
            subject.outside.rewritten(lambda value: OtherOrder(value) if type(value) is set else value)
        if not how.forgets:
            subject.run_here()
        with subject.still(how.seed), day, order:
            watch = Watch(steps=steps, steps_row=-2 if row is None else row)
            return rehearse(subject.fresh_plan(), until=len(subject.market) - 1 if row is None else row, watch=watch)
    finally:
        subject.outside.restore()


def _difference(subject: Subject, seen: Rehearsal) -> int | None:
    place = first_difference(seen.intents, subject.whole.intents)
    if place is None and seen.failure is not None and subject.whole.failure is None:
        return len(seen.intents)
    return place


def _said(seen: Rehearsal) -> list[Any]:
    return [(line.time, line.message, repr(line.fields)) for line in seen.logs]


def _finding(subject: Subject, seen: Rehearsal, place: int, how: Circumstance) -> LeakFinding:
    one, other = (found[place] if place < len(found) else None for found in (subject.whole.intents, seen.intents))
    rows = [each.row for each in (one, other) if each is not None]
    row = min(rows) if rows else max(0, seen.failure.row if seen.failure else 0)
    first, second = (None if each is None or each.row > row else each for each in (one, other))
    book = next((each.book for each in (first, second) if each is not None), 0)
    symbol = subject.market.symbols[book % len(subject.market.symbols)]
    bar = subject.label(row)
    before, after = said_text(first, symbol), said_text(second, symbol)
    if seen.failure is not None and second is None:
        after = seen.failure.sentence
    return LeakFinding(
        kind=LeakKind.UNSTABLE,
        gravity=Gravity.FAIL,
        compared="orders",
        sentence=f"At the bar of {bar} the strategy decides on {before}, and with {how.words} on {after}.",
        hint=_HINT,
        symbol=symbol,
        bar=bar,
        before=before,
        after=after,
        spot=_line(subject, seen, row, place, how),
    )


def _rows_that_differ(subject: Subject, seen: Rehearsal, place: int) -> list[int]:
    """The next rows in which only one of the runs decides."""
    one, other = ({intent.row for intent in each.intents[place:]} for each in (subject.whole, seen))
    return sorted(one ^ other)[:_TRIES]


def _line(subject: Subject, seen: Rehearsal, row: int, place: int, how: Circumstance) -> Spot | None:
    # What depends on chance may be the same in any one row of a third and a fourth run.
    for tried in [row, *_rows_that_differ(subject, seen, place)]:
        one, other = Steps(tried + 1), Steps(tried + 1)
        _again(subject, _SAME, tried, one)
        _again(subject, how, tried, other)
        step = first_other_step(one.steps, other.steps)
        if step is not None:
            return spot(step.file, step.line)
    asked = subject.whole.spots[place] if place < len(subject.whole.spots) else None
    return asked or (seen.failure.spot if seen.failure else None)
