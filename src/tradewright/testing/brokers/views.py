"""Views: lists are complete, look-ups find, the stream tells what the lists tell, and what it lost is recovered."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from tradewright.domain.live.venue import AnswerKind, VenueStatus
from tradewright.testing.conformance import require

from .play import BrokerSuite, face, yes
from .stage import StageFault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from tradewright.domain.live.venue import VenueFill, VenueOrder

    from .play import Play

__all__ = ["StreamChecks", "ViewChecks"]


class ViewChecks(BrokerSuite):
    """What questions are answered with."""

    def test_what_was_never_placed_is_not_found(self) -> None:
        """None, and no error."""
        self.play(self._finds_nothing)

    async def _finds_nothing(self, play: Play) -> None:
        if play.broker.capabilities.lookup_by_cid:
            require(await play.broker.order_by_cid(play.strange_cid) is None, "An order was found that is not there.")
        vid = await play.placed(play.terms.resting())
        strange = ("1" if vid[0] != "1" else "2") + vid[1:]
        require(await play.broker.order_by_vid(strange) is None, "An order was found that is not there.")

    def test_orders_are_found_by_both_ids(self) -> None:
        """By the venue's and, where it keeps ours, by ours: the same order, with the same id of ours."""
        self.play(self._finds)

    async def _finds(self, play: Play) -> None:
        cid = play.cid()
        vid = await play.placed(play.terms.resting(), cid)
        truth = await play.true_order(vid)
        looks = [await play.broker.order_by_vid(vid)]
        if play.broker.capabilities.lookup_by_cid:
            looks.append(await play.broker.order_by_cid(cid))
        for seen in looks:
            require(seen is not None and truth is not None and face(seen) == face(truth), f"{truth} is shown as {seen}")

    def test_lists_are_complete(self) -> None:
        """Open and ended orders, those of others included, are all listed, and none in the wrong list."""
        self.play(self._lists)

    async def _lists(self, play: Play) -> None:
        since = play.stage.clock.now_ns()
        await play.filled()
        for ticks in range(5):
            await play.placed(play.terms.resting(ticks=ticks))
        cid = play.cid()
        vid = await play.placed(play.terms.resting(), cid)
        await play.broker.cancel(cid, vid, yes)
        await play.until(lambda: play.true_end(vid), "A cancelled order did not end.")
        await play.stage.place_by_hand(play.terms.resting(ticks=7))
        truth = await play.stage.orders()
        await play.until(lambda: _listed(play, truth, since), "The lists differ from the venue's orders.")

    def test_executions_are_those_since_an_instant(self) -> None:
        """At the instant or after it, oldest first, each once, to the last digit."""
        self.play(self._executions)

    async def _executions(self, play: Play) -> None:
        await play.filled()
        await play.stage.move()
        await play.filled(play.terms.quantity * 2)
        truth = await play.stage.fills()
        await play.until(lambda: _executed(play, truth, 0), "Executions differ from the venue's.")
        last = truth[-1].at_ns
        late = [fill for fill in truth if fill.at_ns >= last]
        require(await _executed(play, late, last), "Executions since an instant differ from the venue's.")
        require(not await play.broker.executions(last + 60_000_000_000), "Executions before an instant are told.")

    def test_the_account_is_told_in_exact_numbers(self) -> None:
        """Decimals, finite; cash falls when something is bought."""
        self.play(self._account)

    async def _account(self, play: Play) -> None:
        before = await play.broker.account()
        for name in ("equity", "cash", "buying_power"):
            value = getattr(before, name)
            require(isinstance(value, Decimal) and value.is_finite(), f"The account's {name} is {value!r}.")
        await play.filled()

        async def has_paid() -> bool:
            return (await play.broker.account()).cash < before.cash

        await play.until(has_paid, "Cash did not fall when something was bought.")

    def test_instruments_have_the_grid_that_the_venue_takes(self) -> None:
        """The symbol, a lot and a tick on which the orders of this suite lie; an unknown one is said to be."""
        self.play(self._instruments)

    async def _instruments(self, play: Play) -> None:
        from tradewright.domain.errors import SymbolNotFoundError

        found = await play.parts.instruments.instrument(play.terms.symbol)
        require(found.symbol == play.terms.symbol, f"{play.terms.symbol} is called {found.symbol}.")
        lots = play.terms.quantity / Decimal(str(found.lot))
        ticks = play.terms.resting_price / Decimal(str(found.tick))
        require(lots == lots.to_integral_value() > 0, f"{play.terms.quantity} units are {lots} lots.")
        require(ticks == ticks.to_integral_value() > 0, f"{play.terms.resting_price} is {ticks} ticks.")
        try:
            await play.parts.instruments.instrument(play.terms.unknown_symbol)
        except SymbolNotFoundError:
            return
        require(False, f"{play.terms.unknown_symbol} is an instrument.")


