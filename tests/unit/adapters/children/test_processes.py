"""Processes of jobs: read without waiting, held by limits, ended with all that they started and with their parent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.child_processes import TELL, heard, is_alive, kill_9, ran, started, until, words

from tradewright.adapters.children.processes import ChildProcesses
from tradewright.domain.errors import ResourceError
from tradewright.ports.children import ChildCommand, ChildExit

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
IDLE = "import signal; signal.pause()"
THERE = f"print('there', flush=True); {IDLE}"
PARENT = (
    f"import subprocess, sys; one = subprocess.Popen([sys.executable, '-c', {IDLE!r}], process_group=0);"
    "print(one.pid, flush=True);"
)


def test_output_errors_and_exit_code_come_back() -> None:
    run = ran("import sys; print('out'); sys.stdout.flush(); print('err', file=sys.stderr); sys.exit(3)")
    assert (run.exit, run.output) == (ChildExit(3), "out\nerr\n")


def test_a_document_that_nobody_reads_is_left_out() -> None:
    run = ran("import sys; print('out'); print('err', file=sys.stderr)", keeps_output=False)
    assert run.output == "err\n"


def test_what_it_tells_arrives_in_order_and_nonsense_is_passed_over() -> None:
    run = ran(
        TELL + "tell(done=1); os.write(int(os.environ['TRADEWRIGHT_PROGRESS_FD']), b'[1]\\nNaN\\n{\\n'); tell(run='ab')"
    )
    assert run.messages == [{"done": 1}, {"run": "ab"}]


def test_the_last_words_before_a_crash_are_heard() -> None:
    run = ran(
        TELL + "import signal; print('x' * 50_000, flush=True); tell(done=9); os.kill(os.getpid(), signal.SIGSEGV)"
    )
    assert run.exit == ChildExit(None, "SIGSEGV")
    assert (len(run.output), run.messages) == (50_001, [{"done": 9}])


def test_it_knows_its_job_and_reads_nothing() -> None:
    assert ran("import os, sys; print(os.environ['TRADEWRIGHT_JOB'], repr(sys.stdin.read()))").output == "j1 ''\n"


def test_it_works_where_it_is_told(tmp_path: Path) -> None:
    assert ran("import os; print(os.getcwd())", folder=str(tmp_path)).output.strip() == str(tmp_path.resolve())


def test_an_interrupt_is_heard_even_where_the_parent_ignores_them() -> None:
    program = (
        "import signal, sys\ntry:\n    print('there', flush=True); signal.pause()\n"
        "except KeyboardInterrupt:\n    sys.exit(130)"
    )
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from tests.child_processes import started, heard, until\n"
        f"with started({program!r}) as (children, child):\n"
        "    until(lambda: child.news().output, 'its first word'); child.interrupt()\n"
        "    print(heard(children, child).exit.code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "130\n"


@linux
def test_a_kill_takes_everything_with_it_that_it_started() -> None:
    with started(PARENT + IDLE) as (children, child):
        lines: list[bytes] = []
        until(lambda: lines.append(child.news().output) or b"\n" in b"".join(lines), "the number of what it started")
        grandchild = int(b"".join(lines))
        child.kill()
        assert heard(children, child).exit == ChildExit(None, "SIGKILL")
        until(lambda: not is_alive(grandchild), "the end of what it started")


@linux
def test_what_it_leaves_behind_is_ended_with_it() -> None:
    run = ran(PARENT)
    assert run.exit == ChildExit(0)
    until(lambda: not is_alive(int(run.output)), "the end of what it left")


@linux
def test_it_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "from tests.child_processes import started, until\n"
        f"with started({THERE!r}) as (children, child):\n"
        "    until(lambda: child.news().output, 'its first word')\n"
        "    print(child.pid, flush=True); import signal; signal.pause()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout as out:
        pid = int(out.readline())
        assert is_alive(pid)
        kill_9(parent.pid)
        parent.wait()
    until(lambda: not is_alive(pid), "the end of the orphan")


@linux
def test_the_memory_of_all_that_it_started_is_weighed() -> None:
    held = "x = bytearray(60_000_000); print(0, flush=True); import signal; signal.pause()"
    both = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {held!r}], process_group=0); {held}"
    with started(both) as (_, child):
        until(lambda: (child.memory_mb() or 0) > 110, "both to hold it")


def test_beyond_the_wall_memory_is_refused() -> None:
    run = ran("x = bytearray(3_000_000_000)", memory_mb=1_000)
    assert run.exit == ChildExit(1)
    assert "MemoryError" in run.output


def test_memory_below_the_wall_is_given() -> None:
    assert ran("x = bytearray(300_000_000)", memory_mb=1_000).exit == ChildExit(0)


def test_what_has_ended_is_neither_interrupted_nor_weighed() -> None:
    with started("pass") as (children, child):
        heard(children, child)
        child.interrupt()
        child.kill()
        assert child.memory_mb() is None


def test_a_process_that_cannot_start_is_a_sentence_and_leaves_no_pipe() -> None:
    children = ChildProcesses()
    before = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises(ResourceError, match="The process of job j1 cannot start: No such file or directory"):
        children.start(ChildCommand(words("pass"), "j1", folder="/nowhere/at/all"))
    assert len(list(Path("/dev/fd").iterdir())) <= before


def test_a_program_that_is_not_there_is_told_by_its_end() -> None:
    children = ChildProcesses()
    child = children.start(ChildCommand(("no-such-program",), "j1"))
    run = heard(children, child)
    assert (run.exit, run.output) == (ChildExit(127), "no-such-program cannot be run: No such file or directory.\n")
    child.close()
