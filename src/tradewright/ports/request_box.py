"""The socket for what is asked of a running session from another process, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Reply", "RequestBox"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request.

    Parameters
    ----------
    is_done : bool
    sentence : str
        What was done, or why it was not.
    """

    is_done: bool
    sentence: str


class RequestBox(Protocol):
    """Requests of one session, in the order in which they were posted; each is taken once.

    Raises
    ------
    StorageError
        From every method, when the box cannot be read or written.
    """

    def post(self, asked: Mapping[str, Any]) -> str:
        """Put a request in, as JSON words; its id."""
        ...

    def take(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Take out every request that is there, oldest first."""
        ...

    def withdraw(self, request: str) -> bool:
        """Take a request back that nobody has taken; False where somebody has."""
        ...

    def reply(self, request: str, said: Reply) -> None:
        """Say what came of a request."""
        ...

    def answer(self, request: str) -> Reply | None:
        """What came of a request, once; None while nothing has."""
        ...
