"""The risk office of an account: what it approves, what it refuses and why, and what it remembers."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from tests.risk_desk import DAY, NOW, RiskDesk, account, wire

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import ConfigError
from tradewright.domain.events import Reason
from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.order import OrderSide, OrderType
from tradewright.risk.collars import Collars
from tradewright.risk.exits import ExitsOnly
from tradewright.risk.limits import PRESETS, Limits, LimitsChange, account_limits

NAN = math.nan
ROOMY = LimitsChange(Limits("roomy", 1.0, 0.65, 3, 0.02, 0.08), "ann", "a test")


@pytest.fixture
def desk() -> RiskDesk:
    return RiskDesk(ROOMY)


def why(answer: object) -> Reason | None:
    return None if isinstance(answer, ApprovedOrder) else answer.reason  # type: ignore[attr-defined]


class TestLimitsAreNamed:
    @pytest.mark.parametrize("given", [None, "", "none", "careful"])
    def test_there_is_no_silent_default(self, given: str | None) -> None:
        with pytest.raises(ConfigError, match="limits"):
            account_limits(given)

    def test_a_preset_by_its_name(self) -> None:
        assert account_limits("bold") is PRESETS["bold"]

    @pytest.mark.parametrize(("who", "reason"), [("", "why"), ("ann", "  ")])
    def test_numbers_outside_the_presets_need_a_person_and_a_reason(self, who: str, reason: str) -> None:
        with pytest.raises(ConfigError, match="a person and a reason"):
            LimitsChange(Limits("own", drawdown=0.2), who, reason)

    def test_a_change_does_not_borrow_the_name_of_a_preset(self) -> None:
        with pytest.raises(ConfigError, match="other numbers than the preset"):
            LimitsChange(Limits("bold", drawdown=0.5), "ann", "more room")

    def test_who_stands_for_the_numbers_is_recorded(self, desk: RiskDesk) -> None:
        assert desk.records[0]["limits_by"] == "ann"


class TestLimits:
    def test_an_order_within_them_passes(self, desk: RiskDesk) -> None:
        assert isinstance(desk.ask(wire("A", 100)), ApprovedOrder)

    def test_risk_per_trade_is_the_distance_to_the_stop_and_the_costs(self) -> None:
        desk = RiskDesk("standard")
        assert why(desk.ask(wire("A", 95), stop=90.0)) is None
        assert why(desk.ask(wire("A", 100), stop=90.0)) is Reason.RISK_PER_TRADE

    def test_without_a_stop_it_is_twice_the_true_range_and_without_that_the_price(self) -> None:
        desk = RiskDesk("standard")
        assert why(desk.ask(wire("A", 50))) is Reason.RISK_PER_TRADE
        desk.risk.prices.see("A", 100.0, NOW, twice_atr=4.0)
        assert why(desk.ask(wire("A", 50))) is None

    def test_deployed_counts_approved_orders_that_are_not_decided_yet(self, desk: RiskDesk) -> None:
        assert why(desk.ask(wire("A", 400))) is None
        assert why(desk.ask(wire("B", 300))) is Reason.DEPLOYED

    def test_an_approved_order_counts_once_when_it_is_decided(self, desk: RiskDesk) -> None:
        desk.decide(desk.ask(wire("A", 300)))
        assert why(desk.ask(wire("B", 300))) is None

    def test_an_approved_order_that_was_given_up_counts_no_longer(self, desk: RiskDesk) -> None:
        order = wire("A", 600)
        desk.ask(order)
        desk.risk.release(order)
        assert why(desk.ask(wire("B", 600))) is None

    def test_an_approval_that_nobody_used_is_forgotten_after_a_minute(self, desk: RiskDesk) -> None:
        desk.ask(wire("A", 600))
        desk.pass_time(61)
        assert why(desk.ask(wire("B", 600))) is None

    @pytest.mark.parametrize("state", [Lifecycle.PENDING, Lifecycle.UNKNOWN, Lifecycle.WORKING])
    def test_open_and_unknown_orders_count_by_their_worst_case(self, desk: RiskDesk, state: Lifecycle) -> None:
        desk.decide(desk.ask(wire("A", 400)), state)
        assert why(desk.ask(wire("B", 300))) is Reason.DEPLOYED

    def test_an_ended_order_counts_no_longer(self, desk: RiskDesk) -> None:
        desk.decide(desk.ask(wire("A", 400)), Lifecycle.CANCELLED)
        assert why(desk.ask(wire("B", 300))) is None

    def test_an_unknown_order_that_is_asked_for_again_is_not_counted_beside_itself(self, desk: RiskDesk) -> None:
        order = desk.decide(desk.ask(wire("A", 600)), Lifecycle.UNKNOWN)
        assert why(desk.risk.approve(order.wire)) is None
        assert why(desk.ask(wire("A", 600))) is Reason.DEPLOYED

    def test_a_replacement_is_not_counted_beside_what_it_replaces(self, desk: RiskDesk) -> None:
        order = desk.decide(desk.ask(wire("A", 600)), Lifecycle.WORKING)
        assert why(desk.ask(wire("A", 620))) is Reason.DEPLOYED
        assert why(desk.risk.approve(wire("A", 620), replaces=order.cid)) is None

    def test_orders_and_positions_of_strangers_count(self, desk: RiskDesk) -> None:
        desk.book.positions["B"] = Decimal(300)
        desk.stranger("C", OrderSide.SELL, 100)
        assert why(desk.ask(wire("A", 300))) is Reason.DEPLOYED

    def test_the_positions_of_the_worst_case_are_counted(self, desk: RiskDesk) -> None:
        for symbol in ("A", "B", "C"):
            desk.decide(desk.ask(wire(symbol, 10)), Lifecycle.UNKNOWN)
        assert why(desk.ask(wire("D", 10))) is Reason.POSITIONS
        assert why(desk.ask(wire("A", 10))) is None

    def test_units_are_worth_what_multiplier_and_rate_make_them(self, desk: RiskDesk) -> None:
        desk.risk.prices.see("A", 100.0, NOW, unit_value=50.0)
        assert why(desk.ask(wire("A", 14))) is Reason.DEPLOYED


class TestExits:
    def test_what_only_reduces_passes_pause_halt_collars_and_missing_prices(self, desk: RiskDesk) -> None:
        desk.book.positions["X"] = Decimal(70)
        desk.risk.watch.guard.halted = desk.risk.watch.guard.paused = 1
        desk.pass_time(9_999_999)
        exit_ = wire("X", 70, OrderSide.SELL, OrderType.LIMIT, limit=9_999)
        assert [why(desk.ask(exit_)), why(desk.ask(wire("X", 70, OrderSide.SELL, reduce_only=True)))] == [None, None]

    @pytest.mark.parametrize("side", OrderSide)
    def test_a_second_exit_that_would_turn_the_position_is_an_entry(self, desk: RiskDesk, side: OrderSide) -> None:
        desk.book.positions["A"] = Decimal(-70 * side.value)
        desk.decide(desk.ask(wire("A", 70, side)), Lifecycle.WORKING)
        desk.risk.watch.guard.paused = 1
        assert why(desk.ask(wire("A", 70, side))) is Reason.DAY_LOSS_PAUSE

    def test_an_order_that_says_it_reduces_and_is_larger_than_the_position_opens_the_rest(self, desk: RiskDesk) -> None:
        desk.book.positions["A"] = Decimal(70)
        desk.risk.watch.guard.paused = 1
        assert why(desk.ask(wire("A", 71, OrderSide.SELL, reduce_only=True))) is Reason.DAY_LOSS_PAUSE

    def test_a_protecting_order_of_the_road_always_passes(self, desk: RiskDesk) -> None:
        desk.risk.watch.guard.halted = 1
        order = desk.decide(None, Lifecycle.PENDING, order=wire("A", 5, OrderSide.SELL), role=IdRole.FLATTEN)
        assert why(desk.risk.approve(order.wire)) is None

    def test_the_kill_switch_of_its_own_process_closes_and_opens_nothing(self) -> None:
        gate = ExitsOnly()
        assert why(gate.approve(wire("A", 5, OrderSide.SELL, reduce_only=True))) is None
        assert why(gate.approve(wire("A", 5, OrderSide.SELL))) is Reason.ONLY_EXITS


class TestCollars:
    @pytest.mark.parametrize(
        ("order", "reason"),
        [
            (wire("A", 10, kind=OrderType.LIMIT, limit=119), None),
            (wire("A", 10, kind=OrderType.LIMIT, limit=121), Reason.PRICE_TOO_FAR),
            (wire("A", 10, OrderSide.SELL, OrderType.STOP, stop=79), Reason.PRICE_TOO_FAR),
            (wire("A", 501), Reason.ORDER_SIZE),
        ],
    )
    def test_price_and_size(self, order: object, reason: Reason | None) -> None:
        desk = RiskDesk(ROOMY, Collars(order_value=50_000.0))
        assert why(desk.ask(order)) is reason

    def test_most_units_of_one_order(self) -> None:
        assert why(RiskDesk(ROOMY, Collars(order_quantity=9)).ask(wire("A", 10))) is Reason.ORDER_SIZE

    def test_orders_per_minute(self) -> None:
        desk = RiskDesk(ROOMY, Collars(orders_per_minute=2))
        found = [why(desk.ask(wire("A", 1))) for _ in range(3)]
        desk.pass_time(61)
        desk.feed()
        assert [*found, why(desk.ask(wire("A", 1)))] == [None, None, Reason.ORDER_RATE, None]

    def test_orders_per_session_survive_a_restart(self) -> None:
        desk = RiskDesk(ROOMY, Collars(orders_per_day=2))
        for _ in range(2):
            desk.decide(desk.ask(wire("A", 1)))
        again = desk.restarted()
        found = why(again.ask(wire("A", 1)))
        again.pass_time(1)
        again.risk.watch.begin_session(DAY + 1, again.clock.now)
        assert (found, why(again.ask(wire("A", 1)))) == (Reason.ORDER_RATE, None)

    def test_a_market_order_needs_a_fresh_price_and_a_limit_order_a_trusted_one(self, desk: RiskDesk) -> None:
        desk.pass_time(130)
        desk.risk.watch.mark(account(100_000), desk.clock.now)
        limit = wire("A", 1, kind=OrderType.LIMIT, limit=100)
        assert [why(desk.ask(wire("A", 1))), why(desk.ask(limit))] == [Reason.PRICE_TOO_OLD, None]

    def test_a_price_from_the_future_is_not_fresh(self, desk: RiskDesk) -> None:
        desk.risk.prices.see("A", 100.0, desk.clock.now + 10 * 10**9)
        assert why(desk.ask(wire("A", 1))) is Reason.PRICE_TOO_OLD

    def test_an_old_reading_of_the_account_opens_nothing(self, desk: RiskDesk) -> None:
        desk.pass_time(301)
        desk.risk.prices.see("A", 100.0, desk.clock.now)
        assert why(desk.ask(wire("A", 1))) is Reason.ACCOUNT_TOO_OLD

    def test_a_collar_is_a_positive_number(self) -> None:
        with pytest.raises(ConfigError, match="fresh_s"):
            Collars(fresh_s=NAN)


class TestWhatCannotBeMeasured:
    @pytest.mark.parametrize("price", [NAN, 0.0, -1.0, math.inf])
    def test_what_is_no_price_takes_trust_away(self, desk: RiskDesk, price: float) -> None:
        desk.risk.prices.see("A", price, NOW + 1)
        assert why(desk.ask(wire("A", 1))) is Reason.RISK_UNKNOWN

    def test_a_position_without_a_price_closes_the_account_to_new_ones(self, desk: RiskDesk) -> None:
        desk.book.positions["X"] = Decimal(1)
        assert why(desk.ask(wire("A", 1))) is Reason.RISK_UNKNOWN

    def test_before_the_journal_was_replayed_nothing_opens(self) -> None:
        assert why(RiskDesk(ROOMY, ready=False).ask(wire("A", 1))) is Reason.RISK_UNKNOWN

    def test_an_account_that_cannot_be_valued_halts_once(self, desk: RiskDesk) -> None:
        trips = [desk.risk.watch.mark(account("NaN"), NOW + n) for n in (1, 2)]
        assert [trip and trip.limit for trip in trips] == ["unvalued", None]
        assert desk.risk.watch.is_halted


class TestPauseAndHalt:
    def test_the_loss_of_a_day_pauses_until_the_next_session(self, desk: RiskDesk) -> None:
        trip = desk.risk.watch.mark(account(97_900), NOW)
        paused = why(desk.ask(wire("A", 1)))
        desk.risk.watch.begin_session(DAY + 1, NOW)
        assert trip is not None
        assert (trip.limit, trip.latches, paused) == ("day_loss", False, Reason.DAY_LOSS_PAUSE)
        assert trip.sentence == "The account lost 2.10% of 100,000.00 since the session began."
        assert why(desk.ask(wire("A", 1))) is None
        assert [each["what"] for each in desk.records[-2:]] == ["day_loss", "resumed"]

    def test_the_same_session_does_not_begin_twice(self, desk: RiskDesk) -> None:
        desk.risk.watch.mark(account(97_900), NOW)
        desk.risk.watch.begin_session(DAY, NOW)
        assert desk.risk.watch.is_paused

    def test_drawdown_halts_and_another_session_does_not_lift_it(self, desk: RiskDesk) -> None:
        desk.risk.watch.mark(account(110_000), NOW)
        trip = desk.risk.watch.mark(account(101_000), NOW)
        desk.risk.watch.begin_session(DAY + 1, NOW)
        assert trip is not None
        assert (trip.limit, trip.latches) == ("drawdown", True)
        assert trip.sentence == "The account fell 8.18% from its peak of 110,000.00 to 101,000.00."
        assert why(desk.ask(wire("A", 1))) is Reason.DRAWDOWN_HALT
        assert desk.trips == [trip]

    def test_a_person_re_arms_with_a_reason_and_names_the_limits_again(self, desk: RiskDesk) -> None:
        desk.risk.watch.mark(account(90_000), NOW)
        with pytest.raises(ConfigError, match="a person and a reason"):
            desk.risk.watch.rearm("ann", "", "bold")
        with pytest.raises(ConfigError, match="name their risk limits"):
            desk.risk.watch.rearm("ann", "looked at it", "none")
        desk.risk.watch.rearm("ann", "looked at it", "bold")
        assert not desk.risk.watch.is_halted
        assert desk.risk.watch.mark(account(80_000), NOW) is not None, "the peak counts from the equity at re-arming"
        assert desk.risk.watch.guard.peak_equity == 90_000

    def test_peak_session_pause_and_halt_survive_a_restart(self, desk: RiskDesk) -> None:
        desk.risk.watch.mark(account(120_000), NOW)
        desk.risk.watch.mark(account(97_000), NOW)
        desk.risk.watch.mark(account(96_000), NOW)
        again = desk.restarted(fed=False)
        guard = again.risk.watch.guard
        assert [trip.latches for trip in again.trips] == [True]
        assert (guard.peak_equity, guard.session_equity, guard.paused, guard.halted) == (120_000, 100_000, 1, 1)

    def test_a_peak_is_kept_to_a_hundredth_of_the_drawdown_limit(self, desk: RiskDesk) -> None:
        kept = len(desk.records)
        desk.risk.watch.mark(account(100_070), NOW)
        assert len(desk.records) == kept
        desk.risk.watch.mark(account(100_090), NOW)
        assert desk.records[-1]["peak"] == 100_090

    def test_money_that_leaves_is_no_loss(self, desk: RiskDesk) -> None:
        desk.risk.watch.flow(-20_000, "ann", "rent")
        assert desk.risk.watch.mark(account(80_000), NOW) is None

    def test_other_limits_do_not_lift_a_halt(self, desk: RiskDesk) -> None:
        desk.risk.watch.mark(account(90_000), NOW)
        desk.risk.watch.change_limits("bold", "ann", "more room")
        assert desk.risk.watch.is_halted
        assert desk.records[-1]["limits"]["name"] == "bold"
