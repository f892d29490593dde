"""Positions (Q5, Q6): at a quiet point the venue holds what fills and actions make, or trading stops."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.latch import LatchOrder

from .office import Alarm

if TYPE_CHECKING:
    from .actions import Actions
    from .kill import KillSwitch
    from .office import Office
    from .reconcile import Reconciler

__all__ = ["PositionAuditor"]

NS = 1_000_000_000
MOST = 50
"""Splits are of up to 50 for 1, or 1 for 50, or 3 for 2."""
_ZERO = Decimal(0)


def ratio_like(held: Decimal, known: Decimal) -> Fraction | None:
    """What a position was multiplied by, where that looks like a split: 2, 3/2, 1/5 and the like."""
    if not known or not held or held == known:
        return None
    ratio = Fraction(held) / Fraction(known)
    least, most = sorted((ratio.numerator, ratio.denominator))
    return ratio if (least == 1 and most <= MOST) or (least, most) == (2, 3) else None


class PositionAuditor:
    """Compares positions.

    Parameters
    ----------
    office : Office
    reconciler : Reconciler
    switch : KillSwitch
    actions : Actions
    """

    def __init__(self, office: Office, reconciler: Reconciler, switch: KillSwitch, actions: Actions) -> None:
        self.office = office
        self.reconciler = reconciler
        self.switch = switch
        self.actions = actions

    async def run(self) -> None:
        """Audit for as long as the process lives."""
        while self.office.stopped is None:
            await asyncio.sleep(self.office.settings.reconcile_s)
            await self.audit()

    async def audit(self) -> bool:
        """Q5: compare every quiet symbol, by two equal reads W apart; False where the venue could not be asked."""
        self.office.mark("Q5")
        quiet = self.quiet()
        try:
            first = await self.office.broker.positions()
            await asyncio.sleep(self.office.abilities.window_s)
            second = await self.office.broker.positions()
        except BrokerError:
            return False
        for symbol in sorted(quiet & self.quiet()):
            held = second.get(symbol, _ZERO)
            if first.get(symbol, _ZERO) == held != self.office.book.positions.get(symbol, _ZERO):
                await self._explain(symbol, held)
        self.office.mark("Q5 done")
        return True

    def quiet(self) -> set[str]:
        """Symbols without an event for W and without an order that may still fill unseen."""
        office, now = self.office, self.office.clock.monotonic_ns()
        symbols = {*office.book.positions, *(order.symbol for order in office.book.orders.values())}
        unsettled = {o.symbol for o in office.book.orders.values() if not o.is_final and o.state.value != "W"}
        return {
            symbol
            for symbol in symbols - unsettled
            if now - office.last_event_ns.get(symbol, office.started_ns) > office.window_ns
        }

    async def _explain(self, symbol: str, held: Decimal) -> None:
        """Q6: fetch again; what stays unexplained is a break, and nobody invents a fill for it."""
        self.office.mark("Q6", symbol)
        if not await self._fetched_again() or self.office.book.positions.get(symbol, _ZERO) == held:
            return
        if await self.actions.explains(symbol, held):
            return
        if symbol in self.quiet():
            known = self.office.book.positions.get(symbol, _ZERO)
            ratio = ratio_like(held, known)
            if self.office.settings.adjusts and ratio is None:
                await self.adjust(symbol, held - known, "policy for paper")
            else:
                await self._break(symbol, held, known, "" if ratio is None else f", {ratio} times as much, as a split")

    async def _break(self, symbol: str, held: Decimal, known: Decimal, like: str) -> None:
        """Nothing explains it: a person is asked, and above the limit the kill switch is latched."""
        what = f"The venue holds {held} and the journal {known}{like}."
        self.office.alarm(Alarm.BREAK, symbol, what)
        self.office.freeze(symbol, what)
        limit = self.office.settings.largest_break
        if limit is not None and abs(held - known) > limit and not self.office.book.latch.is_set:
            await self.switch.latch(LatchOrder(f"{symbol}: {what}", "positions"))

    async def _fetched_again(self) -> bool:
        """Every execution since the baseline, and one more reconcile; False where the venue did not answer."""
        try:
            await self.reconciler.catch_up(self.office.book.baseline_ns)
        except BrokerError:
            return False
        return await self.reconciler.cycle()

    async def adjust(self, symbol: str, units: Decimal, who: str) -> None:
        """A person accepts a difference: the position moves by so much, and the symbol may trade again."""
        self.office.note(RecordKind.ADJUST, symbol=symbol, units=str(units), who=who)
        await self.office.durable(self.office.note(RecordKind.THAW, symbol=symbol, who=who))

    async def action(self, symbol: str, units: Decimal, what: str) -> None:
        """A corporate action: the position changes by so many units without a fill."""
        await self.office.durable(self.office.note(RecordKind.ACTION, symbol=symbol, units=str(units), what=what))
