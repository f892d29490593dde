"""Re-arming (K7) of an account that nobody holds: a person, a reason, and the limits named again."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.app.live.kill import is_worked, told_by_book
from tradewright.app.orders.book import LiveBook
from tradewright.domain.errors import JournalError, OrderError, StorageError
from tradewright.domain.live.journal import Record, RecordKind
from tradewright.risk.limits import account_limits, require_named
from tradewright.risk.watch import AccountWatch

if TYPE_CHECKING:
    from tradewright.ports.clock import Clock
    from tradewright.ports.journal import Journal
    from tradewright.ports.latch import LatchFile
    from tradewright.ports.lease import Grant, Lease
    from tradewright.risk.limits import LimitsChange

__all__ = ["AccountHold", "rearm"]


@dataclass(frozen=True, slots=True)
class AccountHold:
    """What is taken of an account to change it beside no one.

    Parameters
    ----------
    journal : Journal
        Not open yet; it is closed again.
    latch : LatchFile
    lease : Lease
        Not asked for yet; it is given up again.
    wait_s : float
        How long a process that has ended may hold the lease still.
    """

    journal: Journal
    latch: LatchFile
    lease: Lease
    wait_s: float = 0.0


async def rearm(hold: AccountHold, clock: Clock, *, who: str, reason: str, limits: LimitsChange | str) -> None:
    """Take the latch away.

    Parameters
    ----------
    hold : AccountHold
    clock : Clock
    who, reason : str
    limits : LimitsChange or str
        From now on.

    Raises
    ------
    ConfigError
        When nobody, no reason or no limits are named.
    JournalError
        When a process holds the account: then that one is to be stopped first.
    OrderError
        When nothing is latched, or cancelling and flattening have not come to their end.
    """
    require_named(who, reason, "Re-arming")
    account_limits(limits)
    grant = await _granted(hold, clock)
    try:
        await _armed(hold, clock, grant.epoch, (who, reason, limits))
    finally:
        hold.journal.close()
        with suppress(StorageError):
            await hold.lease.release(grant.epoch)


async def _granted(hold: AccountHold, clock: Clock) -> Grant:
    until = clock.monotonic_ns() + int(hold.wait_s * 1e9)
    while (grant := await hold.lease.acquire()) is None:
        if clock.monotonic_ns() >= until:
            raise JournalError("The account is held by another process.", hint="Stop that one first.")
        await asyncio.sleep(1.0)
    return grant


async def _armed(hold: AccountHold, clock: Clock, granted: int, said: tuple[str, str, LimitsChange | str]) -> None:
    journal, (who, reason, limits) = hold.journal, said
    replay = journal.open()
    book = LiveBook()
    book.replay(replay.entries)
    _require_worked(book, hold.latch)
    epoch = max(granted, replay.epoch + 1)
    journal.begin_epoch(epoch)
    journal.append(Record(RecordKind.EPOCH, {"epoch": epoch, "at": clock.now_ns(), "dead": True}))
    watch = AccountWatch(limits, lambda body: journal.append(Record(RecordKind.RISK, body)), lambda _: None)
    watch.take_up(book.risk)
    watch.rearm(who, reason, limits)
    # The file first: what is left of a re-arming that was cut short is a latch.
    hold.latch.clear()
    await journal.durable(journal.append(Record(RecordKind.REARM, {"who": who, "reason": reason})))


def _require_worked(book: LiveBook, latch: LatchFile) -> None:
    in_file, in_journal = latch.read(), told_by_book(book)
    if in_file is None and in_journal is None and not book.risk.get("halted"):
        raise OrderError("The kill switch is not latched.")
    wanted = [told for told in (in_file, in_journal) if told is not None]
    if not all(is_worked(book, told) for told in wanted):
        raise OrderError(
            "The kill switch has not come to its end and cannot be re-armed.",
            hint="Carry it out first: tradewright kill",
        )
