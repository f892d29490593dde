"""A process of its own for every job: `tradewright.ports.children`."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.errors import ResourceError
from tradewright.ports.children import ChildExit, News

from .belongings import killed_session, memory_of_session
from .messages import MessageLines

if TYPE_CHECKING:
    from tradewright.ports.children import ChildCommand

__all__ = ["JOB", "PROGRESS_FD", "ChildProcess", "ChildProcesses"]

JOB, PROGRESS_FD = "TRADEWRIGHT_JOB", "TRADEWRIGHT_PROGRESS_FD"
_LAUNCH = str(Path(__file__).with_name("launch.py"))
_PIECE = 64 * 1024
_AT_ONCE = 1024 * 1024
"""Bytes of one look: a process that prints without end must not keep its parent from the others."""


class ChildProcesses:
    """Starts them; see `tradewright.ports.children.Children`.

    Linux ends a process with the *thread* that started it: start all of them from the thread that lives as long as
    they may, the main one.
    """

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def start(self, command: ChildCommand) -> ChildProcess:
        """Start a command in a session of its own."""
        if os.name != "posix":
            raise ResourceError("Jobs run on Linux and macOS alone.", hint="Run the command itself instead.")
        output, told = os.pipe(), os.pipe()
        try:
            process = _started(command, output[1], told[1])
        except OSError as error:
            os.close(output[0])
            os.close(told[0])
            raise ResourceError(
                f"The process of job {command.job} cannot start: {error.strerror or error}.",
                hint="Let fewer jobs run at the same time.",
            ) from error
        finally:
            os.close(output[1])
            os.close(told[1])
        return ChildProcess(process, output[0], told[0], self._selector)

    def wait(self, seconds: float) -> None:
        """Wait until a process printed or told something or ended, at most so long."""
        if self._selector.get_map():
            self._selector.select(max(seconds, 0.0))
        else:
            time.sleep(max(seconds, 0.0))


class ChildProcess:
    """See `tradewright.ports.children.Child`.

    Parameters
    ----------
    process : Popen
        In a session of its own.
    output, told : int
        Where its output and what it tells are read.
    selector : selector
        Where both are waited for.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], output: int, told: int, selector: selectors.BaseSelector
    ) -> None:
        self._process, self._selector = process, selector
        self._output, self._told = output, told
        self._lines = MessageLines()
        self._ended: ChildExit | None = None
        self._open = {output, told}
        for pipe in self._open:
            os.set_blocking(pipe, False)
            selector.register(pipe, selectors.EVENT_READ)

    @property
    def pid(self) -> int:
        """Its number, which is that of its session and of its group, too."""
        return self._process.pid

    def news(self) -> News:
        """What came since the last time."""
        output = self._read(self._output)
        return News(output, self._lines.taken(self._read(self._told)))

    def exit(self) -> ChildExit | None:
        """How it ended; what it started and left behind is ended then."""
        if self._ended is None and self._has_ended():
            # While nobody has asked for its end, no other process gets its number.
            killed_session(self.pid)
            code = self._process.wait()
            self._ended = ChildExit(code) if code >= 0 else ChildExit(None, _name(-code))
        return self._ended

    def close(self) -> None:
        """Give back the pipes; what was not read of them is lost."""
        for pipe in list(self._open):
            self._closed(pipe)

    def interrupt(self) -> None:
        """SIGINT to its group."""
        if self._ended is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL to its group and to every other process of its session."""
        if self._ended is None:
            killed_session(self.pid)

    def memory_mb(self) -> float | None:
        """Anonymous memory of the processes of its session."""
        return None if self._ended is not None else memory_of_session(self.pid)

    def _has_ended(self) -> bool:
        if not hasattr(os, "waitid"):
            return self._process.poll() is not None
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _read(self, pipe: int) -> bytes:
        pieces: list[bytes] = []
        while pipe in self._open and sum(map(len, pieces)) < _AT_ONCE:
            try:
                piece = os.read(pipe, _PIECE)
            except BlockingIOError:
                break
            if not piece:
                self._closed(pipe)
            pieces.append(piece)
        return b"".join(pieces)

    def _closed(self, pipe: int) -> None:
        self._open.discard(pipe)
        self._selector.unregister(pipe)
        os.close(pipe)


def _started(command: ChildCommand, output: int, told: int) -> subprocess.Popen[bytes]:
    launch = [sys.executable, "-I", "-S", _LAUNCH, str(command.memory_mb or 0), str(os.getpid())]
    # Its output goes to a pipe, where it would otherwise stay in a buffer until the end.
    environment = {**os.environ, JOB: command.job, PROGRESS_FD: str(told), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(  # noqa: S603 - a command line that was checked word by word
        [*launch, *command.words],
        cwd=command.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output if command.keeps_output else subprocess.DEVNULL,
        stderr=output,
        pass_fds=(told,),
        start_new_session=True,
    )


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
