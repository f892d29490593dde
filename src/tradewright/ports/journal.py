"""The socket for the journal: one append-only log per account, replayed after every crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.live.journal import Record, Replay

__all__ = ["Journal"]


class Journal(Protocol):
    """Records in the order in which they were appended, none twice, none missing, each with the epoch that wrote it.

    Raises
    ------
    JournalError
        From every method: the log is damaged, belongs to another account or mode, is held by another process, or could
        not be forced onto the disk. After the last of these nothing is ever appended again by this process: the system
        may have dropped what it failed to write, and would say that all is well the next time.
    StaleEpochError
        From `append` and `durable`, when another process has taken the account over.
    """

    def open(self) -> Replay:
        """Lock the log for this process, check its chain, cut a torn tail, and give everything in it."""
        ...

    def begin_epoch(self, epoch: int) -> None:
        """Write under this epoch from now on; it is higher than every epoch in the log.

        Raises
        ------
        StaleEpochError
            When it is not.
        """
        ...

    def append(self, record: Record) -> int:
        """Put a record behind all others and give its number. It is not on the disk yet."""
        ...

    async def durable(self, sequence: int) -> None:
        """Return when every record up to this number survives a loss of power. Waiting callers share the work."""
        ...

    @property
    def durable_sequence(self) -> int:
        """Number of the last record known to survive."""
        ...

    @property
    def is_degraded(self) -> bool:
        """Whether the place of the log is away, so that only what cancels, latches or reduces is acted on."""
        return False

    def close(self) -> None:
        """Let go of the log."""
        ...
