"""A worker process: reads tasks from where its standard input was, answers where its standard output was.

It never reads the program that started it, so that programs need no guard: what it works with is named to it by module.
When the other end goes away, however it does, the process ends at once, also in the middle of a task.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
import time
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

from tradewright.ports.executor import Outcome, Work

from .tasks import carried_out, made, refusal, said

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["alone", "main", "read_frame", "write_frame"]

_LENGTH = struct.Struct("<Q")
_LOOK_EVERY_S = 1.0
_OUT, _ERROR = 1, 2


def main() -> None:
    """Work until there are no more tasks."""
    tasks, answers = _private_pipes()
    frames: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(tasks, frames), daemon=True).start()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        function = _made(frames.get(), answers)
        while function is not None:
            write_frame(answers, _answer(function, frames.get()))
    except OSError:
        os._exit(1)


def alone() -> None:
    """As `main`, for the one process of a session: no thread stands between a task and its answer.

    In the middle of a task it looks each second whether its parent is there.
    """
    tasks, answers = _private_pipes()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        first = read_frame(tasks)
        function = None if first is None else _made(first, answers)
        while function is not None and (frame := read_frame(tasks)) is not None:
            write_frame(answers, _answer(function, frame))
    except OSError:
        os._exit(1)
    os._exit(0)


def write_frame(pipe: IO[bytes], content: bytes) -> None:
    """Send bytes with their length before them."""
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> bytes | None:
    """The next bytes that were sent whole; None where the other end is gone."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    content = pipe.read(length)
    return content if len(content) == length else None


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes; what the work prints goes to the errors instead, and it reads nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(_OUT), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(_ERROR, _OUT)
    except OSError:
        os.dup2(nothing, _OUT)
    if sys.stdout is not None:
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    return tasks, answers


def _read(tasks: IO[bytes], frames: SimpleQueue[bytes]) -> None:
    while (frame := read_frame(tasks)) is not None:
        frames.put(frame)
    os._exit(0)


def _end_with(parent: int) -> None:
    """End when the parent does, also where a copy of it still holds the pipe open."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    os._exit(1)


def _made(frame: bytes, answers: IO[bytes]) -> Callable[[Any], Any] | None:
    """The function; None, and the reason sent, where it cannot be made."""
    try:
        function = _function(frame)
    except Exception as error:  # noqa: BLE001 - the border of the process: the parent says it
        write_frame(answers, pickle.dumps(refusal(error)))
        return None
    write_frame(answers, pickle.dumps(None))
    return function


def _function(frame: bytes) -> Callable[[Any], Any]:
    import numpy as np

    from .shared_arrays import attached

    layout, errors, content = pickle.loads(frame)  # noqa: S301 - from the process that started this one
    np.seterr(**errors)
    arrays = attached(layout)
    make, given = pickle.loads(content)  # noqa: S301 - the same
    return made(Work(make, given, arrays))


def _answer(function: Callable[[Any], Any], frame: bytes) -> bytes:
    """The outcome as bytes; one that cannot travel is a failure."""
    outcome = carried_out(lambda content: function(pickle.loads(content)), 0, frame)  # noqa: S301 - the same
    try:
        return _bytes(outcome)
    except Exception as error:  # noqa: BLE001 - what the user's objects raise when they are pickled
        return _bytes(Outcome(0, None, f"What the task gave cannot travel between processes: {said(error)}."))


def _bytes(outcome: Outcome) -> bytes:
    return pickle.dumps((outcome.value, outcome.failure), pickle.HIGHEST_PROTOCOL)
