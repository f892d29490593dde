"""Corporate actions: dated splits change positions, lots and brackets, and every resting order is reread."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import BracketPlan

from .kept import plan_body

if TYPE_CHECKING:
    from tradewright.domain.live.order import LiveOrder

    from .cancel import Canceller
    from .holdings import Holdings
    from .office import Office
    from .resolve import Resolver
    from .split import Split

__all__ = ["Actions"]

_ZERO = Decimal(0)


class Actions:
    """Applies corporate actions.

    Parameters
    ----------
    office : Office
    holdings : Holdings
    canceller : Canceller
    resolver : Resolver
    """

    def __init__(self, office: Office, holdings: Holdings, canceller: Canceller, resolver: Resolver) -> None:
        self.office = office
        self.holdings = holdings
        self.canceller = canceller
        self.resolver = resolver
        self._applying = asyncio.Lock()

    def expect(self, split: Split) -> None:
        """A split that was announced, told before the road starts: a difference that it explains is no break.

        From its date until it is applied nothing is sent for its symbol.
        """
        self.office.expected[split.symbol] = split

    def first(self, symbol: str, at_ns: int) -> None:
        """Before something of an instant is booked: the split that came before it counts, whoever has heard of it yet.

        ACTION is on the disk with or before what is booked after it, for both stand in one journal in this order.
        """
        split = self.office.expected_split(symbol)
        if split is not None and at_ns >= split.at_ns:
            self._apply(split)

    def _apply(self, split: Split) -> int:
        self.office.mark("A1", split.symbol)
        return self._note(split)

    async def explains(self, symbol: str, held: Decimal) -> bool:
        """Whether an expected split makes of our position what the venue holds; then it is applied."""
        split = self.office.expected_split(symbol)
        if split is None or split.units(self.office.book.positions.get(symbol, _ZERO)) != held:
            return False
        await self.apply(split)
        return True

    async def apply(self, split: Split) -> None:
        """ACTION on the disk, once, and every resting order of the symbol reread; before the session opens.

        Raises
        ------
        JournalError
            When it could not be kept.
        """
        async with self._applying:
            if split.name not in self.office.book.actions:
                await self.office.durable(self._apply(split))
                self.office.mark("A1 done", split.symbol)
        await self.reread(split.symbol)
        self.office.mark("A2", split.symbol)

    def _note(self, split: Split) -> int:
        before = self.office.book.positions.get(split.symbol, _ZERO)
        plans = {entry.cid: plan_body(_plan(split, entry)) for entry in self._entries(split.symbol)}
        return self.office.note(
            RecordKind.ACTION, symbol=split.symbol, units=str(split.units(before) - before), name=split.name,
            what=f"split {split.ratio}", ratio=[split.ratio.numerator, split.ratio.denominator], lot=str(split.lot),
            plans=plans, since=split.at_ns, at=self.office.now_ns(),
        )  # fmt: skip

    def _entries(self, symbol: str) -> list[LiveOrder]:
        return [entry for entry in self.holdings.entries() if entry.symbol == symbol]

    async def reread(self, symbol: str) -> None:
        """Orders that rest from before: what the venue adjusted stays, what it left as it was is cancelled.

        Stops that went are placed again for what is held, under the next number, once their end has been read.
        """
        for order in list(self.office.book.orders.values()):
            if order.symbol == symbol and order.is_open and self.office.book.is_from_before_split(order):
                await self._reread(order)

    async def _reread(self, order: LiveOrder) -> None:
        while self.office.stopped is None and order.is_open:
            try:
                await self.resolver.look(order, thoroughly=False)
                break
            except BrokerError:
                await asyncio.sleep(1.0)
        if order.is_open and self.office.book.is_from_before_split(order):
            await self.canceller.cancel(order.cid)


def _plan(split: Split, entry: LiveOrder) -> BracketPlan:
    plan = entry.plan or BracketPlan(Decimal(1))
    return BracketPlan(split.price(plan.stop), split.price(plan.target))
