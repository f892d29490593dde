"""What becomes of a session's decisions on the order road: brackets closed, refusals, and what a dead program left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from tests.markets import share

from tradewright.app.live.carrier import DryCarrier
from tradewright.app.live.teller import BrokerCarrier
from tradewright.app.live.wires import WireForms
from tradewright.app.orders.office import Alarm
from tradewright.domain.approval import RefusedOrder
from tradewright.domain.bars import Bar
from tradewright.domain.errors import OrderError
from tradewright.domain.events import Reason
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.session import (
    Booked,
    CancelAsked,
    Command,
    Ended,
    Filled,
    Input,
    Placed,
    Replaced,
    Row,
    Standing,
)
from tradewright.domain.minting import mint

FORMS = WireForms((share(),))
ASKED = Command("resume", "ann", "", 7)


def placed(number: int, quantity: float = 10.0, **said: Any) -> Placed:
    return Placed(
        **{
            "order_id": number, "strategy": 0, "symbol": "ACME", "side": 1, "quantity": quantity,
            "order_type": "market", "time_in_force": "day", **said,
        }
    )  # fmt: skip


class Road:
    """An order road that only writes down what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.refuses: Exception | None = None
        self.held: dict[str, Decimal] = {}
        self.book = SimpleNamespace(decisions={}, orders={}, exits={}, fills={}, prices={}, children=lambda _: [])
        self.office = SimpleNamespace(
            book=self.book, clock=SimpleNamespace(now_ns=lambda: 7), spawn=asyncio.ensure_future, now_ns=lambda: 0,
            alarm=self._alarm,
        )  # fmt: skip
        self.submitter = SimpleNamespace(decide=self._decide)
        self.canceller = SimpleNamespace(cancel=self._says("cancel"))
        self.replacer = SimpleNamespace(replace=self._replace)
        holdings = SimpleNamespace(entries=self._entries, held=lambda entry: self.held[entry.cid])
        self.brackets = SimpleNamespace(exit=self._exit, holdings=holdings)

    def entry(self, cid: str, placed: Placed, held: int, instance: str = "one/0") -> Any:
        """An order of the book, with a bracket that holds something."""
        wire = FORMS.wire(placed)
        self.held[cid] = Decimal(held)
        self.book.orders[cid] = order = SimpleNamespace(
            cid=cid, wire=wire, instance=instance, symbol="ACME", plan=FORMS.plan(placed), replaced_by=None, fills={},
            is_open=True, cancel_wanted=False, decided_at=0, parent=None, role=IdRole.ENTRY, lots=Decimal(0),
            replaces=None, state=Lifecycle.WORKING, reason="", leaves=Decimal(0), half_spread=None,
        )  # fmt: skip
        return order

    def _entries(self) -> list[Any]:
        return [order for order in self.book.orders.values() if order.plan is not None]

    def fill(self, order: Any, identity: str, units: int) -> None:
        """A fill is in the book."""
        self.book.fills[identity], self.book.prices[identity] = (order.cid, Decimal(units)), (Decimal(99), 8)
        order.lots = Decimal(units)

    def _alarm(self, *what: Any) -> None:
        self.asked.append(("alarm", *what))

    def _says(self, word: str) -> Callable[..., Awaitable[None]]:
        async def say(*what: Any) -> None:
            self.asked.append((word, *what))

        return say

    async def _exit(self, cid: str, reason: str) -> None:
        self.asked.append(("exit", cid, reason))
        self.book.exits[cid] = reason

    async def _decide(self, decision: Any) -> tuple[str, ...]:
        self.asked += [("send", intent.approved.order.quantity) for intent in decision.intents]
        return tuple(f"c{len(self.asked)}" for _ in decision.intents)

    async def _replace(self, cid: str, wire: Any, *_: Any) -> str:
        self.asked.append(("replace", cid, wire.quantity))
        if self.refuses is not None:
            raise self.refuses
        return f"{cid}-new"


class Risk:
    """Approves everything, or refuses everything."""

    def __init__(self) -> None:
        self.reason: Reason | None = None

    def approve(self, wire: Any, **_: Any) -> Any:
        return mint(wire) if self.reason is None else RefusedOrder(wire, self.reason)

    def release(self, _: Any) -> None: ...


@pytest.fixture
def road() -> Road:
    return Road()


