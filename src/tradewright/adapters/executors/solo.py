"""One piece of work in a process of its own: `tradewright.ports.solo.Solo`."""

from __future__ import annotations

import asyncio
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ResourceError
from tradewright.ports.executor import Work

from .processes import exchanged, introduction, spawned, told
from .shared_arrays import SharedArrays
from .tasks import require_start

if TYPE_CHECKING:
    import subprocess

__all__ = ["SoloProcess"]

_PATIENCE_S = 120.0
"""How long a process may work on what the board does not name: its own start, and the opening of what it works with."""


class SoloProcess:
    """A fresh interpreter that does the work; it starts with the first task.

    Parameters
    ----------
    work : Work
        Its arrays are given by this class.
    """

    def __init__(self, work: Work) -> None:
        self._shared = SharedArrays({"board": np.full(1, -1, np.int64)}, is_board=True)
        self._introduction = introduction(Work(work.make, work.given), self._shared)
        self._process: subprocess.Popen[bytes] | None = None
        # A thread of its own waits at the pipe, so that the loop never does.
        self._thread = ThreadPoolExecutor(1, "solo")

    @property
    def board(self) -> int:
        """See `Solo.board`."""
        return int(self._shared.read("board")[0])

    async def ask(self, task: Any, deadline_s: float) -> Any:
        """See `Solo.ask`."""
        content = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        answer = asyncio.get_running_loop().run_in_executor(self._thread, self._carry, content)
        # Of a process that is ended because it hangs nobody waits for the answer any more.
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        await self._until_answered(answer, deadline_s)
        value, failure = answer.result()
        if failure is not None:
            raise ResourceError(failure)
        return value

    async def _until_answered(self, answer: asyncio.Future[Any], deadline_s: float) -> None:
        doing, since = self.board, 0.0
        while not (await asyncio.wait([answer], timeout=deadline_s))[0]:
            now, since = self.board, since + deadline_s
            if now != doing:
                doing, since = now, 0.0
            elif now >= 0 or since >= _PATIENCE_S:
                raise TimeoutError

    def _carry(self, content: bytes) -> Any:
        process = self._process or self._started()
        frame = exchanged(process, content)
        if frame is None:
            process.wait()
            raise ResourceError(f"The process of the session ended {told(process.returncode)}.")
        return pickle.loads(frame)  # noqa: S301 - from the process that this one started

    def _started(self) -> subprocess.Popen[bytes]:
        process = self._process = spawned(self._shared.inherited)
        frame = exchanged(process, self._introduction)
        if frame is None:
            process.wait()
            raise ResourceError(f"The process of the session cannot start: it ended {told(process.returncode)}.")
        require_start(pickle.loads(frame))  # noqa: S301 - the same
        return process

    def kill(self) -> None:
        """See `Solo.kill`."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._shared.close()
