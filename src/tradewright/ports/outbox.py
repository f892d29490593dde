"""The sockets for messages on their way, and for how far a reader of events has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.control.outbox import NoticeState, QueuedNotice

__all__ = ["NoticeQueue", "Places"]


class NoticeQueue(Protocol):
    """Messages by id.

    Raises
    ------
    StorageError
        From every method, when the queue cannot be read or written.
    """

    def put(self, notice: QueuedNotice) -> bool:
        """Keep a message; False, and nothing is done, where there is one of that id."""
        ...

    def get(self, notice_id: str) -> QueuedNotice | None:
        """The message with that id."""
        ...

    def due(self, now_ns: int, limit: int) -> list[QueuedNotice]:
        """What is to be sent now, oldest first."""
        ...

    def held(self, channel: str) -> list[QueuedNotice]:
        """What is held back for a channel, oldest first."""
        ...

    def take(self, notice_id: str, now_ns: int) -> QueuedNotice | None:
        """Begin an attempt: it is being sent from now on. Of several who ask at once one gets it, the others None."""
        ...

    def end(self, notice_id: str, state: NoticeState, next_ns: int, error: str | None) -> None:
        """Say what became of an attempt."""
        ...

    def gather(self, digest: QueuedNotice, held: Sequence[str]) -> None:
        """Keep a digest in the place of what was held back, both or nothing."""
        ...

    def give_up(self, before_ns: int) -> list[QueuedNotice]:
        """Call unknown what was begun before an instant and not ended; what that was."""
        ...

    def forget(self, before_ns: int) -> None:
        """Take away what was made before an instant and is over."""
        ...


class Places(Protocol):
    """How far readers have come, by name.

    Raises
    ------
    StorageError
        From every method, when they cannot be read or written.
    """

    def get(self, name: str) -> int | None:
        """The number up to which it has read; None where it never began."""
        ...

    def move(self, name: str, number: int) -> None:
        """It has read up to a number; never back."""
        ...
