"""Lease rules (L1–L3): the right to send, measured from before it was asked for, and let go of in good time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from tradewright.domain.errors import JournalError, StorageError

from .office import Alarm

if TYPE_CHECKING:
    from tradewright.ports.lease import Grant, Lease

    from .office import Office

__all__ = ["LeaseKeeper"]

NS = 1_000_000_000
RENEW_EVERY_S = 5.0


class LeaseKeeper:
    """Holds the lease of an account.

    Parameters
    ----------
    office : Office
    lease : Lease or None
        None where a lock of the machine, which dies with its process, stands for it.
    """

    def __init__(self, office: Office, lease: Lease | None) -> None:
        self.office = office
        self.lease = lease
        self._epoch = 0
        self._ttl_s = 0.0

    async def acquire(self) -> Grant:
        """Wait until the lease is ours; L1: its time runs from before it was asked for.

        Raises
        ------
        JournalError
            When another process holds it for longer than is to be waited.
        StorageError
            When who holds it cannot be known at the first time of asking; a standby goes on asking.
        """
        from tradewright.ports.lease import Grant

        if self.lease is None:
            return Grant(0, float("inf"), former_is_dead=True)
        began_ns = self.office.lease_now_ns()
        grant = await self._asked(self.lease)
        is_told = False
        while grant is None:
            waited_s = (self.office.lease_now_ns() - began_ns) / NS
            if waited_s >= self.office.settings.lease_wait_s:
                raise JournalError("The account is held by another process.", hint="Stop that one first.")
            if not is_told:
                self.office.alarm(Alarm.STANDBY, "", "Another process holds the account; this one waits for its end.")
                is_told = True
            await asyncio.sleep(1.0)
            with suppress(StorageError):
                grant = await self._asked(self.lease)
        return grant

    async def _asked(self, lease: Lease) -> Grant | None:
        self.office.mark("L1")
        asked_ns = self.office.lease_now_ns()
        grant = await lease.acquire()
        if grant is not None:
            self._epoch, self._ttl_s = grant.epoch, grant.ttl_s
            self.office.lease_ends_ns = asked_ns + int(grant.ttl_s * NS)
        return grant

    async def release(self) -> None:
        """Give up what was granted, so that nobody waits for it; where that cannot be said, it ends by itself."""
        epoch, self._epoch = self._epoch, 0
        if self.lease is not None and epoch:
            with suppress(StorageError):
                await self.lease.release(epoch)

    async def run(self) -> None:
        """Renew until the lease is lost; then nothing more is sent and the process becomes a standby."""
        while self.lease is not None and self.office.stopped is None:
            await asyncio.sleep(RENEW_EVERY_S)
            self.office.mark("L2")
            if not await self._renewed():
                self.office.stop("The lease was lost.")

    async def _renewed(self) -> bool:
        """One renewal; no answer is not a loss as long as some of the lease is left."""
        if self.lease is None:
            return True
        asked_ns = self.office.lease_now_ns()
        try:
            is_ours = await self.lease.renew(self._epoch)
        except StorageError:
            # Where the journal is away with it, what needs no lease goes on: cancels and the latch. Sending asks how
            # much of the lease is left, and when the database answers again it says whose it is.
            is_left = self.office.lease_now_ns() < (self.office.lease_ends_ns or 0)
            return is_left or self.office.journal.is_degraded
        if is_ours:
            self.office.lease_ends_ns = asked_ns + int(self._ttl_s * NS)
        return is_ours
