"""Who holds an account whose journal is in a database, what the journal holds so far, and the end of that process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tradewright.domain.errors import JournalError
from tradewright.domain.live.journal import Replay
from tradewright.ports.seat import Holder

from ..holders import Holder as Process
from ..journal.seat import end_process
from .records import RecordRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.live.journal import JournalIdentity

    from .records import Held, Row

__all__ = ["ServerSeat"]

_LOOK_S = 0.05


class ServerSeat:
    """A `tradewright.ports.seat.Seat` at an account of a `PostgresJournal`.

    Parameters
    ----------
    dsn : str
        A connection string of libpq.
    identity : JournalIdentity
    pass_s : callable, optional
        ``pass_s(seconds)`` lets time pass.
    monotonic : callable, optional
        Seconds that never run backwards.

    Raises
    ------
    JournalError
        From every method, when the server cannot be reached.
    """

    def __init__(
        self,
        dsn: str,
        identity: JournalIdentity,
        pass_s: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._of = f"The account '{identity.account}' ({identity.mode})"
        self._records = RecordRows(dsn, identity)
        self._pass_s = pass_s
        self._now = monotonic
        self._read: list[Row] = []

    def holder(self) -> Holder | None:
        """Who holds the lease, or None where it was given up, or its process is known to be dead."""
        process = Process.parse(self._records.held().holder)
        if process is None or process.is_dead:
            return None
        host = "this host" if process.is_here else "another host"
        return Holder(process.pid, host, process.started, is_here=process.is_here)

    def glance(self) -> Replay:
        """Every record that the database has so far; those read before are not read again."""
        self._read += self._records.behind(self._read[-1].last if self._read else None)
        return Replay(tuple(row.entry for row in self._read))

    def evict(self, holder: Holder, patience_s: float) -> None:
        """SIGKILL where it runs on this host; elsewhere its lease is waited for.

        Raises
        ------
        JournalError
            When it lives on another host, belongs to another user, or does not end.
        """
        held = self._records.held()
        process = Process.parse(held.holder)
        if process is None or process.pid != holder.pid or process.is_dead:
            return
        if not process.is_here:
            self._require_silent(held)
            return
        end_process(holder.pid)
        until = self._now() + patience_s
        while not process.is_dead:
            if self._now() > until:
                raise JournalError(f"Process {holder.pid} was told to end and holds the account still.")
            self._pass_s(_LOOK_S)

    def _require_silent(self, held: Held) -> None:
        """A process elsewhere that renews its lease lives; one that did not for as long as it lasts has lost it."""
        until = self._now() + held.ttl_ms / 1000.0
        while self._now() < until:
            if self._records.held() != held:
                raise JournalError(
                    f"{self._of} is held by a process on another host, which goes on renewing its lease.",
                    hint="Run the same command there.",
                )
            self._pass_s(min(1.0, held.ttl_ms / 10_000.0))

    def close(self) -> None:
        """Let go of the connection."""
        self._records.close()