def carrier_on(road: Road, put: Callable[[Input], None], risk: Risk | None = None) -> BrokerCarrier:
    async def nothing(*_: Any) -> None: ...

    account: Any = SimpleNamespace(
        road=road, risk=risk or Risk(), valuer=SimpleNamespace(account=nothing, see=nothing)
    )  # fmt: skip
    return BrokerCarrier("one", account, FORMS, ttl_ns=1, put=put)


def carried(road: Road, *outputs: Any, risk: Risk | None = None, before: tuple[Any, ...] = ()) -> list[Input]:
    """Carry outputs out, after others that a program had before it died; what the engine is told."""
    told: list[Input] = []

    async def work() -> None:
        carrier = carrier_on(road, told.append, risk)
        carrier.remember(1, ASKED, before)
        if before:
            await carrier.catch_up()
        await carrier.carry_out(2, ASKED, outputs)
        await asyncio.sleep(0)

    asyncio.run(work())
    return told


BRACKET = placed(1, stop_loss=90.0)


def test_an_order_that_came_to_its_end_in_the_turn_in_which_it_was_to_leave_has_ended(road: Road) -> None:
    async def refused_at_the_permit(decision: Any) -> tuple[str, ...]:
        order = road.entry("c1", placed(1), 0)
        order.is_open, order.state, order.reason = False, Lifecycle.NOT_ACCEPTED, "It is too old to be sent."
        return ("c1",)

    road.submitter.decide = refused_at_the_permit
    assert carried(road, placed(1)) == [Ended(1, "rejected", "It is too old to be sent.", 7)]


def test_an_order_in_place_of_another_may_end_so_too(road: Road) -> None:
    async def refused_at_the_permit(cid: str, *_: Any) -> str:
        order = road.entry("c1-new", placed(2), 0)
        order.is_open, order.state, order.reason = False, Lifecycle.NOT_ACCEPTED, "It is too old to be sent."
        return "c1-new"

    known(road, placed(1))
    road.replacer.replace = refused_at_the_permit
    told = carried(road, Replaced(1, placed(2)), before=(placed(1),))
    assert Ended(2, "rejected", "It is too old to be sent.", 7) in told


def known(road: Road, *orders: Placed) -> None:
    """The decision of a program that died: these orders are on the road under c1, c2, …"""
    cids = tuple(f"c{number}" for number, _ in enumerate(orders, start=1))
    road.book.decisions["one/0", DecisionKey(1, "*")] = ("", cids)
    for cid, order in zip(cids, orders, strict=True):
        road.entry(cid, order, 10)


@pytest.mark.parametrize("is_plain", [True, False])
def test_a_sale_of_what_a_bracket_holds_closes_the_bracket(road: Road, *, is_plain: bool) -> None:
    road.entry("e", BRACKET, 10)
    told = carried(road, placed(2, 10.0, side=-1, reduce_only=not is_plain))
    assert told == [Standing(2, "submitted", 7)]
    assert road.asked == [("exit", "e", "strategy")]


def test_what_is_sold_beyond_the_brackets_goes_out_as_an_order(road: Road) -> None:
    road.entry("e", BRACKET, 10)
    carried(road, placed(2, 14.0, side=-1))
    assert road.asked == [("exit", "e", "strategy"), ("send", Decimal(4))]


def test_of_several_brackets_the_oldest_are_closed(road: Road) -> None:
    for cid in ("e", "f", "g"):
        road.entry(cid, BRACKET, 10)
    carried(road, placed(2, 20.0, side=-1))
    assert road.asked == [("exit", "e", "strategy"), ("exit", "f", "strategy")]


def test_a_part_of_a_bracket_is_not_sold_beside_its_stop(road: Road) -> None:
    road.entry("e", BRACKET, 10)
    (told,) = carried(road, placed(2, 4.0, side=-1))
    assert isinstance(told, Ended)
    assert told.reason == "A part of what a bracket protects does not go to brokers: close it whole."
    assert road.asked == []


def test_more_of_what_a_bracket_holds_is_bought_as_usual(road: Road) -> None:
    road.entry("e", BRACKET, 10)
    carried(road, placed(2, 4.0))
    assert road.asked == [("send", Decimal(4))]


def test_brackets_of_another_strategy_stay(road: Road) -> None:
    road.entry("e", BRACKET, 10, instance="one/1")
    carried(road, placed(2, 10.0, side=-1))
    assert road.asked == [("send", Decimal(10))]


