"""Look-ahead and repainting: the run again on histories that end after a bar, or go on otherwise than they did."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.leaks import Gravity, LeakFinding, LeakKind
from tradewright.research.leak_compare import changed_rows, first_difference
from tradewright.research.leak_cuts import cut_rows
from tradewright.research.leak_futures import Future
from tradewright.strategy.lines import row_of_value, values_until

from .blame import Blame
from .subject import History
from .wording import log_text, number_text, said_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradewright.domain.leaks import Spot
    from tradewright.engine.rehearsal import Declared, Rehearsal

    from .subject import Subject

__all__ = ["LookAhead"]

_SEED = 20_260
_MOST_EXPLAINED = 6
_HINT_LINE = (
    "Compute it from values up to each bar only: no negative shift, no centred window, nothing of the whole history."
)
_HINT_ORDERS = "Let it read bars, lines and histories through ctx, which end at the bar that has just closed."


class Replay(NamedTuple):
    """One run on another history, and what was seen of it."""

    history: History
    seen: Rehearsal


class Difference(NamedTuple):
    """The first decision on another history that is not that of the whole run."""

    row: int
    compared: str
    symbol: str | None
    known: str
    later: str
    asked: Spot | None
    is_error: bool = False


@dataclass
class LineChange:
    """A line that says something else of known bars when later bars arrive."""

    declared: Declared
    row: int
    known: float
    later: float
    count: int = 0
    decides: bool = False


@dataclass
class LookAhead:
    """Cuts the history at many bars, and compares decisions and lines up to each with those of the whole run.

    Parameters
    ----------
    subject : Subject
    cuts : int
        How many bars the history is cut after.
    with_decisions : bool
        Whether decisions can be compared: not where the same run decides differently each time.
    with_logs : bool
        Whether what is logged can.
    """

    subject: Subject
    cuts: int
    with_decisions: bool = True
    with_logs: bool = True
    replays: int = 0
    explained: int = 0
    ahead: dict[int, LineChange] = field(default_factory=dict)
    repaints: dict[int, LineChange] = field(default_factory=dict)
    decisions: dict[tuple[Spot | None, str], LeakFinding] = field(default_factory=dict)

    def findings(self, progress: Callable[[int, int], None] | None = None) -> Iterator[LeakFinding]:
        """Make the replays; what they show."""
        blame = Blame(self.subject)
        for replay in self._replays(progress):
            changed = self._note_lines(replay)
            difference = self._difference(replay)
            if difference is None:
                continue
            if changed:
                for number in changed:
                    self.ahead[number].decides = True
            elif self.explained < _MOST_EXPLAINED:
                self.explained += 1
                self._note_decision(difference, replay, blame)
        yield from (self._ahead(change) for change in self.ahead.values())
        yield from (self._repaint(change) for change in self.repaints.values())
        yield from self.decisions.values()

    def _replays(self, progress: Callable[[int, int], None] | None) -> Iterator[Replay]:
        subject, futures = self.subject, cycle(Future)
        rng = np.random.default_rng(_SEED)
        rows = cut_rows(subject.first_row, len(subject.market) - 1, subject.decided, self.cuts, rng, subject.rare_rows)
        for done, row in enumerate(rows):
            for history in (History(row), History(row, next(futures), _SEED)):
                self.replays += 1
                yield Replay(history, subject.again(history))
            if progress is not None:
                progress(done + 1, len(rows))

    def _note_lines(self, replay: Replay) -> list[int]:
        """Numbers of the lines whose values up to the cut are not those of the whole run."""
        numbers = []
        for number, (whole, other) in enumerate(zip(self.subject.whole.lines, replay.seen.lines, strict=False)):
            later, known = (values_until(each.line, replay.history.row) for each in (whole, other))
            rows = changed_rows(known, later)
            if len(rows) == 0:
                continue
            numbers.append(number)
            _noted(self.ahead, number, whole, int(rows[-1]), known, later)
            revised = rows[np.isfinite(known[rows])]
            if len(revised):
                _noted(self.repaints, number, whole, int(revised[-1]), known, later)
        return numbers

    def _difference(self, replay: Replay) -> Difference | None:
        if not self.with_decisions:
            return None
        row, whole, seen = replay.history.row, self.subject.whole, replay.seen
        before = [intent for intent in whole.intents if intent.row <= row]
        place = None if seen.intents == before else first_difference(seen.intents, before)
        if place is None:
            return self._unsaid(replay)
        one, other = (found[place] if place < len(found) else None for found in (seen.intents, before))
        if one is None and seen.failure is not None:
            return _failed(seen)
        first = min(each.row for each in (one, other) if each is not None)
        known, later = (None if each is None or each.row > first else each for each in (one, other))
        book = next(each.book for each in (later, known) if each is not None)
        asked = whole.spots[place] if later is not None else None
        symbol = self.subject.market.symbols[book % len(self.subject.market.symbols)]
        return Difference(first, "orders", symbol, said_text(known, symbol), said_text(later, symbol), asked)

    def _unsaid(self, replay: Replay) -> Difference | None:
        """What differs where all that was asked of the desk is the same: a failure, or the log."""
        if replay.seen.failure is not None:
            return _failed(replay.seen)
        if not self.with_logs:
            return None
        last = self.subject.instant(replay.history.row)
        whole = [line for line in self.subject.whole.logs if line.time <= last]
        place = first_difference(replay.seen.logs, whole)
        if place is None:
            return None
        one, other = (found[place] if place < len(found) else None for found in (replay.seen.logs, whole))
        time = min(each.time for each in (one, other) if each is not None)
        row = int(np.searchsorted(self.subject.market.close_time, time))
        spots = self.subject.whole.log_spots
        asked = spots[place] if place < len(spots) else None
        return Difference(row, "log", None, log_text(one), log_text(other), asked)

    def _note_decision(self, difference: Difference, replay: Replay, blame: Blame) -> None:
        """Say it once for every line of the author's."""
        blamed = blame.of(replay.history, difference.row, difference.asked)
        spot = blamed.spot or difference.asked
        key = (spot, difference.compared)
        if key in self.decisions:
            return
        bar = self.subject.label(difference.row)
        through = f", by self.{blamed.attribute}" if blamed.attribute else ""
        what = "logs" if difference.compared == "log" else "decides on"
        if difference.is_error:
            said = f"At the bar of {bar} the strategy cannot go on without later bars{through}: {difference.known}"
        else:
            said = (
                f"At the bar of {bar} the strategy {what} {difference.later}, "
                f"and {what} {difference.known} where later bars are others{through}."
            )
        self.decisions[key] = LeakFinding(
            kind=LeakKind.LOOK_AHEAD,
            gravity=Gravity.WARN if difference.compared == "log" else Gravity.FAIL,
            compared=f"self.{blamed.attribute}" if blamed.attribute else difference.compared,
            sentence=said,
            hint=_HINT_ORDERS,
            symbol=difference.symbol,
            bar=bar,
            before=difference.known,
            after=difference.later,
            spot=spot,
        )

    def _ahead(self, change: LineChange) -> LeakFinding:
        effect = ", and decisions change with it" if change.decides else ""
        said = "{name} at the bar of {bar} is {later} in the whole run and {known} on the bars up to then{effect}."
        return self._of_line(LeakKind.LOOK_AHEAD, change, said, effect)

    def _repaint(self, change: LineChange) -> LeakFinding:
        said = "{name} was {known} when the bar of {bar} had closed, and is {later} now that later bars are there."
        return self._of_line(LeakKind.REPAINTING, change, said, "")

    def _of_line(self, kind: LeakKind, change: LineChange, said: str, effect: str) -> LeakFinding:
        line, bar = change.declared.line, self.subject.label(change.row)
        known, later = number_text(change.known), number_text(change.later)
        return LeakFinding(
            kind=kind,
            gravity=Gravity.FAIL,
            compared=line.name,
            sentence=said.format(name=line.name, bar=bar, known=known, later=later, effect=effect),
            hint=_HINT_LINE,
            symbol=self.subject.market.symbols[line.symbol_number],
            bar=bar,
            before=known,
            after=later,
            spot=change.declared.spot,
            count=change.count,
        )


def _noted(
    changes: dict[int, LineChange], number: int, whole: Declared, place: int, known: np.ndarray, later: np.ndarray
) -> None:
    if number not in changes:
        row = row_of_value(whole.line, place)
        changes[number] = LineChange(whole, row, float(known[place]), float(later[place]))
    changes[number].count += 1


def _failed(seen: Rehearsal) -> Difference | None:
    """A run that could not go on; one that could not even be prepared says nothing of decisions."""
    failure = seen.failure
    if failure is None or failure.row < 0:
        return None
    return Difference(failure.row, "orders", None, failure.sentence, "a decision", failure.spot, is_error=True)
