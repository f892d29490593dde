"""The suite for brokers catches an adapter that breaks a promise: each fault here is one that real adapters had."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.broker_stages import AlpacaStage, alpaca_stage

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.venue import Answer, AnswerKind, DedupeClass, ReplaceKind, StreamEvent, VenueStatus
from tradewright.testing import BrokerConformance
from tradewright.testing.brokers.play import approved as passed

REFUSED = Answer(AnswerKind.REFUSED, reason="no")


class Broken:
    """An adapter with one fault."""

    def __init__(self, broker):
        self._broker = broker

    def __getattr__(self, name):
        return getattr(self._broker, name)


class IgnoresPermit(Broken):
    async def submit(self, approved, cid, permit):
        permit()
        return await self._broker.submit(approved, cid, lambda: True)


class AsksTwice(Broken):
    async def submit(self, approved, cid, permit):
        return await self._broker.submit(approved, cid, lambda: permit() and permit())


class Retries(Broken):
    async def submit(self, approved, cid, permit):
        answer = await self._broker.submit(approved, cid, permit)
        again = answer.kind is AnswerKind.SILENT
        return await self._broker.submit(approved, cid, permit) if again else answer


class SilenceIsRefusal(Broken):
    async def submit(self, approved, cid, permit):
        answer = await self._broker.submit(approved, cid, permit)
        return REFUSED if answer.kind is AnswerKind.SILENT else answer


class LimitIsRefusal(Broken):
    async def submit(self, approved, cid, permit):
        answer = await self._broker.submit(approved, cid, permit)
        return REFUSED if answer.kind is AnswerKind.LIMITED else answer


class DuplicateIsRefusal(Broken):
    async def submit(self, approved, cid, permit):
        answer = await self._broker.submit(approved, cid, permit)
        return REFUSED if answer.kind is AnswerKind.DUPLICATE_ID else answer


class OwnIds(Broken):
    async def submit(self, approved, cid, permit):
        return await self._broker.submit(approved, cid[::-1], permit)


class Rounds(Broken):
    async def submit(self, approved, cid, permit):
        rounded = replace(approved.order, limit_price=Decimal(round(approved.order.limit_price)))
        return await self._broker.submit(passed(rounded), cid, permit)


class CancelsAlways(Broken):
    async def cancel(self, cid, vid, permit):
        answer = await self._broker.cancel(cid, vid, permit)
        done = answer.kind in (AnswerKind.TOO_LATE, AnswerKind.UNKNOWN_ORDER)
        return Answer(AnswerKind.ACCEPTED, vid) if done else answer


class FirstOfList(Broken):
    async def open_orders(self):
        return (await self._broker.open_orders())[:3]


class OpenAlone(Broken):
    async def closed_orders(self, since_ns):
        found = await self._broker.closed_orders(since_ns)
        return [order for order in found if order.status is not VenueStatus.CANCELLED]


class LosesExecution(Broken):
    async def executions(self, since_ns):
        return (await self._broker.executions(since_ns))[1:]


class AllExecutions(Broken):
    async def executions(self, since_ns):
        return await self._broker.executions(0)


class Unfindable(Broken):
    async def order_by_cid(self, cid):
        return None


class Raises(Broken):
    async def order_by_cid(self, cid):
        found = await self._broker.order_by_cid(cid)
        if found is None:
            raise BrokerError("There is no such order.")
        return found


class SameSession(Broken):
    session = 1


class SendsClosed(Broken):
    async def submit(self, approved, cid, permit):
        permit()
        return REFUSED


class OtherIdentity(Broken):
    async def events(self):
        async for event in self._broker.events():
            fill = None if event.fill is None else replace(event.fill, execution_id=f"s{event.fill.execution_id}")
            yield StreamEvent(event.order, fill)


class NoFills(Broken):
    async def events(self):
        async for event in self._broker.events():
            yield StreamEvent(event.order)


class StalePositions(Broken):
    async def positions(self):
        return {}


class FloatMoney(Broken):
    async def account(self):
        return replace(await self._broker.account(), cash=1.5)


class ClaimsOpenOnly(Broken):
    @property
    def capabilities(self):
        return replace(self._broker.capabilities, dedupe=DedupeClass.OPEN_ONLY)


class ClaimsInPlace(Broken):
    @property
    def capabilities(self):
        return replace(self._broker.capabilities, replace=ReplaceKind.IN_PLACE)


class ClaimsReduceOnly(Broken):
    @property
    def capabilities(self):
        return replace(self._broker.capabilities, reduce_only=True)


class AsksVenueAnyway(Broken):
    async def submit(self, approved, cid, permit):
        answer = await self._broker.submit(approved, cid, permit)
        return replace(answer, reason="") if answer.kind is AnswerKind.REFUSED else answer


class Blind(NoFills):
    async def executions(self, since_ns):
        return []


class TwoOrders(Broken):
    async def submit(self, approved, cid, permit):
        await self._broker.submit(approved, cid[::-1], lambda: True)
        return await self._broker.submit(approved, cid, permit)


CAUGHT = [
    (IgnoresPermit, "nothing_is_sent_without_a_permit"),
    (AsksTwice, "the_permit_is_asked_once_for_each_attempt"),
    (Retries, "without_an_answer_nothing_is_known"),
    (SilenceIsRefusal, "without_an_answer_nothing_is_known"),
    (LimitIsRefusal, "a_rate_limit_is_no_refusal"),
    (DuplicateIsRefusal, "ids_are_refused_as_the_class_of_dedupe_says"),
    (OwnIds, "an_order_stands_once_and_as_it_was_asked_for"),
    (Rounds, "an_order_stands_once_and_as_it_was_asked_for"),
    (CancelsAlways, "cancels_of_what_is_unknown_or_over_are_not_accepted"),
    (FirstOfList, "lists_are_complete"),
    (OpenAlone, "lists_are_complete"),
    (LosesExecution, "executions_are_those_since_an_instant"),
    (LosesExecution, "lost_events_are_found_in_the_lists"),
    (LosesExecution, "a_cut_stream_ends_and_nothing_is_lost"),
    (AllExecutions, "executions_are_those_since_an_instant"),
    (Unfindable, "orders_are_found_by_both_ids"),
    (Raises, "what_was_never_placed_is_not_found"),
    (SameSession, "another_connection_has_another_number"),
    (SendsClosed, "without_a_connection_nothing_is_sent"),
    (OtherIdentity, "the_stream_tells_what_the_lists_tell"),
    (NoFills, "the_stream_tells_what_the_lists_tell"),
    (NoFills, "partial_fills_add_up"),
    (StalePositions, "market_orders_fill_and_every_number_is_the_venues"),
    (FloatMoney, "the_account_is_told_in_exact_numbers"),
    (ClaimsOpenOnly, "ids_are_refused_as_the_class_of_dedupe_says"),
    (ClaimsInPlace, "replaces_do_what_is_claimed"),
    (ClaimsReduceOnly, "features_are_those_of_the_parts"),
    (AsksVenueAnyway, "what_is_not_offered_is_refused_with_the_sentence"),
    (AsksVenueAnyway, "impossible_orders_are_refused_with_a_reason"),
]


def suite_over(fault, patience_s=0.25):
    """The suite over an adapter with a fault."""

    class FaultyStage(AlpacaStage):
        terms = replace(AlpacaStage.terms, patience_s=patience_s)

        def open(self):
            parts = super().open()
            return replace(parts, broker=fault(parts.broker))

    @contextlib.asynccontextmanager
    async def stage():
        async with alpaca_stage(made=FaultyStage) as made:
            yield made

    return BrokerConformance.of(stage=stage)


@pytest.mark.parametrize(("fault", "check"), CAUGHT, ids=lambda each: getattr(each, "__name__", None))
def test_an_adapter_that_breaks_a_promise_is_caught(fault, check):
    with pytest.raises((AssertionError, BrokerError)):
        suite_over(fault).check(f"test_{check}")


@pytest.mark.parametrize("fault", [Blind, TwoOrders])
def test_a_road_that_ends_unequal_is_caught(fault):
    with pytest.raises(AssertionError, match="Two reconciles later the book is"):
        suite_over(fault, 10.0).check("test_the_road_ends_equal_without_faults")


def test_an_adapter_without_a_fault_passes():
    suite_over(Broken, 10.0).check(*{f"test_{check}" for _, check in CAUGHT})
