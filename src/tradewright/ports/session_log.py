"""The socket for the record of sessions: what they were, every input in its order, every output, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tradewright.domain.live.session import Input, Output

__all__ = ["SessionLog", "SessionLogs"]


class SessionLog(Protocol):
    """One session's record.

    Raises
    ------
    StorageError
        From every method, when it is damaged, held by another process, or cannot be written.
    """

    @property
    def about(self) -> Mapping[str, Any]:
        """What the session was started with: plain JSON words."""
        ...

    @property
    def standing(self) -> Mapping[str, Any] | None:
        """What was measured last; None before the first time."""
        ...

    def take(self, given: Input) -> int:
        """Write an input and give its number, from 1; it survives the death of the process when this returns."""
        ...

    def note(self, sequence: int, outputs: Sequence[Output]) -> None:
        """Write what the engine answered to an input."""
        ...

    def measure(self, values: Mapping[str, Any]) -> None:
        """Write how the session stands: equity, positions, orders, latencies."""
        ...

    def entries(self, after: int = 0) -> Iterator[tuple[int, Input, tuple[Output, ...]]]:
        """Every input behind a number in its order with its outputs; a torn last record is left out."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class SessionLogs(Protocol):
    """All sessions of this installation; errors as of `SessionLog`."""

    def create(self, session: str, about: Mapping[str, Any]) -> SessionLog:
        """Begin the record of a new session."""
        ...

    def open(self, session: str) -> SessionLog:
        """Go on with one; its lock says that no other process does.

        Raises
        ------
        DataNotAvailableError
            When there is none of that name.
        """
        ...

    def read(self, session: str) -> SessionLog:
        """Look at one, which may be running; nothing can be written."""
        ...

    def sessions(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Every session with what it was started with and how it stands, newest first."""
        ...
