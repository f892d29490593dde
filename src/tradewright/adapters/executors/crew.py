"""A crew of threads, each handing task after task to what carries them out: a function here, a process, an actor.

Threads take tasks in order and run ahead of whoever reads the outcomes by a bounded number.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from tradewright.domain.errors import ResourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Self

    from tradewright.ports.executor import Outcome

__all__ = ["Carrier", "ThreadedCrew", "gone"]

_AHEAD = 2
"""Outcomes per worker that may lie there unread before no further task is begun."""

_GLANCE_S = 0.5
"""Some systems tell of Ctrl-C only between two waits; who waits has things to do in between."""


class Carrier(Protocol):
    """One worker, as the thread sees it that hands it tasks."""

    def carry(self, index: int, task: Any) -> Outcome:
        """Carry out one task.

        Raises
        ------
        TradewrightError
            When there is no worker to carry it out; what the task raises is an outcome.
        """
        ...

    def end(self) -> None:
        """There are no more tasks."""
        ...

    def abandon(self) -> None:
        """Stop, also in the middle of a task where that can be; called from another thread."""
        ...


class ThreadedCrew:
    """See `tradewright.ports.executor.Crew`.

    Parameters
    ----------
    recruit : callable
        Gives one worker more. Called when a thread first needs it, from several threads at once.
    workers : int
    ready : sequence of Carrier
        Workers that stand ready.
    """

    def __init__(self, recruit: Callable[[], Carrier], workers: int, ready: Sequence[Carrier] = ()) -> None:
        self._recruit = recruit
        self._workers = workers
        self._lock = threading.Lock()
        self._all: list[Carrier] = [*ready]
        self._idle: list[Carrier] = [*ready]
        self._rounds: list[_Round] = []
        self._closed = threading.Event()

    def map(self, tasks: Sequence[Any], while_waiting: Callable[[], None] | None = None) -> Iterator[Outcome]:
        """Carry out tasks; see the port."""
        if self._closed.is_set():
            raise gone()
        self._await_what_was_left()
        current = _Round(tasks, self._workers, while_waiting)
        self._rounds.append(current)
        try:
            yield from current.outcomes(self)
        finally:
            current.stop()

    @contextmanager
    def held(self) -> Iterator[Self]:
        """Itself, for as long as the block lasts; where the block fails nobody waits for tasks that were begun."""
        try:
            yield self
        except BaseException:
            self.abandon()
            raise
        finally:
            self.close()

    def close(self) -> None:
        """Begin no further task, wait for those that run, and let the workers go."""
        self._closed.set()
        for each in self._rounds:
            each.stop()
        for each in self._rounds:
            each.join()
        for carrier in self._all:
            carrier.end()

    def abandon(self) -> None:
        """Begin no further task, and stop those that run where that can be."""
        with self._lock:
            self._closed.set()
            everyone = tuple(self._all)
        for carrier in everyone:
            carrier.abandon()

    def take(self) -> Carrier:
        """A worker for one thread alone: one that is idle, or a new one."""
        with self._lock:
            if self._closed.is_set():
                raise gone()
            if self._idle:
                return self._idle.pop()
        recruited = self._recruit()
        with self._lock:
            self._all.append(recruited)
            if self._closed.is_set():
                recruited.abandon()
        return recruited

    def give_back(self, carrier: Carrier) -> None:
        """The thread has no more tasks."""
        with self._lock:
            self._idle.append(carrier)

    def _await_what_was_left(self) -> None:
        """Tasks that ran when a reader left go on; their workers are free for a new map when they have ended."""
        for each in self._rounds:
            if each.is_stopped:
                each.join()
        self._rounds = [each for each in self._rounds if not each.is_stopped]


class _Round:
    """The tasks of one map."""

    def __init__(self, tasks: Sequence[Any], workers: int, while_waiting: Callable[[], None] | None) -> None:
        self._tasks = tasks
        self._while_waiting = while_waiting
        self._remaining = iter(enumerate(tasks))
        self._lock = threading.Lock()
        self._room = threading.Semaphore(_AHEAD * workers)
        self._done: SimpleQueue[Outcome | BaseException] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._workers = min(workers, len(tasks))
        self.is_stopped = False

    def outcomes(self, crew: ThreadedCrew) -> Iterator[Outcome]:
        for number in range(self._workers):
            thread = threading.Thread(target=self._work, args=(crew,), name=f"tradewright-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()
        for _ in range(len(self._tasks)):
            outcome = self._next()
            self._room.release()
            yield outcome

    def stop(self) -> None:
        self.is_stopped = True
        self._room.release(max(self._workers, 1))
        self._done.put(gone())

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _next(self) -> Outcome:
        while True:
            try:
                found = self._done.get(timeout=_GLANCE_S)
            except Empty:
                if self._while_waiting is not None:
                    self._while_waiting()
                continue
            if isinstance(found, BaseException):
                raise found
            return found

    def _work(self, crew: ThreadedCrew) -> None:
        try:
            carrier = crew.take()
            while (task := self._take()) is not None:
                self._done.put(carrier.carry(*task))
            crew.give_back(carrier)
        except BaseException as error:  # noqa: BLE001 - raised again where the outcomes are read: nobody waits for ever
            self._done.put(error)

    def _take(self) -> tuple[int, Any] | None:
        self._room.acquire()
        with self._lock:
            found = None if self.is_stopped else next(self._remaining, None)
        if found is None:
            self._room.release()
        return found


def gone() -> ResourceError:
    """What is raised where outcomes are asked for after the context of the workers has ended."""
    return ResourceError("The workers are gone: their context has ended.", hint="Read all outcomes inside it.")
