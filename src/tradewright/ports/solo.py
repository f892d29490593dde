"""The socket for one piece of work in a process of its own, which can be ended in the middle of anything."""

from __future__ import annotations

from typing import Any, Protocol

__all__ = ["Solo"]


class Solo(Protocol):
    """One process that carries out one task after another, made for a `tradewright.ports.executor.Work`.

    The work's arrays are one board: an int64 array ``"board"`` that the process may write, to say what it is doing.
    """

    async def ask(self, task: Any, deadline_s: float) -> Any:
        """Carry a task out; what it gives.

        Raises
        ------
        TimeoutError
            When the board named the same thing for the whole of the deadline, or nothing for a long time; the process
            goes on until it is killed.
        ResourceError
            When the process came to its end, with how, or when the task failed, with the reason.
        """
        ...

    @property
    def board(self) -> int:
        """What the process last said that it is doing."""
        ...

    def kill(self) -> None:
        """End the process, whatever it does."""
        ...
