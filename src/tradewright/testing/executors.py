"""The promises of executors: each task's outcome once, failures in sentences, workers that may die."""

from __future__ import annotations

import math
import os
import signal
import tempfile
import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import ResourceError
from tradewright.ports.executor import Outcome, Work

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.ports.executor import Executor

__all__ = ["ExecutorConformance", "sample_outcomes", "sample_work"]

Given = dict[str, Any]
Arrays = Mapping[str, NDArray[Any]]


class ExecutorConformance(Conformance):
    """What every executor promises.

    Attributes
    ----------
    opened : callable
        ``opened(workers)`` gives the executor.

    Examples
    --------
    >>> from tradewright.adapters.executors.threads import ThreadExecutor
    >>> class TestThreads(ExecutorConformance):
    ...     opened = ThreadExecutor
    >>> TestThreads.check()
    """

    opened: ClassVar[Callable[[int], Executor]]

    def test_says_what_it_is(self) -> None:
        """Its name and its number of workers are told."""
        executor = self._executor(2)
        require(executor.name, "The executor has no name.")
        require(executor.workers == 2, f"The executor was asked for 2 workers and says {executor.workers}.")

    def test_every_task_has_one_outcome(self) -> None:
        """Two hundred tasks give what their function gives, each once, whoever carried it out."""
        with self._executor(2).open(sample_work()) as crew:
            found = sorted(crew.map(range(200)), key=lambda outcome: outcome.index)
        require([each.index for each in found] == list(range(200)), "Some task has no outcome, or more than one.")
        require(found == sample_outcomes(range(200)), "An outcome is not what the function gives.")

    def test_no_tasks_are_no_outcomes(self) -> None:
        """Nothing to do is done."""
        with self._executor(2).open(sample_work()) as crew:
            require(list(crew.map([])) == [], "Outcomes came of no tasks.")

    def test_a_crew_works_as_often_as_it_is_asked(self) -> None:
        """Several maps in one context, with more and with fewer tasks than workers."""
        with self._executor(2).open(sample_work()) as crew:
            for count in (1, 5, 2, 0, 3):
                require(_in_order(crew.map(range(count))) == sample_outcomes(range(count)), "A later map is wrong.")

    def test_an_executor_opens_more_than_one_crew(self) -> None:
        """One after the other, and one inside the other."""
        executor = self._executor(1)
        with executor.open(sample_work()) as outer, executor.open(sample_work(scale=3.0)) as inner:
            require(_in_order(inner.map([1])) == sample_outcomes([1], scale=3.0), "The inner crew does other work.")
            require(_in_order(outer.map([1])) == sample_outcomes([1]), "The outer crew does other work.")

    def test_a_task_that_raises_is_a_failure_and_harms_no_other(self) -> None:
        """What a task raises, an exit of the program included, is its outcome, in one line."""
        with self._executor(2).open(sample_work(failing=(3, 4, 5))) as crew:
            found = _in_order(crew.map(range(8)))
        for index, words in ((3, "ValueError"), (4, "SystemExit"), (5, "KeyError")):
            failure = found[index].failure or ""
            require(words in failure and "\n" not in failure, f"The failure of task {index} is told as {failure!r}.")
            require(found[index].value is None, f"Task {index} failed and has a value.")
        rest = [each for each in found if each.failure is None]
        require(rest == sample_outcomes((0, 1, 2, 6, 7), (0, 1, 2, 6, 7)), "Tasks beside failed ones went wrong.")

    def test_arrays_are_whole_and_cannot_be_written(self) -> None:
        """Workers see the numbers they were given, of every shape and kind, and change none."""
        arrays = _shapes()
        with self._executor(2).open(Work(_sums, None, arrays)) as crew:
            told = {each.value for each in crew.map(["sums"] * 4)}
            spoilt = [each.failure for each in crew.map(["write"] * 4)]
        require(told == {_sum_text(arrays)}, f"Workers see other arrays than they were given: {told}.")
        require(all(each and "read-only" in each for each in spoilt), f"A worker could write an array: {spoilt}.")
        require(_sum_text(arrays) == _sum_text(_shapes()), "The arrays changed.")

    def test_each_worker_is_made_once(self) -> None:
        """However many tasks it carries out."""
        with tempfile.TemporaryDirectory() as folder:
            with self._executor(2).open(Work(_counting, {"folder": folder})) as crew:
                for _ in range(3):
                    list(crew.map(range(20)))
            made = len(list(Path(folder).glob("made-*")))
        require(1 <= made <= 2, f"Two workers were made {made} times.")

    def test_leaving_early_begins_no_further_tasks(self) -> None:
        """Who stops reading after the first outcome pays for the tasks that ran, not for all, and may go on."""
        with tempfile.TemporaryDirectory() as folder:
            with self._executor(2).open(Work(_counting, {"folder": folder})) as crew:
                for _ in crew.map(range(500)):
                    break
                again = _in_order(crew.map(range(3)))
            begun = len(list(Path(folder).glob("task-*")))
        require([each.value for each in again] == [0, 1, 2], "After leaving early the crew does wrong work.")
        require(begun < 250, f"{begun} tasks were begun, although reading stopped at the first outcome.")

    def test_who_waits_for_an_outcome_is_called_meanwhile(self) -> None:
        """In the reader's own thread: what has come is kept while the next outcome lets one wait."""
        callers: set[int] = set()
        with tempfile.TemporaryDirectory() as folder:

            def called() -> None:
                callers.add(threading.get_ident())
                (Path(folder) / "go").touch()

            with self._executor(1).open(Work(_held, {"folder": folder})) as crew:
                told = [each.value for each in crew.map([1], called)]
        require(told == ["let go"], f"Who waits was not called while a task went on: {told}.")
        require(callers == {threading.get_ident()}, "Who waits was called from another thread.")

    def test_workers_that_cannot_be_made_are_an_error(self) -> None:
        """In one sentence, from `open` or from the first outcome."""
        try:
            with self._executor(2).open(Work(_unmakeable, None)) as crew:
                list(crew.map([1]))
        except ResourceError as error:
            require("no such thing" in str(error), f"It is not said why a worker cannot start: {error}")
        else:
            raise AssertionError("Workers that cannot be made are no error.")

    def test_an_error_in_the_block_is_handed_on(self) -> None:
        """The context ends the workers and swallows nothing."""
        try:
            with self._executor(1).open(sample_work()):
                _fail()
        except KeyError:
            return
        raise AssertionError("The context swallowed an error.")

    def test_a_worker_that_dies_once_costs_nothing(self) -> None:
        """A worker that is killed on one task of twenty is replaced, and the task tried once more."""
        if self._executor(1).shares_memory:
            return
        with tempfile.TemporaryDirectory() as folder, self._executor(2).open(_deadly(folder, 1)) as crew:
            found = _in_order(crew.map(range(20)))
        require([each.value for each in found] == list(range(20)), f"A death cost an outcome: {found}.")

    def test_a_task_that_kills_two_workers_fails_alone(self) -> None:
        """The second death is told, with what killed it, and every other task has its outcome."""
        if self._executor(1).shares_memory:
            return
        with tempfile.TemporaryDirectory() as folder, self._executor(2).open(_deadly(folder, 9)) as crew:
            found = _in_order(crew.map(range(20)))
            again = _in_order(crew.map([1, 2, 3]))
        failed = {each.index: each.failure for each in found if each.failure is not None}
        require(set(failed) == {7}, f"Deaths of task 7 failed {sorted(failed)}.")
        require("died" in str(failed[7]), f"The second death is told as {failed[7]!r}.")
        require([each.value for each in again] == [1, 2, 3], "After deaths the crew does wrong work.")

    def _executor(self, workers: int) -> Executor:
        made: Executor = self.subject("opened")(workers)
        return made


