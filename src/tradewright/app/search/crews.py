"""Workers for a search: threads share one evaluator, other processes are sent the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .travel import shared_work, travelling_work

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tradewright.ports.executor import Crew, Executor

    from .evaluator import Evaluator

__all__ = ["crew_of"]


def crew_of(executor: Executor, evaluator: Evaluator) -> AbstractContextManager[Crew]:
    """A crew that evaluates the trials of an evaluator's job.

    Raises
    ------
    ConfigError
        When the job cannot travel to where the workers are.
    """
    work = shared_work(evaluator) if executor.shares_memory else travelling_work(evaluator.job, evaluator.trials)
    return executor.open(work)