class StreamChecks(BrokerSuite):
    """What the order stream tells, and how its losses are made good."""

    def test_the_stream_tells_what_the_lists_tell(self) -> None:
        """After a fill: the same order, and the same executions under the same identities."""
        self.play(self._streams)

    async def _streams(self, play: Play) -> None:
        vid = await play.filled()
        await play.until(lambda: _heard_end(play, vid), "The stream did not tell of a filled order.")
        told = await play.broker.executions(0)
        await play.until(
            lambda: {f.identity for f in play.fills_heard()} == {f.identity for f in told},
            "The stream's fills are other than the executions.",
        )
        require(_units(play.fills_heard()) == _units(told), "The stream's fills have other numbers.")
        last = _heard_end(play, vid)
        truth = await play.true_order(vid)
        require(last and truth and face(last) == face(truth), f"The stream ends with {last}, the venue has {truth}.")

    def test_partial_fills_add_up(self) -> None:
        """Each has its own identity, what is filled never falls, and the sum is the order's."""
        self.play(self._partly)

    async def _partly(self, play: Play) -> None:
        if play.terms.partly is None:
            return
        vid = await play.placed(play.terms.partly)
        await play.stage.move()

        async def is_partly_filled() -> bool:
            seen = await play.broker.order_by_vid(vid)
            return seen is not None and 0 < seen.filled < seen.quantity and seen.status is VenueStatus.OPEN

        await play.until(is_partly_filled, "An order that fills in part is not shown so.")
        await play.stage.move()
        truth = [fill for fill in await play.stage.fills() if fill.vid == vid]
        await play.until(lambda: len(play.fills_heard()) == len(truth), "Not every partial fill was told.")
        heard = play.fills_heard()
        require(_units(heard) == _units(truth), "Partial fills differ from the venue's.")
        require(await _executed(play, await play.stage.fills(), 0), "Executions differ from the venue's.")

    def test_another_connection_has_another_number(self) -> None:
        """After a disconnect the stream has ended; the next one tells again, under another session."""
        self.play(self._reconnects)

    async def _reconnects(self, play: Play) -> None:
        first = play.broker.session
        await play.disconnect()
        await play.disconnect()
        await play.connect()
        require(play.broker.session != first, "Another connection has the same number.")
        vid = await play.filled()
        await play.until(lambda: _heard_end(play, vid), "A stream that was opened again tells nothing.")

    def test_a_cut_stream_ends_and_nothing_is_lost(self) -> None:
        """The stream ends by itself; after the next connection the executions tell what it had left out."""
        self.play(self._cut)

    async def _cut(self, play: Play) -> None:
        if not play.can(StageFault.DISCONNECT):
            return
        first = play.broker.session
        await play.stage.switch_on(StageFault.DISCONNECT, count=1)
        await play.filled()
        await play.within(play.ended.wait(), "A stream that was cut did not end.")
        await play.disconnect()
        await play.stage.switch_off()
        await play.connect()
        require(play.broker.session != first, "Another connection has the same number.")
        truth = await play.stage.fills()
        await play.until(lambda: _executed(play, truth, 0), "A fill was lost with the stream.")

    def test_lost_events_are_found_in_the_lists(self) -> None:
        """What the stream never told, orders and executions tell."""
        self.play(self._lost)

    async def _lost(self, play: Play) -> None:
        if not play.can(StageFault.EVENTS_LOST):
            return
        await play.stage.switch_on(StageFault.EVENTS_LOST)
        vid = await play.filled()
        truth = await play.stage.fills()
        await play.until(lambda: _executed(play, truth, 0), "A fill that was not told is not among the executions.")
        seen = await play.broker.order_by_vid(vid)
        require(seen is not None and seen.status is VenueStatus.FILLED, "A fill that was not told is not shown.")
        require(not play.fills_heard(), "The stage told what it was to lose.")

    def test_events_that_come_twice_are_one_fill(self) -> None:
        """They carry the same identity."""
        self.play(self._twice)

    async def _twice(self, play: Play) -> None:
        if not play.can(StageFault.EVENTS_TWICE):
            return
        await play.stage.switch_on(StageFault.EVENTS_TWICE)
        await play.filled()
        await play.until(lambda: len([e for e in play.heard if e.fill]) >= 2, "The stage did not tell it twice.")
        truth = await play.stage.fills()
        require(_units(play.fills_heard()) == _units(truth), "A fill that was told twice counts twice.")


