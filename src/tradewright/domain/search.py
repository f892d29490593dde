"""What a search speaks of: the space it looks in, its trials, and the record of the whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from .plain_values import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from .record import DataKey, RunConfig

__all__ = [
    "NO_TRIALS_BEFORE",
    "DataSpan",
    "FamilyTrials",
    "Objective",
    "SearchHeader",
    "SearchRecord",
    "Trial",
    "TrialCount",
    "TrialState",
    "Tried",
    "TriedSoFar",
    "best_of",
    "configuration_of",
]


class TrialState(StrEnum):
    """What became of a trial."""

    DONE = "done"
    """Evaluated; its objectives may still have no value, with the reason."""
    FAILED = "failed"
    """The strategy raised, or the worker died, with the reason."""
    PRUNED = "pruned"
    """Given up on a part of the period, where it was among the worse ones."""


@dataclass(frozen=True, slots=True)
class Objective:
    """What a search looks for: a metric by its key, or a function of the user's by its name.

    Parameters
    ----------
    name : str
    maximize : bool
    is_metric : bool
        Whether the name is a metric's key.
    """

    name: str
    maximize: bool = True
    is_metric: bool = True

    def better(self, one: float, other: float) -> bool:
        """Whether the first value is the better one."""
        return one > other if self.maximize else one < other


@dataclass(frozen=True, slots=True)
class Trial:
    """One evaluated configuration.

    Parameters
    ----------
    number : int
        From 0 on, in the order in which the sampler asked.
    params : mapping
        Parameter names of the space to values.
    state : TrialState
    values : tuple of float or None
        One per objective; None where it is undefined, or the trial is not done.
    metrics : mapping of str to float or None
        The row's other numbers.
    reason : str or None
        Why it failed, was pruned, or has no value: one sentence.
    sharpe : float or None
        Per return period, not annualised: what the count of trials needs the variance of.
    """

    number: int
    params: Mapping[str, Any]
    state: TrialState
    values: tuple[float | None, ...]
    metrics: Mapping[str, float | int | None] = field(default_factory=dict)
    reason: str | None = None
    sharpe: float | None = None

    @property
    def value(self) -> float | None:
        """Of the first objective."""
        return self.values[0] if self.values else None


@dataclass(frozen=True, slots=True)
class DataSpan:
    """Which data a trial was measured on: trials on overlapping data count together.

    Parameters
    ----------
    instruments : tuple of str
        ``EXCHANGE:SYMBOL``, sorted.
    timeframe : str
    first, last : str
        Dates of the first and the last session that was scored.
    """

    instruments: tuple[str, ...]
    timeframe: str
    first: str
    last: str

    def overlaps(self, other: DataSpan) -> bool:
        """Whether the two share an instrument, the timeframe and a date."""
        shared = set(self.instruments) & set(other.instruments)
        dates = self.first <= other.last and other.first <= self.last
        return bool(shared) and self.timeframe == other.timeframe and dates


@dataclass(frozen=True, slots=True)
class TrialCount:
    """How many configurations of a strategy family have been tried on overlapping data, across all commands.

    Parameters
    ----------
    family : str
    configurations : int
        Distinct ones.
    variance : float or None
        Of their per-period Sharpe ratios (ddof 1); None with fewer than two of them.
    scored : int
        Those that have a Sharpe ratio.
    """

    family: str
    configurations: int
    variance: float | None
    scored: int = 0


@dataclass(frozen=True, slots=True)
class FamilyTrials:
    """What a ledger holds of one strategy family.

    Parameters
    ----------
    family : str
    strategies : tuple of str
        Names under which it ran, sorted.
    configurations : int
        Distinct ones on any data; what counts against a search are those on data that overlap with its own.
    searches : int
        Searches, folds of walks and single runs.
    instruments : tuple of str
        Sorted.
    first, last : str
        Dates of the earliest and the latest session that was scored.
    """

    family: str
    strategies: tuple[str, ...]
    configurations: int
    searches: int
    instruments: tuple[str, ...]
    first: str
    last: str


NO_TRIALS_BEFORE = TrialCount("", 0, None)
"""Nothing is known of other searches."""


@dataclass(frozen=True, slots=True)
class SearchHeader:
    """What a ledger keeps of a search, or of a single run, beside its trials.

    Parameters
    ----------
    id : str
        Hash of everything that decides its trials: strategy text, space, sampler, seed, data, policies, version. A
        search that is begun again has the same id and goes on where it was.
    kind : str
        ``"search"``, ``"walk-forward"`` or ``"backtest"``.
    family : str
        Of the strategy.
    strategy : str
    span : DataSpan
    settings : str
        Hash of the policies, the instruments and what the strategy's code does: with the parameters it makes a
        configuration.
    fixed : mapping
        Parameters that are alike in all its trials, which do not tell them.
    """

    id: str
    kind: str
    family: str
    strategy: str
    span: DataSpan
    settings: str
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def configuration(self, trial: Trial) -> str:
        """Hash of what a trial of this search ran: equal policies, text and parameters, equal hash."""
        return configuration_of(self.settings, {**self.fixed, **trial.params})


class Tried(Protocol):
    """Trials over a space, of a search that ended or of one under way: what tables and pictures of them need."""

    @property
    def space(self) -> Mapping[str, Any]:
        """As `SearchRecord`."""

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """As `SearchRecord`."""

    @property
    def trials(self) -> tuple[Trial, ...]:
        """By number."""

    @property
    def currency(self) -> str:
        """Of the account."""

    @property
    def best(self) -> Trial | None:
        """As `SearchRecord`."""


@dataclass(frozen=True, eq=False)
class TriedSoFar:
    """The trials of a search that is under way.

    Parameters
    ----------
    space, objectives, trials, currency
        As `SearchRecord`; the space is what has been tried of it.
    """

    space: Mapping[str, Any]
    objectives: tuple[Objective, ...]
    trials: tuple[Trial, ...]
    currency: str

    @property
    def best(self) -> Trial | None:
        """The best so far."""
        return best_of(self.objectives[0], self.trials)


@dataclass(frozen=True, eq=False)
class SearchRecord:
    """Everything of one search.

    Parameters
    ----------
    header : SearchHeader
    space : mapping of name to plain description
        As `describe` of each dimension: ``{"values": [...]}`` or ``{"low": …, "high": …, "step": …, "log": …}``.
    method : str
        The sampler's name.
    seed : int
    objectives : tuple of Objective
    config : RunConfig
        Of every trial; `config.start` is the first scored date, for all of them alike.
    data : tuple of DataKey
    defaults : mapping
        Parameters that the search left as they are.
    trials : tuple of Trial
        By number.
    returns : (t, k) float64
        Returns per period of the trials that are done, one column each.
    columns : (k,) int64
        Trial number of each column.
    labels : (t,) int64
        Session dates of the rows, days since 1970-01-01.
    periods_per_year : float
    count : TrialCount
        With the trials of this search: the inputs of the deflated Sharpe ratio.
    code_version : str
    warmup_bars : int
        The largest of the space.
    meta : mapping
        How it was carried out: executor, workers, seconds, resumed trials.
    """

    header: SearchHeader
    space: Mapping[str, Any]
    method: str
    seed: int
    objectives: tuple[Objective, ...]
    config: RunConfig
    data: tuple[DataKey, ...]
    defaults: Mapping[str, Any]
    trials: tuple[Trial, ...]
    returns: NDArray[np.float64]
    columns: NDArray[np.int64]
    labels: NDArray[np.int64]
    periods_per_year: float
    count: TrialCount
    code_version: str
    warmup_bars: int = 0
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> Trial | None:
        """The trial with the best first objective; the earlier of equals. None where none has a value."""
        return best_of(self.objectives[0], self.trials)

    @property
    def currency(self) -> str:
        """Of the account."""
        return self.config.currency

    def returns_of(self, trial: Trial) -> NDArray[np.float64] | None:
        """Returns per period of a trial; None where it has none."""
        place = (self.columns == trial.number).nonzero()[0]
        return self.returns[:, int(place[0])] if len(place) else None


def best_of(objective: Objective, trials: Iterable[Trial]) -> Trial | None:
    """The trial with the best first objective; the earlier of equals. None where none has a value."""
    found = None
    for trial in trials:
        if trial.value is None or trial.state is not TrialState.DONE:
            continue
        if found is None or found.value is None or objective.better(trial.value, found.value):
            found = trial
    return found


def configuration_of(settings: str, params: Mapping[str, Any]) -> str:
    """Hash of a configuration: equal policies, text and parameters, equal hash."""
    alike = {name: _whole(value) for name, value in params.items()}
    plain = json.dumps([settings, to_plain(alike)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _whole(value: Any) -> Any:
    """1.0 is 1: a search may write a number in another way than the strategy declares it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
