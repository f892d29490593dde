"""The socket for who sits at an account: the process that holds its journal, and how it is made to get up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.live.journal import Replay

__all__ = ["Holder", "Seat"]


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a journal.

    Parameters
    ----------
    pid : int
    host : str
    started : str
        When it started, as the system counts; tells it from a later process with the same number. Empty where the
        system does not say.
    is_here : bool
        Whether it runs on this host.
    """

    pid: int
    host: str
    started: str = ""
    is_here: bool = True


class Seat(Protocol):
    """The one place at an account.

    Raises
    ------
    StorageError
        From every method, when it cannot be known or done.
    """

    def holder(self) -> Holder | None:
        """Who holds the journal, or None where nobody does."""
        ...

    def glance(self) -> Replay:
        """What the journal holds so far, read beside its holder; nothing is locked, cut or written."""
        ...

    def evict(self, holder: Holder, patience_s: float) -> None:
        """End that process at once, whatever it is doing, and wait until the journal is free.

        Raises
        ------
        StorageError
            When it runs on another host, is not to be ended by this user, or does not end.
        """
        ...