def sample_work(scale: float = 2.0, failing: tuple[int, ...] = ()) -> Work:
    """Work whose outcomes are known: arithmetic over an array, with tasks that raise where told."""
    return Work(_sample, {"scale": scale, "failing": failing}, {"prices": np.linspace(1.0, 2.0, 1000)})


def sample_outcomes(tasks: Iterable[int], indices: Iterable[int] | None = None, scale: float = 2.0) -> list[Outcome]:
    """What `sample_work` gives, computed here."""
    work = sample_work(scale)
    function = _sample(work.given, work.arrays)
    given = list(tasks)
    return [Outcome(at, function(task)) for at, task in zip(indices or range(len(given)), given, strict=True)]


def _in_order(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return sorted(outcomes, key=lambda outcome: outcome.index)


def _sample(given: Given, arrays: Arrays) -> Callable[[int], tuple[int, float]]:
    raised = {3: ValueError("two\nlines"), 4: SystemExit(3), 5: KeyError("key")}

    def evaluate(task: int) -> tuple[int, float]:
        if task in given["failing"]:
            raise raised[task]
        return task, float(np.log(arrays["prices"] * (1.0 + task)).sum() * given["scale"])

    return evaluate


def _shapes() -> dict[str, NDArray[Any]]:
    """Arrays of every kind that travels: empty, whole numbers, columns, slices and truth values."""
    table = np.arange(12.0).reshape(3, 4)
    return {
        "none": np.empty(0), "whole": np.arange(5, dtype=np.int64), "table": table, "columns": np.asfortranarray(table),
        "slice": table[:, ::2], "flags": np.array([True, False]), "short": np.array([1, 2], np.int8),
    }  # fmt: skip


def _sum_text(arrays: Arrays) -> str:
    return repr([(name, array.shape, array.dtype.str, array.tolist()) for name, array in sorted(arrays.items())])


def _sums(given: None, arrays: Arrays) -> Callable[[str], str]:  # noqa: ARG001 - the port's shape
    def evaluate(task: str) -> str:
        if task == "write":
            arrays["table"][0, 0] = math.pi
        return _sum_text(arrays)

    return evaluate


def _mark(given: Given, what: str) -> Path:
    path = Path(given["folder"]) / f"{what}-{uuid.uuid4().hex}"
    path.touch()
    return path


def _counting(given: Given, arrays: Arrays) -> Callable[[int], int]:  # noqa: ARG001 - the port's shape
    _mark(given, "made")

    def evaluate(task: int) -> int:
        _mark(given, "task")
        return task

    return evaluate


def _held(given: Given, arrays: Arrays) -> Callable[[int], str]:  # noqa: ARG001 - the port's shape
    def evaluate(task: int) -> str:  # noqa: ARG001 - the port's shape
        go, held = Path(given["folder"]) / "go", threading.Event()
        for _ in range(3000):
            if go.exists():
                return "let go"
            held.wait(0.01)
        return "held"

    return evaluate


def _fail() -> None:
    raise KeyError("own")


def _deadly(folder: str, times: int) -> Work:
    return Work(_dying, {"folder": folder, "times": times})


def _unmakeable(given: None, arrays: Arrays) -> Callable[[Any], Any]:  # noqa: ARG001 - the port's shape
    raise LookupError("no such thing")


def _dying(given: Given, arrays: Arrays) -> Callable[[int], int]:  # noqa: ARG001 - the port's shape
    def evaluate(task: int) -> int:
        if task == 7 and len(list(Path(given["folder"]).glob("death-*"))) < given["times"]:
            _mark(given, "death")
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return task

    return evaluate
