"""Kill (K1–K7): nothing new leaves, what rests is ended, and if told so, what is held is closed and verified."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError, OrderError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide

from .bracket import FOR_EVER_NS
from .office import Alarm

if TYPE_CHECKING:
    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.venue import VenueOrder

    from .cancel import Canceller
    from .office import Office
    from .submit import Submitter

__all__ = ["KillSwitch"]

NS = 1_000_000_000
LOOK_S = 0.5
"""Between two looks at the latch file, which another process may have written."""

_ZERO = Decimal(0)


class KillSwitch:
    """Latches, cancels and flattens; it needs no strategy.

    Parameters
    ----------
    office : Office
    submitter : Submitter
    canceller : Canceller
    """

    def __init__(self, office: Office, submitter: Submitter, canceller: Canceller) -> None:
        self.office = office
        self.submitter = submitter
        self.canceller = canceller
        self.is_done = False
        self._runs = 0
        self._busy = asyncio.Lock()

    async def latch(self, order: LatchOrder) -> None:
        """K1 and K2: when this returns nothing new of this process leaves any more.

        What an earlier latch was told holds on.
        """
        told = self.office.latch.read()
        order = order if told is None else order.and_also(told)
        if self.office.book.latch.is_set and told is not None and not self._is_news(order):
            await self.confirmed()
            return
        self.office.mark("K1")
        self.office.latch.set(order)
        await self._latched(order)

    async def _latched(self, order: LatchOrder) -> None:
        office = self.office
        await office.durable(office.note_latch(order))
        office.mark("K1 done")
        office.alarm(Alarm.LATCHED, order.who, order.reason)
        await self.confirmed()
        office.mark("K2")
        office.spawn(self.run())

    async def watch(self) -> None:
        """Do what another process wrote into the latch file, which stops this one from sending as soon as it stands."""
        while self.office.stopped is None:
            told = self.office.latch.read()
            if told is not None and self._is_news(told):
                await self._latched(told)
            await asyncio.sleep(LOOK_S)

    def _is_news(self, told: LatchOrder) -> bool:
        latch = self.office.book.latch
        known = LatchOrder(latch.reason, "", latch.flatten, latch.cancel_all, latch.foreign)
        return not latch.is_set or told.asks_more_than(known)

    async def confirmed(self) -> None:
        """K2: every request that was past its check has come back."""
        await self.submitter.grounded.wait()

    def resume(self) -> None:
        """K6: after a start, a latch goes on where it was."""
        if self.office.book.latch.is_set:
            self.office.spawn(self.run())

    async def run(self) -> None:
        """K3 to K5, one run after the other where a latch was told more than once."""
        self.is_done = False
        self._runs += 1
        async with self._busy:
            self.office.mark("K3")
            await self.clear()
            await self._end_foreign()
            if self.office.book.latch.flatten:
                for symbol in sorted({order.symbol for order in self.office.book.orders.values()}):
                    await self.flatten(symbol)
            await self._verify()
        self._runs -= 1
        self.is_done = not self._runs

    def targets(self) -> list[LiveOrder]:
        """Orders that the latch ends: entries, and what protects only where all is to be closed or was asked for."""
        every = self.office.book.latch.ends_protection
        orders = self.office.book.orders.values()
        return [o for o in orders if o.role is not IdRole.FLATTEN and (every or not o.role.protects)]

    async def clear(self) -> None:
        """K3: cancel until the venue shows none of them twice, W apart, and each has been read to its end."""
        first: int | None = None
        while self.office.stopped is None:
            for order in self.targets():
                if order.is_open and not order.cancel_wanted:
                    await self.canceller.cancel(order.cid)
            now = self.office.clock.monotonic_ns()
            if not await self.is_clear():
                first = None
            elif first is None:
                first = now
            elif now - first >= self.office.window_ns:
                return
            await asyncio.sleep(1.0)

    async def is_clear(self) -> bool:
        """Whether nothing of what is to be ended is left, here or at the venue."""
        if not all(order.is_final for order in self.targets() if not self._rests(order)):
            return False
        try:
            opened = await self.office.broker.open_orders()
        except BrokerError:
            return False
        targets = {order.vid for order in self.targets() if order.vid is not None}
        return not any(seen.vid in targets for seen in opened)

    async def _end_foreign(self) -> None:
        """The orders of others, where that was asked for: cancelled until none is open, for twice W at most."""
        until_ns = self.office.clock.monotonic_ns() + 2 * self.office.window_ns
        while self.office.book.latch.foreign and self.office.stopped is None:
            left = await self.foreign_open()
            for seen in left or ():
                await self._end_one(seen)
            if left == [] or self.office.clock.monotonic_ns() > until_ns:
                return
            await asyncio.sleep(1.0)

    async def foreign_open(self) -> list[VenueOrder] | None:
        """Orders at the venue that are none of ours; None where it did not say."""
        try:
            opened = await self.office.broker.open_orders()
        except BrokerError:
            return None
        return [seen for seen in opened if self.office.book.order_of(seen.cid, seen.vid) is None]

    async def _end_one(self, seen: VenueOrder) -> None:
        with suppress(BrokerError, TimeoutError):
            async with asyncio.timeout(self.office.settings.answer_s):
                await self.office.broker.cancel(seen.cid or "", seen.vid, lambda: self.office.stopped is None)

    def _rests(self, order: LiveOrder) -> bool:
        """Whether it can come to no end by itself: a person was asked."""
        return order.state is Lifecycle.UNKNOWN and order.symbol in self.office.book.frozen

    # Flatten.

    async def flatten(self, symbol: str) -> None:
        """K4: rounds, each sized from a position that was read twice after every order of ours was final."""
        while self.office.stopped is None:
            await self.until_final(symbol)
            self.office.mark("K4", symbol)
            units = await self.settled_units(symbol)
            if units == 0 or self.office.stopped is not None:
                return
            if self._was_refused(symbol):
                return
            await self.round(symbol, units)
            self.office.mark("K4 done", symbol)

    async def until_final(self, symbol: str) -> None:
        """Wait until every order of ours in a symbol has been read to its end."""
        await self.office.until(lambda: all(o.is_final for o in self._in(symbol) if not self._rests(o)))

    def _in(self, symbol: str) -> list[LiveOrder]:
        return [order for order in self.office.book.orders.values() if order.symbol == symbol]

    async def settled_units(self, symbol: str) -> Decimal:
        """Our part of the position, equal in two reads W apart; what others hold is left alone."""
        while self.office.stopped is None:
            try:
                first = (await self.office.broker.positions()).get(symbol, _ZERO)
                await asyncio.sleep(self.office.abilities.window_s)
                second = (await self.office.broker.positions()).get(symbol, _ZERO)
            except BrokerError:
                await asyncio.sleep(1.0)
                continue
            if first == second:
                return second - self.office.book.strange.get(symbol, _ZERO)
        return _ZERO

    def _was_refused(self, symbol: str) -> bool:
        rounds = [order for order in self._in(symbol) if order.role is IdRole.FLATTEN]
        return bool(rounds) and rounds[-1].state is Lifecycle.REJECTED

    def round_id(self, symbol: str, number: int) -> str:
        """The id of a round: of the latch and its number, the same after any crash."""
        return self.office.settings.scope.cid(
            IdRole.FLATTEN, DecisionKey(self.office.book.latch.number, symbol), 0, chain=number
        )

    async def round(self, symbol: str, units: Decimal) -> None:
        """FLATTEN r on the disk, then sent; the next one only after its end."""
        office = self.office
        number = office.book.latch.rounds.get(symbol, 0) + 1
        side = OrderSide.SELL if units > 0 else OrderSide.BUY
        wire = WireOrder(symbol=symbol, side=side, quantity=abs(units), reduce_only=True, label=f"flatten {number}")
        cid = self.round_id(symbol, number)
        office.note(
            RecordKind.FLATTEN, cid=cid, role=IdRole.FLATTEN.name, wire=wire.plain(), ttl_ns=FOR_EVER_NS,
            number=number, key=f"{office.book.latch.number}/{symbol}", at=office.now_ns(),
        )  # fmt: skip
        order = office.book.orders[cid]
        if office.abilities.has_cids:
            await office.durable(self.submitter.arm(order))
        await self.submitter.send(order)

    async def _verify(self) -> None:
        """K5: what is left is named."""
        self.office.mark("K5")
        if not self.office.book.latch.flatten:
            return
        for symbol in sorted({order.symbol for order in self.office.book.orders.values()}):
            left = await self.settled_units(symbol)
            if left:
                self.office.alarm(Alarm.LEFT_OPEN, symbol, f"{left} units of {symbol} are still held.")

    async def rearm(self, who: str, reason: str) -> None:
        """K7: a person takes the latch away, with a reason.

        Raises
        ------
        OrderError
            When cancelling and flattening have not come to their end.
        """
        if not self.is_done:
            raise OrderError("The kill switch has not come to its end and cannot be re-armed.")
        # The file first: what is left of a re-arming that was cut short is a latch.
        self.office.latch.clear()
        await self.office.durable(self.office.note(RecordKind.REARM, who=who, reason=reason))
