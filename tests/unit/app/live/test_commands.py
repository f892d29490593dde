"""An operator's commands, over a road and a venue in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.faults.script import scenario
from tests.faults.world import HAND, Trader, World

from tradewright.app.live.commands import OPERATOR, OperatorDesk
from tradewright.app.orders.book import LiveBook
from tradewright.app.orders.submit import Decision, Intent
from tradewright.domain.errors import ConfigError, OrderError
from tradewright.domain.live import operator as say
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.order import BracketPlan, Lifecycle
from tradewright.domain.live.venue import DedupeClass
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide, OrderType

ANN = {"who": "ann", "reason": "because"}
FAR = 1 << 62


class Engine:
    """Which strategies run, and what they were asked."""

    def __init__(self, *running: str) -> None:
        self.running = running
        self.asked: list[tuple[str, str]] = []

    def runs(self, instance: str) -> bool:
        return instance in self.running

    def ask(self, what: str, who: str, reason: str, instance: str) -> None:
        assert (who, reason) == ("ann", "because")
        self.asked.append((what, instance))


class Stage:
    """An account without faults."""

    def __init__(self, *running: str) -> None:
        drawn = scenario(0)
        abilities = replace(
            drawn.traits.capabilities,
            dedupe=DedupeClass.FOR_EVER,
            has_cids=True,
            lookup_by_cid=True,
            has_execution_ids=True,
        )
        self.world = World(
            replace(drawn, wishes=(), faults=(), traits=replace(drawn.traits, capabilities=abilities), sync_s=0.0)
        )
        self.trader = Trader(self.world, "A")
        self.road, self.office = self.trader.road, self.trader.office
        self.engine = Engine(*running)
        self.desk = OperatorDesk(self.road, self.engine)

    def play(self, story: Callable[[Stage], Coroutine[Any, Any, None]]) -> None:
        async def told() -> None:
            try:
                await self.road.start()
                await story(self)
            finally:
                tasks = list(self.office.tasks)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

        self.world.loop.run(told())

    async def wait(self, holds: Callable[[], bool]) -> None:
        await self.office.until(holds)

    async def order(
        self, units: int, instance: str = "s1", *, limit: int | None = None, stop: int | None = None
    ) -> str:
        self.moment = getattr(self, "moment", 0) + 1
        wire = WireOrder(
            symbol="AAA", side=OrderSide.BUY if units > 0 else OrderSide.SELL, quantity=Decimal(abs(units)),
            order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
            limit_price=None if limit is None else Decimal(limit),
        )  # fmt: skip
        plan = None if stop is None else BracketPlan(Decimal(stop))
        intent = Intent(self.office.approver.approve(wire), FAR, plan)
        (cid,) = await self.road.submitter.decide(Decision(DecisionKey(self.moment, "AAA"), (intent,), instance))
        await self.wait(lambda: self.office.book.orders[cid].state is Lifecycle.WORKING)
        return cid

    async def bought(self, units: int, instance: str = "s1", **more: Any) -> str:
        cid = await self.order(units, instance, **more)
        self.world.truth.fill(self.world.truth.find(cid, None), Decimal(abs(units)))
        await self.wait(lambda: self.office.book.orders[cid].filled == abs(units))
        return cid

    async def by_hand(self, filled: int = 0) -> str:
        wire = WireOrder(symbol="AAA", side=OrderSide.BUY, quantity=Decimal(4))
        order = self.world.truth.accept(HAND, wire)
        if filled:
            self.world.truth.fill(order, Decimal(filled))
        await self.wait(lambda: order.vid in self.office.book.foreign)
        await asyncio.sleep(self.office.abilities.index_lag_s + 1.0)
        return str(order.vid)

    @property
    def held(self) -> Decimal:
        return self.office.book.positions.get("AAA", Decimal(0))

    def records(self, kind: RecordKind) -> list[Any]:
        return [entry.record.body for entry in self.office.journal.disk.entries if entry.record.kind is kind]


async def refused(stage: Stage, command: Any, match: str) -> None:
    with pytest.raises(OrderError, match=match):
        await stage.desk.carry_out(command)


class TestValues:
    @pytest.mark.parametrize(("who", "reason"), [("", "why"), ("ann", " ")])
    def test_a_command_needs_a_person_and_a_reason(self, who: str, reason: str) -> None:
        with pytest.raises(ConfigError, match="a person and a reason"):
            say.Thaw(who=who, reason=reason, symbol="AAA")

    @pytest.mark.parametrize(
        "command",
        [
            say.CancelOrder(**ANN, order="x"), say.ClosePosition(**ANN, symbol="A"), say.Flatten(**ANN),
            say.PauseStrategy(**ANN, instance="s"), say.ResumeStrategy(**ANN, instance="s"),
            say.AdoptOrder(**ANN, vid="v"), say.AdoptPosition(**ANN, symbol="A"), say.Thaw(**ANN, symbol="A"),
            say.ReleasePosition(**ANN, symbol="A", units=Decimal("1.5")),
            say.AcceptDifference(**ANN, symbol="A", units=Decimal(-2)),
        ],
    )  # fmt: skip
    def test_it_is_written_down_and_read_back(self, command: Any) -> None:
        assert say.command_from_plain(say.plain_command(command)) == command

    @pytest.mark.parametrize("plain", [{}, {"command": "Buy"}, {"command": "Thaw", **ANN}])
    def test_what_is_none_is_refused(self, plain: dict[str, Any]) -> None:
        with pytest.raises(ConfigError):
            say.command_from_plain(plain)


class TestOrders:
    def test_an_order_of_ours_is_cancelled_and_the_command_is_in_the_journal_before(self) -> None:
        async def story(stage: Stage) -> None:
            cid = await stage.order(5, limit=50)
            await stage.desk.carry_out(say.CancelOrder(**ANN, order=cid))
            await stage.wait(lambda: not stage.office.book.orders[cid].is_open)
            kinds = [entry.record.kind for entry in stage.office.journal.disk.entries]
            assert kinds.index(RecordKind.COMMAND) < kinds.index(RecordKind.CANCEL_WANTED)
            (body,) = stage.records(RecordKind.COMMAND)
            assert (body["command"], body["who"], body["reason"]) == ("CancelOrder", "ann", "because")
            await refused(stage, say.CancelOrder(**ANN, order=cid), "has ended")

        Stage().play(story)

    def test_an_order_of_others_is_cancelled_by_the_venues_id_and_an_unknown_one_is_refused(self) -> None:
        async def story(stage: Stage) -> None:
            vid = await stage.by_hand()
            await stage.desk.carry_out(say.CancelOrder(**ANN, order=vid))
            await stage.wait(lambda: not stage.office.book.foreign[vid].is_open)
            await refused(stage, say.CancelOrder(**ANN, order="nobody"), "no open order 'nobody'")

        Stage().play(story)

    def test_an_adopted_order_is_ours_and_counts_once(self) -> None:
        async def story(stage: Stage) -> None:
            vid = await stage.by_hand()
            await stage.desk.carry_out(say.AdoptOrder(**ANN, vid=vid))
            book = stage.office.book
            order = book.order_of(None, vid)
            assert order is not None
            assert (order.state, order.leaves, book.foreign[vid].is_open) == (Lifecycle.WORKING, 4, False)
            stage.world.truth.fill(stage.world.truth.find("", vid), Decimal(4))
            await stage.wait(lambda: order.filled == 4)
            assert book.strange.get("AAA", 0) == 0

        Stage().play(story)

    def test_an_order_that_has_filled_for_others_is_not_adopted(self) -> None:
        async def story(stage: Stage) -> None:
            vid = await stage.by_hand(filled=1)
            await refused(stage, say.AdoptOrder(**ANN, vid=vid), "is filled")

        Stage().play(story)


class TestPositions:
    def test_a_position_is_closed_once_after_entries_ended(self) -> None:
        async def story(stage: Stage) -> None:
            await stage.bought(10)
            entry = await stage.order(5, limit=50)
            await stage.desk.carry_out(say.ClosePosition(**ANN, symbol="AAA"))
            assert stage.office.book.orders[entry].is_final
            said = await stage.desk.carry_out(say.ClosePosition(**ANN, symbol="AAA"))
            assert said == "Nothing of ours is held in AAA."
            await stage.wait(lambda: stage.held == 0)
            (exit_,) = [order for order in stage.office.book.orders.values() if order.instance == OPERATOR]
            assert (exit_.role, exit_.wire.reduce_only, exit_.wire.quantity) == (IdRole.EXIT, True, 10)

        Stage().play(story)

    def test_a_bracket_is_closed_by_its_own_exit(self) -> None:
        async def story(stage: Stage) -> None:
            cid = await stage.bought(10, stop=90)
            await stage.wait(lambda: any(o.role is IdRole.STOP and o.vid for o in stage.office.book.orders.values()))
            await stage.desk.carry_out(say.ClosePosition(**ANN, symbol="AAA"))
            await stage.wait(lambda: stage.held == 0)
            assert stage.office.book.exits[cid] == "operator"
            assert all(order.instance != OPERATOR for order in stage.office.book.orders.values())

        Stage().play(story)

    def test_what_others_hold_stays(self) -> None:
        async def story(stage: Stage) -> None:
            await stage.by_hand(filled=4)
            await stage.bought(10)
            await stage.wait(lambda: stage.held == 14)
            await stage.desk.carry_out(say.Flatten(**ANN))
            await stage.wait(lambda: stage.held == 4)

        Stage().play(story)

    def test_flattening_one_strategy_leaves_the_other_and_happens_once(self) -> None:
        async def story(stage: Stage) -> None:
            await stage.bought(10, "s1")
            await stage.bought(3, "s2")
            await stage.desk.carry_out(say.Flatten(**ANN, instance="s1"))
            await stage.desk.carry_out(say.Flatten(**ANN, instance="s1"))
            await stage.wait(lambda: stage.held == 3)
            said = await stage.desk.carry_out(say.Flatten(**ANN, instance="s1"))
            assert (said, stage.held) == ("Nothing of ours is held in AAA.", 3)
            await refused(stage, say.Flatten(**ANN, instance="s9"), "No order was ever decided by 's9'")

        Stage().play(story)

    def test_a_strategy_that_runs_closes_by_itself(self) -> None:
        async def story(stage: Stage) -> None:
            await stage.bought(10, "s1")
            await refused(stage, say.ClosePosition(**ANN, symbol="AAA"), "s1 runs and holds AAA")
            await stage.desk.carry_out(say.Flatten(**ANN))
            assert stage.engine.asked == [("close_all", "s1")]
            assert stage.held == 10

        Stage("s1").play(story)

    def test_under_a_latch_nothing_is_closed_from_here(self) -> None:
        async def story(stage: Stage) -> None:
            await stage.bought(10)
            await stage.road.switch.latch(LatchOrder("drill", "ann"))
            await refused(stage, say.Flatten(**ANN), "kill switch is latched")

        Stage().play(story)

    def test_units_of_others_become_ours_and_go_again(self) -> None:
        async def story(stage: Stage) -> None:
            await stage.by_hand(filled=4)
            await stage.wait(lambda: stage.held == 4)
            await refused(stage, say.AdoptPosition(**ANN, symbol="AAA", units=Decimal(5)), "4 AAA that is not ours")
            await stage.desk.carry_out(say.AdoptPosition(**ANN, symbol="AAA", units=Decimal(3)))
            assert (stage.held, stage.office.book.strange["AAA"]) == (4, 1)
            await refused(stage, say.ReleasePosition(**ANN, symbol="AAA", units=Decimal(-1)), "3 AAA of ours are held")
            await stage.desk.carry_out(say.ReleasePosition(**ANN, symbol="AAA"))
            assert (stage.held, stage.office.book.strange["AAA"]) == (4, 4)
            again = LiveBook()
            again.replay(stage.office.journal.disk.entries)
            assert again.strange == stage.office.book.strange

        Stage().play(story)


class TestFrozen:
    def test_a_difference_is_accepted_only_as_it_is(self) -> None:
        async def story(stage: Stage) -> None:
            await stage.bought(10)
            stage.office.freeze("AAA", "a difference")
            one = say.AcceptDifference(**ANN, symbol="AAA", units=Decimal(1))
            await refused(stage, one, "still moving")
            await refused(stage, one, "a difference of 0, not 1")
            assert "AAA" in stage.office.book.frozen
            await stage.desk.carry_out(say.AcceptDifference(**ANN, symbol="AAA", units=Decimal(0)))
            assert not stage.office.book.frozen

        Stage().play(story)

    def test_a_frozen_symbol_is_thawed_and_a_position_in_it_can_be_closed_before(self) -> None:
        async def story(stage: Stage) -> None:
            await stage.bought(10)
            stage.office.freeze("AAA", "somebody looks")
            await stage.desk.carry_out(say.ClosePosition(**ANN, symbol="AAA"))
            await stage.wait(lambda: stage.held == 0)
            said = await stage.desk.carry_out(say.Thaw(**ANN, symbol="AAA"))
            assert said.endswith("it was frozen because: somebody looks")
            await refused(stage, say.Thaw(**ANN, symbol="AAA"), "is not frozen")

        Stage().play(story)


class TestStrategies:
    def test_pause_and_resume_go_to_the_engine_that_runs_it(self) -> None:
        async def story(stage: Stage) -> None:
            await stage.desk.carry_out(say.PauseStrategy(**ANN, instance="s1"))
            await stage.desk.carry_out(say.ResumeStrategy(**ANN, instance="s1"))
            assert stage.engine.asked == [("pause", "s1"), ("resume", "s1")]
            await refused(stage, say.PauseStrategy(**ANN, instance="s2"), "'s2' does not run here")

        Stage("s1").play(story)
