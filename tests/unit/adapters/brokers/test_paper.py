"""The paper exchange: orders fill on the bars it is given, by the rules of backtests, never on one before them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from decimal import Decimal
from typing import Any

import pytest

from tradewright.adapters.brokers.paper.broker import PaperBroker
from tradewright.adapters.brokers.paper.kind import KIND
from tradewright.domain.bars import Bar
from tradewright.domain.errors import (
    AuthenticationError,
    BrokerError,
    ConfigError,
    DataError,
    SymbolNotFoundError,
    UnapprovedOrderError,
)
from tradewright.domain.live.feed import FeedEvent, Pulse, StreamBar
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.live.venue import Answer, AnswerKind, StreamEvent, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.minting import mint
from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.ports.broker_kind import Access, VenueParts

MINUTE = 60_000_000_000
DAY = 1440 * MINUTE
START = 20_000 * DAY


class HandClock:
    """A clock that tests set."""

    now = START

    def now_ns(self) -> int:
        return self.now

    def monotonic_ns(self) -> int:
        return self.now


def opened(**options: str) -> VenueParts:
    clock = HandClock()
    return KIND.open_paper(PaperKeys("paper", {}), Access(clock=clock, options={"symbols": "ACME,BOLT", **options}))


def paper(**options: str) -> PaperBroker:
    broker = opened(**options).broker
    assert isinstance(broker, PaperBroker)
    return broker


def order(**said: Any) -> WireOrder:
    return WireOrder(**{"symbol": "ACME", "side": OrderSide.BUY, "quantity": Decimal(10), **said})


def bar(broker: PaperBroker, opens: float = 100.0, *, at: int = 0, low: float | None = None, **said: Any) -> None:
    """One minute bar that opens so many minutes after the beginning; the clock stands at its close."""
    prices = {"open": opens, "high": max(opens, 100.0), "low": low or min(opens, 100.0), "close": 100.0, **said}
    begin = START + at * MINUTE
    broker.exchange.clock.now = begin + MINUTE  # type: ignore[attr-defined]
    broker.trade([Bar(prices.pop("symbol", "ACME"), begin, begin + MINUTE, volume=1e6, **prices)])


async def sent(broker: PaperBroker, cid: str = "a", permit: Callable[[], bool] = lambda: True, **said: Any) -> Answer:
    return await broker.submit(mint(order(**said)), cid, permit)


def played(play: Callable[[PaperBroker], Coroutine[Any, Any, None]], **options: str) -> None:
    async def whole() -> None:
        broker = paper(**options)
        await broker.connect()
        await play(broker)

    asyncio.run(whole())


def test_a_market_order_fills_at_the_open_of_the_next_bar() -> None:
    async def play(broker: PaperBroker) -> None:
        answer = await sent(broker)
        assert (answer.kind, answer.vid) == (AnswerKind.ACCEPTED, "P000001")
        bar(broker, 101.0)
        (fill,) = await broker.executions(0)
        assert (fill.quantity, fill.price, fill.at_ns) == (Decimal(10), Decimal(repr(101.0 * 1.001)), START)
        assert await broker.positions() == {"ACME": Decimal(10)}
        assert float((await broker.account()).equity) == pytest.approx(100_000 - 10 * 1.101 - 1.0)

    played(play)


def test_an_order_placed_inside_a_bar_does_not_fill_in_it() -> None:
    async def play(broker: PaperBroker) -> None:
        broker.exchange.clock.now = START + MINUTE // 2  # type: ignore[attr-defined]
        await sent(broker)
        bar(broker, 101.0)
        assert await broker.executions(0) == []
        bar(broker, 102.0, at=1)
        assert len(await broker.executions(0)) == 1

    played(play)


def test_a_limit_order_rests_until_its_price_is_traded_through() -> None:
    async def play(broker: PaperBroker) -> None:
        await sent(broker, order_type=OrderType.LIMIT, limit_price=Decimal("99.5"))
        bar(broker)
        (resting,) = await broker.open_orders()
        assert (resting.shape, resting.filled) == ("limit", 0)
        bar(broker, at=1, low=99.0)
        assert await broker.open_orders() == []
        (done,) = await broker.closed_orders(0)
        assert (done.status, done.filled) == (VenueStatus.FILLED, Decimal(10))

    played(play)


def test_volume_fills_in_parts() -> None:
    async def play(broker: PaperBroker) -> None:
        await sent(broker, quantity=Decimal(200_000), order_type=OrderType.LIMIT, limit_price=Decimal(101))
        bar(broker)
        bar(broker, at=1)
        fills = await broker.executions(0)
        assert [fill.cumulative for fill in fills] == [Decimal(100_000), Decimal(200_000)]
        assert [fill.execution_id for fill in fills] == ["P000001-1", "P000001-2"]

    played(play, cash="1e9")


def test_fractions_fill_to_the_last_lot() -> None:
    async def play(broker: PaperBroker) -> None:
        await sent(broker, quantity=Decimal("100000.3"), order_type=OrderType.LIMIT, limit_price=Decimal(101))
        bar(broker)
        bar(broker, at=1)
        (done,) = await broker.closed_orders(0)
        assert (done.status, done.filled) == (VenueStatus.FILLED, Decimal("100000.3"))

    played(play, cash="1e9", lot="0.1")


def test_a_day_order_ends_before_the_first_bar_of_the_next_day() -> None:
    async def play(broker: PaperBroker) -> None:
        limit = {"order_type": OrderType.LIMIT, "limit_price": Decimal(90)}
        await sent(broker, "day", time_in_force=TimeInForce.DAY, **limit)
        await sent(broker, "gtc", **limit)
        bar(broker)
        broker.exchange.clock.now = START + DAY // 2  # type: ignore[attr-defined]
        await sent(broker, "evening", time_in_force=TimeInForce.DAY, **limit)
        bar(broker, at=1440)
        assert [each.cid for each in await broker.open_orders()] == ["gtc", "evening"]
        assert [(each.cid, each.status) for each in await broker.closed_orders(0)] == [("day", VenueStatus.EXPIRED)]

    played(play)


def test_an_id_is_taken_once_for_ever() -> None:
    async def play(broker: PaperBroker) -> None:
        await sent(broker)
        bar(broker)
        assert (await sent(broker)).kind is AnswerKind.DUPLICATE_ID
        assert len(broker.exchange.orders) == 1

    played(play)


def test_a_withheld_permit_places_nothing() -> None:
    async def play(broker: PaperBroker) -> None:
        assert (await sent(broker, permit=lambda: False)).kind is AnswerKind.NOT_SENT
        assert await broker.open_orders() == []

    played(play)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"symbol": "NOBODY"}, "NOBODY is not listed"),
        ({"quantity": Decimal("0.5")}, "no whole lots of 1.0"),
        ({"order_type": OrderType.LIMIT, "limit_price": Decimal("99.999")}, "not on the tick 0.01"),
        ({"order_type": OrderType.MARKET_ON_CLOSE}, "takes no market_on_close orders"),
        ({"side": OrderSide.SELL}, "are not held, and shorts are off"),
    ],
)
def test_what_is_impossible_is_refused_with_the_reason(said: dict[str, Any], words: str) -> None:
    async def play(broker: PaperBroker) -> None:
        answer = await sent(broker, **said)
        assert answer.kind is AnswerKind.REFUSED
        assert words in answer.reason
        assert broker.exchange.orders == {}

    played(play)


def test_what_cannot_be_paid_at_the_fill_is_rejected_then() -> None:
    async def play(broker: PaperBroker) -> None:
        await sent(broker, quantity=Decimal(5000))
        bar(broker)
        found = await broker.order_by_cid("a")
        assert found is not None
        assert (found.status, broker.exchange.orders["P000001"].reason) == (
            VenueStatus.REJECTED, "The account cannot pay for it.",
        )  # fmt: skip

    played(play)


def test_a_cancelled_order_has_ended_and_cannot_be_cancelled_again() -> None:
    async def play(broker: PaperBroker) -> None:
        await sent(broker, order_type=OrderType.LIMIT, limit_price=Decimal(90))
        assert (await broker.cancel("a", None, lambda: True)).kind is AnswerKind.ACCEPTED
        assert (await broker.cancel("a", "P000001", lambda: True)).kind is AnswerKind.TOO_LATE
        assert (await broker.cancel("b", None, lambda: True)).kind is AnswerKind.UNKNOWN_ORDER
        found = await broker.order_by_vid("P000001")
        assert found is not None
        assert found.status is VenueStatus.CANCELLED

    played(play)


def test_a_replacement_nets_what_has_filled() -> None:
    async def play(broker: PaperBroker) -> None:
        limit = {"order_type": OrderType.LIMIT, "limit_price": Decimal(101)}
        await sent(broker, quantity=Decimal(200_000), **limit)
        bar(broker)
        wanted = order(quantity=Decimal(150_000), **limit)
        answer = await broker.replace("P000001", mint(wanted), "b", lambda: True)
        old, new = await broker.order_by_cid("a"), await broker.order_by_cid("b")
        assert old is not None
        assert new is not None
        assert (old.status, old.replaced_by, old.filled) == (VenueStatus.REPLACED, answer.vid, Decimal(100_000))
        assert (new.status, new.quantity) == (VenueStatus.OPEN, Decimal(50_000))
        too_few = await broker.replace(new.vid, mint(order(quantity=Decimal("0.5"), **limit)), "c", lambda: True)
        assert too_few.kind is AnswerKind.REFUSED
        assert [each.cid for each in await broker.open_orders()] == ["b"]

    played(play, cash="1e9")


def test_a_reduce_only_order_never_opens() -> None:
    async def play(broker: PaperBroker) -> None:
        await sent(broker)
        bar(broker)
        await sent(broker, "out", side=OrderSide.SELL, quantity=Decimal(30), reduce_only=True)
        bar(broker, at=1)
        assert await broker.positions() == {}

    played(play)


def test_the_stream_tells_every_change_until_it_ends() -> None:
    async def play(broker: PaperBroker) -> None:
        other = PaperBroker(broker.exchange)
        await other.connect()
        await sent(broker)
        bar(broker)
        await other.disconnect()
        await other.disconnect()
        told: list[StreamEvent] = []
        stream = other.events()
        await broker.disconnect()
        told = [event async for event in broker.events()]
        assert told == []
        assert [event async for event in stream] == []

    played(play)


def test_a_connection_hears_what_happens_while_it_lasts() -> None:
    async def play(broker: PaperBroker) -> None:
        stream = broker.events()
        await sent(broker)
        bar(broker)
        first, second = await anext(stream), await anext(stream)
        assert first.order is not None
        assert second.fill is not None
        assert (first.order.status, second.fill.cumulative) == (VenueStatus.OPEN, Decimal(10))

    played(play)


def test_without_a_connection_nothing_is_answered() -> None:
    broker = paper()
    with pytest.raises(BrokerError, match="is not connected"):
        asyncio.run(broker.positions())
    with pytest.raises(BrokerError, match="is not connected"):
        asyncio.run(sent(broker))


def test_an_order_without_approval_is_never_placed() -> None:
    async def play(broker: PaperBroker) -> None:
        with pytest.raises(UnapprovedOrderError):
            await broker.submit(order(), "a", lambda: True)  # type: ignore[arg-type]

    played(play)


def test_bars_go_forward_and_are_of_what_is_listed() -> None:
    broker = paper()
    bar(broker, at=1)
    with pytest.raises(DataError, match="before the last one has closed"):
        bar(broker, at=0)
    with pytest.raises(SymbolNotFoundError, match="does not list NOBODY"):
        bar(broker, at=2, symbol="NOBODY")


def test_it_trades_on_the_bars_of_a_stream() -> None:
    class Stream:
        async def events(self) -> AsyncIterator[FeedEvent]:
            first = Bar("ACME", START, START + MINUTE, 100.0, 100.0, 100.0, 100.0, 1e6)
            yield Pulse(START)
            yield StreamBar(first)
            yield StreamBar(first, is_correction=True)

    async def play(broker: PaperBroker) -> None:
        await sent(broker)
        await broker.follow(Stream())  # type: ignore[arg-type]
        assert len(await broker.executions(0)) == 1

    played(play)


def test_its_options_are_known_and_sound() -> None:
    with pytest.raises(ConfigError, match="has no option 'cahs'"):
        opened(cahs="5")
    with pytest.raises(ConfigError, match="The option cash of the paper exchange is no number above 0"):
        opened(cash="lots")
    instrument = asyncio.run(opened(currency="EUR", lot="0.001").instruments.instrument("BOLT"))
    assert (instrument.currency, instrument.lot, instrument.id) == ("EUR", 0.001, "PAPER:BOLT")
    with pytest.raises(SymbolNotFoundError, match=r"Name it in brokers\.paper\.options\.symbols"):
        asyncio.run(opened().instruments.instrument("NOBODY"))


def test_it_opens_with_credentials_of_paper_alone() -> None:
    access = Access(clock=HandClock())
    with pytest.raises(AuthenticationError, match="not those of paper"):
        KIND.open_paper(object(), access)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="has no live account"):
        KIND.open_live(object(), access)  # type: ignore[arg-type]
    assert KIND.account_of(PaperKeys("paper", {}), access) == ""
