"""Threads of this process: the first choice where work runs compiled code, which lets go of the interpreter's lock."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import TradewrightError

from .tasks import carried_out, gone, made, with_frozen_arrays, worker_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tradewright.ports.executor import Outcome, Work

    Function = Callable[[Any], Any]

__all__ = ["ThreadExecutor"]

_AHEAD = 2
"""Outcomes per worker that may lie there unread before no further task is begun."""

_GLANCE_S = 0.5
"""Some systems tell of Ctrl-C only between two waits."""


class ThreadExecutor:
    """See `tradewright.ports.executor.Executor`.

    Parameters
    ----------
    workers : int, optional
        By default one for each processor that this process may use.
    """

    name = "threads"
    shares_memory = True

    def __init__(self, workers: int | None = None) -> None:
        self.workers = worker_count(workers)

    @contextmanager
    def open(self, work: Work) -> Iterator[ThreadCrew]:
        """A crew; each map starts as many threads as it has tasks for."""
        crew = ThreadCrew(with_frozen_arrays(work), self.workers)
        try:
            yield crew
        finally:
            crew.close()


class ThreadCrew:
    """See `tradewright.ports.executor.Crew`."""

    def __init__(self, work: Work, workers: int) -> None:
        self._work = work
        self._workers = workers
        self._lock = threading.Lock()
        self._idle: list[Function] = [made(work)]
        self._rounds: list[_Round] = []
        self._closed = False

    def map(self, tasks: Sequence[Any]) -> Iterator[Outcome]:
        """Carry out tasks; see the port."""
        if self._closed:
            raise gone()
        current = _Round(tasks, self._workers)
        self._rounds.append(current)
        try:
            yield from current.outcomes(self)
        finally:
            current.stop()
            self._rounds.remove(current)

    def close(self) -> None:
        """Begin no further task, and wait for those that run."""
        self._closed = True
        for each in tuple(self._rounds):
            each.stop()

    def take(self) -> Function:
        """A function for one thread alone: one that nobody uses, or a new one.

        New ones are made one after the other: what the first compiles, the next finds in the cache.
        """
        with self._lock:
            return self._idle.pop() if self._idle else made(self._work)

    def give_back(self, function: Function) -> None:
        """The thread has no more tasks."""
        with self._lock:
            self._idle.append(function)


class _Round:
    """The tasks of one map: threads take them in order, as long as their outcomes are read."""

    def __init__(self, tasks: Sequence[Any], workers: int) -> None:
        self._tasks = tasks
        self._remaining = iter(enumerate(tasks))
        self._lock = threading.Lock()
        self._room = threading.Semaphore(_AHEAD * workers)
        self._done: SimpleQueue[Outcome | TradewrightError] = SimpleQueue()
        self._stopped = False
        self._threads: list[threading.Thread] = []
        self._workers = min(workers, len(tasks))

    def outcomes(self, crew: ThreadCrew) -> Iterator[Outcome]:
        for number in range(self._workers):
            thread = threading.Thread(target=self._work, args=(crew,), name=f"tradewright-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()
        for _ in range(len(self._tasks)):
            outcome = self._next()
            self._room.release()
            yield outcome

    def stop(self) -> None:
        self._stopped = True
        self._room.release(max(self._workers, 1))
        for thread in self._threads:
            thread.join()

    def _next(self) -> Outcome:
        while True:
            try:
                found = self._done.get(timeout=_GLANCE_S)
            except Empty:
                if self._stopped:
                    raise gone() from None
                continue
            if isinstance(found, TradewrightError):
                raise found
            return found

    def _work(self, crew: ThreadCrew) -> None:
        try:
            function = crew.take()
        except TradewrightError as error:
            self._done.put(error)
            return
        while (task := self._take()) is not None:
            self._done.put(carried_out(function, *task))
        crew.give_back(function)

    def _take(self) -> tuple[int, Any] | None:
        self._room.acquire()
        with self._lock:
            found = None if self._stopped else next(self._remaining, None)
        if found is None:
            self._room.release()
        return found
