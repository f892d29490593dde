"""One piece of work in a process of its own: `tradewright.ports.solo.Solo`."""

from __future__ import annotations

import asyncio
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ResourceError
from tradewright.ports.executor import Work

from .pipes import Pipes
from .processes import exchanged, introduction, spawned, told
from .shared_arrays import SharedArrays
from .tasks import require_start

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

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
        self._pipes: Pipes | None = None
        # A thread of its own waits for the start, so that the loop never does.
        self._thread = ThreadPoolExecutor(1, "solo")

    @property
    def board(self) -> int:
        """See `Solo.board`."""
        return int(self._shared.read("board")[0])

    async def ask(self, task: Any, deadline_s: float) -> Any:
        """See `Solo.ask`."""
        content = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        if self._pipes is None:
            await self._until_done(self._in_thread(self._started), deadline_s)
        if self._pipes is None:
            frame = await self._until_done(self._in_thread(partial(self._carried, content)), deadline_s)
        else:
            frame = await self._carry(self._pipes, content, deadline_s)
        if frame is None:
            raise ResourceError(f"The process of the session ended {self._how()}.")
        value, failure = pickle.loads(frame)  # noqa: S301 - from the process that this one started
        if failure is not None:
            raise ResourceError(failure)
        return value

    async def _carry(self, pipes: Pipes, content: bytes, deadline_s: float) -> bytes | None:
        pipes.send(content)
        if not pipes.is_answered_at_once():
            await self._until_done(asyncio.ensure_future(pipes.answered()), deadline_s)
        return pipes.answer

    def _in_thread(self, work: Callable[[], Any]) -> asyncio.Future[Any]:
        """A future of work in the thread, for whose outcome nobody need wait any more."""
        done = asyncio.get_running_loop().run_in_executor(self._thread, work)
        done.add_done_callback(lambda each: each.cancelled() or each.exception())
        return done

    async def _until_done(self, answer: asyncio.Future[Any], deadline_s: float) -> Any:
        try:
            await self._watched(answer, deadline_s)
        finally:
            if not answer.done():
                # The pipes are let go of before anybody closes them.
                answer.cancel()
                await asyncio.wait([answer])
        return answer.result()

    async def _watched(self, answer: asyncio.Future[Any], deadline_s: float) -> None:
        doing, since = self.board, 0.0
        while not (await asyncio.wait([answer], timeout=deadline_s))[0]:
            now, since = self.board, since + deadline_s
            if now != doing:
                doing, since = now, 0.0
            elif now >= 0 or since >= _PATIENCE_S:
                raise TimeoutError

    def _carried(self, content: bytes) -> bytes | None:
        """Carry a task where a loop cannot wait at a pipe."""
        return None if self._process is None else exchanged(self._process, content)

    def _how(self) -> str:
        return "" if self._process is None else told(self._process.wait())

    def _started(self) -> None:
        if self._process is not None:
            return
        process = self._process = spawned(self._shared.inherited, "alone")
        frame = exchanged(process, self._introduction)
        if frame is None:
            process.wait()
            raise ResourceError(f"The process of the session cannot start: it ended {told(process.returncode)}.")
        require_start(pickle.loads(frame))  # noqa: S301 - the same
        if sys.platform != "win32":
            self._pipes = Pipes(process)

    def kill(self) -> None:
        """See `Solo.kill`."""
        self._pipes = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._shared.close()
