"""Worker processes: started by any kind of program, replaced when they die, gone when nobody wants them."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from tests.unit.adapters.executors import works

from tradewright.adapters.executors.processes import ProcessExecutor
from tradewright.domain.errors import ConfigError, ResourceError
from tradewright.ports.executor import Work
from tradewright.testing import sample_outcomes, sample_work

PROJECT = Path(__file__).resolve().parents[4]
LONG_S = 120


def outcomes(work, tasks, workers=1):
    with ProcessExecutor(workers).open(work) as crew:
        return sorted(crew.map(tasks), key=lambda outcome: outcome.index)


def only(work, task):
    (found,) = outcomes(work, [task])
    return found


def answers(work, *tasks):
    found = outcomes(work, tasks)
    assert [each.failure for each in found] == [None] * len(tasks)
    return [each.value for each in found]


# ---------------------------------------------------------------- any kind of program

PROGRAM = f"""
import sys
sys.path.insert(0, {str(PROJECT)!r})
print("program runs")
from tradewright.adapters.executors.processes import ProcessExecutor
from tradewright.testing import sample_outcomes, sample_work
with ProcessExecutor(1).open(sample_work()) as crew:
    found = sorted(crew.map(range(6)), key=lambda each: each.index)
assert found == sample_outcomes(range(6)), found
"""


def test_a_script_needs_no_guard(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(PROGRAM)
    assert ran([str(script)]) == ("program runs\n", "")


def test_a_program_may_be_given_on_the_command_line():
    assert ran(["-c", PROGRAM]) == ("program runs\n", "")


def test_a_program_may_be_typed_or_come_from_a_pipe():
    assert ran(["-i", "-q"], f"exec({PROGRAM!r})\n")[0] == "program runs\n"


def ran(arguments, text=""):
    run = subprocess.run(
        [sys.executable, *arguments], input=text, capture_output=True, text=True, timeout=LONG_S, check=True
    )
    return run.stdout, run.stderr


# ---------------------------------------------------------------- surroundings


def test_workers_see_the_path_and_the_environment_as_they_are_now(monkeypatch, tmp_path):
    (tmp_path / "only_here.py").write_text("def make(given, arrays):\n    return lambda task: task + given\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("OWN_VARIABLE", "own")
    import only_here

    assert answers(Work(only_here.make, 2), 1) == [3]
    path, variable = answers(Work(works.environment, None), "path", "variable")
    assert (path, variable) == (sys.path, "own")


def test_workers_treat_numbers_out_of_range_as_their_parent_does():
    with np.errstate(divide="raise", over="ignore"):
        assert answers(Work(works.environment, None), "errors") == [np.geterr()]


def test_workers_never_read_the_program():
    (names,) = answers(Work(works.environment, None), "main")
    assert not {"pytest", "console_main", "__file__"} & set(names)


def test_sets_have_the_same_order_in_every_worker():
    assert answers(Work(works.environment, None), "hash") == answers(Work(works.environment, None), "hash")


def test_the_order_of_arrays_in_memory_is_kept():
    table = np.arange(6.0).reshape(2, 3)
    work = Work(works.environment, None, {"rows": table, "columns": np.asfortranarray(table)})
    assert answers(work, "order") == [{"rows": False, "columns": True}]


def test_what_a_task_prints_goes_to_the_errors_and_disturbs_nothing(capfd):
    assert answers(Work(works.talking, None), 1, 2) == [1, 2]
    out, error = capfd.readouterr()
    assert (out, error.count("printed by the task"), error.count("written by the task")) == ("", 2, 2)


def test_a_task_reads_no_input():
    assert answers(Work(works.environment, None), "input") == [""]


# ---------------------------------------------------------------- what cannot travel


def test_a_task_that_cannot_travel_is_a_failure():
    assert "The task cannot travel between processes" in only(Work(works.echo, None), lambda: None).failure


def test_an_answer_that_cannot_travel_is_a_failure():
    assert "What the task gave cannot travel" in only(Work(works.echo, None), "lambda: None").failure


def test_work_that_cannot_travel_is_refused_at_once():
    with pytest.raises(ResourceError, match="The work cannot travel between processes"):
        outcomes(Work(lambda given, arrays: None, None), [1])


def test_an_array_of_objects_is_refused_by_name():
    with pytest.raises(ResourceError, match="The array 'names' holds objects"):
        outcomes(Work(works.echo, None, {"names": np.array(["a", None])}), [1])


# ---------------------------------------------------------------- workers that die


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("segfault", "by SIGSEGV"), ("exit", "with exit code 3"), ("abort", "by SIGABRT"),
        ("kill", "by SIGKILL, as when memory runs out"),
    ],
)  # fmt: skip
def test_the_second_death_says_how(way, words, capfd):
    found = only(Work(works.dying, None), way)
    assert found.failure == f"Two worker processes died of the task, the second {words}."


def test_a_worker_that_dies_before_it_is_ready_is_an_error():
    with pytest.raises(ResourceError, match="A worker process cannot start: it ended with exit code 7"):
        outcomes(Work(works.stillborn, None), [1])


def test_an_error_of_the_house_stays_itself():
    with pytest.raises(ConfigError, match="The length of 'fast' is no number") as caught:
        outcomes(Work(works.choosy, None), [1, 2], workers=2)
    assert caught.value.hint == "Give one."


@pytest.mark.parametrize("executable", ["/nowhere/python", None, "/bin/false"])
def test_an_interpreter_that_cannot_be_started_is_a_sentence(monkeypatch, executable):
    monkeypatch.setattr(sys, "executable", executable)
    with pytest.raises(ResourceError, match="A worker process cannot start"):
        outcomes(sample_work(), [1])


def test_no_room_for_the_arrays_is_a_sentence(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(ResourceError, match="There is no room to share 8,000 bytes"):
        outcomes(sample_work(), [1])


# ---------------------------------------------------------------- nobody is left over

HANGING = f"""
import sys
sys.path.insert(0, {str(PROJECT)!r})
from tests.unit.adapters.executors import works
from tradewright.adapters.executors.processes import ProcessExecutor
from tradewright.ports.executor import Work
import numpy as np
work = Work(works.waiting, sys.argv[1], dict(prices=np.zeros(100_000)))
with ProcessExecutor(2).open(work) as crew:
    for outcome in crew.map([int(sys.argv[2])] * 2):
        print(outcome.value, flush=True)
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("busy", [True, False])
def test_workers_end_when_their_parent_is_killed(tmp_path, busy):
    parent, watched = hanging(tmp_path, busy)
    parent.kill()
    parent.communicate(timeout=LONG_S)
    assert all_ended(watched)


