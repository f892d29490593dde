"""Two series of one instrument side by side: what either lacks, what differs, and what explains it as a whole.

First the stamps: where bars of one side look like bars of the other at another time, the shift is said and taken out.
Then the levels: where the ratio of prices steps and stays, one side is adjusted and the other is not; that is said and
taken out, too. What is left beyond the tolerance are differences.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.marketdata.findings import in_runs, written
from tradewright.marketdata.levels import levels_of
from tradewright.marketdata.shifts import shift_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.marketdata.levels import Levels, Step
    from tradewright.marketdata.shifts import Shift

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["Absent", "Comparison", "Difference", "Pattern", "PatternKind", "Tolerance", "compare"]

PRICES = ("open", "high", "low", "close")
_NAMED = 20
"""Stretches of missing bars that are told one by one, the longest ones."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far values may lie apart and count as the same, as fractions of the larger one.

    Parameters
    ----------
    price : float
    volume : float or None
        None compares no volumes: those of one venue are never those of the whole market.
    """

    price: float = 0.001
    volume: float | None = 0.05


class PatternKind(StrEnum):
    """What explains differences as a whole."""

    SHIFT = "shift"
    ZONE = "zone"
    SPLIT = "split"
    DIVIDENDS = "dividends"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Something that all bars share, or all before a date.

    Parameters
    ----------
    kind : PatternKind
    sentence : str
    value : float
        Seconds by which the second side is later; else the ratio of the first side's prices to the second's over
        what it is elsewhere.
    at_ns : int or None
        Stamp from which on it is another; None where it is the same throughout.
    """

    kind: PatternKind
    sentence: str
    value: float
    at_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """Bars that one side lacks, one after another.

    Parameters
    ----------
    side : {0, 1}
        Which lacks them.
    first_ns, last_ns : int
        Their stamps.
    count : int
    """

    side: int
    first_ns: int
    last_ns: int
    count: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that both sides have otherwise; `relative` is a fraction of the larger one."""

    stamp_ns: int
    name: str
    values: tuple[float, float]
    relative: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of putting one series beside another.

    Parameters
    ----------
    rows : (int, int)
        Bars of either side.
    common : int
        Bars that both have.
    missing : (int, int)
        Bars that either lacks and the other has.
    absent : tuple of Absent
        The longest stretches of them, by time.
    differing : dict of str to int
        Bars in which a value lies further apart than is tolerated, by name.
    rows_differing : int
        Bars in which any does.
    patterns : tuple of Pattern
    worst : tuple of Difference
        The furthest apart, one of a bar, by time.
    """

    rows: tuple[int, int]
    common: int
    missing: tuple[int, int]
    absent: tuple[Absent, ...] = ()
    differing: dict[str, int] = field(default_factory=dict)
    rows_differing: int = 0
    patterns: tuple[Pattern, ...] = ()
    worst: tuple[Difference, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing is missing, nothing differs, and nothing had to be explained."""
        return not (any(self.missing) or self.rows_differing or self.patterns)


def compare(
    first: Bars,
    second: Bars,
    tolerance: Tolerance | None = None,
    *,
    names: tuple[str, str] = ("the first", "the second"),
    most: int = 10,
) -> Comparison:
    """Put one series beside another.

    Parameters
    ----------
    first, second : Bars
        Of one instrument and one timeframe, over the same days.
    tolerance : Tolerance, optional
    names : (str, str)
        What the sides are called in sentences.
    most : int
        How many of the worst differences are told.

    Examples
    --------
    >>> import tradewright as tw
    >>> bars = tw.synthetic_bars("ACME", bars=50, seed=1)
    >>> compare(bars, bars).is_same
    True
    """
    tolerance = tolerance or Tolerance()
    shift = shift_of(first, second)
    stamps = first.labels(), second.labels() if shift is None else shift.stamps
    _, here, there = np.intersect1d(*stamps, assume_unique=True, return_indices=True)
    absent = [*_absent(1, *stamps), *_absent(0, *reversed(stamps))]
    levels = levels_of(first, second, (here, there), tolerance.price)
    apart = _apart(first, second, (here, there), levels, tolerance)
    beyond = {name: values > _allowed(name, tolerance) for name, values in apart.items()}
    patterns = [] if shift is None else [_shifted(shift, names)]
    longest = sorted(sorted(absent, key=lambda each: -each.count)[:_NAMED], key=lambda each: each.first_ns)
    return Comparison(
        rows=(len(first), len(second)),
        common=len(here),
        missing=(len(second) - len(here), len(first) - len(here)),
        absent=tuple(longest),
        differing={name: int(rows.sum()) for name, rows in beyond.items() if rows.any()},
        rows_differing=int(np.logical_or.reduce(list(beyond.values())).sum()),
        patterns=(*patterns, *_stepped(levels, first, names)),
        worst=tuple(_worst((first, second), (here, there), apart, beyond, most)),
    )


def _absent(side: int, has: Ints, lacks: Ints) -> list[Absent]:
    """Stretches of what one side has and the other lacks."""
    runs = in_runs(~np.isin(has, lacks, assume_unique=True))
    return [Absent(side, int(has[first]), int(has[last]), last - first + 1) for first, last in runs]


def _allowed(name: str, tolerance: Tolerance) -> float:
    return float(tolerance.volume or 0.0) if name == "volume" else tolerance.price


def _apart(
    first: Bars, second: Bars, rows: tuple[Ints, Ints], levels: Levels, tolerance: Tolerance
) -> dict[str, Floats]:
    """How far values lie apart beside what the levels explain, by name; each (common,)."""
    here, there = rows
    factor = np.exp(levels.of_rows)
    apart = {name: _relative(getattr(first, name)[here], getattr(second, name)[there] * factor) for name in PRICES}
    if tolerance.volume is not None and first.instrument.has_volume and second.instrument.has_volume:
        mine, other = first.volume[here], second.volume[there]
        # Who adjusts prices for splits adjusts volumes the other way, or leaves them.
        apart["volume"] = np.minimum(_relative(mine, other), _relative(mine, other / np.exp(levels.of_splits)))
    return apart


def _relative(mine: Floats, other: Floats) -> Floats:
    larger = np.maximum(np.abs(mine), np.abs(other))
    return np.asarray(np.abs(mine - other) / np.where(larger > 0, larger, 1.0))


def _worst(
    sides: tuple[Bars, Bars], rows: tuple[Ints, Ints], apart: dict[str, Floats], beyond: dict[str, Any], most: int
) -> list[Difference]:
    """Prices before volumes, the furthest apart first; of each bar one, then by time."""
    names = list(apart)
    weights = np.array([np.where(beyond[name], apart[name] + (name != "volume"), 0.0) for name in names])
    worst = weights.max(axis=0, initial=0.0)
    chosen = np.sort(np.argsort(-worst, kind="stable")[:most])
    return [
        _difference(sides, (int(rows[0][at]), int(rows[1][at])), names[int(weights[:, at].argmax())], apart, int(at))
        for at in chosen.tolist()
        if worst[at] > 0
    ]


def _difference(
    sides: tuple[Bars, Bars], rows: tuple[int, int], name: str, apart: dict[str, Floats], at: int
) -> Difference:
    values = float(getattr(sides[0], name)[rows[0]]), float(getattr(sides[1], name)[rows[1]])
    return Difference(int(sides[0].labels()[rows[0]]), name, values, float(apart[name][at]))


# ---------------------------------------------------------------- in words


def _shifted(shift: Shift, names: tuple[str, str]) -> Pattern:
    way = "later" if shift.seconds > 0 else "earlier"
    said = f"The stamps of {names[1]} lie {_length(shift)} {way} than those of {names[0]}"
    if shift.zone is not None:
        what = "were read as UTC" if shift.seconds < 0 else "were moved to UTC twice"
        sentence = f"{said}, as much as {shift.zone} lies from UTC, summer and winter: local times {what}."
        return Pattern(PatternKind.ZONE, sentence, shift.seconds)
    why = ": one marks the start of bars and the other the end" if shift.is_one_bar else ""
    return Pattern(PatternKind.SHIFT, f"{said}, throughout{why}.", shift.seconds)


def _length(shift: Shift) -> str:
    if shift.sessions:
        return "1 session" if abs(shift.sessions) == 1 else f"{abs(shift.sessions)} sessions"
    minutes = round(abs(shift.seconds) / 60)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size} {unit}"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _stepped(levels: Levels, bars: Bars, names: tuple[str, str]) -> Iterator[Pattern]:
    for step in levels.splits:
        yield _split(step, written(step.at_ns, is_intraday=bars.timeframe.is_intraday), names)
    if levels.others:
        yield _dividends(levels.others, names)
    if levels.scale is not None:
        factor = float(np.exp(levels.scale))
        sentence = f"The prices of {names[0]} are {factor:.6g} times those of {names[1]}, throughout."
        yield Pattern(PatternKind.SCALE, sentence, factor)


def _split(step: Step, day: str, names: tuple[str, str]) -> Pattern:
    new, old = step.ratio or (1, 1)
    factor = float(np.exp(step.size))
    adjusted, other = reversed(names) if factor > 1 else names
    sentence = (
        f"Before {day} the prices of {names[0]} over those of {names[1]} are {factor:.4g} times what they are after, "
        f"as if {adjusted} were adjusted for a split of {new}:{old} and {other} not."
    )
    return Pattern(PatternKind.SPLIT, sentence, factor, step.at_ns)


def _dividends(steps: tuple[Step, ...], names: tuple[str, str]) -> Pattern:
    first, last = (written(each.at_ns, is_intraday=False) for each in (steps[0], steps[-1]))
    largest = max(abs(float(np.expm1(each.size))) for each in steps)
    dates = f"On {first}" if len(steps) == 1 else f"On {len(steps)} dates from {first} to {last}"
    adjusted, other = reversed(names) if sum(each.size for each in steps) > 0 else names
    sentence = (
        f"{dates} the prices of {names[0]} over those of {names[1]} step by up to {largest:.2%} and stay, as if "
        f"{adjusted} were adjusted for dividends and {other} not."
    )
    return Pattern(PatternKind.DIVIDENDS, sentence, 1.0 + largest, steps[0].at_ns)