LIMIT = placed(1, order_type="limit", limit_price=95.0)


def test_where_a_replacement_is_refused_the_order_that_the_engine_gave_up_ends(road: Road) -> None:
    known(road, LIMIT)
    risk = Risk()
    risk.reason = Reason.BY_OPERATOR
    (told,) = carried(road, Replaced(1, placed(2, 99.0)), before=(LIMIT,), risk=risk)
    assert isinstance(told, Ended)
    assert (told.order_id, told.status, told.reason) == (2, "rejected", Reason.BY_OPERATOR.sentence)
    assert road.asked == [("cancel", "c1")]


def test_where_a_replacement_cannot_go_out_its_reason_is_told(road: Road) -> None:
    known(road, LIMIT)
    road.refuses = OrderError("Order c1 is on its way out and cannot be replaced.")
    (told,) = carried(road, Replaced(1, placed(2)), before=(LIMIT,))
    assert isinstance(told, Ended)
    assert "on its way out" in told.reason


def test_what_a_dead_program_decided_and_never_sent_is_told_to_have_ended(road: Road) -> None:
    (told,) = carried(road, before=(LIMIT,))
    assert told == Ended(1, "rejected", "The program ended before it was sent.", 7)


def test_of_two_alike_only_the_one_that_was_sent_is_known(road: Road) -> None:
    known(road, LIMIT)
    small = placed(2, 3.0, order_type="limit", limit_price=95.0)
    (told,) = carried(road, CancelAsked(1, 0, "no more"), before=(small, LIMIT))
    assert isinstance(told, Ended)
    assert told.order_id == 2
    assert road.asked == [("cancel", "c1")]


def test_a_cancel_that_a_dead_program_never_sent_is_asked_for_again(road: Road) -> None:
    known(road, LIMIT)
    assert carried(road, before=(LIMIT, CancelAsked(1, 0, "no more"))) == []
    assert road.asked == [("cancel", "c1")]


def test_a_replacement_that_a_dead_program_never_sent_leaves_neither_standing(road: Road) -> None:
    known(road, LIMIT)
    (told,) = carried(road, before=(LIMIT, Replaced(1, placed(2, 99.0))))
    assert isinstance(told, Ended)
    assert told.order_id == 2
    assert road.asked == [("cancel", "c1")]


def test_after_a_restart_the_exit_of_a_bracket_still_fills_the_order_that_closed_it(road: Road) -> None:
    known(road, BRACKET)
    road.book.exits["c1"] = "strategy"
    told: list[Any] = []

    async def work() -> None:
        carrier = carrier_on(road, told.append)
        carrier.remember(1, ASKED, (BRACKET,))
        carrier.remember(2, ASKED, (placed(2, side=-1, reduce_only=True),))
        await carrier.catch_up()
        order = road.entry("x", placed(9, side=-1), 0)
        order.parent, order.role, order.plan = "c1", IdRole.EXIT, None
        road.fill(order, "f", 10)
        carrier.filled(order, fill("f"))

    asyncio.run(work())
    assert [(each.order_id, each.leg) for each in told] == [(2, "")]


def fill(identity: str) -> Any:
    return SimpleNamespace(identity=identity)


def stands(*positions: tuple[int, str, float]) -> dict[str, Any]:
    return {"positions": [{"strategy": n, "symbol": symbol, "quantity": units} for n, symbol, units in positions]}


def test_fills_that_came_while_no_program_ran_are_told_once_and_from_the_journal(road: Road) -> None:
    known(road, LIMIT)
    road.fill(road.book.orders["c1"], "f", 4)
    told: list[Any] = []

    async def work() -> None:
        carrier = carrier_on(road, told.append)
        carrier.remember(1, ASKED, (LIMIT,))
        carrier.filled(road.book.orders["c1"], fill("f"))
        await carrier.catch_up()
        carrier.filled(road.book.orders["c1"], fill("f"))

    asyncio.run(work())
    assert told == [Filled(1, 4.0, 99.0, None, 8, "f")]


def test_a_fill_says_what_crossing_the_spread_cost_when_its_order_was_sent(road: Road) -> None:
    known(road, LIMIT)
    order, told = road.book.orders["c1"], []
    order.half_spread = 0.01
    road.fill(order, "f", 4)

    async def work() -> None:
        carrier = carrier_on(road, told.append)
        carrier.remember(1, ASKED, (LIMIT,))
        await carrier.catch_up()

    asyncio.run(work())
    assert told == [Filled(1, 4.0, 99.0, None, 8, "f", half_spread=0.01)]


