"""What a command tells the process that started it for a job: progress, the kept run, why it failed.

One JSON object to a line, through the pipe that ``TRADEWRIGHT_PROGRESS_FD`` numbers. Without that variable nobody
listens, and nothing here does anything.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

__all__ = ["VARIABLE", "Channel", "channel", "open_channel"]

VARIABLE = "TRADEWRIGHT_PROGRESS_FD"
_BETWEEN_S = 0.2
_PATIENCE_S = 10.0
"""How long a fact waits where nobody reads; progress never waits."""
_LONGEST = 4_000
"""Characters of a text; what is longer is cut, so that a line stays below what a pipe takes as a whole."""


class Channel:
    """The writing end.

    Parameters
    ----------
    pipe : int or None
        File descriptor; None where nobody listens.
    now : callable
        Seconds on a clock that never runs backwards.
    """

    def __init__(self, pipe: int | None, now: Callable[[], float] = time.monotonic) -> None:
        self._pipe, self._now = pipe, now
        self._next = -math.inf

    @property
    def is_open(self) -> bool:
        """Whether somebody listens."""
        return self._pipe is not None

    def progress(self, done: int, total: int | None, unit: str) -> None:
        """Tell how much is done; at most a few times in a second, and the end always."""
        moment = self._now()
        if self._pipe is None or (moment < self._next and done != total):
            return
        self._next = moment + _BETWEEN_S
        self._write({"done": int(done), "total": None if total is None else int(total), "unit": unit}, patience_s=0.0)

    def search(self, search_id: str) -> None:
        """Tell of which search the trials are."""
        self._write({"search": search_id}, patience_s=_PATIENCE_S)

    def run(self, run_id: str) -> None:
        """Tell under which id a run was kept."""
        self._write({"run": run_id}, patience_s=_PATIENCE_S)

    def failed(self, error: BaseException, sentence: str, hint: str | None = None) -> None:
        """Tell why the command ends without what was asked for.

        Parameters
        ----------
        error : exception
        sentence : str
            What is wrong and where.
        hint : str, optional
            What to do about it.
        """
        if self._pipe is None:
            return
        said = {"type": type(error).__name__, "sentence": sentence[:_LONGEST], "hint": hint and hint[:_LONGEST]}
        self._write({"error": {**said, **_place(error)}}, patience_s=_PATIENCE_S)

    def _write(self, message: dict[str, Any], *, patience_s: float) -> None:
        if self._pipe is None:
            return
        import select

        line = json.dumps(message, ensure_ascii=True).encode() + b"\n"
        # Whoever listened may be gone, which is no reason for the work to fail.
        with contextlib.suppress(OSError):
            if select.select([], [self._pipe], [], patience_s)[1]:
                os.write(self._pipe, line)


_current = Channel(None)


def open_channel(environment: MutableMapping[str, str]) -> None:
    """Begin to tell, if the environment names a pipe; what this process starts does not hear of it."""
    global _current  # noqa: PLW0603 - one pipe of the process, as its standard output is one
    said = environment.pop(VARIABLE, "")
    _current = Channel(int(said) if said.isdecimal() and _is_pipe(int(said)) else None)


def channel() -> Channel:
    """The channel of this process."""
    return _current


def _is_pipe(number: int) -> bool:
    import stat

    try:
        is_pipe = stat.S_ISFIFO(os.fstat(number).st_mode)
        os.set_inheritable(number, False)
    except OSError:
        return False
    return is_pipe


def _place(error: BaseException) -> dict[str, Any]:
    """File and line of an author's code that raised, where one did."""
    from tradewright.domain.errors import StrategyError
    from tradewright.engine.failures import strategy_frame

    frame = strategy_frame(error.__cause__ or error) if isinstance(error, StrategyError) else None
    return {"file": None if frame is None else frame.filename, "line": None if frame is None else frame.lineno}
