"""The door to an account: risk office and journal stand before every order, and what was left is found again."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest

from tradewright.adapters.brokers.paper.broker import PaperBroker, PaperInstruments
from tradewright.adapters.brokers.paper.exchange import PaperExchange
from tradewright.adapters.brokers.paper.kind import KIND
from tradewright.adapters.storage.memory.journal import MemoryDisk, MemoryJournal
from tradewright.adapters.storage.memory.latch import MemoryLatch
from tradewright.app.live.alarms import AlarmWatcher
from tradewright.app.live.door import BrokerDoor
from tradewright.app.live.door_way import DoorWay
from tradewright.app.live.fill_prices import FillPrices
from tradewright.domain.bars import Bar
from tradewright.domain.errors import AuthenticationError, BrokerError, DecisionConflictError, JournalError, OrderError
from tradewright.domain.instrument import Instrument
from tradewright.domain.live.ids import IdScope
from tradewright.domain.live.journal import Record, RecordKind
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.venue import VenueAccount
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderRequest, OrderSide, OrderStatus, OrderType
from tradewright.ports.broker_kind import VenueParts
from tradewright.risk.collars import Collars
from tradewright.simulation.costs import Costs
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

MINUTE = 60_000_000_000


class World:
    """A paper exchange in virtual time, and what outlives a door to it."""

    def __init__(self) -> None:
        self.loop = VirtualTimeLoop()
        self.clock = VirtualClock(self.loop)
        self.exchange = PaperExchange(self.clock, 100_000.0, Costs.none())
        for symbol in ("ACME", "BOLT"):
            self.exchange.list_instrument(Instrument(symbol, "PAPER", calendar="24/7"))
        self.disk = MemoryDisk()
        self.latch = MemoryLatch()
        self.alarms: list[tuple[str, str, str]] = []
        self.bars = 0

    def door(self, limits: str = "cautious", broker: Any = None, collars: Collars | None = None) -> BrokerDoor:
        venue = broker or PaperBroker(self.exchange)
        way = DoorWay(
            parts=VenueParts(venue, PaperInstruments(self.exchange)), offer=KIND.offer,
            journal=MemoryJournal(self.disk), latch=self.latch, clock=self.clock, scope=IdScope("paper", "by hand", 7),
            limits=limits, watcher=AlarmWatcher(lambda *said: self.alarms.append(said)), collars=collars,
            trade=self.exchange.trade,
        )  # fmt: skip
        return BrokerDoor(way)

    async def bar(self, price: float = 100.0, symbol: str = "ACME", spread: float = 0.5) -> Bar:
        """The next bar: it opens now, and has closed when it is there."""
        opens = self.clock.now_ns()
        await asyncio.sleep(60.0)
        return Bar(symbol, opens, opens + MINUTE, price, price + spread, price - spread, price, 1e6)

    def run(self, play: Callable[[BrokerDoor], Awaitable[None]], **said: Any) -> None:
        async def whole() -> None:
            async with self.door(**said) as door:
                for _ in range(15):
                    await door.see(await self.bar())
                await play(door)

        self.loop.run(whole())

    def kinds(self) -> list[RecordKind]:
        return [entry.record.kind for entry in self.disk.entries]


def request(**said: Any) -> OrderRequest:
    return OrderRequest(**{"symbol": "ACME", "side": OrderSide.BUY, "quantity": 10, **said})


def resting(**said: Any) -> OrderRequest:
    return request(order_type=OrderType.LIMIT, limit_price=95.0, **said)


def test_an_order_is_approved_kept_sent_and_answered() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        sent = await door.submit_order(request(client_order_id="mine"))
        assert (sent.status, sent.client_order_id) == (OrderStatus.SUBMITTED, "mine")
        assert sent.broker_metadata == {"order_id": "P000001"}
        await door.see(await world.bar(101.0))
        done = await settled(door, sent.id)
        assert (done.status, done.filled_quantity, done.average_fill_price) == (OrderStatus.FILLED, 10.0, 101.0)
        assert (await door.get_order("mine")).id == sent.id

    world.run(play)
    kinds = world.kinds()
    assert kinds.index(RecordKind.DECIDE) < kinds.index(RecordKind.ARM) < kinds.index(RecordKind.FILL)


async def settled(door: BrokerDoor, order_id: str) -> Any:
    await door._until(lambda: not door._order(order_id).is_open)
    return await door.get_order(order_id)


def test_a_refusal_of_the_risk_office_comes_back_and_nothing_is_kept() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        refused = await door.submit_order(request(quantity=900))
        assert (refused.status, refused.id) == (OrderStatus.REJECTED, "")
        assert refused.reason
        assert RecordKind.DECIDE not in world.kinds()
        assert world.exchange.orders == {}

    world.run(play)


def test_without_a_price_no_order_at_the_market_is_sent() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        refused = await door.submit_order(request(symbol="BOLT"))
        assert refused.status is OrderStatus.REJECTED
        assert world.exchange.orders == {}

    world.run(play)


def test_the_refusal_of_a_venue_comes_back_with_its_reason() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        refused = await door.submit_order(request(side=OrderSide.SELL))
        assert refused.status is OrderStatus.REJECTED
        assert "shorts are off" in refused.reason

    world.run(play)


def test_what_the_venue_does_not_offer_is_refused_before_anything_is_kept() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        with pytest.raises(OrderError, match="takes no market_on_close orders"):
            await door.submit_order(request(order_type=OrderType.MARKET_ON_CLOSE))
        with pytest.raises(OrderError, match="cannot be sent with display_quantity"):
            await door.submit_order(request(display_quantity=5))
        with pytest.raises(OrderError, match="cannot be sent with trail_amount"):
            await door.submit_order(OrderRequest(symbol="ACME", side=OrderSide.BUY, quantity=1,
                                                 order_type=OrderType.TRAILING_STOP, trail_amount=1.0))  # fmt: skip
        with pytest.raises(OrderError, match="for extended hours"):
            await door.submit_order(request(extended_hours=True))
        assert RecordKind.DECIDE not in world.kinds()

    world.run(play)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"quantity": 10.5}, r"The quantity 10\.5 of ACME is no multiple of 1\. The nearest is 10\."),
        ({"order_type": OrderType.LIMIT, "limit_price": 99.999}, r"The price 99\.999 of ACME is no multiple of 0\.01"),
    ],
)
@pytest.mark.parametrize("rounding", [ROUND_HALF_EVEN, ROUND_HALF_UP])
def test_nothing_is_rounded_in_silence(said: dict[str, Any], sentence: str, rounding: str) -> None:
    # Libraries of exchanges change how the decimals of a process round.
    with localcontext(rounding=rounding):
        refuses(said, sentence)


def refuses(said: dict[str, Any], sentence: str) -> None:
    async def play(door: BrokerDoor) -> None:
        with pytest.raises(OrderError, match=sentence):
            await door.submit_order(request(**said))

    World().run(play)


def test_the_same_client_order_id_is_the_same_order() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        first = await door.submit_order(resting(client_order_id="mine"))
        again = await door.submit_order(resting(client_order_id="mine"))
        assert (again.id, len(world.exchange.orders)) == (first.id, 1)
        with pytest.raises(DecisionConflictError, match="'mine' was used before for another order of ACME"):
            await door.submit_order(resting(client_order_id="mine", quantity=11))

    world.run(play)


def test_a_cancelled_order_has_ended() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        sent = await door.submit_order(resting(client_order_id="mine"))
        ended = await door.cancel_order("mine")
        assert (ended.id, ended.status) == (sent.id, OrderStatus.CANCELLED)
        with pytest.raises(OrderError, match="There is no order 'other' of this account"):
            await door.cancel_order("other")

    world.run(play)


def test_a_replaced_order_works_under_a_new_id() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        old = await door.submit_order(resting())
        new = await door.replace_order(old.id, limit_price=96.0, quantity=12)
        assert (new.limit_price, new.quantity, new.status) == (96.0, 12.0, OrderStatus.SUBMITTED)
        assert [each.id for each in await door.get_open_orders()] == [new.id]
        with pytest.raises(OrderError, match="already is what it would be replaced by"):
            await door.replace_order(new.id, limit_price=96.0)
        assert (await door.replace_order(new.id, quantity=900)).status is OrderStatus.REJECTED

    world.run(play)


def test_positions_carry_what_was_paid_for_them() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        for price in (100.0, 102.0):
            sent = await door.submit_order(request())
            await door.see(await world.bar(price))
            await settled(door, sent.id)
        held = await door.get_position("ACME")
        assert held is not None
        assert (held.quantity, held.average_price, held.market_price) == (20.0, 101.0, 102.0)
        assert held.unrealized_pnl == 20.0
        out = await door.close_position("ACME")
        await door.see(await world.bar(103.0))
        await settled(door, out.id)
        assert await door.get_position("ACME") is None
        assert await door.get_all_positions() == []
        with pytest.raises(OrderError, match="Nothing is held of ACME"):
            await door.close_position("ACME")
        assert (await door.get_account()).portfolio_value == 100_040.0

    world.run(play)


def test_a_position_from_before_has_no_price_of_ours() -> None:
    world = World()
    opens = world.clock.now_ns()
    world.exchange.submit(None, WireOrder(symbol="ACME", side=OrderSide.BUY, quantity=Decimal(7)))
    world.exchange.trade([Bar("ACME", opens, opens + 1, 100.0, 100.0, 100.0, 100.0, 1e6)])

    async def play(door: BrokerDoor) -> None:
        (held,) = await door.get_all_positions()
        assert (held.quantity, math.isnan(held.average_price), held.market_price) == (7.0, True, 100.0)

    world.run(play)


def test_orders_of_others_are_listed_and_marked() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        world.exchange.submit(
            "hand",
            WireOrder(
                symbol="ACME",
                side=OrderSide.BUY,
                quantity=Decimal(3),
                order_type=OrderType.LIMIT,
                limit_price=Decimal(90),
            ),
        )
        ours = await door.submit_order(resting())
        await door._in.road.reconciler.cycle()
        open_orders = await door.get_open_orders("ACME")
        assert [(each.id, each.is_ours) for each in open_orders] == [(ours.id, True), ("P000001", False)]
        assert await door.get_open_orders("BOLT") == []

    world.run(play)


def test_what_was_left_is_found_by_the_next_process_and_not_sent_again() -> None:
    world = World()
    left: list[str] = []

    async def first(door: BrokerDoor) -> None:
        left.append((await door.submit_order(resting(client_order_id="mine"))).id)
        bought = await door.submit_order(request())
        await door.see(await world.bar(101.0))
        await settled(door, bought.id)

    async def second(door: BrokerDoor) -> None:
        assert [each.id for each in await door.get_open_orders()] == left
        assert (await door.submit_order(resting(client_order_id="mine"))).id == left[0]
        held = await door.get_position("ACME")
        assert held is not None
        assert held.average_price == 101.0
        assert (await door.cancel_order(left[0])).status is OrderStatus.CANCELLED
        assert len(world.exchange.orders) == 2

    world.run(first)
    world.run(second)


def test_an_account_is_open_once() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        with pytest.raises(JournalError, match="held by another process"):
            await world.door().connect()
        await door.connect()
        assert door.is_connected

    world.run(play)


def test_outside_the_door_nothing_is_asked() -> None:
    world = World()
    door = world.door()
    with pytest.raises(BrokerError, match="Use it inside 'async with'"):
        world.loop.run(door.get_account())
    world.loop.run(door.disconnect())
    assert not door.is_connected


def test_wrong_credentials_are_said_at_once_and_the_account_is_let_go() -> None:
    class Wrong(PaperBroker):
        async def account(self) -> VenueAccount:
            raise AuthenticationError("The key is refused.")

    world = World()
    with pytest.raises(AuthenticationError):
        world.loop.run(world.door(broker=Wrong(world.exchange)).connect())
    world.run(_nothing)


async def _nothing(door: BrokerDoor) -> None:
    """Only open and close."""


def test_a_latched_account_takes_no_order() -> None:
    world = World()
    world.latch.set(LatchOrder("enough", "a person"))

    async def play(door: BrokerDoor) -> None:
        refused = await door.submit_order(resting())
        assert (refused.status, refused.reason) == (
            OrderStatus.REJECTED, "Nothing new is sent for ACME: The kill switch is latched.",
        )  # fmt: skip

    world.run(play)


def test_a_latched_account_takes_no_exit_either() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        sent = await door.submit_order(request())
        await door.see(await world.bar())
        await settled(door, sent.id)
        world.latch.set(LatchOrder("enough", "a person"))
        refused = await door.close_position("ACME")
        assert (refused.status, refused.reason) == (
            OrderStatus.REJECTED, "Nothing new is sent for ACME: The kill switch is latched.",
        )  # fmt: skip

    world.run(play)


def test_a_fall_below_the_limit_latches() -> None:
    world = World()

    class Falling(PaperBroker):
        worth = 100_000

        async def account(self) -> VenueAccount:
            found = await super().account()
            return VenueAccount(type(found.cash)(self.worth), found.cash, found.buying_power)

    async def play(door: BrokerDoor) -> None:
        Falling.worth = 90_000
        await door.get_account()
        await door._until(lambda: world.latch.read() is not None)
        assert world.latch.read() is not None
        assert (await door.submit_order(resting())).status is OrderStatus.REJECTED

    world.run(play, broker=Falling(world.exchange))
    assert "latched" in {alarm for alarm, _, _ in world.alarms}


def test_the_account_is_looked_at_while_nobody_asks() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        before = door._in.risk.watch.equity_ns
        await door._in.road.office.until(lambda: door._in.risk.watch.equity_ns > before + 60_000_000_000)

    world.run(play, collars=Collars(orders_per_minute=5.0))


def test_a_bracket_is_planned_with_its_entry() -> None:
    world = World()

    async def play(door: BrokerDoor) -> None:
        sent = await door.submit_order(request(stop_loss=95.0))
        await door.see(await world.bar(100.0))
        await door._until(lambda: len(world.exchange.orders) == 2)
        stop = world.exchange.orders["P000002"]
        assert (stop.wire.order_type, stop.wire.stop_price, stop.wire.reduce_only) == (OrderType.STOP, 95, True)
        assert sent.id

    world.run(play)


def test_paid_prices_follow_every_fill_and_its_correction() -> None:
    prices = FillPrices()

    def fill(identity: str, side: str, quantity: str, price: str) -> None:
        body = {"id": identity, "symbol": "ACME", "side": side, "quantity": quantity, "price": price, "cid": "a"}
        prices.hear(Record(RecordKind.FILL, body))

    fill("1", "BUY", "10", "100")
    fill("2", "BUY", "10", "110")
    assert prices.cost("ACME") == (20, 105, 0)
    fill("3", "SELL", "5", "115")
    assert prices.cost("ACME") == (15, 105, 50)
    fill("4", "SELL", "25", "95")
    assert prices.cost("ACME") == (-10, 95, -100)
    fill("2", "BUY", "20", "110")
    assert prices.cost("ACME")[0] == 0
    assert prices.average("b") is None
