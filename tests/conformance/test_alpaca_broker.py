"""Alpaca's adapter keeps every promise of brokers, over real HTTP and WebSocket against the sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.broker_stages import SHORT, AlpacaStage, addresses_of, alpaca_stage
from tests.sandboxes import KEY, SECRET, sandbox_over

from tradewright.adapters.brokers.alpaca.kind import AlpacaKind
from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.domain.errors import AuthenticationError, BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.feed import Pulse, StreamBar
from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.modes import PaperKeys
from tradewright.domain.live.venue import AnswerKind, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType, TimeInForce
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.broker_kind import Access
from tradewright.testing import BrokerConformance
from tradewright.testing.brokers.play import Play, approved, yes


class TestAlpaca(BrokerConformance):
    stage = staticmethod(alpaca_stage)

    @pytest.mark.slow
    def test_the_road_notices_a_mute_stream(self) -> None:
        super().test_the_road_notices_a_mute_stream()


# ---------------------------------------------------------------- beside the suite: what only Alpaca has


def played(check: Callable[[Play], Any], **said: Any) -> None:
    """Make a check on a stage of its own."""
    BrokerConformance.of(stage=lambda: alpaca_stage(**said))().play(check)


BUY = {"symbol": "ACME", "side": OrderSide.BUY, "quantity": Decimal(3)}
FORMS = [
    WireOrder(**BUY),
    WireOrder(**BUY, time_in_force=TimeInForce.DAY),
    WireOrder(**BUY, order_type=OrderType.LIMIT, limit_price=Decimal("50.10")),
    WireOrder(**BUY, order_type=OrderType.STOP, stop_price=Decimal("150.05"), time_in_force=TimeInForce.DAY),
    WireOrder(**BUY, order_type=OrderType.STOP_LIMIT, stop_price=Decimal("150.05"), limit_price=Decimal("151.5")),
]


@pytest.mark.parametrize("wire", FORMS, ids=lambda wire: f"{wire.order_type}-{wire.time_in_force}")
def test_alpacas_own_client_sees_what_was_placed(wire: WireOrder) -> None:
    async def check(play: Play) -> None:
        cid = play.cid()
        vid = await play.placed(wire, cid)
        seen = await asyncio.to_thread(play.stage.sandbox.client.get_order_by_client_id, cid)
        assert (str(seen.id), seen.symbol, seen.side, Decimal(seen.qty)) == (vid, "ACME", "buy", wire.quantity)
        assert (seen.type.value, seen.time_in_force.value) == (wire.order_type.value, wire.time_in_force.value)
        prices = [None if price is None else Decimal(price) for price in (seen.limit_price, seen.stop_price)]
        assert prices == [wire.limit_price, wire.stop_price]

    played(check)


def test_alpacas_own_client_sees_the_same_account() -> None:
    async def check(play: Play) -> None:
        await play.filled()
        told = await play.broker.account()
        seen = await asyncio.to_thread(play.stage.sandbox.client.get_account)
        assert (str(told.equity), str(told.cash), str(told.buying_power)) == (seen.equity, seen.cash, seen.buying_power)

    played(check)


def test_an_order_that_alpacas_own_client_ended_is_told_by_the_stream() -> None:
    async def check(play: Play) -> None:
        vid = await play.placed(play.terms.resting())
        await asyncio.to_thread(play.stage.sandbox.client.cancel_order_by_id, vid)

        def ended() -> bool:
            return any(event.order.status is VenueStatus.CANCELLED for event in play.heard if event.order)

        await play.until(ended, "Nothing was told.")

    played(check)


def test_a_used_id_is_refused_over_another_connection_too() -> None:
    async def check(play: Play) -> None:
        cid = play.cid()
        await play.placed(play.terms.resting(), cid)
        other = play.stage.open().broker
        await other.connect()
        answer = await other.submit(approved(play.terms.resting()), cid, yes)
        await other.disconnect()
        assert answer.kind is AnswerKind.DUPLICATE_ID

    played(check)


def test_a_time_out_after_the_order_was_taken_is_silence_and_the_order_is_found() -> None:
    async def check(play: Play) -> None:
        await asyncio.to_thread(play.stage.sandbox.control, "POST", "/faults", {"kind": "timeout", "on": "submit"})
        cid = play.cid()
        answer = await play.submit(play.terms.resting(), cid)
        assert (answer.kind, answer.reason) == (AnswerKind.SILENT, "No answer within 0.2 s.")
        await play.until(lambda: play.broker.order_by_cid(cid), "It is never found.")

    played(check, terms=replace(SHORT, answer_s=0.2))


def test_a_request_that_arrives_after_the_time_out_is_found_later() -> None:
    async def check(play: Play) -> None:
        fault = {"kind": "late", "on": "submit", "ms": 300}
        await asyncio.to_thread(play.stage.sandbox.control, "POST", "/faults", fault)
        cid = play.cid()
        assert (await play.submit(play.terms.resting(), cid)).kind is AnswerKind.SILENT
        await play.until(lambda: play.broker.order_by_cid(cid), "It never arrived.")

    played(check, terms=replace(SHORT, answer_s=0.2))


def test_a_bad_request_that_was_carried_out_is_silence() -> None:
    async def check(play: Play) -> None:
        fault = {"kind": "error-after", "on": "submit", "status": 400}
        await asyncio.to_thread(play.stage.sandbox.control, "POST", "/faults", fault)
        assert (await play.submit(play.terms.resting())).kind is AnswerKind.SILENT
        assert len(await play.stage.orders()) == 1

    played(check)


def test_a_limit_says_when_to_come_back_and_holds_what_follows() -> None:
    async def check(play: Play) -> None:
        fault = {"kind": "limit", "on": "submit", "retry_after": 0.05, "count": 1}
        await asyncio.to_thread(play.stage.sandbox.control, "POST", "/faults", fault)
        answer = await play.submit(play.terms.resting())
        assert (answer.kind, answer.retry_after_s) == (AnswerKind.LIMITED, 0.05)
        began = play.stage.clock.monotonic_ns()
        assert (await play.submit(play.terms.resting())).kind is AnswerKind.ACCEPTED
        assert play.stage.clock.monotonic_ns() - began >= 40_000_000

    played(check)


def test_an_exit_goes_when_the_pace_leaves_no_room_for_an_entry() -> None:
    async def check(play: Play) -> None:
        vid = await play.placed(play.terms.resting())
        answers = [await play.submit(play.terms.resting()) for _ in range(3)]
        assert answers[-1].kind is AnswerKind.LIMITED
        assert (await play.broker.cancel("", vid, yes)).kind is AnswerKind.ACCEPTED
        stop = await play.submit(play.terms.resting(ticks=1), play.cid(IdRole.STOP))
        assert stop.kind is AnswerKind.ACCEPTED

    played(check, terms=replace(SHORT, pace=Pace(per_s=0.01, burst=7, reserve=3)))


def test_reads_are_asked_again_and_orders_never_are() -> None:
    async def check(play: Play) -> None:
        sandbox = play.stage.sandbox
        fault = {"kind": "error", "on": "account", "count": 2, "status": 503}
        number = (await asyncio.to_thread(sandbox.control, "POST", "/faults", fault))["number"]
        assert (await play.broker.account()).equity > 0
        switches = (await asyncio.to_thread(sandbox.control, "GET", "/faults"))["faults"]
        assert next(each["met"] for each in switches if each["number"] == number) == 3
        await asyncio.to_thread(sandbox.control, "POST", "/faults", {"kind": "error", "on": "submit", "count": 1})
        before = await play.stage.arrived()
        assert (await play.submit(play.terms.resting())).kind is AnswerKind.SILENT
        assert await play.stage.arrived() == before + 1

    played(check)


def test_a_question_that_is_never_answered_raises() -> None:
    async def check(play: Play) -> None:
        await asyncio.to_thread(play.stage.sandbox.control, "POST", "/faults", {"kind": "error", "on": "list"})
        with pytest.raises(VenueConnectionError, match="500"):
            await play.broker.open_orders()

    played(check)


def test_lists_come_in_pages_and_every_page_is_read() -> None:
    async def check(play: Play) -> None:
        for ticks in range(7):
            await play.placed(play.terms.resting(ticks=ticks))
            await play.stage.move()
        assert len(await play.broker.open_orders()) == 7

    played(check, terms=replace(SHORT, orders_page=2))


def test_a_page_of_orders_of_one_instant_is_said_to_be_incomplete() -> None:
    async def check(play: Play) -> None:
        for ticks in range(3):
            await play.placed(play.terms.resting(ticks=ticks))
        with pytest.raises(BrokerError, match="one microsecond"):
            await play.broker.open_orders()

    played(check, terms=replace(SHORT, orders_page=2))


def test_an_order_that_ended_lately_is_listed_however_long_ago_it_was_placed() -> None:
    async def check(play: Play) -> None:
        vid = await play.placed(play.terms.resting())
        for _ in range(3):
            await play.stage.move()
        since = play.stage.clock.now_ns()
        assert await play.broker.closed_orders(since) == []
        await play.broker.cancel("", vid, yes)
        assert [order.vid for order in await play.broker.closed_orders(since)] == [vid]

    played(check)


def test_an_execution_says_whose_it_is_to_a_process_that_never_saw_the_order() -> None:
    async def check(play: Play) -> None:
        cid = play.cid()
        await play.placed(play.terms.market(), cid)
        await play.stage.move()
        other = play.stage.open().broker
        await other.connect()
        fills = await other.executions(0)
        await other.disconnect()
        assert [fill.cid for fill in fills] == [cid]

    played(check)


def test_an_index_that_lags_shows_nothing_and_says_so_without_an_error() -> None:
    async def check(play: Play) -> None:
        await asyncio.to_thread(play.stage.sandbox.control, "POST", "/faults", {"kind": "slow-index", "looks": 2})
        cid = play.cid()
        assert (await play.submit(play.terms.resting(), cid)).kind is AnswerKind.ACCEPTED
        assert await play.broker.order_by_cid(cid) is None
        assert await play.broker.open_orders() == []
        assert (await play.broker.order_by_cid(cid)).cid == cid

    played(check)


@pytest.mark.parametrize("part", ["broker", "stream"])
def test_wrong_keys_are_refused_by_the_streams(part: str) -> None:
    async def check(play: Play) -> None:
        keys = PaperKeys("alpaca", {"key": KEY, "secret": "another"})
        access = Access(clock=play.stage.clock, addresses=addresses_of(play.stage.sandbox.url))
        opened = getattr(play.stage.kind.open_paper(keys, access), part)
        with pytest.raises(AuthenticationError):
            await opened.connect()
        await opened.disconnect()

    played(check, keys={KEY: SECRET})


def test_a_venue_that_is_not_there_is_said_to_be() -> None:
    async def check(play: Play) -> None:
        access = Access(clock=play.stage.clock, addresses=addresses_of("http://127.0.0.1:1"))
        gone = play.stage.kind.open_paper(PaperKeys("alpaca", {"key": KEY, "secret": SECRET}), access)
        for opened in (gone.broker, gone.stream):
            with pytest.raises(VenueConnectionError):
                await opened.connect()
        with pytest.raises(VenueConnectionError):
            await gone.instruments.instrument("ACME")

    played(check)


def test_a_stream_of_bars_that_is_cut_ends() -> None:
    async def check(play: Play) -> None:
        stream, sandbox = play.parts.stream, play.stage.sandbox
        await stream.connect()
        await stream.subscribe(["ACME"], Timeframe.parse("1m"))
        await asyncio.to_thread(sandbox.control, "POST", "/faults", {"kind": "disconnect", "on": "data", "count": 1})
        await play.stage.move()
        events = [event async for event in stream.events()]
        await stream.disconnect()
        assert all(isinstance(event, Pulse | StreamBar) for event in events)

    played(check)


def test_daily_history_begins_and_ends_with_the_sessions() -> None:
    async def run() -> None:
        with sandbox_over([100.0, 101.0, 102.0, 103.0]) as sandbox:
            sandbox.advance(3)
            stage = AlpacaStage(sandbox, AlpacaKind(SHORT))
            history = stage.open().history
            day = Timeframe.parse("1d")
            truth = await stage.bars()
            assert await history.bars("ACME", day, truth[0].open_time, stage.clock.now_ns()) == truth
            assert await history.bars("ACME", day, truth[1].open_time, truth[2].close_time) == truth[1:3]

    asyncio.run(run())
