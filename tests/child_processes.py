"""What the tests of jobs share: small programs as processes, and waiting for what other processes do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tradewright.adapters.children.processes import ChildProcess, ChildProcesses
from tradewright.ports.children import ChildCommand, ChildExit

PROJECT = Path(__file__).resolve().parents[1]
DEADLINE_S = 60.0
TELL = (
    "import os, json; PIPE = int(os.environ['TRADEWRIGHT_PROGRESS_FD']);"
    "tell = lambda **said: os.write(PIPE, (json.dumps(said) + chr(10)).encode());"
)
"""The beginning of a program that tells something: ``tell(done=1, total=2, unit="bars")``."""


def until(holds: Callable[[], Any], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Look until something holds; the wait is for other processes."""
    end, pause = time.monotonic() + deadline_s, threading.Event()
    while not holds():
        assert time.monotonic() < end, f"Waited {deadline_s} s for: {what}"
        pause.wait(0.01)


def words(program: str) -> tuple[str, ...]:
    """The command line of a small program; it needs no package, so that it starts at once."""
    return (sys.executable, "-I", "-S", "-c", program)


class Heard(NamedTuple):
    """Everything that came from a process."""

    exit: ChildExit
    output: str
    messages: list[Any]


@contextmanager
def started(program: str, **command: Any) -> Iterator[tuple[ChildProcesses, ChildProcess]]:
    """A process that is gone afterwards."""
    children = ChildProcesses()
    child = children.start(ChildCommand(words(program), "j1", **command))
    try:
        yield children, child
    finally:
        child.kill()
        until(child.exit, "its end")
        child.close()


def heard(children: ChildProcesses, child: ChildProcess) -> Heard:
    """Listen until a process has ended."""
    output, messages, ended = b"", [], None
    end = time.monotonic() + DEADLINE_S
    while ended is None:
        assert time.monotonic() < end, "The process does not end."
        children.wait(0.05)
        ended = child.exit()
        news = child.news()
        output += news.output
        messages += news.messages
    return Heard(ended, output.decode(), messages)


def ran(program: str, **command: Any) -> Heard:
    """Run a small program to its end."""
    with started(program, **command) as (children, child):
        return heard(children, child)


def is_alive(pid: int) -> bool:
    """Whether a process works; one that ended and was not yet noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def kill_9(pid: int) -> None:
    """End a process as a machine does that runs out of memory."""
    os.kill(pid, 9)


def told_by(program: str, *words: str) -> dict[str, dict[str, Any]]:
    """What a program of these tests, such as ``store_crashes``, says of every step at which it killed something."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.e2e.{program}", *words], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return told
