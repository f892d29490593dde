"""The risk office of one account: every order of every strategy and operator is approved or refused here."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from tradewright.domain.approval import ApprovedOrder, RefusedOrder
from tradewright.domain.events import Reason
from tradewright.domain.minting import mint
from tradewright.domain.order import OrderType

from .collars import Collars
from .prices import Prices
from .rules.collars import ACCOUNT_TOO_OLD, PRICE_TOO_OLD, is_too_old, price_refusal, rate_refusal, size_refusal
from .rules.guard import APPROVED, RISK_UNKNOWN, refusal, trade_risk
from .stakes import Stake, own_price, stakes_of, total_value

if TYPE_CHECKING:
    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.wire import WireOrder
    from tradewright.domain.quote import Quote
    from tradewright.ports.clock import Clock

    from .account_book import AccountBook
    from .watch import AccountWatch

    Answer = ApprovedOrder[WireOrder] | RefusedOrder[WireOrder]

__all__ = ["RiskOffice"]

NS = 1_000_000_000
WAITING_NS = 60 * NS
_MINUTE_NS = 60 * NS


@dataclass(frozen=True, slots=True)
class _Request:
    """An order in question, with what it would open."""

    order: WireOrder
    opening: Decimal
    stop: float
    stakes: dict[str, Stake]
    now_ns: int
    last: float


class RiskOffice:
    """Approves orders of one account, whoever wants them.

    Every order counts from its approval on: first as approved, then as the book has it, pending, unknown or working by
    its worst case. What only reduces a position always passes. An order of the book that is to be sent again is asked
    for with the very object that the book holds, and is not counted beside itself.

    Parameters
    ----------
    watch : AccountWatch
        Limits, pause and halt.
    book : AccountBook
    clock : Clock
    collars : Collars, optional

    Examples
    --------
    An `Office` of the order road takes it as its approver; the session feeds it with `watch.mark`,
    `watch.begin_session`, `prices.see` and `prices.quotes.take`, and calls `take_up` once the journal has been
    replayed.
    """

    def __init__(self, watch: AccountWatch, book: AccountBook, clock: Clock, collars: Collars | None = None) -> None:
        self.watch = watch
        self.book = book
        self.clock = clock
        self.collars = collars or Collars()
        self.prices = Prices(self.collars)
        self._is_ready = False
        self._waiting: list[tuple[int, WireOrder]] = []
        self._seen = 0
        self._sent: deque[int] = deque()

    def take_up(self) -> None:
        """Begin to approve: the journal has been replayed into the book and the watch. Orders sent before count."""
        self._sent = deque(sorted(order.decided_at for order in self.book.orders.values()))
        self._seen = len(self.book.orders)
        self._is_ready = True

    def approve(
        self, order: WireOrder, *, stop: float | None = None, replaces: str | None = None
    ) -> ApprovedOrder[WireOrder] | RefusedOrder[WireOrder]:
        """Approve an order, or refuse it with the reason; the answer names the quote that said the price, if one did.

        Parameters
        ----------
        order : WireOrder
        stop : float, optional
            Price of the stop that will protect it; without one its risk is measured by the true range.
        replaces : str, optional
            Id of the order whose place it takes, which is then not counted beside it.
        """
        self._arrived()
        known = self._known(order)
        if known is not None and known.role.protects:
            return self._minted(order, None, is_new=False)
        now_ns = self.clock.now_ns()
        quote = self.prices.quote(order.symbol, now_ns)
        last = self.prices.last_by(order.symbol, quote)
        stakes = stakes_of(self.book, [wire for _, wire in self._waiting], self._without(known, replaces))
        stake = stakes.get(order.symbol)
        closable = Decimal(0) if stake is None else stake.closable(order)
        opening = order.quantity - closable
        if opening > 0:
            code = self._refusal(_Request(order, opening, self._stop(known, stop), stakes, now_ns, last))
            if code != APPROVED:
                return RefusedOrder(order, Reason(code), quote)
        return self._minted(order, quote, is_new=known is None)

    def release(self, order: WireOrder) -> None:
        """An approved order will not be decided after all, and counts no longer."""
        at = next((at for at, (_, wire) in enumerate(self._waiting) if wire is order), None)
        if at is not None:
            del self._waiting[at]

    # What is known of an order.

    def _arrived(self) -> None:
        """Approved orders that stand in the book by now are counted there; old ones were never decided."""
        for known in islice(self.book.orders.values(), self._seen, None):
            at = next((at for at, (_, wire) in enumerate(self._waiting) if wire == known.wire), None)
            if at is not None:
                del self._waiting[at]
        self._seen = len(self.book.orders)
        oldest = self.clock.now_ns() - WAITING_NS
        self._waiting = [each for each in self._waiting if each[0] > oldest]

    def _known(self, order: WireOrder) -> LiveOrder | None:
        return next((known for known in reversed(list(self.book.orders.values())) if known.wire is order), None)

    def _without(self, known: LiveOrder | None, replaces: str | None) -> frozenset[str]:
        if known is not None:
            return frozenset({known.cid, known.replaces or known.cid})
        return frozenset() if replaces is None else frozenset({replaces})

    def _stop(self, known: LiveOrder | None, stop: float | None) -> float:
        if stop is not None:
            return stop
        plan = None if known is None else known.plan
        planned = None if plan is None else plan.stop
        return math.nan if planned is None else float(planned)

    def _minted(self, order: WireOrder, quote: Quote | None, *, is_new: bool) -> ApprovedOrder[WireOrder]:
        now = self.clock.now_ns()
        self._sent.append(now)
        if is_new:
            self._waiting.append((now, order))
        return mint(order, quote)

    # Why not.

    def _refusal(self, asked: _Request) -> int:
        """The first reason to refuse an order that opens something, or `APPROVED`."""
        if not self._is_ready:
            return RISK_UNKNOWN
        return self._limit_refusal(asked) or self._age_refusal(asked) or self._collar_refusal(asked)

    def _limit_refusal(self, asked: _Request) -> int:
        symbol, stakes = asked.order.symbol, asked.stakes
        own = stakes.pop(symbol, None)
        others = total_value(stakes, self.prices, asked.now_ns)
        held = sum(1 for each in stakes.values() if each.most) + 1
        after = self._after(own, asked)
        return refusal(self.watch.guard, self.watch.equity, others, after, self._risked(asked), float(held))

    def _after(self, own: Stake | None, asked: _Request) -> float:
        """Worst value of the symbol with the order in it."""
        stake, order = Stake() if own is None else own, asked.order
        stake.add(order.side, order.quantity, own_price(order))
        last = asked.last
        return stake.value(last) * self.prices.unit_value(order.symbol)

    def _risked(self, asked: _Request) -> float:
        """Money lost if what it opens is stopped out, costs included; NaN where it cannot be measured."""
        symbol, units = asked.order.symbol, float(asked.opening)
        unit_value = self.prices.unit_value(symbol)
        at = asked.order.limit_price or asked.order.stop_price
        entry = asked.last if at is None else float(at)
        lost = trade_risk(units, entry, asked.stop, self.prices.twice_atr(symbol), unit_value)
        return lost + self.collars.costs * units * entry * unit_value

    def _dearest(self, asked: _Request) -> float:
        own, last = own_price(asked.order), asked.last
        return last if own is None else max(last, float(own))

    def _age_refusal(self, asked: _Request) -> int:
        order, now = asked.order, asked.now_ns
        if is_too_old((now - self.watch.equity_ns) / NS, self.collars.account_s):
            return ACCOUNT_TOO_OLD
        most = self.collars.fresh_s if order.order_type is OrderType.MARKET else self.collars.trusted_s
        return PRICE_TOO_OLD if is_too_old(self.prices.age_s(order.symbol, now), most) else APPROVED

    def _collar_refusal(self, asked: _Request) -> int:
        collars, order = self.collars, asked.order
        value = float(order.quantity) * self._dearest(asked) * self.prices.unit_value(order.symbol)
        most = min(collars.order_value, collars.order_share * self.watch.equity)
        last = asked.last
        named = [float(price) for price in (order.limit_price, order.stop_price) if price is not None]
        far = [price_refusal(price, last, collars.price_away) for price in named]
        return (
            size_refusal(float(order.quantity), value, collars.order_quantity, most)
            or next((code for code in far if code != APPROVED), APPROVED)
            or self._rate_refusal()
        )

    def _rate_refusal(self) -> int:
        now = self.clock.now_ns()
        while self._sent and self._sent[0] < min(self.watch.day_began_ns, now - _MINUTE_NS):
            self._sent.popleft()
        in_minute = sum(1 for at in self._sent if at > now - _MINUTE_NS)
        in_day = sum(1 for at in self._sent if at >= self.watch.day_began_ns)
        return rate_refusal(in_minute, in_day, self.collars.orders_per_minute, self.collars.orders_per_day)
