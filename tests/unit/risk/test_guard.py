"""The limits: presets, the gate, pause and halt, and what cannot be measured."""

from __future__ import annotations

import math

import pytest

from tradewright.domain.approval import ApprovedOrder, RefusedOrder
from tradewright.domain.errors import ConfigError, UnapprovedOrderError
from tradewright.domain.events import Reason
from tradewright.risk.gate import Proposal, RiskGate
from tradewright.risk.limits import PRESETS, Limits
from tradewright.risk.rules import guard as g

NAN = math.nan


def refused(limits: Limits, *, equity: float = 1_000.0, **changes: float) -> int:
    values = {"exposure": 0.0, "opening": 100.0, "risked": 1.0, "held": 1.0, **changes}
    return g.refusal(limits.guard(1_000.0), equity, **values)


class TestPresets:
    @pytest.mark.parametrize(
        ("name", "numbers"),
        [
            ("cautious", (0.005, 0.50, 5, 0.01, 0.05)),
            ("standard", (0.01, 0.65, 10, 0.02, 0.08)),
            ("bold", (0.02, 0.80, 15, 0.03, 0.12)),
            ("none", (None, None, None, None, None)),
        ],
    )
    def test_numbers(self, name: str, numbers: tuple[float | None, ...]) -> None:
        limits = PRESETS[name]
        found = (limits.risk_per_trade, limits.deployed, limits.positions, limits.day_loss, limits.drawdown)
        assert found == numbers
        assert limits.is_active is (name != "none")
        assert limits.describe()["name"] == name

    def test_by_name_by_value_or_not_at_all(self) -> None:
        own = Limits("own", drawdown=0.1)
        assert Limits.of(own) is own
        assert Limits.of("bold") is PRESETS["bold"]
        assert Limits.of(None) is PRESETS["none"]

    def test_an_unknown_name_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="careful"):
            Limits.of("careful")

    @pytest.mark.parametrize("value", [0.0, -0.1, NAN])
    def test_a_limit_is_a_positive_number(self, value: float) -> None:
        with pytest.raises(ConfigError, match="day_loss"):
            Limits("own", day_loss=value)

    @pytest.mark.parametrize("name", ["risk_per_trade", "day_loss", "drawdown"])
    def test_a_percentage_is_not_taken_for_a_fraction(self, name: str) -> None:
        assert Limits("all", **{name: 1.0}).is_active
        with pytest.raises(ConfigError, match=f"{name} cannot be 8: it is a fraction"):
            Limits("own", **{name: 8})


class TestRefusal:
    @pytest.mark.parametrize(
        ("limits", "at_the_limit", "beyond", "reason"),
        [
            (Limits("x", risk_per_trade=0.01), {"risked": 10.0}, {"risked": 10.01}, Reason.RISK_PER_TRADE),
            (Limits("x", deployed=0.5), {"exposure": 400.0}, {"exposure": 400.01}, Reason.DEPLOYED),
            (Limits("x", positions=2), {"held": 2.0}, {"held": 3.0}, Reason.POSITIONS),
        ],
    )
    def test_each_limit_holds_and_not_sooner(
        self, limits: Limits, at_the_limit: dict[str, float], beyond: dict[str, float], reason: Reason
    ) -> None:
        assert refused(limits, **at_the_limit) == g.APPROVED
        assert refused(limits, **beyond) == reason

    def test_what_opens_nothing_always_passes(self) -> None:
        limits = Limits("x", risk_per_trade=0.01, deployed=0.1, positions=1)
        assert refused(limits, opening=0.0, risked=1e9, exposure=1e9, held=99.0) == g.APPROVED

    @pytest.mark.parametrize("unknown", ["equity", "exposure", "opening"])
    def test_what_is_not_a_number_is_refused(self, unknown: str) -> None:
        assert refused(Limits("x", deployed=0.5), **{unknown: NAN}) == Reason.RISK_UNKNOWN

    def test_an_unknown_risk_is_refused_where_risk_is_limited(self) -> None:
        assert refused(Limits("x", risk_per_trade=0.1), risked=NAN) == Reason.RISK_UNKNOWN
        assert refused(Limits("x", deployed=0.5), risked=NAN) == g.APPROVED

    def test_halt_comes_before_pause(self) -> None:
        state = Limits("x", day_loss=0.1).guard(1_000.0)
        state.paused = state.halted = 1
        assert g.refusal(state, 1_000.0, 0.0, 1.0, 0.0, 1.0) == Reason.DRAWDOWN_HALT
        state.halted = 0
        assert g.refusal(state, 1_000.0, 0.0, 1.0, 0.0, 1.0) == Reason.DAY_LOSS_PAUSE


