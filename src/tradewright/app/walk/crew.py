"""One crew for all folds of a walk: processes are started once, are sent the bars once, and are told which fold."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from tradewright.app.search.evaluator import Evaluator
from tradewright.app.search.travel import travelling_work
from tradewright.ports.executor import Work

from .parts import Part, part_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from numpy.typing import NDArray

    from tradewright.app.search.crews import Workload
    from tradewright.app.search.evaluator import Evaluation, Task
    from tradewright.app.search.job import Job
    from tradewright.ports.executor import Crew, Executor, Outcome

    Choose = Callable[[Workload], Executor]

__all__ = ["WalkCrew"]


class WalkCrew:
    """Gives the executor of each fold's search; workers that live elsewhere stay from the first fold to the last.

    Parameters
    ----------
    job : Job
        Of the walk, over all its bars.
    choose : callable
        Gives the executor for a workload.
    """

    def __init__(self, job: Job, choose: Choose) -> None:
        self._job, self._choose = job, choose
        self._stack = ExitStack()
        self._elsewhere: _Elsewhere | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, where)

    def executor(self, trials: int | None) -> Choose:
        """What chooses the executor of a fold's search.

        Parameters
        ----------
        trials : int, optional
            Of the whole walk, for the choice of the tier.
        """

        def choose(workload: Workload) -> Executor:
            if self._elsewhere is None:
                found = self._choose(workload)
                if found.shares_memory:
                    return found
                crew = self._stack.enter_context(found.open(_work(self._job, trials)))
                self._elsewhere = _Elsewhere(found, crew)
            return self._elsewhere

        return choose


class _Told(NamedTuple):
    """A task and the part of the walk that it is about."""

    part: Part
    task: Task


class _Elsewhere:
    """An executor whose crew is there already.

    It is given work with an evaluator of this process, from which it takes nothing but the part that this one is for.
    """

    shares_memory = True

    def __init__(self, executor: Executor, crew: Crew) -> None:
        self.name, self.workers = executor.name, executor.workers
        self._crew = crew

    @contextmanager
    def open(self, work: Work) -> Iterator[Crew]:
        """The crew, told which part it is."""
        plan = work.given.job.plan
        last = max(int(bars.close_time[-1]) for bars in plan.series.values())
        yield _ForOnePart(self._crew, Part(plan.start, plan.end, last))


class _ForOnePart:
    """A crew that is told with every task which part of the walk it is about."""

    def __init__(self, crew: Crew, part: Part) -> None:
        self._crew, self._part = crew, part

    def map(self, tasks: Sequence[Task], while_waiting: Callable[[], None] | None = None) -> Iterator[Outcome]:
        """Carry out tasks; see `tradewright.ports.executor.Crew`."""
        return self._crew.map([_Told(self._part, task) for task in tasks], while_waiting)


def _work(job: Job, trials: int | None) -> Work:
    whole = travelling_work(job, trials)
    return Work(make=_made, given=(whole.make, whole.given), arrays=whole.arrays)


def _made(given: tuple[Any, Any], arrays: Mapping[str, NDArray[Any]]) -> _Worker:
    make, whole = given
    return _Worker(make(whole, arrays))


class _Worker:
    """Evaluates trials of any part; what trials of a part share is kept until another part comes."""

    def __init__(self, whole: Evaluator) -> None:
        self._whole = whole
        self._part: Part | None = None
        self._evaluator = whole

    def __call__(self, told: _Told) -> list[Evaluation]:
        """Evaluate trials, in their order."""
        if told.part != self._part:
            job = self._whole.job
            self._evaluator = Evaluator(replace(job, plan=part_plan(job, told.part)), self._whole.trials)
            self._part = told.part
        return self._evaluator(told.task)
