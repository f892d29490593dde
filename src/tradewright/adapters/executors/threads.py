"""Threads of this process: the first choice where work runs compiled code, which lets go of the interpreter's lock."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .crew import ThreadedCrew
from .tasks import carried_out, made, with_frozen_arrays, worker_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tradewright.ports.executor import Outcome, Work

__all__ = ["ThreadExecutor"]


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
    def open(self, work: Work) -> Iterator[ThreadedCrew]:
        """A crew; each map starts as many threads as it has tasks for."""
        frozen, turn = with_frozen_arrays(work), threading.Lock()

        def recruit() -> _Local:
            # One after the other: what the first compiles, the next finds in the cache.
            with turn:
                return _Local(made(frozen))

        crew = ThreadedCrew(recruit, self.workers, [recruit()])
        try:
            yield crew
        finally:
            crew.close()


class _Local:
    """The function of one thread."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def carry(self, index: int, task: Any) -> Outcome:
        return carried_out(self._function, index, task)

    def end(self) -> None:
        """Nothing to let go of."""

    def abandon(self) -> None:
        """A thread cannot be stopped in the middle of a task."""
