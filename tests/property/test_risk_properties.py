"""The risk office under any order of events: exits pass, limits hold, NaN opens nothing, pauses lift, halts stay."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.risk_desk import DAY, NOW, SYMBOLS, RiskDesk, account, wire

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.order import OrderSide, OrderType
from tradewright.risk.collars import Collars
from tradewright.risk.limits import Limits, LimitsChange

EQUITY = 100_000.0
DEPLOYED, POSITIONS = 0.65, 3
ROOMY = LimitsChange(Limits("roomy", 1.0, DEPLOYED, POSITIONS, 0.02, 0.08), "ann", "a test")
NO_RATE = Collars(orders_per_minute=1e9, orders_per_day=1e9)
OPEN = [Lifecycle.PENDING, Lifecycle.SUBMITTED, Lifecycle.UNKNOWN, Lifecycle.WORKING]

symbols = st.sampled_from(SYMBOLS)
sides = st.sampled_from(list(OrderSide))
units = st.integers(1, 700)
asks = st.tuples(st.just("ask"), symbols, sides, units, st.booleans())
events = st.one_of(
    asks,
    asks,
    st.tuples(st.just("decide"), st.integers(0, 9)),
    st.tuples(st.just("stand"), st.integers(0, 9), st.sampled_from(OPEN)),
    st.tuples(st.just("fill"), st.integers(0, 9), st.fractions(0, 1, max_denominator=4)),
    st.tuples(st.just("end"), st.integers(0, 9)),
)


class Life:
    """An account whose orders are asked for, decided, filled and ended in any order."""

    def __init__(self) -> None:
        self.desk = RiskDesk(ROOMY, NO_RATE)
        self.approved: list[ApprovedOrder] = []

    def happen(self, event: tuple) -> None:
        what, *rest = event
        getattr(self, what)(*rest)

    def ask(self, symbol: str, side: OrderSide, quantity: int, reduce_only: bool) -> None:
        answer = self.desk.ask(wire(symbol, quantity, side, reduce_only=reduce_only))
        if isinstance(answer, ApprovedOrder):
            self.approved.append(answer)

    def decide(self, which: int) -> None:
        if self.approved:
            self.desk.decide(self.approved.pop(which % len(self.approved)))

    def open(self) -> list:
        return [order for order in self.desk.book.orders.values() if order.is_open]

    def stand(self, which: int, state: Lifecycle) -> None:
        if self.open():
            self.open()[which % len(self.open())].state = state

    def fill(self, which: int, share: object) -> None:
        if self.open():
            order = self.open()[which % len(self.open())]
            amount = (order.leaves * share.numerator // share.denominator).quantize(Decimal(1))
            held = self.desk.book.positions.get(order.symbol, Decimal(0))
            if order.wire.reduce_only:
                amount = min(amount, max(-held * order.wire.side.value, Decimal(0)))
            order.fills[f"f{len(order.fills)}"] = amount
            self.desk.book.positions[order.symbol] = held + amount * order.wire.side.value
            if not order.leaves:
                order.state = Lifecycle.FILLED

    def end(self, which: int) -> None:
        if self.open():
            self.open()[which % len(self.open())].state = Lifecycle.CANCELLED

    def worst(self) -> tuple[float, int]:
        """Highest value and number of positions over every subset of what may still fill, by trying them all."""
        value, count = 0.0, 0
        loose = [order.wire.of(order.leaves) for order in self.open() if order.leaves]
        loose += [answer.order for answer in self.approved]
        for symbol in SYMBOLS:
            held = self.desk.book.positions.get(symbol, Decimal(0))
            mine = [wire.signed for wire in loose if wire.symbol == symbol and not wire.reduce_only]
            ways = [held + sum(part) for n in range(len(mine) + 1) for part in itertools.combinations(mine, n)]
            value += float(max(abs(way) for way in ways)) * 100.0
            count += any(ways)
        return value, count


@settings(max_examples=150, deadline=None)
@given(st.lists(events, max_size=25))
def test_no_interleaving_passes_the_limits(happened: list[tuple]) -> None:
    life = Life()
    for event in happened:
        life.happen(event)
        value, count = life.worst()
        assert value <= DEPLOYED * EQUITY
        assert count <= POSITIONS


@settings(max_examples=100, deadline=None)
@given(
    happened=st.lists(events, max_size=15),
    trouble=st.sampled_from(["none", "paused", "halted", "blind", "unvalued", "late"]),
    market=st.booleans(),
)
def test_an_order_that_only_reduces_always_passes(happened: list[tuple], trouble: str, *, market: bool) -> None:
    life = Life()
    for event in happened:
        life.happen(event)
    desk = life.desk
    if trouble in {"paused", "halted"}:
        setattr(desk.risk.watch.guard, trouble, 1)
    if trouble == "unvalued":
        desk.risk.watch.mark(account("NaN"), NOW)
    desk.pass_time(1e7 if trouble == "late" else 0)
    for symbol, held in list(desk.book.positions.items()):
        if trouble == "blind":
            desk.risk.prices.see(symbol, math.nan, desk.clock.now)
        if held:
            side = OrderSide.SELL if held > 0 else OrderSide.BUY
            kind, limit = (OrderType.MARKET, None) if market else (OrderType.LIMIT, 9_999)
            assert isinstance(
                desk.ask(wire(symbol, abs(held), side, kind, limit=limit, reduce_only=True)), ApprovedOrder
            )


not_a_price = st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -1.0])


@given(symbols, sides, units, st.sampled_from(["price", "unit", "equity"]), not_a_price)
def test_nothing_opens_on_what_is_no_number(symbol: str, side: OrderSide, quantity: int, what: str, bad: float) -> None:
    desk = RiskDesk(ROOMY, NO_RATE)
    if what == "price":
        desk.risk.prices.see(symbol, bad, NOW)
    elif what == "unit":
        desk.risk.prices.see(symbol, 100.0, NOW, unit_value=bad)
    else:
        desk.risk.watch.mark(account(str(bad)), NOW)
    assert not isinstance(desk.ask(wire(symbol, quantity, side), stop=99.0), ApprovedOrder)


paths = st.lists(st.one_of(st.floats(1.0, 1e6), st.just("session"), st.just("restart")), max_size=40)


@given(paths)
def test_a_pause_ends_with_its_session_and_a_halt_with_a_person(path: list) -> None:
    desk, day, halted = RiskDesk(ROOMY, NO_RATE), DAY, False
    for step in path:
        if step == "session":
            day += 1
            desk.risk.watch.begin_session(day, NOW)
            assert not desk.risk.watch.is_paused
        elif step == "restart":
            paused = desk.risk.watch.is_paused
            desk = desk.restarted(fed=False)
            assert desk.risk.watch.is_paused is paused
        else:
            desk.risk.watch.mark(account(str(step)), NOW)
        assert desk.risk.watch.is_halted or not halted
        halted = desk.risk.watch.is_halted
        if halted:
            assert not isinstance(desk.ask(wire("A", 1)), ApprovedOrder)
    desk.risk.watch.rearm("ann", "looked at it", "bold")
    assert not desk.risk.watch.is_halted
