"""Requests: taken once under our id, refused by their sentence, ended, replaced, and never sent without a permit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.venue import AnswerKind, DedupeClass, ReplaceKind, VenueStatus
from tradewright.testing.conformance import require

from .play import BrokerSuite, approved, same, yes

if TYPE_CHECKING:
    from tradewright.domain.live.wire import WireOrder

    from .play import Play

__all__ = ["RequestChecks"]

_NOT_DONE = {AnswerKind.UNKNOWN_ORDER, AnswerKind.TOO_LATE, AnswerKind.REFUSED, AnswerKind.SILENT}


class _Permit:
    """Counts how often it is asked."""

    def __init__(self, *, is_given: bool) -> None:
        self._is_given = is_given
        self.asked = 0

    def __call__(self) -> bool:
        self.asked += 1
        return self._is_given


class RequestChecks(BrokerSuite):
    """What becomes of requests that change something."""

    def test_an_order_stands_once_and_as_it_was_asked_for(self) -> None:
        """One submit is one order: our id, symbol, side and quantity, to the last digit."""
        self.play(self._stands_once)

    async def _stands_once(self, play: Play) -> None:
        wire, cid = play.terms.resting(), play.cid()
        vid = await play.placed(wire, cid)
        orders = await play.stage.orders()
        require([order.vid for order in orders] == [vid], f"One submit made {len(orders)} orders.")
        if play.broker.capabilities.has_cids:
            require(orders[0].cid == cid, f"The id {cid} arrived as {orders[0].cid}.")
        await _same(play, vid, wire)
        price_of = getattr(play.stage, "price_of", None)
        if price_of is not None:
            price = await price_of(vid)
            require(price == wire.limit_price, f"The limit {wire.limit_price} arrived as {price}.")

    def test_market_orders_fill_and_every_number_is_the_venues(self) -> None:
        """After a fill: the order, the executions and the position are what the venue itself says."""
        self.play(self._fills)

    async def _fills(self, play: Play) -> None:
        vid = await play.filled()
        truth = await play.true_order(vid)

        async def agrees() -> bool:
            return same(await play.broker.order_by_vid(vid), truth)

        await play.until(agrees, "A filled order is shown other than the venue has it.")
        require(truth is not None and truth.filled == play.terms.quantity, "A market order filled other units.")
        await play.until(lambda: _positions_agree(play), "Positions are other than the venue's.")

    def test_ids_are_refused_as_the_class_of_dedupe_says(self) -> None:
        """A used id makes no second order: never, or not while the first one works."""
        self.play(self._dedupes)

    async def _dedupes(self, play: Play) -> None:
        dedupe = play.broker.capabilities.dedupe
        if dedupe is DedupeClass.NONE:
            return
        wire, cid = play.terms.resting(), play.cid()
        vid = await play.placed(wire, cid)
        again = await play.submit(wire, cid)
        require(again.kind is AnswerKind.DUPLICATE_ID, f"A second order under a working id was answered {again}.")
        require(len(await play.under(cid)) == 1, "A second order stands under a working id.")
        await _ended(play, cid, vid)
        again = await play.submit(wire, cid)
        wanted = AnswerKind.DUPLICATE_ID if dedupe is DedupeClass.FOR_EVER else AnswerKind.ACCEPTED
        require(again.kind is wanted, f"An id whose order has ended was answered {again}, the class is {dedupe}.")

    def test_orders_end_when_asked(self) -> None:
        """A cancel by the venue's id ends an order, and by ours where the venue has it."""
        self.play(self._cancels)

    async def _cancels(self, play: Play) -> None:
        for by_vid in (True, False)[: 2 if play.broker.capabilities.lookup_by_cid else 1]:
            cid = play.cid()
            vid = await play.placed(play.terms.resting(), cid)
            answer = await play.broker.cancel(cid, vid if by_vid else None, yes)
            require(answer.kind is AnswerKind.ACCEPTED, f"A cancel was answered {answer}.")
            end = await play.until(partial(play.true_end, vid), "A cancelled order did not end.")
            require(end.status is VenueStatus.CANCELLED, f"A cancelled order ended as {end.status}.")

    def test_cancels_of_what_is_unknown_or_over_are_not_accepted(self) -> None:
        """Nothing is said to end that is not there, or has ended."""
        self.play(self._cancels_nothing)

    async def _cancels_nothing(self, play: Play) -> None:
        has_cids = play.broker.capabilities.has_cids
        answer = await play.broker.cancel(play.strange_cid, None if has_cids else "no-such-order", yes)
        require(answer.kind in _NOT_DONE - {AnswerKind.TOO_LATE}, f"A cancel of no order was answered {answer}.")
        vid = await play.filled()
        answer = await play.broker.cancel(play.strange_cid, vid, yes)
        require(answer.kind in _NOT_DONE, f"A cancel of a filled order was answered {answer}.")
        truth = await play.true_order(vid)
        require(truth is not None and truth.status is VenueStatus.FILLED, "A cancel changed a filled order.")

    def test_replaces_do_what_is_claimed(self) -> None:
        """One order in the place of another, under the new id; refused where there is no such thing."""
        self.play(self._replaces)

    async def _replaces(self, play: Play) -> None:
        old_cid, new_cid, wire = play.cid(), play.cid(), play.terms.resting(2 * play.terms.quantity, ticks=1)
        vid = await play.placed(play.terms.resting(), old_cid)
        answer = await play.broker.replace(vid, approved(wire), new_cid, yes)
        if play.broker.capabilities.replace is ReplaceKind.NONE:
            require(answer.kind is AnswerKind.REFUSED, f"A replace that there is not was answered {answer}.")
            require(await play.true_end(vid) is None, "A refused replace ended the order.")
            return
        require(answer.kind is AnswerKind.ACCEPTED, f"A replace was answered {answer}.")
        is_same = play.broker.capabilities.replace is ReplaceKind.IN_PLACE
        require((answer.vid == vid) == is_same, f"Order {vid} was replaced by {answer.vid}.")
        await play.until(lambda: _open_once(play, str(answer.vid)), "After a replace one order is open.")
        await _same(play, str(answer.vid), wire)
        if not is_same:
            old = await play.until(lambda: play.broker.order_by_vid(vid), "A replaced order is not shown.")
            require(old.status is VenueStatus.REPLACED, f"A replaced order is shown as {old.status}.")

    def test_impossible_orders_are_refused_with_a_reason(self) -> None:
        """What the venue definitively refuses is REFUSED, and nothing of it stands."""
        self.play(self._refuses)

    async def _refuses(self, play: Play) -> None:
        if play.terms.refused is None:
            return
        answer = await play.submit(play.terms.refused)
        require(answer.kind is AnswerKind.REFUSED, f"An impossible order was answered {answer}.")
        require(answer.reason, "A refusal gives no reason.")
        require(not await play.broker.open_orders(), "A refused order stands.")

    def test_nothing_is_sent_without_a_permit(self) -> None:
        """A permit that is withheld is asked once, and no byte of the request reaches the venue."""
        self.play(self._withheld)

    async def _withheld(self, play: Play) -> None:
        vid = await play.placed(play.terms.resting())
        before = await play.stage.arrived()
        permit = _Permit(is_given=False)
        wire = approved(play.terms.resting())
        answers = [
            await play.broker.submit(wire, play.cid(), permit),
            await play.broker.cancel(play.strange_cid, vid, permit),
            await play.broker.replace(vid, wire, play.cid(), permit),
        ]
        kinds = [answer.kind for answer in answers]
        if play.broker.capabilities.replace is ReplaceKind.NONE and kinds[2] is AnswerKind.REFUSED:
            kinds[2] = AnswerKind.NOT_SENT
        require(set(kinds) == {AnswerKind.NOT_SENT}, f"Without a permit three requests were answered {answers}.")
        require(permit.asked in (2, 3), f"Three requests asked {permit.asked} times for a permit.")
        require(await play.stage.arrived() == before, "A request without a permit reached the venue.")

    def test_the_permit_is_asked_once_for_each_attempt(self) -> None:
        """One request asks for one permit, sends once, and the venue meets it once."""
        self.play(self._asked_once)

    async def _asked_once(self, play: Play) -> None:
        before, permit = await play.stage.arrived(), _Permit(is_given=True)
        answer = await play.submit(play.terms.resting(), permit=permit)
        require((answer.kind, permit.asked) == (AnswerKind.ACCEPTED, 1), f"{answer} after {permit.asked} permits.")
        require(await play.stage.arrived() == before + 1, "One submit reached the venue other than once.")

    def test_without_a_connection_nothing_is_sent(self) -> None:
        """Requests on a closed connection raise, and ask for no permit."""
        self.play(self._closed, connected=False)

    async def _closed(self, play: Play) -> None:
        permit = _Permit(is_given=True)
        try:
            await play.submit(play.terms.resting(), permit=permit)
        except BrokerError:
            require(not permit.asked, "A permit was asked for without a connection.")
            return
        require(False, "An order was handed over without a connection.")


async def _same(play: Play, vid: str, wire: WireOrder) -> None:
    truth = await play.true_order(vid)
    require(truth is not None, f"The venue knows no order {vid}.")
    if truth is not None:
        found = (truth.symbol, truth.side, truth.quantity)
        wanted = (wire.symbol, wire.side, wire.quantity)
        require(found == wanted, f"{wanted} arrived as {found}.")


async def _open_once(play: Play, vid: str) -> bool:
    orders = [order for order in await play.stage.orders() if not order.status.is_terminal]
    return [order.vid for order in orders] == [vid]


async def _positions_agree(play: Play) -> bool:
    told = {symbol: units for symbol, units in (await play.broker.positions()).items() if units}
    return told == await play.stage.positions()


async def _ended(play: Play, cid: str, vid: str) -> None:
    await play.broker.cancel(cid, vid, yes)
    await play.until(lambda: play.true_end(vid), "A cancelled order did not end.")
