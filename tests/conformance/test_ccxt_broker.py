"""The adapter over ccxt keeps every promise of brokers, over real HTTP and WebSocket against the sandbox as Binance.

Beside the suite: what this venue is known to do otherwise than others, each as the road would meet it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.ccxt_stage import SHORT, SYMBOL, CcxtStage, ccxt_stage

from tradewright.adapters.brokers.ccxt.lists import all_orders
from tradewright.domain.errors import BrokerError, DataError, SymbolNotFoundError
from tradewright.domain.live.feed import StreamBar
from tradewright.domain.live.venue import AnswerKind, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.domain.timeframe import Timeframe
from tradewright.testing import BrokerConformance
from tradewright.testing.brokers.play import Play, approved, yes


class TestCcxt(BrokerConformance):
    stage = staticmethod(ccxt_stage)

    @pytest.mark.slow
    def test_the_road_notices_a_mute_stream(self) -> None:
        super().test_the_road_notices_a_mute_stream()


def played(check: Callable[[Play, CcxtStage], Awaitable[None]], **said: object) -> None:
    """Play one check on a stage of its own."""

    async def whole() -> None:
        async with ccxt_stage(**said) as stage:
            play = Play(stage, stage.open())
            await play.connect()
            try:
                await check(play, stage)
            finally:
                await play.disconnect()

    asyncio.run(whole())


def test_the_same_id_after_a_fill_is_a_new_order() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        cid = play.cid()
        first = await play.placed(play.terms.market(), cid)
        await stage.move()
        await play.until(lambda: play.true_end(first), "It was not filled.")
        again = await play.submit(play.terms.market(), cid)
        assert again.kind is AnswerKind.ACCEPTED
        assert again.vid != first
        assert len(await play.under(cid)) == 2
        assert (await play.broker.order_by_cid(cid)).vid == again.vid

    played(check)


def test_an_order_that_was_taken_may_not_be_found_for_a_while() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        await asyncio.to_thread(stage.sandbox.control, "POST", "/faults", {"kind": "slow-index", "looks": 4})
        cid = play.cid()
        answer = await play.submit(play.terms.resting(), cid)
        assert answer.kind is AnswerKind.ACCEPTED
        looks = [await play.broker.order_by_cid(cid), await play.broker.order_by_vid(str(answer.vid))]
        assert looks == [None, None]
        assert await play.broker.open_orders() == []
        assert await play.broker.closed_orders(0) == []
        assert (await play.broker.order_by_cid(cid)).status is VenueStatus.OPEN
        assert [order.vid for order in await play.broker.open_orders()] == [answer.vid]

    played(check, terms=replace(SHORT, page=10))


def test_a_cancel_of_a_named_order_that_has_ended_comes_too_late() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        cid = play.cid()
        vid = await play.placed(play.terms.market(), cid)
        await stage.move()
        await play.until(lambda: play.true_end(vid), "It was not filled.")
        assert (await play.broker.cancel(cid, vid, yes)).kind is AnswerKind.TOO_LATE
        assert (await play.broker.cancel(cid, None, yes)).kind is AnswerKind.UNKNOWN_ORDER

    played(check)


def test_numbers_of_orders_and_fills_are_told_apart_by_their_symbols() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        vid = await play.filled()
        fills = await play.broker.executions(0)
        assert (vid, fills[0].identity) == (f"{SYMBOL}#1", f"{SYMBOL}#1")

    played(check)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"quantity": Decimal("0.000012")}, "no multiple of 0.00001"),
        ({"limit_price": Decimal("50.001")}, "no multiple of 0.01"),
        ({"symbol": "BTCUSDT"}, "Write BTC/USDT."),
        ({"symbol": "BTC/EUR"}, "no spot market"),
        ({"reduce_only": True}, "reduces nothing"),
        ({"order_type": OrderType.STOP, "limit_price": None, "stop_price": Decimal(200)}, "must be gtc"),
    ],
)
def test_what_would_be_rounded_or_changed_is_not_sent(said: dict[str, object], words: str) -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        order = {
            "symbol": SYMBOL, "side": OrderSide.BUY, "quantity": Decimal(1), "order_type": OrderType.LIMIT,
            "limit_price": Decimal(50), "time_in_force": TimeInForce.IOC,
        }  # fmt: skip
        before = await stage.arrived()
        answer = await play.submit(WireOrder(**{**order, **said}))
        assert (answer.kind, await stage.arrived()) == (AnswerKind.REFUSED, before)
        assert words in answer.reason
        withheld = await play.submit(WireOrder(**{**order, **said}), permit=lambda: False)
        assert withheld.kind is AnswerKind.NOT_SENT

    played(check)


def test_what_is_not_held_is_not_sold() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        answer = await play.submit(play.terms.market(OrderSide.SELL))
        assert answer.kind is AnswerKind.REFUSED
        await play.filled()
        sold = await play.submit(replace(play.terms.market(OrderSide.SELL), reduce_only=True))
        assert sold.kind is AnswerKind.ACCEPTED

    played(check)


def test_a_request_that_is_too_old_was_never_taken_and_the_clock_is_read_again() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        await asyncio.to_thread(stage.sandbox.control, "POST", "/faults", {"kind": "clock-skew", "ms": 20_000})
        answer = await play.submit(play.terms.resting())
        assert (answer.kind, await stage.orders()) == (AnswerKind.LIMITED, [])
        await play.placed(play.terms.resting())

    played(check)


@pytest.mark.slow
@pytest.mark.parametrize(("expiry_s", "taken"), [(1.0, 0), (None, 1)])
def test_a_request_that_arrives_after_its_expiry_is_never_taken(expiry_s: float | None, taken: int) -> None:
    """Where it does not expire it is taken, late, after its answer was given up."""

    async def check(play: Play, stage: CcxtStage) -> None:
        fault = {"kind": "late", "on": "submit", "ms": 1500, "count": 1}
        await asyncio.to_thread(stage.sandbox.control, "POST", "/faults", fault)
        assert (await play.submit(play.terms.resting())).kind is AnswerKind.SILENT
        assert len(await stage.orders()) == taken

    capabilities = replace(SHORT.capabilities, request_expiry_s=expiry_s)
    played(check, terms=replace(SHORT, capabilities=capabilities, answer_s=2.5))


def test_a_stop_waits_for_its_trigger() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        await play.filled()
        stop = WireOrder(
            symbol=SYMBOL, side=OrderSide.SELL, quantity=play.terms.quantity, order_type=OrderType.STOP,
            stop_price=Decimal("100.25"),
        )  # fmt: skip
        cid = play.cid()
        await stage.move()
        vid = await play.placed(stop, cid)
        assert (await play.broker.order_by_cid(cid)).shape == "market/GTC/None/100.25000000"
        for _ in range(4):
            await stage.move()
        assert (await play.true_order(vid)).status is VenueStatus.FILLED

    played(check)


def test_a_stream_that_the_exchange_ends_is_over_though_its_socket_is_open() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        update = {"subscriptionId": 0, "event": {"e": "eventStreamTerminated", "E": 1}}
        play.broker._door.on_message(update)
        await play.within(play.ended.wait(), "The stream did not end.")

    played(check)


def test_another_process_finds_an_order_by_our_id_though_it_never_heard_of_it() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        cid = play.cid()
        vid = await play.placed(play.terms.resting(), cid)
        other = Play(stage, stage.open())
        await other.connect()
        try:
            assert (await other.broker.order_by_cid(cid)).vid == vid
            assert (await other.broker.cancel(cid, None, yes)).kind is AnswerKind.ACCEPTED
        finally:
            await other.disconnect()

    played(check)


def test_a_symbol_that_was_not_named_is_not_traded() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        play.broker._pairs._named = frozenset({"ETH/USDT"})
        answer = await play.submit(play.terms.resting())
        assert answer.kind is AnswerKind.REFUSED
        assert 'symbols: "ETH/USDT,BTC/USDT"' in answer.reason
        with pytest.raises(SymbolNotFoundError, match="not among the symbols"):
            await play.parts.instruments.instrument(SYMBOL)

    played(check)


def test_questions_that_come_together_open_one_exchange() -> None:
    async def whole() -> None:
        async with ccxt_stage() as stage:
            parts = stage.open()
            found = await asyncio.gather(*(parts.instruments.instrument(SYMBOL) for _ in range(5)))
            assert len({coin.id for coin in found}) == 1

    asyncio.run(whole())


def test_a_list_that_fills_its_pages_is_read_from_the_first_row_on() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        for ticks in range(5):
            await play.placed(play.terms.resting(ticks=ticks))
        rows = await all_orders(play.broker._door, SYMBOL)
        assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5"]
        play.broker._door.terms = replace(SHORT, page=2, most_pages=1)
        with pytest.raises(BrokerError, match="more than 1 pages"):
            await all_orders(play.broker._door, SYMBOL)

    played(check)


def test_the_account_counts_coins_at_their_last_prices() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        await play.filled(Decimal(2))
        account = await play.broker.account()
        assert account.cash == Decimal("99799.5")
        assert account.equity == Decimal(100_000)
        assert await play.broker.positions() == {SYMBOL: Decimal(2)}

    played(check)


def test_klines_of_several_lengths_come_once_each_when_they_have_closed() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        stream = play.parts.stream
        await stream.connect()
        try:
            for words in ("1m", "5m"):
                await stream.subscribe([SYMBOL], Timeframe.parse(words))
            for _ in range(10):
                await stage.move()
            found: list[StreamBar] = []

            async def gather() -> None:
                async for event in stream.events():
                    found.extend([event] if isinstance(event, StreamBar) else [])
                    if len(found) == 12:
                        return

            await play.within(gather(), f"Only {len(found)} bars came.")
        finally:
            await stream.disconnect()
        lengths = [(each.bar.close_time - each.bar.open_time) // 60_000_000_000 for each in found]
        assert (lengths.count(1), lengths.count(5)) == (10, 2)
        with pytest.raises(BrokerError, match="not connected"):
            await stream.subscribe([SYMBOL], Timeframe.parse("1m"))

    played(check)


def test_history_is_read_before_anything_is_connected() -> None:
    async def whole() -> None:
        async with ccxt_stage() as stage:
            parts = stage.open()
            await stage.move()
            found = await parts.history.bars(SYMBOL, Timeframe.parse("1m"), 0, stage.clock.now_ns())
            assert list(found) == await stage.bars()
            with pytest.raises(SymbolNotFoundError, match=r"Write BTC/USDT\."):
                await parts.history.bars("BTCUSDT", Timeframe.parse("1m"), 0, 1)
            with pytest.raises(DataError, match="no bars of 7m"):
                await parts.history.bars(SYMBOL, Timeframe.parse("7m"), 0, 1)
            coin = await parts.instruments.instrument(SYMBOL)
            assert (coin.exchange, coin.currency, coin.lot, coin.tick) == ("BINANCE", "USDT", 1e-5, 0.01)
            assert (coin.calendar, coin.venue) == ("24/7", "binance")

    asyncio.run(whole())


def test_what_was_submitted_is_what_its_bytes_say() -> None:
    async def check(play: Play, stage: CcxtStage) -> None:
        wire = replace(play.terms.resting(), quantity=Decimal("12345.67891"), limit_price=Decimal("0.07"))
        answer = await play.broker.submit(approved(wire), play.cid(), yes)
        truth = await play.true_order(str(answer.vid))
        assert (truth.quantity, await stage.price_of(str(answer.vid))) == (wire.quantity, wire.limit_price)

    played(check)
