"""Workers for a search: threads share one evaluator, other processes are sent the job."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .travel import obstacle_to, shared_work, travelling_work

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tradewright.engine.ground import Ground
    from tradewright.ports.executor import Crew, Executor

    from .evaluator import Evaluator

__all__ = ["Workload", "crew_of", "workload_of"]


_RUN_S = 0.004
"""What an interpreted run takes beside its bars."""

_BARS_PER_S = 1_500_000
"""What the interpreted engine does of an ordinary strategy."""


class Workload(NamedTuple):
    """What executors are chosen by.

    Parameters
    ----------
    is_compiled : bool
        Whether machine code sweeps the trials, which threads share.
    seconds : float
        Roughly what one interpreter would take for all of them.
    can_travel : bool
        Whether the job can be sent to other processes.
    """

    is_compiled: bool
    seconds: float
    can_travel: bool


def workload_of(evaluator: Evaluator, ground: Ground) -> Workload:
    """The work that is ahead."""
    bars = len(ground.market) * len(ground.market.symbols)
    seconds = (evaluator.trials or 1) * (_RUN_S + bars / _BARS_PER_S)
    return Workload(evaluator.is_compiled, seconds, obstacle_to(evaluator.job) is None)


def crew_of(executor: Executor, evaluator: Evaluator) -> AbstractContextManager[Crew]:
    """A crew that evaluates the trials of an evaluator's job.

    Raises
    ------
    ConfigError
        When the job cannot travel to where the workers are.
    """
    work = shared_work(evaluator) if executor.shares_memory else travelling_work(evaluator.job, evaluator.trials)
    return executor.open(work)
