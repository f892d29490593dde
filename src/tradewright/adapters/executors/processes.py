"""Processes of their own: for work that holds the interpreter's lock, or that may bring its process down.

Each worker is a fresh interpreter that is told what to import; the program that is running is never read again, so that
it may be a script without a guard, a notebook, or text from a pipe (`worker`). A thread hands it tasks (`crew`).
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ResourceError
from tradewright.ports.executor import Outcome

from .crew import ThreadedCrew, gone
from .shared_arrays import SharedArrays
from .tasks import require_start, said, worker_count
from .worker import read_frame, write_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.ports.executor import Work

__all__ = ["ProcessExecutor", "exchanged", "introduction", "spawned", "told"]

_START = "import sys, json; sys.path[:] = json.loads(sys.argv.pop()); from {} import {main}; {main}()"
_PIPE = subprocess.PIPE
_PATIENCE_S = 5.0
"""How long a worker without tasks may take to end."""


class ProcessExecutor:
    """See `tradewright.ports.executor.Executor`.

    Parameters
    ----------
    workers : int, optional
        By default one for each processor that this process may use.
    """

    name = "processes"
    shares_memory = False

    def __init__(self, workers: int | None = None) -> None:
        self.workers = worker_count(workers)

    @contextmanager
    def open(self, work: Work) -> Iterator[ThreadedCrew]:
        """A crew; each process starts when there is a task for it."""
        shared = SharedArrays(work.arrays)
        try:
            hiring = _Hiring(introduction(work, shared), shared.inherited)
            with ThreadedCrew(lambda: _Worker(hiring), self.workers).held() as crew:
                yield crew
        finally:
            shared.close()


@dataclass(frozen=True)
class _Hiring:
    """What every worker is started with."""

    introduction: bytes
    inherited: tuple[int, ...]


class _Worker:
    """One process after another: one that dies is replaced."""

    def __init__(self, hiring: _Hiring) -> None:
        self._hiring = hiring
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._abandoned = False

    def carry(self, index: int, task: Any) -> Outcome:
        """Carry out one task, a second time where the process died of the first."""
        try:
            content = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - what the user's objects raise when they are pickled
            return Outcome(index, None, f"The task cannot travel between processes: {said(error)}.")
        for _ in range(2):
            answer = self._asked(content)
            if answer is not None:
                return Outcome(index, *answer)
            how = self._bury()
        return Outcome(index, None, f"Two worker processes died of the task, the second {how}.")

    def end(self) -> None:
        """Let the process end by itself; kill it where it does not."""
        with self._lock:
            if self._process is None:
                return
            _close(self._process)
            try:
                self._process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def abandon(self) -> None:
        """Kill the process, whatever it does."""
        with self._lock:
            self._abandoned = True
            if self._process is not None:
                self._process.kill()

    def _asked(self, content: bytes) -> Any:
        """Value and failure; None where the process died."""
        process = self._process or self._started()
        frame = exchanged(process, content)
        if frame is None:
            return None
        try:
            return pickle.loads(frame)  # noqa: S301 - from the worker that this process started
        except Exception as error:  # noqa: BLE001 - what the user's objects raise when they are made again
            return None, f"What the task gave cannot be read: {said(error)}."

    def _started(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._abandoned:
                raise gone()
            process = self._process = spawned(self._hiring.inherited)
        frame = exchanged(process, self._hiring.introduction)
        if frame is None:
            raise ResourceError(f"A worker process cannot start: it ended {self._bury()}.")
        require_start(pickle.loads(frame))  # noqa: S301 - the same
        return process

    def _bury(self) -> str:
        """How the process ended."""
        process = self._process
        if process is None:
            return ""
        _close(process)
        process.wait()
        self._process = None
        if self._abandoned:
            raise gone()
        return told(process.returncode)


def introduction(work: Work, shared: SharedArrays) -> bytes:
    """The first thing that a worker reads.

    Raises
    ------
    ResourceError
        When the work cannot travel.
    """
    import numpy as np

    try:
        content = pickle.dumps((work.make, work.given), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raise ResourceError(f"The work cannot travel between processes: {said(error)}.", hint="Use threads.") from error
    return pickle.dumps((shared.layout, np.geterr(), content), pickle.HIGHEST_PROTOCOL)


def spawned(inherited: tuple[int, ...], main: str = "main") -> subprocess.Popen[bytes]:
    """A process that waits for its introduction; it does not hear Ctrl-C, its parent tells it what to do.

    `main` is the function of `worker` that it runs.
    """
    apart: dict[str, Any] = {"process_group": 0, "pass_fds": inherited}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    command = [sys.executable, *_flags(), "-c", _START.format(f"{__package__}.worker", main=main), json.dumps(sys.path)]
    # Sets of text have the same order in every worker: an outcome must not depend on who carried out the task.
    environment = {"PYTHONHASHSEED": "0", **os.environ}
    try:
        return subprocess.Popen(command, stdin=_PIPE, stdout=_PIPE, env=environment, **apart)  # noqa: S603 - our own text
    except (OSError, ValueError, TypeError) as error:
        raise ResourceError(f"A worker process cannot start: {said(error)}.", hint="Use threads.") from error


def _flags() -> list[str]:
    """What changes the meaning of the text: whether assertions hold, and which warnings are errors."""
    optimised = ["-" + "O" * sys.flags.optimize] if sys.flags.optimize else []
    return [*optimised, *(f"-W{option}" for option in sys.warnoptions)]


def exchanged(process: subprocess.Popen[bytes], content: bytes) -> bytes | None:
    """What the process answers; None where it died."""
    if process.stdin is None or process.stdout is None:
        return None
    with suppress(OSError):
        write_frame(process.stdin, content)
        return read_frame(process.stdout)
    return None


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def told(code: int) -> str:
    """How a process ended, to stand after "it ended"."""
    if code >= 0:
        return f"with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"by {name}" + (", as when memory runs out" if name == "SIGKILL" else "")
