"""What a search says of a trial, held to what a plain backtest says of the same parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

import tradewright as tw
from tradewright.domain.search import Trial, TrialState
from tradewright.reporting.search.result import SearchResult


def differences(search: SearchResult, strategy: Any, bars: Any, **options: Any) -> list[str]:
    """A line for each trial whose row, or column of returns, is not to the bit that of its backtest."""
    kept = {name: value for name, value in options.items() if name not in ("engine", "start")}
    found = []
    for trial in search.record.trials:
        try:
            result = tw.backtest(
                strategy, bars, params=dict(trial.params), start=search.record.config.start, engine="python", **kept
            )
        except tw.TradewrightError as error:
            if (trial.state, trial.reason) != (TrialState.FAILED, str(error)):
                found.append(f"{trial.params}: the backtest raises {error}, the trial is {trial.state}, {trial.reason}")
            continue
        found += [f"{trial.params}: {line}" for line in _of_trial(search, trial, result)]
    return found


def _of_trial(search: SearchResult, trial: Trial, result: Any) -> list[str]:
    found = []
    if trial.state is not TrialState.DONE:
        return [f"{trial.state} because {trial.reason}, and the backtest goes through"]
    for key, value in trial.metrics.items():
        if not same(value, result.metrics[key]):
            found.append(f"{key} is {value!r}, and {result.metrics[key]!r} in the backtest")
    for objective, value in zip(search.record.objectives, trial.values, strict=True):
        if trial.reason is None and not same(value, result.metrics[objective.name]):
            found.append(f"the objective {objective.name} is {value!r}")
    column = search.record.returns_of(trial)
    returns = np.asarray(result.metrics.inputs.returns) if column is not None else None
    if column is not None and not np.array_equal(column, returns, equal_nan=True):
        found.append("its returns are others")
    return found


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same to the bit and of the same kind."""
    if one is None or other is None:
        return one is other
    return np.float64(one).tobytes() == np.float64(other).tobytes() and isinstance(one, int) == isinstance(other, int)
