"""Recover (steps 1–12): from disk and venue back to where every order is known or being asked for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import ENDED, Lifecycle

from .office import Alarm

if TYPE_CHECKING:
    from tradewright.domain.live.journal import Replay
    from tradewright.domain.live.order import LiveOrder
    from tradewright.ports.lease import Grant

    from .cancel import Canceller
    from .foreign import Strangers
    from .office import Office
    from .reconcile import Reconciler
    from .resolve import Resolver

__all__ = ["Recovery"]

NS = 1_000_000_000


class Recovery:
    """Takes up where a process, this one or another, left off.

    Parameters
    ----------
    office : Office
    reconciler : Reconciler
    resolver : Resolver
    canceller : Canceller
    strangers : Strangers
    """

    def __init__(
        self,
        office: Office,
        reconciler: Reconciler,
        resolver: Resolver,
        canceller: Canceller,
        strangers: Strangers,
    ) -> None:
        self.office = office
        self.reconciler = reconciler
        self.resolver = resolver
        self.canceller = canceller
        self.strangers = strangers

    async def replay(self, grant: Grant) -> None:
        """Steps 1–3 and 6: everything the journal holds, under a new epoch; what was not final is unknown."""
        office = self.office
        office.mark("recover 1")
        replay = office.journal.open()
        office.mark("recover 2")
        self.rebuild(replay)
        epoch = max(grant.epoch, replay.epoch + 1)
        office.journal.begin_epoch(epoch)
        self._inherit(grant)
        sequence = office.note(RecordKind.EPOCH, epoch=epoch, at=office.now_ns(), dead=grant.former_is_dead)
        await office.durable(sequence)
        office.mark("recover 3")
        told = office.latch.read()
        if told is not None and not office.book.latch.is_set:
            await office.durable(office.note_latch(told))
        if replay.tail_cut:
            office.alarm(Alarm.TAIL_CUT, "", f"{replay.tail_cut} bytes of a torn last record were cut.")
        if replay.put_aside:
            said = f"{replay.put_aside} records of this host were put aside: another process went on without them."
            office.alarm(Alarm.PUT_ASIDE, "", said)

    def rebuild(self, replay: Replay) -> None:
        """Make the state that the records make."""
        self.office.book.replay(replay.entries)

    def _inherit(self, grant: Grant) -> None:
        """T0 of what was armed before: the death of the old process, or the end of its lease and the margin."""
        office = self.office
        now = office.clock.monotonic_ns()
        office.started_ns = now
        wait_s = 0.0 if grant.former_is_dead else grant.former_ends_in_s + office.settings.margin_s
        is_bounded = grant.former_is_dead or office.settings.pause_is_bounded
        for order in office.book.orders.values():
            if order.is_final:
                continue
            order.last_bytes_ns = now + int(wait_s * NS)
            order.ended_seen_ns = order.last_bytes_ns if order.state in ENDED else 0
            if not is_bounded and order.is_open:
                office.inherited.add(order.cid)

    async def merge(self) -> None:
        """Steps 4, 5 and 7: the venue's picture, complete, laid over the journal's."""
        office = self.office
        office.mark("recover 5")
        while True:
            try:
                asked_ns = office.clock.monotonic_ns()
                listed = [*await office.broker.open_orders(), *await office.broker.closed_orders(self._oldest())]
                for fill in await office.broker.executions(min(self._oldest(), self._since())):
                    if not self.reconciler.witness.fill_seen(fill):
                        self.strangers.fill_seen(fill)
                break
            except BrokerError as error:
                await self._try_again(error)
        office.mark("recover 7")
        for seen in listed:
            if not seen.status.is_terminal or office.book.order_of(seen.cid, seen.vid) is not None:
                await self.reconciler.seen(seen, asked_ns)
        if not office.book.has_baseline:
            await self._take_baseline()
        office.mark("recover 8")

    async def _try_again(self, error: BrokerError) -> None:
        """The stream is not listened to yet, so a line that broke is opened here."""
        self.reconciler.vigil.failed(error)
        await asyncio.sleep(1.0)
        if isinstance(error, VenueConnectionError):
            await self.office.broker.disconnect()
            with suppress(BrokerError):
                await self.office.broker.connect()

    async def _take_baseline(self) -> None:
        """What the account holds before anything of ours: the same in two reads W apart, as of the first of them.

        A fill before the first read that its index did not show yet is shown by the second, and then they differ.
        """
        office = self.office
        while True:
            at = office.now_ns()
            try:
                first = await office.broker.positions()
                answered = office.now_ns()
                await asyncio.sleep(office.abilities.window_s)
                if first == await office.broker.positions() and not await self._filled_between(at, answered):
                    break
            except BrokerError as error:
                await self._try_again(error)
        units = {symbol: str(held) for symbol, held in sorted(first.items())}
        await office.durable(office.note(RecordKind.BASELINE, positions=units, at=at))

    async def _filled_between(self, asked: int, answered: int) -> bool:
        """Whether anything filled while the first read was under way: nobody knows then whether it shows it."""
        return any(asked <= fill.at_ns <= answered for fill in await self.office.broker.executions(asked))

    def _oldest(self) -> int:
        unsettled = [o.decided_at for o in self.office.book.orders.values() if not o.is_final]
        return min(unsettled, default=self.office.now_ns()) - self.office.window_ns

    def _since(self) -> int:
        """Before the last fill that is known; where none is, before everything since the baseline."""
        known = self.office.book.watermark_ns or self.office.book.baseline_ns or self.office.now_ns()
        return known - 2 * self.office.window_ns

    def resume(self) -> None:
        """Step 9: go on resolving what is unknown and cancelling what was to be cancelled."""
        self.office.mark("recover 9")
        for order in self.unfinished():
            if order.state is Lifecycle.UNKNOWN and not (order.replaces is not None and order.attempts == 0):
                self.resolver.watch(order)
            if order.cancel_wanted:
                self.canceller.drive(order)
        self.office.mark("recover 12")
        self.office.gate_is_open = True

    def unfinished(self) -> list[LiveOrder]:
        """Orders that were open when the process started."""
        return [order for order in self.office.book.orders.values() if order.is_open]
