"""Trials as rows of a table: which of them, in which order, and how each of their numbers is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.errors import ConfigError
from tradewright.reporting.search import texts
from tradewright.reporting.search.grid import shown_value
from tradewright.reporting.search.lines import axis_of_trials, place_of
from tradewright.reporting.search.space import number_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.domain.search import Trial, Tried

__all__ = ["Within", "chosen_rows", "row_texts", "value_keys"]


class Within(NamedTuple):
    """What a parameter or an outcome lies between, both included; of what is no number, its place among the values."""

    name: str
    low: float
    high: float


def chosen_rows(tried: Tried, ranges: Sequence[Within], sort: str | None, *, descending: bool) -> list[int]:
    """Places of the trials inside all ranges, sorted; what has no value stands last in both directions.

    Raises
    ------
    ConfigError
        When the trials have no such column.
    """
    kept = list(range(len(tried.trials)))
    for asked in ranges:
        axis = axis_of_trials(tried, _known(tried, asked.name))
        kept = [at for at in kept if _is_within(place_of(tried, axis, tried.trials[at]), asked)]
    return kept if sort is None else _sorted(tried, kept, _known(tried, sort), descending=descending)


def value_keys(tried: Tried) -> list[str]:
    """What every trial has numbers of: what was looked for, then the metrics of the row."""
    named = [objective.name for objective in tried.objectives]
    return list(dict.fromkeys([*named, *(key for trial in tried.trials for key in trial.metrics)]))


def row_texts(tried: Tried) -> Callable[[Trial], dict[str, str]]:
    """What writes the numbers of a trial, by their names."""
    keys = value_keys(tried)
    writers = {key: texts.writer(key, tried.currency) for key in keys}

    def written(trial: Trial) -> dict[str, str]:
        params = {name: number_text(trial.params.get(name)) for name in tried.space}
        return params | {key: writers[key](shown_value(tried, trial, key)) for key in keys}

    return written


def _known(tried: Tried, name: str) -> str:
    known = ["number", *tried.space, *value_keys(tried), "state"]
    if name not in known:
        raise ConfigError(f"The trials have no '{name}'.", hint=f"They have {', '.join(known)}.")
    return name


def _is_within(place: float | None, asked: Within) -> bool:
    return place is not None and asked.low <= place <= asked.high


def _sorted(tried: Tried, kept: list[int], name: str, *, descending: bool) -> list[int]:
    values = {at: _value(tried, tried.trials[at], name) for at in kept}
    known = sorted((at for at in kept if values[at] is not None), key=_key(values), reverse=descending)
    return known + [at for at in kept if values[at] is None]


def _key(values: Mapping[int, Any]) -> Callable[[int], Any]:
    """Numbers as numbers; where anything is none, all as texts."""
    are_numbers = all(isinstance(value, (int, float)) for value in values.values() if value is not None)
    return lambda at: values[at] if are_numbers else str(values[at])


def _value(tried: Tried, trial: Trial, name: str) -> Any:
    if name in tried.space:
        return trial.params.get(name)
    fixed = {"number": trial.number, "state": str(trial.state)}
    return fixed[name] if name in fixed else shown_value(tried, trial, name)
