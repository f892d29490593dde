"""Every executor keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest

from tradewright.adapters.executors.processes import ProcessExecutor
from tradewright.adapters.executors.threads import ThreadExecutor
from tradewright.ports.executor import Outcome
from tradewright.testing import ExecutorConformance


class TestThreads(ExecutorConformance):
    opened = ThreadExecutor


class TestProcesses(ExecutorConformance):
    opened = ProcessExecutor


class _Crew:
    """A crew that does everything at once, with one fault planted by a subclass."""

    def __init__(self, work):
        self.work = work
        self.function = work.make(work.given, {name: array.copy() for name, array in work.arrays.items()})

    def map(self, tasks, while_waiting=None):
        return iter([self.outcome(index, task) for index, task in enumerate(tasks)])

    def outcome(self, index, task):
        try:
            return Outcome(index, self.function(task))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the border it stands for
            return Outcome(index, None, f"The task raised {type(error).__name__}: it is read-only.")


def of(crew, opening=None, shares_memory=True):
    """The suite on an executor whose crews are of that kind."""

    @contextmanager
    def opened(work):
        yield crew(work)

    executor = SimpleNamespace(name="planted", shares_memory=shares_memory, open=opening or opened)
    return ExecutorConformance.of(opened=lambda workers: SimpleNamespace(**vars(executor), workers=workers))


def planted(**methods):
    return type("Planted", (_Crew,), methods)


FAULTS = {
    "test_every_task_has_one_outcome": (
        {"map": lambda crew, tasks, *_: (Outcome(at, crew.function(task)) for at, task in enumerate(tasks[1:]))},
        "Some task has no outcome",
    ),
    "test_no_tasks_are_no_outcomes": ({"map": lambda crew, tasks, *_: iter([Outcome(0, None)])}, "Outcomes came of no"),
    "test_a_task_that_raises_is_a_failure_and_harms_no_other": (
        {"outcome": lambda crew, index, task: Outcome(index, None, "It\nfailed." if index == 3 else None)},
        "The failure of task 3 is told as",
    ),
    "test_arrays_are_whole_and_cannot_be_written": ({}, "A worker could write an array"),
    "test_each_worker_is_made_once": (
        {"outcome": lambda crew, index, task: Outcome(index, crew.work.make(crew.work.given, {})(task))},
        "Two workers were made 61 times",
    ),
    "test_who_waits_for_an_outcome_is_called_meanwhile": (
        {"outcome": lambda crew, index, task: Outcome(index, "held")},
        "Who waits was not called",
    ),
    "test_leaving_early_begins_no_further_tasks": ({}, "503 tasks were begun"),
}


@pytest.mark.parametrize("check", FAULTS)
def test_an_executor_that_breaks_a_promise_is_caught(check):
    methods, sentence = FAULTS[check]
    with pytest.raises(AssertionError, match=sentence):
        of(planted(**methods)).check(check)


def test_an_executor_that_swallows_errors_is_caught():
    @contextmanager
    def opening(work):
        with suppress(KeyError):
            yield _Crew(work)

    with pytest.raises(AssertionError, match="The context swallowed an error"):
        of(_Crew, opening).check("test_an_error_in_the_block_is_handed_on")


def test_an_executor_that_gives_up_at_the_first_death_is_caught(monkeypatch):
    monkeypatch.setattr("os.kill", lambda *given: sys.exit(1))
    suite = of(_Crew, shares_memory=False)
    with pytest.raises(AssertionError, match="A death cost an outcome"):
        suite.check("test_a_worker_that_dies_once_costs_nothing")
    with pytest.raises(AssertionError, match=r"Deaths of task 7|The second death is told"):
        suite.check("test_a_task_that_kills_two_workers_fails_alone")
