"""A search in words: its title, its method, its best, its objectives and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.search import TrialState
from tradewright.reporting import formatting, presentation, wording
from tradewright.reporting.catalog import BY_KEY
from tradewright.reporting.metric_registry import all_metrics
from tradewright.reporting.search.space import combinations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.search import Objective, SearchRecord, Trial
    from tradewright.reporting.catalog import MetricInfo

__all__ = ["info_of", "metric_text", "objective_label", "parameters", "period", "title", "value_text", "work", "writer"]

_METHODS = {"grid": "grid", "random": "random", "halton": "Halton points", "sobol": "Sobol points", "tpe": "TPE"}


def title(record: SearchRecord) -> str:
    """Strategy, symbols and timeframe."""
    lead = "SYNTHETIC · " if any(key.synthetic for key in record.data) else ""
    names = tuple(dict.fromkeys(key.symbol for key in record.data)) or record.header.span.instruments
    return f"{lead}{record.header.strategy} · {wording.listed(names)} · {record.header.span.timeframe}"


def period(record: SearchRecord) -> str:
    """First and last scored session."""
    return f"{record.header.span.first} … {record.header.span.last}"


def work(record: SearchRecord) -> str:
    """What was done: ``grid, 200 of 588 combinations, 3 failed``."""
    count, size = len(record.trials), combinations(record)
    of = f" of {size:,} combinations" if size is not None and size != count else ""
    noun = wording.plural(count, "trial") if not of else f"{count:,}{of}"
    parts = [_METHODS.get(record.method, record.method), noun]
    for state in (TrialState.FAILED, TrialState.PRUNED):
        number = sum(trial.state is state for trial in record.trials)
        parts += [f"{number:,} {state}"] if number else []
    return ", ".join(parts)


def objective_label(objective: Objective) -> str:
    """What was looked for, and in which direction where it is not upwards."""
    info = info_of(objective.name) if objective.is_metric else None
    label = info.label if info is not None else objective.name
    return label if objective.maximize else f"{label}, least"


def value_text(objective: Objective, value: float | None, currency: str) -> str:
    """A value of an objective by the number rule of its metric."""
    return metric_text(objective.name if objective.is_metric else "", value, currency)


def metric_text(key: str, value: float | None, currency: str) -> str:
    """A metric of a trial by the number rule of its unit; a number of the user's as a ratio."""
    return writer(key, currency)(value)


def writer(key: str, currency: str) -> Callable[[float | None], str]:
    """What writes many values of a metric."""
    info = info_of(key)
    if info is None:
        return formatting.ratio
    unit = info.unit
    return lambda value: presentation.value_text(value, unit, currency)


def info_of(key: str) -> MetricInfo | None:
    """What is known of a metric; None where there is no such metric."""
    return BY_KEY.get(key) or next((info for info in all_metrics() if info.key == key), None)


def parameters(trial: Trial) -> str:
    """The parameters of a trial as they would be written in a call, floats with what distinguishes them."""
    return wording.parameters(_rounded(trial.params))


def _rounded(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in params.items()}
