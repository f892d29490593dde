"""A strategy run over histories that could have been, by workers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.app.search.crews import Workload
from tradewright.app.search.job import Job, aim_of
from tradewright.app.search.travel import obstacle_to, travelling_work
from tradewright.domain.errors import StrategyError, TradewrightError
from tradewright.domain.space import Space
from tradewright.engine.run import run
from tradewright.ports.executor import Work
from tradewright.reporting.curves import session_equity
from tradewright.reporting.monte_carlo.result import MonteCarloResult
from tradewright.research.monte_carlo import redrawn_bars

from .histories import block_length_of, history, require_redrawable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from tradewright.engine.plan import RunPlan
    from tradewright.ports.executor import Executor
    from tradewright.quant.arrays import FloatArray
    from tradewright.reporting.result import Result

    from .drawn import Draw

__all__ = ["Again", "of_bars"]

_RUN_S = 0.005
_BARS_PER_S = 1_000_000
"""What one worker does in an interpreted run, the bars made before it included."""


class Again(NamedTuple):
    """How a strategy is run again.

    Parameters
    ----------
    source : class or function
    plan : RunPlan
        Of the run itself; one strategy.
    executor : callable
        Gives the executor for a workload.
    progress : callable, optional
        Called with (histories done, histories in all).
    """

    source: Any
    plan: RunPlan
    executor: Callable[[Workload], Executor]
    progress: Callable[[int, int], None] | None = None


def of_bars(result: Result, draw: Draw, again: Again, block_length: float | None = None) -> MonteCarloResult:
    """The strategy of a run over histories made of the moves of its bars.

    Every history has bars at the times of the real ones, and the run begins at its date. Which history a number stands
    for depends on the seed alone, whoever carries it out.

    Parameters
    ----------
    result : Result
    draw : Draw
    again : Again
    block_length : float, optional
        Sessions of a block on average; by default from how the sizes of the moves hang together.

    Raises
    ------
    ConfigError, DataError
        When the bars cannot be drawn again.
    StrategyError
        When the strategy fails on a history; says on which.
    Undefined
        When there are too few sessions.
    """
    require_redrawable(again.plan.series)
    length = block_length_of(again.plan.series) if block_length is None else block_length
    job = _job(again)
    given = _Given(job, length, draw.seed)
    own = session_equity(result.record)
    curves = np.empty((draw.paths, len(own)))
    executor = again.executor(_workload(job, draw.paths))
    done = 0
    with executor.open(_work(given, shares_memory=executor.shares_memory)) as crew:
        for outcome in crew.map(range(draw.paths)):
            curves[outcome.index] = _curve(outcome.index, outcome.value, outcome.failure)
            done += 1
            if again.progress is not None:
                again.progress(done, draw.paths)
    study = redrawn_bars(curves, own, length)
    return MonteCarloResult(study, result, own[study.marks])


def _curve(number: int, value: Any, failure: str | None) -> FloatArray:
    told = failure or (value if isinstance(value, str) else None)
    if told is not None:
        raise StrategyError(f"On history {number + 1} the run fails: {told}")
    curve: FloatArray = value
    return curve


def _job(again: Again) -> Job:
    """The run as a job, so that it travels as the trials of a search do; what varies is the history."""
    plan = replace(again.plan, progress=None)
    params = dict(plan.strategies[0].params)
    return Job(again.source, plan, Space({"history": (0,)}), (aim_of("total_return"),), fixed=params)


def _workload(job: Job, paths: int) -> Workload:
    bars = sum(len(bars) for bars in job.plan.series.values())
    return Workload(False, paths * (_RUN_S + bars / _BARS_PER_S), obstacle_to(job) is None)


@dataclass(frozen=True, slots=True)
class _Given:
    """What every worker needs; `job` is what it travels as where workers are other processes."""

    job: Any
    block_length: float
    seed: int


def _work(given: _Given, *, shares_memory: bool) -> Work:
    if shares_memory:
        return Work(make=_ready, given=given)
    whole = travelling_work(given.job, None)
    return Work(make=_arrived, given=replace(given, job=(whole.make, whole.given)), arrays=whole.arrays)


def _ready(given: _Given, _: Mapping[str, NDArray[Any]]) -> _Worker:
    return _Worker(given)


def _arrived(given: _Given, arrays: Mapping[str, NDArray[Any]]) -> _Worker:
    make, packed = given.job
    return _Worker(replace(given, job=make(packed, arrays).job))


class _Worker:
    """Runs the strategy over histories by their numbers; gives the equity at the session closes, or what failed."""

    def __init__(self, given: _Given) -> None:
        self._given = given

    def __call__(self, number: int) -> FloatArray | str:
        """Equity at the start and at every session close."""
        job, given = self._given.job, self._given
        try:
            series = history(job.plan.series, given.block_length, (given.seed, number))
            plan = replace(job.plan, series=series, strategies=[job.strategy({})])
            return session_equity(run(plan))
        except TradewrightError as error:
            return str(error)
