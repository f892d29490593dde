"""Every trial as a line through its parameters and outcomes: which are drawn, along which axes, and what is said."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.space import Range
from tradewright.reporting.search import texts
from tradewright.reporting.search.grid import shown_value
from tradewright.reporting.search.space import dimensions, number_text
from tradewright.reporting.search.trials import ranked

if TYPE_CHECKING:
    from tradewright.domain.search import Trial, Tried

__all__ = [
    "MOST_LINES",
    "OUTCOMES",
    "LineAxis",
    "Lines",
    "axis_of_trials",
    "drawn_ranks",
    "drawn_sentence",
    "outcome_keys",
    "place_of",
    "trial_lines",
]

MOST_LINES = 1_000
"""Most lines of the best tenth, and most of the others, which are drawn at random."""

OUTCOMES = ("sharpe", "max_drawdown", "trades")
_TENTH = 0.1
_SEED = 7
_MOST_AXES = 12


class LineAxis(NamedTuple):
    """One axis: a parameter or an outcome; `categories` are the texts of values that are no numbers."""

    name: str
    label: str
    is_outcome: bool
    is_log: bool
    categories: tuple[str, ...] | None


class Lines(NamedTuple):
    """The lines, best first: the trials, of each the place on every axis, and the sentence that says which they are."""

    axes: tuple[LineAxis, ...]
    trials: tuple[Trial, ...]
    rows: list[list[float | None]]
    sentence: str


def drawn_ranks(count: int) -> list[int]:
    """Ranks of the trials that are drawn of so many: all where they fit, else the best tenth and some of the others.

    Which others does not depend on anything but their number.
    """
    if count <= 2 * MOST_LINES:
        return list(range(count))
    tenth = min(max(1, math.ceil(_TENTH * count)), MOST_LINES)
    others = np.random.default_rng(_SEED).choice(np.arange(tenth, count), MOST_LINES, replace=False)
    return [*range(tenth), *sorted(others.tolist())]


def drawn_sentence(count: int) -> str:
    """Which of so many trials with a value are drawn."""
    if not count:
        return "No trial has a value."
    drawn = len(drawn_ranks(count))
    if drawn == count:
        return f"All {count:,} trials that have a value." if count > 1 else "The one trial that has a value."
    tenth = drawn - MOST_LINES
    return f"Shown: the best {tenth:,}, and {MOST_LINES:,} of the other {count - tenth:,} trials at random."


def trial_lines(tried: Tried) -> Lines:
    """The trials that have a value, as lines."""
    chosen = ranked(tried)
    ranks = drawn_ranks(len(chosen))
    trials = tuple(chosen[rank] for rank in ranks)
    keys = outcome_keys(tried)
    varied = [name for name, each in dimensions(tried).items() if each.size != 1][: _MOST_AXES - len(keys)]
    axes = tuple(axis_of_trials(tried, name) for name in (*varied, *keys))
    columns = [[place_of(tried, axis, trial) for trial in trials] for axis in axes]
    return Lines(axes, trials, [list(row) for row in zip(*columns, strict=True)], drawn_sentence(len(chosen)))


def outcome_keys(tried: Tried) -> list[str]:
    """What was looked for first, and last, where colour and eye end, what was looked for before all else."""
    named = [objective.name for objective in tried.objectives]
    known = {key for trial in tried.trials for key in trial.metrics}
    others = [key for key in OUTCOMES if key not in named and key in known]
    return [*reversed(others), *reversed(named)]


def axis_of_trials(tried: Tried, name: str) -> LineAxis:
    """The axis of a parameter by its name, else of an outcome."""
    if name not in tried.space:
        return _outcome(name)
    dimension = dimensions(tried)[name]
    if isinstance(dimension, Range) and dimension.is_continuous:
        return LineAxis(name, name, False, dimension.log, None)
    if dimension.is_numeric:
        return LineAxis(name, name, False, False, None)
    return LineAxis(name, name, False, False, tuple(map(number_text, dimension.values)))


def _outcome(key: str) -> LineAxis:
    info = texts.info_of(key)
    return LineAxis(key, key if info is None else info.label, True, False, None)


def place_of(tried: Tried, axis: LineAxis, trial: Trial) -> float | None:
    """Where a trial lies on an axis: a number itself, of anything else its place among the values."""
    if axis.is_outcome:
        return shown_value(tried, trial, axis.name)
    value = trial.params.get(axis.name)
    if axis.categories is not None:
        text = number_text(value)
        return float(axis.categories.index(text)) if text in axis.categories else None
    return None if value is None else float(value)
