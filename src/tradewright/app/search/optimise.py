"""The use case: search the parameters of a strategy, and keep the record of every trial."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.app.backtest import free_memory
from tradewright.domain.errors import ResourceError
from tradewright.domain.search import SearchRecord
from tradewright.engine.ground import Ground
from tradewright.engine.recording import data_key

from .crews import Workload, crew_of, workload_of
from .evaluator import MOST_BYTES, Evaluator
from .identity import header_of
from .rounds import Rounds, require_progress
from .scoring import scoring_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradewright.domain.search import SearchHeader
    from tradewright.ports.executor import Executor
    from tradewright.ports.sampler import Sampler
    from tradewright.ports.trial_ledger import KeptTrial, TrialLedger

    from .job import Job
    from .rounds import Progress
    from .scoring import Scoring

__all__ = ["Means", "Workload", "optimise"]

_BYTES_PER_RETURN = 16
"""As the trial\'s own, and in the matrix of all."""


@dataclass(frozen=True)
class Means:
    """What a search works with.

    Parameters
    ----------
    sampler : Sampler
    executor : callable
        Gives the executor that suits a `Workload`.
    ledger : TrialLedger
    clock : callable
        Seconds from anywhere, for how often trials are kept and progress is told.
    progress : callable, optional
        Called with (trials done, trials in all or None, best trial so far or None).
    seed : int
        Of the sampler, for the record.
    times : int
        How many searches like this one there will be: what compiling and starting workers have to pay for.
    begun : callable, optional
        Called with the id of the search before its first trial.

    Raises
    ------
    ConfigError
        When `progress` cannot be called.
    """

    sampler: Sampler
    executor: Callable[[Workload], Executor]
    ledger: TrialLedger
    clock: Callable[[], float]
    progress: Progress | None = None
    seed: int = 0
    times: int = 1
    begun: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        require_progress(self.progress)

    @property
    def ahead(self) -> int | None:
        """Trials in all these searches; None where it is not known."""
        return None if self.sampler.total is None else self.sampler.total * self.times


def optimise(job: Job, means: Means, kind: str = "search", scoring: Scoring | None = None) -> SearchRecord:
    """Search, count every trial, and give the record.

    All trials are scored from the same date, the first session for which the largest warm-up of the space is over. A
    search that was broken off is gone on with: trials in the ledger are not evaluated again. Rows do not depend on the
    executor nor on the number of workers.

    Parameters
    ----------
    job : Job
    means : Means
    kind : str
        What the ledger calls it; see `SearchHeader`.
    scoring : Scoring, optional
        Where it is known from which date on every trial is warmed up, that date.

    Raises
    ------
    TradewrightError
        When the bars, the space or the ledger cannot be used. What single trials raise is their failure.
    KeyboardInterrupt
        Trials so far are in the ledger.
    """
    ground = Ground.of(job.plan, MOST_BYTES)
    scoring = scoring_of(job, ground) if scoring is None else scoring
    job = replace(job, plan=replace(job.plan, start=scoring.start, progress=None))
    _require_room(job, ground, means.sampler.total)
    header = header_of(job, ground, means.sampler, means.seed, kind)
    kept = means.ledger.open(header)
    if means.begun is not None:
        means.begun(header.id)
    evaluator = Evaluator(job, means.ahead, ground)
    compiled = evaluator.is_compiled
    executor = means.executor(workload_of(evaluator, ground))
    with crew_of(executor, evaluator) as crew:
        found = Rounds(job, means, header, crew, ground, kept).run(swept=compiled)
    means.ledger.finish(header)
    meta: dict[str, Any] = {
        "executor": executor.name,
        "workers": executor.workers,
        "engine": "compiled" if compiled else "python",
        "resumed": len(kept),
    }
    if evaluator.not_compiled is not None:
        meta["not_compiled"] = evaluator.not_compiled
    return _record(job, means, header, ground, _Found(found, scoring, evaluator.periods, meta))


def _require_room(job: Job, ground: Ground, trials: int | None) -> None:
    """Refuse a search whose returns would not fit, with the estimate.

    How many trials a condition leaves over is not known before they are asked for.
    """
    free = free_memory()
    if trials is None or free is None or job.where is not None:
        return
    needed = _BYTES_PER_RETURN * trials * len(ground.market.sessions.labels)
    if needed > free:
        raise ResourceError(
            f"The returns of {trials:,} trials need about {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free.",
            hint="Search fewer combinations, or with method='random' or 'tpe' and trials=.",
        )


@dataclass(frozen=True)
class _Found:
    trials: list[KeptTrial]
    scoring: Scoring
    periods: float
    meta: dict[str, Any]


def _record(job: Job, means: Means, header: SearchHeader, ground: Ground, found: _Found) -> SearchRecord:
    sessions = ground.market.sessions.labels
    first = int(np.searchsorted(sessions, np.datetime64(found.scoring.start, "D").astype(np.int64)))
    returns, columns = _matrix(found.trials, len(sessions) - first)
    names = set(job.space)
    return SearchRecord(
        header=header,
        space=job.space.describe(),
        method=means.sampler.name,
        seed=means.seed,
        objectives=tuple(aim.objective for aim in job.aims),
        config=job.plan.config(),
        data=tuple(data_key(name, bars) for name, bars in ground.series.items()),
        defaults={name: value for name, value in job.plan.strategies[0].params.items() if name not in names},
        trials=tuple(kept.trial for kept in found.trials),
        returns=returns,
        columns=columns,
        labels=sessions[first : first + len(returns)],
        periods_per_year=found.periods,
        count=means.ledger.count(header.family, header.span),
        code_version=job.plan.code_version,
        warmup_bars=found.scoring.warmup_bars,
        meta=found.meta,
    )


def _matrix(trials: list[KeptTrial], rows: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Returns of the trials that have them, one column each, and the trials' numbers.

    A trial inside a continuous space may be measured from later on than its corners told: it held cash until then.
    """
    held = {kept.trial.number: kept.returns for kept in trials if kept.returns is not None}
    numbers = np.array(list(held), np.int64)
    matrix = np.zeros((rows, len(held))) if held else np.zeros((0, 0))
    for column, returns in enumerate(held.values()):
        matrix[rows - len(returns) :, column] = returns
    return matrix, numbers
