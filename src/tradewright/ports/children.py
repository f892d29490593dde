"""The socket for processes of their own: each job runs in one, and is read, interrupted and ended from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Child", "ChildCommand", "ChildExit", "Children", "News"]


@dataclass(frozen=True, slots=True)
class ChildCommand:
    """What a process is started with; no shell reads it.

    Parameters
    ----------
    words : tuple of str
        The program and its arguments.
    job : str
        The id of the job that it works for; it stands in its environment as ``TRADEWRIGHT_JOB``.
    folder : str or None
        Where it works; where the parent works by default.
    memory_mb : int or None
        A wall well above what the job may use: an allocation beyond it fails inside the process.
    keeps_output : bool
        Whether its standard output is kept beside its errors; a document that nobody reads is not.
    """

    words: tuple[str, ...]
    job: str
    folder: str | None = None
    memory_mb: int | None = None
    keeps_output: bool = True


@dataclass(frozen=True, slots=True)
class ChildExit:
    """How a process ended: with a code, or by a signal.

    Parameters
    ----------
    code : int or None
        Its exit code; None where a signal ended it.
    signal : str or None
        The name of the signal, such as ``"SIGSEGV"``.
    """

    code: int | None = None
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What came from a process since it was last asked.

    Parameters
    ----------
    output : bytes
        What it printed.
    messages : tuple of mapping
        What it told through its own pipe: progress, the kept run, a failure. Anything else than a JSON object of
        bounded size is passed over: the text of a strategy may write there too.
    """

    output: bytes = b""
    messages: tuple[Mapping[str, Any], ...] = ()


class Child(Protocol):
    """A process and everything that it starts."""

    @property
    def pid(self) -> int:
        """Its number on this host."""
        ...

    def news(self) -> News:
        """What came since the last time; never waits."""
        ...

    def exit(self) -> ChildExit | None:
        """How it ended; None while it works. Whatever it started is gone when this tells an end."""
        ...

    def interrupt(self) -> None:
        """Ask it to end cleanly, as Ctrl-C does; nothing where it has ended."""
        ...

    def kill(self) -> None:
        """End it and everything that it started, at once; nothing where it has ended."""
        ...

    def memory_mb(self) -> float | None:
        """Memory of its own that it holds now with all that it started; None where this host does not tell."""
        ...


class Children(Protocol):
    """Starts processes that do not outlive their parent.

    Raises
    ------
    ResourceError
        When a process cannot be started, or this host has no such processes.
    """

    def start(self, command: ChildCommand) -> Child:
        """Start one."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait until some process has news, at most so long."""
        ...
