"""Threads as workers: they share this process, and stop when it is told to."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from tradewright.adapters.executors.crew import ThreadedCrew
from tradewright.adapters.executors.threads import ThreadExecutor
from tradewright.domain.errors import ConfigError, ResourceError
from tradewright.ports.executor import Work

INTERRUPTED = """
import _thread, pathlib, sys
from tradewright.adapters.executors.crew import ThreadedCrew
from tradewright.adapters.executors.threads import ThreadExecutor
from tradewright.ports.executor import Work
begun = []
def make(given, arrays):
    def evaluate(task):
        begun.append(task)
        if task == 5:
            _thread.interrupt_main()
        return task
    return evaluate
with ThreadExecutor(2).open(Work(make, None)) as crew:
    try:
        for outcome in crew.map(range(10_000)):
            pass
    finally:
        print(len(begun) < 10_000)
"""


def test_ctrl_c_stops_with_one_traceback_and_begins_no_further_task():
    run = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=120, check=False)
    assert run.stdout == "True\n"
    assert run.stderr.count("Traceback") == 1
    assert run.stderr.rstrip().endswith("KeyboardInterrupt")


def test_workers_share_what_they_are_given():
    given = object()
    with ThreadExecutor(1).open(Work(lambda given, arrays: lambda task: given, given)) as crew:
        (outcome,) = crew.map([1])
    assert outcome.value is given


def test_tasks_run_at_the_same_time():
    both = threading.Barrier(2, timeout=60)
    with ThreadExecutor(2).open(Work(lambda given, arrays: lambda task: both.wait() >= 0, None)) as crew:
        assert [outcome.failure for outcome in crew.map([1, 2])] == [None, None]


def test_a_worker_is_never_in_two_threads_at_once():
    def make(given, arrays):
        alone = threading.Lock()

        def evaluate(task):
            with_nobody = alone.acquire(blocking=False)
            sum(range(2000))
            alone.release()
            return with_nobody

        return evaluate

    with ThreadExecutor(4).open(Work(make, None)) as crew:
        assert all(outcome.value for _ in range(3) for outcome in crew.map(range(40)))


def test_no_thread_is_left_after_the_context():
    before = threading.active_count()
    with ThreadExecutor(3).open(Work(lambda given, arrays: abs, None)) as crew:
        next(crew.map(range(100)))
    assert threading.active_count() == before


def test_whoever_reads_slowly_is_not_run_away_from():
    begun = []
    with ThreadExecutor(2).open(Work(lambda given, arrays: begun.append, None)) as crew:
        reading = crew.map(range(100))
        for _ in range(10):
            next(reading)
        assert len(begun) <= 10 + 2 * 2


def test_nobody_reads_outcomes_after_the_context():
    with ThreadExecutor(1).open(Work(lambda given, arrays: abs, None)) as crew:
        begun, unread = crew.map(range(50)), crew.map([1])
        next(begun)
    for late in (unread, begun):
        with pytest.raises(ResourceError, match="The workers are gone"):
            list(late)


def test_as_many_workers_as_there_are_processors_unless_told():
    assert ThreadExecutor().workers == len(os.sched_getaffinity(0))
    with pytest.raises(ConfigError, match="No work is done by 0 workers"):
        ThreadExecutor(0)


def test_what_breaks_a_worker_itself_is_raised_where_outcomes_are_read():
    class Broken:
        def carry(self, index, task):
            raise MemoryError("no room")

        def end(self):
            pass

        abandon = end

    with pytest.raises(MemoryError, match="no room"):
        list(ThreadedCrew(Broken, 2).map([1, 2, 3]))
