"""What a source says of an instrument put to what was said before: what is new, revised, or no longer said."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.actions import ActionKind, CorporateAction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Told", "put_together"]

_ROUNDING = 1e-3
"""Share by which a value of another source may differ and be the same: some round, some count back through splits."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a source said when it was asked.

    Parameters
    ----------
    source : str
    currency : str
        Of the instrument's prices.
    actions : sequence of CorporateAction
        Those of the days asked for.
    days : (int, int)
        Which days count, from one up to, and without, another; names count on all days.
    at_ns : int
        When it was asked.
    known_days : (int, int), optional
        From which session to which the series was there already.
    """

    source: str
    currency: str
    actions: Sequence[CorporateAction]
    days: tuple[int, int]
    at_ns: int
    known_days: tuple[int, int] | None = None

    def counting(self) -> dict[tuple[int, str, str], CorporateAction]:
        """One statement of each action, several of a kind on one day taken together."""
        found: dict[tuple[int, str, str], CorporateAction] = {}
        for each in self.actions:
            if not self._counts(each):
                continue
            said = replace(each, source=self.source, currency=None if each.currency == self.currency else each.currency)
            known = found.get(said.identity)
            found[said.identity] = said if known is None else _both(known, said)
        return found

    def _counts(self, action: CorporateAction) -> bool:
        return action.kind is ActionKind.RENAME or self.days[0] <= action.day < self.days[1]


def put_together(before: Sequence[CorporateAction], told: Told) -> tuple[tuple[CorporateAction, ...], list[str]]:
    """Put what was told to what was said before; nothing that was said is ever taken away.

    A value that changed is a further statement, known from when it was told. One that the source no longer makes is
    withdrawn in the same way; an answer without any action takes nothing away. An action that is told for the first
    time, of days for which the source was asked before, is known from now unless it says when it was announced.

    Returns
    -------
    tuple of CorporateAction
        In the order of `tradewright.domain.actions.Actions.announced`.
    list of str
        What changed and should be looked at, in sentences.
    """
    last = {each.identity: each for each in before}
    said = told.counting()
    added = [new for new in (_news(last.get(identity), each, told, before) for identity, each in said.items()) if new]
    gone = [each for each in last.values() if each.identity not in said and _is_missed(each, told)]
    if said:
        added += [replace(each, known_ns=told.at_ns, is_withdrawn=True) for each in gone]
    notes = [_revision(last[each.identity], each) for each in added if each.identity in last]
    if gone and not said:
        notes.append(f"{told.source} knows of no action any more; the {len(gone)} that it told before are kept.")
    return tuple(sorted((*before, *added), key=lambda each: each.identity)), notes


def _news(
    mine: CorporateAction | None, each: CorporateAction, told: Told, before: Sequence[CorporateAction]
) -> CorporateAction | None:
    """What is to be written down of a statement; None where it says nothing new."""
    if mine is None:
        is_late = each.known_ns is None and _was_asked(each, told, before)
        return replace(each, known_ns=told.at_ns) if is_late else each
    return None if not mine.is_withdrawn and _is_same(mine, each) else replace(each, known_ns=told.at_ns)


def _was_asked(each: CorporateAction, told: Told, before: Iterable[CorporateAction]) -> bool:
    """Whether the source could have said it before: it spoke of the series, and of that day."""
    begin, end = told.known_days or (each.day + 1, each.day)
    return begin <= each.day <= end and any(other.source == told.source for other in before)


def _is_same(mine: CorporateAction, other: CorporateAction) -> bool:
    if isinstance(mine.value, float) and isinstance(other.value, float):
        return math.isclose(mine.value, other.value, rel_tol=0.0 if mine.source == other.source else _ROUNDING)
    return mine.value == other.value


def _is_missed(mine: CorporateAction, told: Told) -> bool:
    """Whether the source said it before, and should have said it again."""
    in_range = mine.kind is not ActionKind.RENAME and told.days[0] <= mine.day < told.days[1]
    return in_range and not mine.is_withdrawn and mine.source == told.source


def _both(one: CorporateAction, other: CorporateAction) -> CorporateAction:
    """Two of a kind on one day as one: splits one after the other, dividends added, known when both were."""
    known = max(one.known_ns, other.known_ns) if one.known_ns is not None and other.known_ns is not None else None
    if one.kind is ActionKind.SPLIT:
        return replace(one, ratio=(one.ratio or 1.0) * (other.ratio or 1.0), known_ns=known)
    if one.kind is ActionKind.DIVIDEND:
        return replace(one, cash=(one.cash or 0.0) + (other.cash or 0.0), known_ns=known)
    return one if one.value is not None else other


def _revision(before: CorporateAction, now: CorporateAction) -> str:
    what = f"The {now.kind} of {now.symbol} on {_date(now.day)}"
    if now.is_withdrawn:
        said = f" ({before.value})" if before.value is not None else ""
        return f"{what}{said} is no longer told by {now.source}: it does not count any more."
    was = "withdrawn" if before.is_withdrawn else before.value or "told without terms"
    return f"{what} was {was}, and {now.source} now says {now.value or 'nothing more'}."


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))