def test_a_corrected_fill_is_told_as_the_difference(road: Road) -> None:
    known(road, LIMIT)
    order, told = road.book.orders["c1"], []

    async def work() -> None:
        carrier = carrier_on(road, told.append)
        carrier.remember(1, ASKED, (LIMIT,))
        await carrier.catch_up()
        for units in (4, 3, 3):
            road.fill(order, "f", units)
            carrier.filled(order, fill("f"))

    asyncio.run(work())
    assert told[1:] == [Booked(0, "ACME", -1.0, 99.0, 8, "f", "The venue corrected a fill.")]


def test_what_an_engine_and_the_journal_hold_differently_is_told_and_stops_entries_once(road: Road) -> None:
    known(road, LIMIT)
    told: list[Any] = []

    async def work() -> None:
        carrier = carrier_on(road, told.append)
        carrier.remember(1, ASKED, (LIMIT,))
        await carrier.catch_up()
        carrier.compare(stands())
        road.fill(road.book.orders["c1"], "f", 4)
        carrier.filled(road.book.orders["c1"], fill("f"))
        carrier.compare(stands((0, "ACME", 4.0)))
        assert road.asked == []
        carrier.compare(stands((0, "ACME", 3.0)))
        carrier.compare(stands((0, "ACME", 3.0)))

    asyncio.run(work())
    what = "one/0 counts 3 ACME, and its orders have made 4."
    assert road.asked == [("alarm", Alarm.BREAK, "ACME", what)]
    assert told[1:] == [Command("pause", "session", what, 7, 0)]


def test_an_order_that_the_record_does_not_know_is_told_and_cancelled(road: Road) -> None:
    known(road, LIMIT)
    road.entry("lost", LIMIT, 0)
    road.entry("another's", LIMIT, 0, instance="one-more/0")
    carried(road, before=(LIMIT,))
    assert road.asked == [("alarm", Alarm.OWN_TAG, "lost", "The record of one does not know it."), ("cancel", "lost")]


def test_an_order_whose_replacement_the_venue_refuses_ends_too(road: Road) -> None:
    known(road, LIMIT)
    new = road.entry("c1-new", placed(2), 0)
    new.replaces, new.state, road.book.orders["c1"].replaced_by = "c1", Lifecycle.REJECTED, "c1-new"
    told: list[Any] = []

    async def work() -> None:
        carrier = carrier_on(road, told.append)
        carrier.remember(1, ASKED, (LIMIT,))
        await carrier.carry_out(2, ASKED, (Replaced(1, placed(2)),))
        carrier.changed(new)
        await asyncio.sleep(0)

    asyncio.run(work())
    assert road.asked[1:] == [("cancel", "c1")]
    assert [(each.order_id, each.status) for each in told] == [(2, "rejected")]


def test_rows_that_close_together_are_decided_apart(road: Road) -> None:
    keys: list[DecisionKey] = []

    async def decide(decision: Any) -> tuple[str, ...]:
        keys.append(decision.key)
        return (f"c{len(keys)}",)

    async def work() -> None:
        road.submitter.decide = decide
        carrier = carrier_on(road, lambda _: None)
        for opens in (1, 2):
            await carrier.carry_out(opens, Row(opens, 9, (), 0, ()), (placed(opens),))

    asyncio.run(work())
    assert len(set(keys)) == 2


OFFER = {"side": -1, "order_type": "limit", "limit_price": 110.0}


@pytest.mark.parametrize(("units", "goes"), [(5.0, True), (6.0, False)])
def test_a_resting_order_does_not_offer_what_a_bracket_s_stop_closes(road: Road, units: float, *, goes: bool) -> None:
    road.entry("e", BRACKET, 10).lots = Decimal(10)
    road.entry("plain", placed(7), 0).lots = Decimal(8)
    road.entry("resting", placed(8, 3.0, **OFFER), 0).leaves = Decimal(3)
    told = carried(road, placed(2, units, **OFFER))
    assert [word for word, *_ in road.asked] == (["send"] if goes else [])
    assert [each.status for each in told if isinstance(each, Ended)] == ([] if goes else ["rejected"])