class TestWatching:
    def test_a_day_loss_trips_once_and_lifts_with_the_session(self) -> None:
        state = Limits("x", day_loss=0.02).guard(1_000.0)
        assert g.watch_equity(state, 980.01) == g.APPROVED
        assert g.watch_equity(state, 980.0) == g.DAY_LOSS_PAUSE
        assert g.watch_equity(state, 900.0) == g.APPROVED
        g.begin_session(state, 900.0)
        assert state.paused == 0
        assert g.watch_equity(state, 883.0) == g.APPROVED
        assert g.watch_equity(state, 882.0) == g.DAY_LOSS_PAUSE

    def test_a_drawdown_counts_from_the_peak_and_stays(self) -> None:
        state = Limits("x", drawdown=0.1).guard(1_000.0)
        assert g.watch_equity(state, 1_200.0) == g.APPROVED
        assert g.watch_equity(state, 1_080.0) == g.DRAWDOWN_HALT
        g.begin_session(state, 1_080.0)
        assert g.watch_equity(state, 2_000.0) == g.APPROVED
        assert state.halted == 1

    def test_the_starting_capital_is_the_first_peak(self) -> None:
        state = Limits("x", drawdown=0.1).guard(1_000.0)
        assert g.watch_equity(state, 900.0) == g.DRAWDOWN_HALT


class TestTradeRisk:
    def test_distance_to_the_stop_of_longs_and_shorts(self) -> None:
        assert g.trade_risk(10.0, 100.0, 95.0, 3.0, 2.0) == 100.0
        assert g.trade_risk(10.0, 100.0, 105.0, 3.0, 2.0) == 100.0

    def test_without_a_stop_twice_the_average_range(self) -> None:
        assert g.trade_risk(10.0, 100.0, NAN, 3.0, 2.0) == 60.0

    def test_without_either_the_whole_price(self) -> None:
        assert g.trade_risk(10.0, 100.0, NAN, NAN, 2.0) == 2_000.0


class TestGate:
    PROPOSAL = Proposal(equity=1_000.0, exposure=0.0, opening=100.0, risked=1.0, held=1.0)

    def test_open_without_limits(self) -> None:
        gate = RiskGate(Limits.of("none"), 1_000.0)
        assert gate.is_open
        assert gate.pass_through("order").order == "order"

    def test_with_limits_nothing_passes_through_unmeasured(self) -> None:
        gate = RiskGate(Limits("x", deployed=0.5), 1_000.0)
        assert not gate.is_open
        with pytest.raises(ValueError, match="limits are on"):
            gate.pass_through("order")

    def test_approved_or_refused_are_types(self) -> None:
        gate = RiskGate(Limits("x", deployed=0.5), 1_000.0)
        assert type(gate.check_order("order", self.PROPOSAL)) is ApprovedOrder
        answer = gate.check_order("order", Proposal(1_000.0, 450.0, 100.0, 1.0, 1.0))
        assert isinstance(answer, RefusedOrder)
        assert (answer.order, answer.reason) == ("order", Reason.DEPLOYED)

    @pytest.mark.parametrize("seal", [None, object(), "seal"])
    def test_nobody_else_approves(self, seal: object) -> None:
        with pytest.raises(UnapprovedOrderError, match="without passing the risk gate"):
            ApprovedOrder("order", seal)
