"""A risk office over a book of plain values, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.order import Lifecycle, LiveOrder
from tradewright.domain.live.venue import VenueAccount
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType
from tradewright.risk.office import RiskOffice
from tradewright.risk.watch import AccountWatch

DAY = 20_000
NOW = DAY * 86_400 * 10**9
SYMBOLS = ("A", "B", "C", "D")


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self, now=NOW):
        self.now = now

    def now_ns(self):
        return self.now

    def monotonic_ns(self):
        return self.now


@dataclass
class PlainBook:
    """What the risk office reads, set by the test."""

    positions: dict = field(default_factory=dict)
    orders: dict = field(default_factory=dict)
    foreign: dict = field(default_factory=dict)


@dataclass
class Stranger:
    symbol: str
    side: OrderSide
    quantity: Decimal
    is_open: bool = True


def account(equity):
    return VenueAccount(Decimal(equity), Decimal(equity), Decimal(equity))


def wire(symbol, units, side=OrderSide.BUY, kind=OrderType.MARKET, *, limit=None, stop=None, reduce_only=False):
    """An order of the wire in few words."""
    return WireOrder(
        symbol=symbol, side=side, quantity=Decimal(units), order_type=kind, reduce_only=reduce_only,
        limit_price=None if limit is None else Decimal(limit), stop_price=None if stop is None else Decimal(stop),
    )  # fmt: skip


class RiskDesk:
    """An account of 100,000 in which every symbol costs 100."""

    def __init__(self, limits, collars=None, *, ready=True, book=None, kept=None, clock=None, fed=True):
        self.limits, self.collars = limits, collars
        self.clock = clock or HandClock()
        self.book = book or PlainBook()
        self.records, self.trips = [] if kept is None else [kept], []
        self.risk = RiskOffice(
            AccountWatch(limits, self.records.append, self.trips.append), self.book, self.clock, collars
        )
        if ready:
            self.risk.watch.take_up(kept or {})
            self.risk.take_up()
        if kept is None:
            self.risk.watch.begin_session(DAY, NOW)
        if fed:
            self.feed()

    def feed(self):
        """A fresh price of everything, and of the account."""
        for symbol in SYMBOLS:
            self.risk.prices.see(symbol, 100.0, self.clock.now)
        self.risk.watch.mark(account(100_000), self.clock.now)

    def restarted(self, *, fed=True):
        """The same account in another process."""
        kept = self.records[-1]
        return RiskDesk(self.limits, self.collars, book=self.book, kept=kept, clock=self.clock, fed=fed)

    def pass_time(self, seconds):
        self.clock.now += int(seconds * 10**9)

    def ask(self, order, stop=None):
        return self.risk.approve(order, stop=stop)

    def decide(self, approved, state=Lifecycle.PENDING, *, order=None, role=IdRole.ENTRY):
        """Put an approved order into the book, as the road's decision does: as another object of the same content."""
        wired = WireOrder.from_plain((order or approved.order).plain())
        number = len(self.book.orders) + 1
        kept = LiveOrder(
            cid=f"c{number}", key=DecisionKey(number, wired.symbol), role=role, wire=wired, decided_at=self.clock.now,
            ttl_ns=0, total=wired.quantity, state=state,
        )  # fmt: skip
        self.book.orders[kept.cid] = kept
        return kept

    def stranger(self, symbol, side, units):
        self.book.foreign[f"f{len(self.book.foreign)}"] = Stranger(symbol, side, Decimal(units))