def test_a_bracket_does_not_protect_what_closed_a_position(road: Road) -> None:
    road.entry("short", placed(7, side=-1), 0).lots = Decimal(10)
    turn = placed(2, 15.0, stop_loss=90.0)
    (told,) = carried(road, turn)
    assert isinstance(told, Ended)
    assert "closes a position first" in told.reason
    assert carried(road, placed(3, 10.0, reduce_only=True), placed(4, 5.0, stop_loss=90.0)) == []


def test_a_bracket_goes_out_behind_the_one_that_is_being_closed(road: Road) -> None:
    entry = road.entry("e", placed(1, side=-1, stop_loss=110.0), 10)
    entry.lots = Decimal(10)
    carried(road, placed(2, 10.0), placed(3, 5.0, stop_loss=90.0))
    assert road.asked == [("exit", "e", "strategy"), ("send", Decimal(5))]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (None, ("cancelled", "A dry run sends nothing.")),
        (Reason.BY_OPERATOR, ("rejected", Reason.BY_OPERATOR.sentence)),
    ],
)
def test_a_dry_run_says_what_the_gate_says_of_each_order(reason: Reason | None, told: tuple[str, str]) -> None:
    seen: list[Any] = []
    heard: list[Any] = []
    risk = Risk()
    risk.reason = reason

    async def see(what: Any = None) -> None:
        seen.append(what)

    valuer: Any = SimpleNamespace(see=see, account=see)
    clock: Any = SimpleNamespace(now_ns=lambda: 7)
    carrier = DryCarrier(FORMS, risk, valuer, clock, heard.append)  # type: ignore[arg-type]
    bar = Bar("ACME", 0, 60, 100.0, 100.0, 100.0, 100.0, 1.0)
    asyncio.run(carrier.carry_out(1, Row(0, 60, (bar,), 0, (0,)), (placed(1),)))
    assert [(each.order_id, each.status, each.reason) for each in heard] == [(1, *told)]
    assert seen == [bar, None]


def test_an_exit_goes_out_though_an_entry_of_the_same_decision_does_not(road: Road) -> None:
    decide = road.submitter.decide

    async def refuses_entries(decision: Any) -> tuple[str, ...]:
        if not all(intent.approved.order.reduce_only for intent in decision.intents):
            raise OrderError("Nothing new is sent for ACME: it is frozen.")
        found: tuple[str, ...] = await decide(decision)
        return found

    road.submitter.decide = refuses_entries
    told = carried(road, placed(2, 3.0), placed(3, 4.0, side=-1, reduce_only=True))
    assert road.asked == [("send", Decimal(4))]
    assert [(each.order_id, each.status) for each in told if isinstance(each, Ended)] == [(2, "rejected")]


def bar(opens: int) -> Bar:
    return Bar("ACME", opens, opens + 10, 100.0, 120.0, 99.0, 101.0, 1.0)


@pytest.mark.parametrize(("opens", "prices"), [(5, [101]), (8, [120, 99])])
def test_targets_are_not_taken_at_what_a_bar_reached_before_the_entry_filled_inside_it(
    road: Road, opens: int, prices: list[int]
) -> None:
    known(road, BRACKET)
    entry = road.book.orders["c1"]
    road.fill(entry, "f", 10)  # at 8
    entry.fills, road.book.chain = {"f": Decimal(10)}, lambda order: [order]
    seen: list[Decimal] = []

    async def price(_: str, at: Decimal) -> None:
        seen.append(at)

    async def work() -> None:
        road.brackets.price = price
        carrier = carrier_on(road, lambda _: None)
        carrier.remember(1, ASKED, (BRACKET,))
        await carrier.catch_up()
        await carrier.carry_out(2, Row(opens, opens + 10, (bar(opens),), 0, (0,)), ())

    asyncio.run(work())
    assert seen == prices


def test_the_risk_office_sees_the_bars_of_the_record_again(road: Road) -> None:
    seen: list[int] = []

    async def see(given: Bar) -> None:
        seen.append(given.open_time)

    async def work() -> None:
        carrier = carrier_on(road, lambda _: None)
        carrier._valuer.see = see  # type: ignore[method-assign]
        for opens in (10, 20):
            carrier.remember(opens, Row(opens, opens + 10, (bar(opens),), 0, (0,)), ())
        await carrier.catch_up()

    asyncio.run(work())
    assert seen == [10, 20]
