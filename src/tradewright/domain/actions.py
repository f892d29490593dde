"""Corporate actions: what was said of an instrument, when it was known, and what takes effect on which day.

`CorporateAction` is one statement of a source. A series keeps every statement, also those that were revised or
withdrawn later, so that a view as of a time sees what was known then and nothing else. `Actions` is what is left of
them for counting: columns of splits and dividends.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["ActionKind", "Actions", "CorporateAction", "actions_of", "in_force", "statements_of", "unapplied"]


class ActionKind(StrEnum):
    """What happens to the holder of a share."""

    SPLIT = "split"
    """Old shares become `ratio` new ones each."""
    DIVIDEND = "dividend"
    """`cash` is paid per share."""
    RENAME = "rename"
    """`symbol` is called `to` from the day on."""
    DELISTING = "delisting"
    """From the day on there is no trading; of a merger `ratio` shares of `to` and `cash` become of each share."""
    SPINOFF = "spinoff"
    """`ratio` shares of `to` are received for each share, worth `cash` where that is known."""
    OTHER = "other"
    """Something that nothing here applies, in the words of `note`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorporateAction:
    """One statement of a source about one instrument.

    Parameters
    ----------
    kind : ActionKind
    symbol : str
        As the source called the instrument when it took effect.
    day : int
        Days since 1970-01-01: the session before whose open it takes effect (the ex-date).
    source : str
        Who said it.
    known_ns : int, optional
        From when on it could be known, UTC nanoseconds: the announcement, or for a revision the time it was found. None
        where nobody says: then it counts as known from the session on which it takes effect.
    ratio : float, optional
        Of a split: new shares per old share. Of a spin-off and a merger: shares of `to` per share.
    cash : float, optional
        Of a dividend: per share, in terms of the shares after a split on the same day. Of a spin-off: what the shares
        of `to` were worth at the close of the day. Of a merger: what is paid per share.
    currency : str, optional
        Of a dividend; None is that of the instrument's prices.
    to : str, optional
        Of a rename the new name; of a spin-off what is received, of a merger the shares that are.
    note : str, optional
        Of what nothing here applies: what it is, in a few words.
    is_withdrawn : bool
        The source no longer says it.

    Raises
    ------
    DataError
        When it lacks what its kind needs, or has a value that cannot be.
    """

    kind: ActionKind
    symbol: str
    day: int
    source: str
    known_ns: int | None = None
    ratio: float | None = None
    cash: float | None = None
    currency: str | None = None
    to: str | None = None
    note: str | None = None
    is_withdrawn: bool = False

    def __post_init__(self) -> None:
        if not self._is_possible():
            raise DataError(
                f"A {self.kind} of {self.symbol} on {np.datetime64(self.day, 'D')} from {self.source} cannot be: "
                f"ratio {self.ratio}, cash {self.cash}, {self.to!r}, note {self.note!r}."
            )

    def _is_possible(self) -> bool:
        if not all(number is None or 0 < number < math.inf for number in (self.ratio, self.cash)):
            return False
        needed: dict[ActionKind, tuple[Any, ...]] = {
            ActionKind.SPLIT: (self.ratio,),
            ActionKind.DIVIDEND: (self.cash,),
            ActionKind.RENAME: (self.to,),
            ActionKind.SPINOFF: (self.ratio, self.to),
            ActionKind.OTHER: (self.note,),
        }
        return all(needed.get(self.kind, ())) and self.to != self.symbol

    @property
    def identity(self) -> tuple[int, str, str]:
        """What a later statement must share to be about the same action; statements are kept in this order."""
        told_apart = {
            ActionKind.RENAME: self.symbol,
            ActionKind.DIVIDEND: self.currency,
            ActionKind.SPINOFF: self.to,
            ActionKind.OTHER: self.note,
        }
        return self.day, self.kind, told_apart.get(self.kind) or ""

    @property
    def value(self) -> float | str | None:
        """What a revision changes: the ratio, the cash, the new name, or the terms of a spin-off or a merger."""
        plain = {ActionKind.SPLIT: self.ratio, ActionKind.DIVIDEND: self.cash, ActionKind.RENAME: self.to}
        return plain.get(self.kind, self.terms or None)

    @property
    def terms(self) -> str:
        """What becomes of a share in a spin-off or a merger, in words; empty where nobody says."""
        shares = f"{self.ratio:g} {self.to}" if self.ratio is not None and self.to else ""
        if self.kind is ActionKind.SPINOFF:
            return f"{shares} worth {self.cash:g}" if self.cash is not None else shares
        paid = "" if self.cash is None else f"{self.cash:g} in cash"
        return " and ".join(part for part in (shares, paid) if part)

    def is_known(self, at_ns: int, last_day: int) -> bool:
        """Whether it could be known at a time whose last session is that day."""
        return self.day <= last_day if self.known_ns is None else self.known_ns <= at_ns

    def to_dict(self) -> dict[str, Any]:
        """Plain values; what does not apply is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None and value is not False}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CorporateAction:
        """The action that `to_dict` wrote."""
        return cls(**{**values, "kind": ActionKind(values["kind"])})


@dataclass(frozen=True, slots=True)
class Actions:
    """Dated corporate actions of unadjusted bars.

    Parameters
    ----------
    split_days, dividend_days : int64
        Session date (days since 1970-01-01) on which the action takes effect, before the open.
    split_ratios : float64
        New shares per old share.
    dividends : float64
        Cash per share, in the instrument's currency, in terms of the shares after a split on the same day.
    announced : tuple of CorporateAction
        The statements that the columns were made of, in the order of `CorporateAction.identity` and of one identity in
        the order in which they became known; empty where nobody said when what was known.
    """

    split_days: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    split_ratios: Floats = field(default_factory=lambda: np.empty(0))
    dividend_days: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    dividends: Floats = field(default_factory=lambda: np.empty(0))
    announced: tuple[CorporateAction, ...] = ()

    def __post_init__(self) -> None:
        if not (np.all(self.split_ratios > 0) and np.all(np.isfinite(self.dividends))):
            raise DataError("A split ratio must be positive and a dividend finite.")

    @property
    def is_empty(self) -> bool:
        """Whether there is no split and no dividend."""
        return len(self.split_days) + len(self.dividend_days) == 0

    def until(self, last_day: int) -> Actions:
        """Those that take effect up to a day, which is included."""
        split, paid = self.split_days <= last_day, self.dividend_days <= last_day
        return Actions(
            self.split_days[split],
            self.split_ratios[split],
            self.dividend_days[paid],
            self.dividends[paid],
            tuple(each for each in self.announced if each.day <= last_day),
        )

    def content(self) -> Iterator[Any]:
        """What tells these actions from others, as buffers; of actions without statements their columns alone."""
        yield np.ascontiguousarray(self.split_days, np.int64).data
        yield np.ascontiguousarray(self.split_ratios, np.float64).data
        yield np.ascontiguousarray(self.dividend_days, np.int64).data
        yield np.ascontiguousarray(self.dividends, np.float64).data
        if self.announced:
            yield json.dumps([each.to_dict() for each in self.announced], sort_keys=True).encode()


def in_force(
    announced: Sequence[CorporateAction], as_of_ns: int | None = None, last_day: int | None = None
) -> list[CorporateAction]:
    """The last statement of each action, without those that were withdrawn, by day.

    Parameters
    ----------
    announced : sequence of CorporateAction
    as_of_ns, last_day : int, optional
        Only what could be known at an instant (UTC nanoseconds) whose last session is that day; given together.
    """
    last: dict[tuple[int, str, str], CorporateAction] = {}
    for each in announced:
        if as_of_ns is None or last_day is None or each.is_known(as_of_ns, last_day):
            last[each.identity] = each
    return [last[identity] for identity in sorted(last) if not last[identity].is_withdrawn]


def actions_of(
    announced: Sequence[CorporateAction], currency: str, as_of_ns: int | None = None, last_day: int | None = None
) -> Actions:
    """The columns of what was said; dividends in another currency than the prices' are in the statements alone.

    Parameters
    ----------
    announced : sequence of CorporateAction
    currency : str
        Of the instrument's prices.
    as_of_ns, last_day : int, optional
        As of `in_force`; statements that were not known then are not among those of the result either.
    """
    holding = in_force(announced, as_of_ns, last_day)
    splits = [(each.day, each.ratio) for each in holding if each.kind is ActionKind.SPLIT]
    paid = [
        (each.day, each.cash)
        for each in holding
        if each.kind is ActionKind.DIVIDEND and each.currency in (None, currency)
    ]
    seen = announced if as_of_ns is None else [each for each in announced if each.is_known(as_of_ns, last_day or 0)]
    return Actions(
        np.array([day for day, _ in splits], np.int64),
        np.array([ratio for _, ratio in splits], np.float64),
        np.array([day for day, _ in paid], np.int64),
        np.array([cash for _, cash in paid], np.float64),
        tuple(sorted(seen, key=lambda each: each.identity)),
    )


def unapplied(actions: Actions) -> list[CorporateAction]:
    """What is in force and no column holds, by day: spin-offs, terms of mergers, and what is known by name alone."""
    kinds = (ActionKind.SPINOFF, ActionKind.OTHER)
    return [
        each
        for each in in_force(actions.announced)
        if each.kind in kinds or (each.kind is ActionKind.DELISTING and each.terms)
    ]


def statements_of(actions: Actions, symbol: str, source: str) -> tuple[CorporateAction, ...]:
    """What was said, or where nobody said when: the columns as statements of a source, known when they take effect."""
    if actions.announced:
        return actions.announced
    split, paid = ActionKind.SPLIT, ActionKind.DIVIDEND
    splits = zip(actions.split_days.tolist(), actions.split_ratios.tolist(), strict=True)
    dividends = zip(actions.dividend_days.tolist(), actions.dividends.tolist(), strict=True)
    said = [CorporateAction(kind=split, symbol=symbol, day=day, source=source, ratio=ratio) for day, ratio in splits]
    said += [CorporateAction(kind=paid, symbol=symbol, day=day, source=source, cash=cash) for day, cash in dividends]
    return tuple(sorted(said, key=lambda each: each.identity))
