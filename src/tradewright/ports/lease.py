"""The socket for the right to send: held by one process at a time, numbered so that an old holder can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Grant", "Lease"]


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to send for a while.

    Parameters
    ----------
    epoch : int
        Number of the holder: higher than that of every holder before.
    ttl_s : float
        Seconds it lasts, counted by the holder from before it asked.
    former_ends_in_s : float
        Seconds until the right of the former holder is over for certain; 0 where its process is known to be dead.
    former_is_dead : bool
        Whether the former holder can do nothing any more, however late.
    """

    epoch: int
    ttl_s: float
    former_ends_in_s: float = 0.0
    former_is_dead: bool = False


class Lease(Protocol):
    """A lease with a fencing number.

    Raises
    ------
    StorageError
        From every method, when who holds it cannot be known; then nobody has been given anything.
    """

    async def acquire(self) -> Grant | None:
        """The lease, or None while another process holds it."""
        ...

    async def renew(self, epoch: int) -> bool:
        """Hold it for another TTL; False when it is held by another, or was lost."""
        ...

    async def release(self, epoch: int) -> None:
        """Give it up; nothing happens where it is held by another."""
        ...
