"""End of day: what was for the day is read to its end, what was sent too late is taken back, and the day is sealed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.order import TimeInForce

from .office import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradewright.domain.live.order import LiveOrder

    from .cancel import Canceller
    from .office import Office
    from .positions import PositionAuditor
    from .resolve import Resolver

__all__ = ["DayKeeper"]

NS = 1_000_000_000
DAY_NS = 86_400 * NS
TRIES = 5
FOR_EVER_NS = 1 << 62
NO_END = "was for the day and has no end."


class DayKeeper:
    """Ends days.

    Parameters
    ----------
    office : Office
    canceller : Canceller
    resolver : Resolver
    auditor : PositionAuditor
    """

    def __init__(self, office: Office, canceller: Canceller, resolver: Resolver, auditor: PositionAuditor) -> None:
        self.office = office
        self.canceller = canceller
        self.resolver = resolver
        self.auditor = auditor
        self._nights: dict[str, tuple[int, int]] = {}
        """When the last session of a symbol ended, and when the next one began; for ever later while it has not."""
        self._sealed_day = -1

    # What is told to it.

    def closed(self, symbols: Iterable[str], at_ns: int) -> None:
        """The session of these symbols is over; told again after a start, it is done again, which does no harm."""
        ended = tuple(symbols)
        self._nights.update(dict.fromkeys(ended, (at_ns, FOR_EVER_NS)))
        self.office.spawn(self._end(set(ended), at_ns))

    def opened(self, symbols: Iterable[str], at_ns: int) -> None:
        """Their next session begins."""
        for symbol in symbols:
            self._nights[symbol] = (self._nights.get(symbol, (at_ns, 0))[0], at_ns)

    # What is done.

    async def run(self) -> None:
        """Look every second for what lies at the venue too long, for ends that came, and for the end of its history."""
        while self.office.stopped is None:
            await asyncio.sleep(1.0)
            for order in self.stale():
                await self.canceller.cancel(order.cid)
            self.thaw()
            if self.is_time_to_seal():
                await self.seal()

    async def _end(self, symbols: set[str], at_ns: int) -> None:
        """After the venue's lag each order for the day is asked for its end; without one its symbol is not traded."""
        lag_ns = int(self.office.abilities.window_s * NS)
        await asyncio.sleep(max(at_ns + lag_ns - self.office.now_ns(), 0) / NS)
        self.office.mark("D1")
        for order in self.for_the_day(symbols, at_ns):
            await self._ask(order)
        for order in self.for_the_day(symbols, at_ns):
            self.office.freeze(order.symbol, f"{order.cid} {NO_END}")
        self.office.mark("D1 done")

    def for_the_day(self, symbols: set[str], at_ns: int) -> list[LiveOrder]:
        """Orders of a session that is over, as far as they are not known to have ended."""
        return [
            order for order in self.office.book.orders.values()
            if order.is_open and order.symbol in symbols and order.attempts and order.armed_at <= at_ns
            and order.wire.time_in_force is TimeInForce.DAY
        ]  # fmt: skip

    async def _ask(self, order: LiveOrder) -> None:
        for _ in range(TRIES):
            if not order.is_open or self.office.stopped is not None:
                return
            try:
                await self.resolver.look(order, thoroughly=False)
            except BrokerError:
                await asyncio.sleep(1.0)
                continue
            if order.is_open:
                await asyncio.sleep(1.0)

    def thaw(self) -> None:
        """What was frozen for want of an end is traded again once every such end was read for good."""
        for symbol, reason in list(self.office.book.frozen.items()):
            order = self.office.book.orders.get(reason.partition(" ")[0])
            if reason.endswith(NO_END) and order is not None and order.is_final and not self._waits(symbol):
                self.office.note(RecordKind.THAW, symbol=symbol, who="end of day")

    def _waits(self, symbol: str) -> bool:
        return bool(self.for_the_day({symbol}, self._nights.get(symbol, (-1, 0))[0]))

    def stale(self) -> list[LiveOrder]:
        """Entries that were sent after the close, wait there for the next session, and are not wanted so late."""
        now = self.office.now_ns()
        return [
            order for order in self.office.book.orders.values()
            if order.is_open and not order.role.protects and not order.fills and not order.cancel_wanted
            and order.attempts and order.ttl_ns < now and self._was_sent_at_night(order)
        ]  # fmt: skip

    def _was_sent_at_night(self, order: LiveOrder) -> bool:
        began, ended = self._nights.get(order.symbol, (0, 0))
        return began <= order.armed_at < ended

    # The seal.

    def is_time_to_seal(self) -> bool:
        """Whether the venue's history of this day ends soon, and the day has not been sealed."""
        ends_s = self.office.settings.history_ends_s
        if ends_s is None:
            return False
        lead_ns = 4 * self.office.window_ns + 60 * NS
        day, into_day = divmod(self.office.now_ns() + lead_ns - int(ends_s * NS), DAY_NS)
        return day > self._sealed_day and into_day < lead_ns

    async def seal(self) -> bool:
        """Q1 to Q5, and RECONCILED; False where the venue did not answer everything, and then it is tried again."""
        self.office.mark("D2")
        if not (await self.auditor.reconciler.cycle() and await self.auditor.audit()):
            return False
        now = self.office.now_ns()
        book = self.office.book
        await self.office.durable(self.office.note(RecordKind.RECONCILED, at=now, hash=book.state_hash))
        if self.office.settings.history_ends_s is not None:
            lead_ns = 4 * self.office.window_ns + 60 * NS
            self._sealed_day = (now + lead_ns - int(self.office.settings.history_ends_s * NS)) // DAY_NS
        unread = [order.cid for order in book.orders.values() if not order.is_open and not order.is_final]
        if unread:
            self.office.alarm(Alarm.UNRESOLVED, "", f"The day ends before the ends of {', '.join(unread)} were read.")
        self.office.mark("D2 done")
        return True