class FaultChecks(BrokerSuite):
    """What an answer means that did not come, or came wrong."""

    def test_without_an_answer_nothing_is_known(self) -> None:
        """SILENT within the deadline; the order is found afterwards where the venue took it, and only there."""
        self.play(self._silent)

    async def _silent(self, play: Play) -> None:
        taken = {StageFault.ANSWER_LOST: 1, StageFault.ERROR_AFTER: 1, StageFault.REQUEST_LOST: 0, StageFault.ERROR: 0}
        for fault, count in taken.items():
            if not play.can(fault):
                continue
            await play.stage.switch_on(fault, count=1)
            cid = play.cid()
            known = len(await play.under(cid))
            answer = await play.submit(play.terms.resting(), cid)
            await play.stage.switch_off()
            require(answer.kind is AnswerKind.SILENT, f"Where {fault}, it was answered {answer}.")
            require(len(await play.under(cid)) == known + count, f"Where {fault}, other than {count} orders stand.")
            if play.broker.capabilities.lookup_by_cid and count:
                await play.until(partial(play.broker.order_by_cid, cid), f"Where {fault}, it is never found.")

    def test_a_rate_limit_is_no_refusal(self) -> None:
        """LIMITED where the venue proves that nothing was done, otherwise SILENT; nothing stands."""
        self.play(self._limited)

    async def _limited(self, play: Play) -> None:
        if not play.can(StageFault.LIMITED):
            return
        await play.stage.switch_on(StageFault.LIMITED, count=1)
        answer = await play.submit(play.terms.resting())
        kinds = (AnswerKind.LIMITED, AnswerKind.SILENT)
        require(answer.kind in kinds, f"One request too many was answered {answer}.")
        require(not await play.stage.orders(), "An order stands that was one too many.")

    def test_requests_may_overlap(self) -> None:
        """Several submits at the same time are several orders, each under its own id."""
        self.play(self._overlap)

    async def _overlap(self, play: Play) -> None:
        if not play.broker.capabilities.has_cids:
            return
        cids = [play.cid() for _ in range(4)]
        orders = [play.terms.resting(ticks=number) for number in range(4)]
        answers = await asyncio.gather(*(play.submit(w, c) for w, c in zip(orders, cids, strict=True)))
        require({a.kind for a in answers} == {AnswerKind.ACCEPTED}, f"Four submits at once were answered {answers}.")
        vids = {order.cid: order.vid for order in await play.stage.orders()}
        require([vids.get(c) for c in cids] == [a.vid for a in answers], "Answers were taken for one another.")


async def _listed(play: Play, truth: Iterable[VenueOrder], since_ns: int) -> bool:
    opened = {face(order) for order in await play.broker.open_orders()}
    closed = {face(order) for order in await play.broker.closed_orders(since_ns)}
    is_open = {face(order) for order in truth if not order.status.is_terminal}
    return opened == is_open and closed == {face(order) for order in truth} - is_open


async def _executed(play: Play, truth: Iterable[VenueFill], since_ns: int) -> bool:
    return _units(await play.broker.executions(since_ns)) == _units(truth)


def _units(fills: Iterable[VenueFill]) -> list[tuple[Any, ...]]:
    """Fills as they are compared: whose, how much, at which price, and how much of the order by then."""
    return [(fill.vid, fill.symbol, fill.side, fill.quantity, fill.price, fill.cumulative) for fill in fills]


def _heard_end(play: Play, vid: str) -> VenueOrder | None:
    orders = [event.order for event in play.heard if event.order is not None and event.order.vid == vid]
    return next((order for order in orders if order.status.is_terminal), None)