def test_ctrl_c_ends_everything_with_one_traceback(tmp_path):
    parent, watched = hanging(tmp_path, busy=True)
    os.killpg(parent.pid, signal.SIGINT)
    _, said = parent.communicate(timeout=LONG_S)
    assert parent.returncode == -signal.SIGINT
    assert said.count("Traceback") == 1
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert all_ended(watched)


def test_workers_are_gone_after_the_context():
    with ProcessExecutor(2).open(sample_work()) as crew:
        assert sorted(crew.map(range(3)), key=lambda each: each.index) == sample_outcomes(range(3))
        processes = [carrier._process for carrier in crew._all]
    assert [process.returncode for process in processes] == [0] * len(processes)


def test_an_error_of_the_reader_does_not_wait_for_running_tasks(tmp_path):
    def fail_at_the_first(crew):
        raise LookupError(next(crew.map([False, True])))

    with pytest.raises(LookupError), ProcessExecutor(2).open(Work(works.waiting, str(tmp_path))) as crew:
        fail_at_the_first(crew)


def test_nobody_reads_outcomes_after_the_context():
    with ProcessExecutor(1).open(sample_work()) as crew:
        unread = crew.map([1])
    with pytest.raises(ResourceError, match="The workers are gone"):
        next(unread)


def hanging(folder, busy):
    """A program whose two workers work for ever, or wait, and descriptors that tell when they end."""
    parent = subprocess.Popen(
        [sys.executable, "-c", HANGING, str(folder), str(int(busy))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0,
    )  # fmt: skip
    if not busy:
        while parent.stdout.readline() != "ready\n":
            assert parent.poll() is None
    pause, wanted = threading.Event(), 2 if busy else 1
    while len(seen := list(folder.iterdir())) < wanted:
        assert parent.poll() is None
        pause.wait(0.01)
    return parent, [os.pidfd_open(int(each.name)) for each in seen]


def all_ended(watched):
    ended = [bool(select.select([each], [], [], LONG_S)[0]) for each in watched]
    for each in watched:
        os.close(each)
    return all(ended)
