"""The trials of a search as columns: one table for the frame, the CSV file, the JSON document and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.search import TrialState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tradewright.domain.search import Trial, Tried
    from tradewright.reporting.tables import Columns

__all__ = ["SHOWN_METRICS", "is_valued", "narrow", "numbers", "pareto_front", "ranked", "table"]

SHOWN_METRICS = ("total_return", "sharpe", "max_drawdown", "trades")
"""Metrics that every table of trials has, whatever was looked for."""

_FIXED = ("number", *SHOWN_METRICS, "state", "reason")
_WHOLE = frozenset({"number", "trades"})


def table(record: Tried) -> Columns:
    """One row per trial in the order of their numbers.

    ``number``, the parameters, the objectives, `SHOWN_METRICS`, the row's other metrics, ``state``, ``reason``. A
    parameter that is called as one of these is ``param_<name>``; what has no value is NaN, or None in texts.
    """
    trials = record.trials
    objectives = [objective.name for objective in record.objectives]
    columns: Columns = {"number": np.array([trial.number for trial in trials], np.int64)}
    for name in record.space:
        columns[_param_column(name, objectives)] = narrow([trial.params.get(name) for trial in trials])
    for place, name in enumerate(objectives):
        columns[name] = _numbers(name, [_at(trial.values, place) for trial in trials])
    others = dict.fromkeys(name for trial in trials for name in trial.metrics)
    for name in dict.fromkeys((*SHOWN_METRICS, *others)):
        columns.setdefault(name, _numbers(name, [trial.metrics.get(name) for trial in trials]))
    columns["state"] = np.array([str(trial.state) for trial in trials], object)
    columns["reason"] = np.array([trial.reason for trial in trials], object)
    return columns


def ranked(record: Tried) -> list[Trial]:
    """The trials that have a value, best first; equals by number."""
    objective = record.objectives[0]
    sign = -1.0 if objective.maximize else 1.0
    valued = [trial for trial in record.trials if is_valued(trial)]
    return sorted(valued, key=lambda trial: (sign * (trial.value or 0.0), trial.number))


def is_valued(trial: Trial) -> bool:
    """Whether the trial is done and its first objective has a value."""
    return trial.state is TrialState.DONE and trial.value is not None


def pareto_front(record: Tried) -> tuple[Trial, ...]:
    """Trials that no other trial is better than in one objective and as good as in all, the best of the first first.

    Trials that lack the value of an objective are left out.
    """
    complete = [trial for trial in ranked(record) if None not in trial.values]
    if not complete:
        return ()
    signs = np.array([1.0 if objective.maximize else -1.0 for objective in record.objectives])
    points = signs * np.array([trial.values for trial in complete], np.float64)
    return tuple(trial for trial, point in zip(complete, points, strict=True) if not _is_dominated(point, points))


def _is_dominated(point: NDArray[np.float64], points: NDArray[np.float64]) -> bool:
    as_good = (points >= point).all(axis=1)
    return bool((as_good & (points > point).any(axis=1)).any())


def _param_column(name: str, objectives: Iterable[str]) -> str:
    return f"param_{name}" if name in _FIXED or name in objectives else name


def _at(values: Sequence[float | None], place: int) -> float | None:
    return values[place] if place < len(values) else None


def _numbers(name: str, values: Sequence[float | int | None]) -> NDArray[Any]:
    """Numbers; counts stay whole where none is absent."""
    return np.array(values, np.int64) if name in _WHOLE and None not in values else numbers(values)


def numbers(values: Sequence[float | int | None]) -> NDArray[np.float64]:
    """Numbers, absent ones NaN."""
    return np.array([np.nan if value is None else value for value in values], np.float64)


def narrow(values: list[Any]) -> NDArray[Any]:
    """Values of a parameter in the narrowest type that keeps them."""
    kinds = {type(value) for value in values}
    if kinds == {int}:
        return np.array(values, np.int64)
    if kinds and kinds <= {int, float}:
        return np.array(values, np.float64)
    column = np.empty(len(values), object)
    column[:] = values
    return column
