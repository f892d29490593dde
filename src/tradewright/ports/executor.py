"""The socket for whoever carries out many evaluations: threads, processes, a cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

__all__ = ["Crew", "Executor", "Outcome", "Work"]


@dataclass(frozen=True)
class Work:
    """What every worker needs once, before its first task.

    Parameters
    ----------
    make : callable
        ``make(given, arrays)`` gives the function that a worker calls with each task. A function of a module, so that
        it can be named to another process; it is called once per worker.
    given : object
        Travels by pickle where workers are other processes. The user's own classes do not travel: their text does.
    arrays : mapping of str to array
        Shared without copying; read-only for the workers.
    """

    make: Callable[[Any, Mapping[str, NDArray[Any]]], Callable[[Any], Any]]
    given: Any
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one task.

    Parameters
    ----------
    index : int
        Of the task in the sequence.
    value : object
        What the worker's function gave; None where it failed.
    failure : str or None
        Why it failed: one sentence. A worker that dies is replaced, its task tried once more, and the second death
        told here.
    """

    index: int
    value: Any
    failure: str | None = None


class Crew(Protocol):
    """Workers that are ready."""

    def map(self, tasks: Sequence[Any], while_waiting: Callable[[], None] | None = None) -> Iterator[Outcome]:
        """Carry out tasks, giving outcomes as they come, in any order, each task's once.

        Leaving the iteration early lets running tasks end and starts no further ones.

        Parameters
        ----------
        tasks : sequence
        while_waiting : callable, optional
            Called in the reader's thread now and then, for as long as no outcome comes.
        """
        ...


class Executor(Protocol):
    """Opens crews.

    Raises
    ------
    MissingExtraError
        When the library it needs is not installed.
    ResourceError
        When workers cannot be started.
    """

    @property
    def name(self) -> str:
        """``"threads"``, ``"processes"`` or ``"ray"``."""
        ...

    @property
    def workers(self) -> int:
        """How many tasks run at the same time."""
        ...

    @property
    def shares_memory(self) -> bool:
        """Whether workers live in this process, so that `Work.given` may hold objects that cannot travel."""
        ...

    def open(self, work: Work) -> AbstractContextManager[Crew]:
        """Start workers; they are gone when the context ends, however it ends."""
        ...
