"""What Interactive Brokers is known to do wrong, done by the local gateway: the adapter does no harm by it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.ib_stages import SHORT, IbStage, ib_stage
from tests.tws_gateways import until

from tradewright.domain.errors import AuthenticationError, BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.modes import LiveKeys, Mode, PaperKeys, ProcessMode
from tradewright.domain.live.venue import AnswerKind, VenueStatus
from tradewright.domain.order import OrderType
from tradewright.ports.broker_kind import Access
from tradewright.testing.brokers.play import Play, approved, yes
from tradewright.venue.faults.kinds import Fault
from tradewright.venue.tws.layouts import packed

Scene = Callable[[Play, IbStage], Awaitable[None]]


def play(scene: Scene, *, options: dict[str, str] | None = None, **said: Any) -> None:
    """Run a scene with one connected adapter on a fresh gateway."""

    async def run() -> None:
        async with ib_stage(**said) as stage:
            found = Play(stage, stage.open(**(options or {})))
            await found.connect()
            try:
                await scene(found, stage)
            finally:
                await found.disconnect()

    asyncio.run(run())


def numbers(stage: IbStage) -> list[int]:
    return [order.order_id for order in stage.gateway.book.orders]


# ---------------------------------------------------------------- whose account


def test_a_paper_adapter_at_a_live_account_hangs_up_before_anything_else() -> None:
    async def run() -> None:
        async with ib_stage(account="U7654321") as stage:
            broker = stage.open().broker
            with pytest.raises(AuthenticationError, match="not logged in to a paper account"):
                await broker.connect()
            await until(lambda: not stage.gateway.sessions)
            with pytest.raises(BrokerError):
                await broker.submit(approved(stage.terms.market()), "x" * 26, yes)
            assert stage.gateway.arrived == 0

    asyncio.run(run())


def test_a_live_adapter_at_a_paper_account_hangs_up_too(tmp_path: Path) -> None:
    async def run() -> None:
        process = ProcessMode()
        process.claim(Mode.LIVE)
        async with ib_stage() as stage:
            keys = LiveKeys("ib", {}, process.warrant("a test"))
            broker = stage.kind.open_live(keys, stage.access(state=str(tmp_path))).broker
            with pytest.raises(AuthenticationError, match="not logged in to a live account"):
                await broker.connect()

    asyncio.run(run())


def test_an_account_that_the_gateway_does_not_have_is_refused() -> None:
    async def run() -> None:
        async with ib_stage() as stage:
            access = Access(clock=stage.clock, addresses=stage.addresses, account="DU7777777")
            broker = stage.kind.open_paper(PaperKeys("ib", {}), access).broker
            with pytest.raises(AuthenticationError, match="no account DU7777777"):
                await broker.connect()

    asyncio.run(run())


def test_a_client_number_that_is_in_use_is_said_at_once() -> None:
    async def scene(_: Play, stage: IbStage) -> None:
        with pytest.raises(AuthenticationError, match="Client number 17 is in use"):
            await stage.open().broker.connect()

    play(scene)


# ---------------------------------------------------------------- numbers of orders


def test_numbers_that_a_restarted_gateway_hands_out_again_are_not_used() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        await playing.filled()
        stage.gateway.restart()
        await playing.within(playing.ended.wait(), "The stream did not end.")
        await playing.disconnect()
        await playing.connect()
        assert stage.gateway.book.next_id == 1
        await playing.placed(playing.terms.resting())
        first, second = numbers(stage)
        assert second > first

    play(scene)


def test_numbers_of_a_process_that_crashed_are_not_used_although_the_gateway_shows_none(tmp_path: Path) -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        await playing.filled()
        await playing.disconnect()
        stage.gateway.restart()
        stage.gateway.book.executions.clear()
        other = Play(stage, stage.open(state=str(tmp_path)))
        await other.connect()
        await other.placed(playing.terms.resting())
        await other.disconnect()
        first, second = numbers(stage)
        assert second > first

    play(scene, options={"state": str(tmp_path)})


def test_numbers_that_the_gateway_still_shows_are_not_used_by_a_process_that_kept_none() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        await playing.filled()
        await playing.disconnect()
        stage.gateway.restart()
        other = Play(stage, stage.open())
        await other.connect()
        await other.placed(playing.terms.resting())
        await other.disconnect()
        first, second = numbers(stage)
        assert second > first

    play(scene)


def test_a_number_that_the_gateway_refuses_as_used_is_a_duplicate_and_no_refusal() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        cid = playing.cid()
        vid = await playing.placed(playing.terms.resting(), cid)
        await playing.broker.cancel(cid, vid, yes)
        playing.broker._numbers._next = numbers(stage)[0]
        answer = await playing.submit(playing.terms.resting())
        assert answer.kind is AnswerKind.DUPLICATE_ID
        assert (await playing.submit(playing.terms.resting())).kind is AnswerKind.ACCEPTED

    play(scene)


# ---------------------------------------------------------------- changes in place


def test_variant_25_an_order_that_this_connection_has_not_reported_open_is_not_changed() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        vid = await playing.placed(playing.terms.resting())
        shown = stage.gateway.visible_orders
        stage.gateway.restart()
        stage.gateway.visible_orders = list  # type: ignore[method-assign]
        await playing.within(playing.ended.wait(), "The stream did not end.")
        await playing.disconnect()
        await playing.connect()
        wire = approved(playing.terms.resting(ticks=1))
        answer = await playing.broker.replace(vid, wire, playing.cid(), yes)
        assert answer.kind is AnswerKind.NOT_SENT
        assert len(stage.gateway.book.orders) == 1
        stage.gateway.visible_orders = shown  # type: ignore[method-assign]
        await playing.disconnect()
        await playing.connect()
        answer = await playing.broker.replace(vid, wire, playing.cid(), yes)
        assert (answer.kind, answer.vid) == (AnswerKind.ACCEPTED, vid)
        assert len(stage.gateway.book.orders) == 1

    play(scene)


def test_an_order_that_ended_while_the_permit_was_asked_is_not_changed() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        cid = playing.cid()
        vid = await playing.placed(playing.terms.resting(), cid)
        await playing.broker.cancel(cid, vid, yes)
        before = stage.gateway.arrived
        answer = await playing.broker.replace(vid, approved(playing.terms.resting(ticks=1)), playing.cid(), yes)
        assert answer.kind is AnswerKind.NOT_SENT
        assert stage.gateway.arrived == before

    play(scene)


def test_a_change_counts_what_was_filled_before() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        vid = await playing.placed(stage.terms.of_type(OrderType.LIMIT, stage.terms.time_in_force))
        order = stage.gateway.book.orders[0]
        order.filled_before, order.spent_before = 2.0, 100.0
        wire = playing.terms.resting(Decimal(9), ticks=1)
        answer = await playing.broker.replace(vid, approved(wire), playing.cid(), yes)
        assert answer.kind is AnswerKind.ACCEPTED
        seen = await playing.broker.order_by_vid(vid)
        assert seen is not None
        assert (seen.quantity, seen.filled, seen.limit_price) == (Decimal(9), Decimal(2), wire.limit_price)
        assert order.placed is not None
        assert order.placed.quantity == 7.0

    play(scene)


def test_a_refused_change_leaves_the_order_standing() -> None:
    async def scene(playing: Play, _: IbStage) -> None:
        vid = await playing.placed(playing.terms.resting())
        wire = playing.terms.resting(ticks=1)
        odd = playing.terms.of_type(OrderType.LIMIT, wire.time_in_force)
        odd = type(odd)(
            symbol=odd.symbol, side=odd.side, quantity=odd.quantity, order_type=odd.order_type,
            limit_price=Decimal("50.001"), time_in_force=odd.time_in_force,
        )  # fmt: skip
        answer = await playing.broker.replace(vid, approved(odd), playing.cid(), yes)
        assert answer.kind is AnswerKind.REFUSED
        seen = await playing.broker.order_by_vid(vid)
        assert seen is not None
        assert seen.status is VenueStatus.OPEN
        assert all(e.order is None or e.order.status is VenueStatus.OPEN for e in playing.heard)

    play(scene)


def test_only_the_client_that_placed_an_order_cancels_it() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        cid = playing.cid()
        vid = await playing.placed(playing.terms.resting(), cid)
        other = stage.open(client_id="18").broker
        await other.connect()
        before = stage.gateway.arrived
        answer = await other.cancel(cid, vid, yes)
        assert answer.kind is AnswerKind.REFUSED
        assert stage.gateway.arrived == before
        await other.disconnect()

    play(scene)


# ---------------------------------------------------------------- a line that is cut


def test_nothing_is_sent_to_a_gateway_that_is_cut_off() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        stage.gateway.cut_off()
        await until(lambda: playing.broker._link.is_cut_off)
        asked: list[int] = []
        with pytest.raises(VenueConnectionError):
            await playing.submit(playing.terms.resting(), permit=lambda: bool(asked.append(1)) or True)
        assert not asked
        with pytest.raises(VenueConnectionError):
            await playing.broker.open_orders()

    play(scene)


def test_an_order_that_a_cut_gateway_holds_is_silent_not_absent_and_found_when_the_line_is_back() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        await playing.placed(playing.terms.resting())
        cid, session = playing.cid(), playing.broker.session
        stage.gateway.cut_off()
        answer = await playing.submit(playing.terms.resting(), cid)
        assert answer.kind is AnswerKind.SILENT
        with pytest.raises(VenueConnectionError):
            await playing.broker.order_by_cid(cid)
        stage.gateway.restore()
        await until(lambda: playing.broker.session != session)
        seen = await playing.broker.order_by_cid(cid)
        assert seen is not None
        assert (seen.cid, seen.status) == (cid, VenueStatus.OPEN)

    play(scene)


def test_absence_proves_nothing_until_the_window_after_the_line_is_back() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        await playing.placed(playing.terms.resting())
        cid = playing.cid()
        stage.gateway.cut_off(holds=False)
        assert (await playing.submit(playing.terms.resting(), cid)).kind is AnswerKind.SILENT
        stage.gateway.restore()
        await until(lambda: not playing.broker._link.is_cut_off)
        began = time.monotonic()
        with pytest.raises(VenueConnectionError, match="may still come"):
            await playing.broker.order_by_cid(cid)

        async def is_absent() -> bool:
            try:
                return await playing.broker.order_by_cid(cid) is None
            except VenueConnectionError:
                return False

        await playing.until(is_absent, "Absence is never settled.")
        assert time.monotonic() - began > SHORT.capabilities.window_s * 0.9

    play(scene)


# ---------------------------------------------------------------- what is heard


def test_a_corrected_execution_is_the_same_one() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        await playing.filled()
        stage.gateway.book.correct(stage.gateway.book.executions[0], price=99.5)
        await playing.until(lambda: any(e.fill and e.fill.is_correction for e in playing.heard), "No correction came.")
        first, second = [event.fill for event in playing.heard if event.fill is not None]
        assert first.identity == second.identity
        assert (first.is_correction, second.is_correction) == (False, True)
        (listed,) = await playing.broker.executions(0)
        assert (listed.price, listed.is_correction) == (Decimal("99.5"), True)

    play(scene)


def test_an_execution_in_the_same_second_as_the_instant_is_listed() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        vid = await playing.filled()
        (fill,) = await stage.fills()
        assert [each.vid for each in await playing.broker.executions(fill.at_ns + 400_000_000)] == [vid]
        ended = await playing.broker.closed_orders(fill.at_ns + 400_000_000)
        assert [each.vid for each in ended] == [vid]

    play(scene)


def test_an_order_that_is_refused_after_it_was_taken_ends_as_rejected() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        vid = await playing.placed(playing.terms.resting())
        order = stage.gateway.book.orders[0]
        order.status = "Inactive"
        stage.gateway.sessions[0].write(stage.gateway.book._ending(order))
        await playing.until(
            lambda: any(e.order and e.order.status is VenueStatus.REJECTED for e in playing.heard), "No end was told."
        )
        assert vid in {e.order.vid for e in playing.heard if e.order is not None}

    play(scene)


def test_a_list_with_a_message_that_cannot_be_read_is_no_answer() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        await playing.placed(playing.terms.resting())
        asking = asyncio.create_task(playing.broker.open_orders())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        stage.gateway.sessions[0].write([packed(["5", "no", "order"])])
        with pytest.raises(BrokerError, match="could not be read"):
            await asking

    play(scene)


def test_the_end_of_an_answer_that_came_too_late_is_not_the_end_of_the_next_one() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        for ticks in range(3):
            await playing.placed(playing.terms.resting(ticks=ticks))
        session, late = stage.gateway.sessions[0], []
        write, session.write = session.write, late.extend  # type: ignore[method-assign]
        with pytest.raises(VenueConnectionError):
            await playing.broker.open_orders()
        session.write = write  # type: ignore[method-assign]
        asking = asyncio.create_task(playing.broker.open_orders())
        await asyncio.sleep(0)
        session.write([each for each in late if each.endswith(b"53\x001\x00")])
        assert len(await asking) == 3

    play(scene)


def test_an_order_on_its_way_to_the_broker_is_neither_listed_nor_absent() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        await playing.placed(playing.terms.resting())
        stage.gateway.book.orders[0].perm_id = 0
        with pytest.raises(BrokerError, match="still on its way"):
            await playing.broker.open_orders()

    play(scene)


# ---------------------------------------------------------------- from the permit to the bytes


def test_nothing_is_awaited_between_the_permit_and_the_bytes() -> None:
    async def scene(playing: Play, _: IbStage) -> None:
        happened: list[str] = []
        connection = playing.broker._link.client.conn
        send = connection.sendMsg

        def sent(message: bytes) -> None:
            happened.append("bytes")
            send(message)

        def permit() -> bool:
            happened.clear()
            happened.append("permit")
            asyncio.get_running_loop().call_soon(happened.append, "loop")
            return True

        connection.sendMsg = sent
        await playing.submit(playing.terms.resting(), permit=permit)
        assert happened[:3] == ["permit", "bytes", "loop"]

    play(scene)


def test_the_library_holds_no_order_back_behind_its_permit() -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        cids = [playing.cid() for _ in range(60)]
        work = [playing.submit(playing.terms.resting(Decimal(1)), cid) for cid in cids]
        answers = await asyncio.gather(*work)
        assert {each.kind for each in answers} == {AnswerKind.ACCEPTED}
        assert stage.gateway.arrived == 60

    play(scene)


def test_an_order_is_not_sent_while_the_gateway_does_not_read() -> None:
    async def scene(playing: Play, _: IbStage) -> None:
        transport = playing.broker._link.client.conn.transport
        asked: list[int] = []
        playing.broker._link.client.conn.transport = _Clogged(transport)
        with pytest.raises(VenueConnectionError, match="does not read"):
            await playing.submit(playing.terms.resting(), permit=lambda: bool(asked.append(1)) or True)
        playing.broker._link.client.conn.transport = transport
        assert not asked

    play(scene)


class _Clogged:
    """A transport with bytes that have not left yet."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def get_write_buffer_size(self) -> int:
        return 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


@pytest.mark.parametrize(
    ("code", "kind"), [(399, AnswerKind.SILENT), (322, AnswerKind.SILENT), (201, AnswerKind.REFUSED)]
)
def test_an_error_that_is_no_known_refusal_proves_nothing(code: int, kind: AnswerKind) -> None:
    async def scene(playing: Play, stage: IbStage) -> None:
        await playing.placed(playing.terms.resting())
        stage.gateway.switchboard.switch_on(Fault.parse("drop-request:submit,count=1"))
        session, number = stage.gateway.sessions[0], numbers(stage)[0] + 1
        asyncio.get_running_loop().call_later(
            0.05, session.write, [packed(["4", "2", str(number), str(code), "said of the order", ""])]
        )
        answer = await playing.submit(playing.terms.resting())
        assert answer.kind is kind

    play(scene)
