"""The order road through the engine: sizing, policies, refusals, replacements, sessions' ends, margin and limits."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from tests.builders import weekdays
from tests.markets import daily, endings, fills, intraday, play, script, share, split_on

import tradewright as tw
from tradewright.app.backtest import bytes_needed, require_memory
from tradewright.domain.errors import (
    ConfigError,
    DataError,
    InsufficientFundsError,
    OrderError,
    OrderRejectedError,
    ResourceError,
)
from tradewright.domain.events import EventKind
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE
from tradewright.engine.plan import RunPlan

FLAT = [10.0] * 6
MARGIN = tw.Margin(initial=0.5, maintenance=0.25)
NO_SLIP = tw.NoSlippage()


def kinds(result: tw.Result) -> list[EventKind]:
    return [EventKind(int(kind)) for kind in result.record.events["kind"]]


class TestQuantities:
    @pytest.mark.parametrize("quantity", [-1.0, 0.0, float("nan"), float("inf")])
    def test_what_is_no_quantity_is_an_error(self, quantity: float) -> None:
        with pytest.raises(OrderError, match="is not an order"):
            play(daily(FLAT), {0: lambda c: c.buy(quantity)})

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_what_is_no_target_is_an_error(self, value: float) -> None:
        with pytest.raises(OrderError, match="is not a weight"):
            play(daily(FLAT), {0: lambda c: c.target_percent(value)})
        with pytest.raises(OrderError, match="is not a quantity"):
            play(daily(FLAT), {0: lambda c: c.target_quantity(value)})

    def test_less_than_a_lot_is_refused_with_the_reason(self) -> None:
        assert endings(play(daily(FLAT), {0: lambda c: c.buy(0.5)})) == [(0, "rejected", "It is smaller than one lot.")]

    def test_fractions_trade_where_the_instrument_says(self) -> None:
        bars = daily(FLAT, share(fractional=True))
        assert fills(play(bars, {0: lambda c: c.buy(0.5)})) == [(1, 0.5, 10.0)]

    def test_prices_go_to_the_grid_against_the_trader(self) -> None:
        seen = []

        def orders(ctx):
            ctx.buy(1, limit_price=9.017)
            ctx.buy(1, stop_price=11.013)
            seen.extend((o.limit_price, o.stop_price) for o in ctx.open_orders())

        play(daily(FLAT), {0: orders})
        assert seen == [(9.01, None), (None, 11.02)]

    def test_adjusted_prices_have_no_grid(self) -> None:
        from tradewright.domain.bars import Adjustment

        seen = []

        def orders(ctx):
            ctx.buy(1, limit_price=9.017)
            seen.extend(o.limit_price for o in ctx.open_orders())

        play(daily(FLAT, adjustment=Adjustment.FULL), {0: orders})
        assert seen == [9.017]

    def test_everything_is_what_can_be_paid_and_what_is_held(self) -> None:
        result = play(daily(FLAT), {0: lambda c: c.buy(), 2: lambda c: c.sell()}, cash=105.0)
        assert fills(result) == [(1, 10.0, 10.0), (3, -10.0, 10.0)]

    def test_targets_count_what_is_on_its_way(self) -> None:
        steps = {0: lambda c: (c.target_quantity(5), c.target_quantity(8), c.target_quantity(8))}
        assert fills(play(daily(FLAT), steps)) == [(1, 5.0, 10.0), (1, 3.0, 10.0)]

    def test_a_target_of_nothing_sells(self) -> None:
        steps = {0: lambda c: c.target_quantity(5), 2: lambda c: c.target_percent(0.0)}
        assert fills(play(daily(FLAT), steps)) == [(1, 5.0, 10.0), (3, -5.0, 10.0)]


class TestSizing:
    GAP = (20.0, 10.0, 10.0)

    def test_at_the_decision_the_quantity_is_of_the_last_close(self) -> None:
        result = play(daily([20.0, 10.0, 10.0]), {0: lambda c: c.target_percent(1.0)}, cash=200.0)
        assert fills(result) == [(1, 10.0, 10.0)]

    def test_at_the_fill_the_quantity_is_of_the_open(self) -> None:
        result = play(daily([20.0, 10.0, 10.0]), {0: lambda c: c.target_percent(1.0)}, cash=200.0, size_at="fill")
        assert fills(result) == [(1, 20.0, 10.0)]

    def test_at_the_decision_costs_are_inside(self) -> None:
        costs = tw.Costs(slippage_bps=100, commission=tw.PerTrade(5.0))
        result = play(daily(FLAT), {0: lambda c: c.target_percent(1.0)}, cash=106.0, costs=costs)
        assert fills(result) == [(1, 10.0, 10.1)]
        assert result.record.events["cash"][-1] == pytest.approx(0.0)

    def test_a_gap_clips_a_target_to_what_can_be_paid(self) -> None:
        result = play(daily([10.0, 20.0, 20.0]), {0: lambda c: c.target_percent(1.0)}, cash=100.0)
        assert fills(result) == [(1, 5.0, 20.0)]

    def test_a_gap_refuses_an_explicit_quantity(self) -> None:
        result = play(daily([10.0, 20.0, 20.0]), {0: lambda c: c.buy(10)}, cash=100.0)
        assert endings(result) == [(1, "rejected", "The account cannot pay for it.")]

    def test_an_order_that_was_cut_down_says_so(self) -> None:
        refs = {}

        def ask(ctx):
            refs["order"] = ctx.buy(10)

        result = play(daily([10.0, 20.0, 20.0]), {0: ask}, cash=100.0, insufficient="clip")
        [order] = result.orders.to_dict("records")
        assert order["filled"] < order["quantity"] == 10.0
        assert "cut down" in order["reason"]
        assert "cut down" in refs["order"].reason

    def test_a_gap_clips_an_explicit_quantity_where_told(self) -> None:
        result = play(daily([10.0, 20.0, 20.0]), {0: lambda c: c.buy(10)}, cash=100.0, insufficient="clip")
        assert fills(result) == [(1, 5.0, 20.0)]

    def test_buying_everything_at_the_fill_keeps_its_legs(self) -> None:
        rows = [10.0, (10.0, 10.0, 7.0, 8.0), 8.0]
        result = play(daily(rows), {0: lambda c: c.buy(stop_loss=9.0)}, cash=100.0, size_at="fill")
        assert fills(result) == [(1, 10.0, 10.0), (1, -10.0, 9.0)]

    def test_resting_orders_hold_back_buying_power(self) -> None:
        seen = []
        steps = {0: lambda c: (c.buy(4, limit_price=9.0), seen.append((c.cash, c.account.available, c.buying_power)))}
        play(daily(FLAT), steps, cash=100.0)
        assert seen == [(100.0, 64.0, 64.0)]

    def test_leverage_multiplies_buying_power(self) -> None:
        seen = []
        play(daily(FLAT), {0: lambda c: seen.append(c.buying_power)}, cash=100.0, margin=MARGIN)
        assert seen == [200.0]


class TestPolicies:
    def test_fill_at_the_close_it_was_decided_on(self) -> None:
        result = play(daily([10.0, 12.0, 12.0]), {0: lambda c: c.buy(1)}, fill_at="close")
        assert fills(result) == [(0, 1.0, 10.0)]
        assert any("close" in str(warning).lower() for warning in result.warnings)

    def test_at_the_close_of_a_symbol_without_a_bar_nothing_fills(self) -> None:
        a, b = daily([10.0, None, 12.0], share("A", has_volume=False)), daily([20.0] * 3, share("B"))
        assert fills(play([a, b], {1: lambda c: c.buy(1, "A")}, fill_at="close")) == [(2, 1.0, 12.0)]

    def test_orders_at_one_close_share_its_volume(self) -> None:
        costs = tw.Costs(commission=tw.NoCommission(), slippage=NO_SLIP, participation=0.1)
        steps = {0: lambda c: (c.buy(6), c.buy(6))}
        result = play(daily(FLAT, volume=100.0), steps, costs=costs, fill_at="close")
        assert [units for row, units, _ in fills(result) if row == 0] == [6.0, 4.0]

    def test_finalize_closes_at_the_last_close_with_costs(self) -> None:
        costs = tw.Costs(commission=tw.PerTrade(1.0), slippage=NO_SLIP)
        steps = {0: lambda c: c.buy(3)}
        result = play(daily([10.0, 10.0, 12.0]), steps, costs=costs, finalize=True)
        assert fills(result) == [(1, 3.0, 10.0), (2, -3.0, 12.0)]
        assert result.open_positions == ()
        assert result.metrics["final_equity"] == pytest.approx(100_004.0)
        assert result.orders["role"].tolist() == ["plain", "finalize"]

    def test_without_finalize_the_position_is_reported_open(self) -> None:
        result = play(daily([10.0, 10.0, 12.0]), {0: lambda c: c.buy(3)})
        [held] = result.open_positions
        assert (held.quantity, held.mark, held.unrealized) == (3.0, 12.0, 6.0)

    def test_finalize_ends_the_protection_too(self) -> None:
        result = play(daily(FLAT), {0: lambda c: c.buy(3, stop_loss=5.0, take_profit=20.0)}, finalize=True)
        assert [status for _, status, _ in endings(result)] == ["cancelled", "cancelled"]

    def test_raise_on_reject_raises_what_the_venue_refuses_at_the_fill(self) -> None:
        with pytest.raises(InsufficientFundsError, match="cannot pay"):
            play(daily([10.0, 20.0, 20.0]), {0: lambda c: c.buy(10)}, cash=100.0, raise_on_reject=True)

    def test_raise_on_reject(self) -> None:
        with pytest.raises(OrderRejectedError, match="Order 1 for ACME was refused: It is smaller than one lot"):
            play(daily(FLAT), {0: lambda c: c.buy(0.2)}, raise_on_reject=True)

    def test_latency_delays_by_bars(self) -> None:
        rows = [10.0, 11.0, 12.0, 13.0, 14.0]
        assert fills(play(daily(rows), {0: lambda c: c.buy(1)}, latency_bars=2)) == [(3, 1.0, 13.0)]

    def test_latency_in_milliseconds_counts_in_finer_bars(self) -> None:
        finer = intraday([[10.0] * 5, [(10.0 + n, 20.0, 10.0, 10.0 + n) for n in range(5)]])
        coarse = daily([10.0, (10.0, 20.0, 10.0, 14.0)])
        night = 17 * 3600 + 30 * 60
        quick = play(coarse, {0: lambda c: c.buy(1)}, detail=finer, latency_ms=1)
        late = play(coarse, {0: lambda c: c.buy(1)}, detail=finer, latency_ms=(night + 90) * 1000)
        assert fills(quick) == [(1, 1.0, 10.0)]
        assert fills(late) == [(1, 1.0, 12.0)]

    def test_finer_bars_decide_which_leg_came_first(self) -> None:
        finer = intraday([[10.0] * 4, [10.0, (10.0, 13.0, 10.0, 12.0), (12.0, 12.0, 8.0, 9.0), 9.0]])
        coarse = daily([10.0, (10.0, 13.0, 8.0, 9.0)])
        steps = {0: lambda c: c.buy(1, stop_loss=9.0, take_profit=12.0)}
        assert fills(play(coarse, steps)) == [(1, 1.0, 10.0), (1, -1.0, 9.0)]
        assert fills(play(coarse, steps, detail=finer)) == [(1, 1.0, 10.0), (1, -1.0, 12.0)]

    def test_where_finer_bars_are_missing_the_bar_itself_is_worked(self) -> None:
        finer = intraday([[10.0] * 4])
        result = play(daily([10.0, 11.0, 12.0]), {0: lambda c: c.buy(1)}, detail=finer)
        assert fills(result) == [(1, 1.0, 11.0)]

    def test_an_order_for_the_close_waits_for_the_close_of_the_day_in_finer_bars(self) -> None:
        finer = intraday([[10.0] * 3, [11.0, 12.0, 13.0]])
        steps = {0: lambda c: c.buy(1, order_type="market_on_close")}
        assert fills(play(daily([10.0, (11.0, 13.0, 11.0, 13.0)]), steps, detail=finer)) == [(1, 1.0, 13.0)]

    def test_symbols_share_cash_in_the_order_of_their_finer_bars(self) -> None:
        coarse = [daily([10.0, 10.0, 10.0], share(name)) for name in "AB"]
        steps = {0: lambda c: c.buy(10, "B"), 1: lambda c: (c.sell(10, "B"), c.buy(10, "A"))}
        detail = {name: intraday([[10.0] * 3] * 3, share(name)) for name in "AB"}
        result = play(coarse, steps, cash=100.0, detail=detail)
        assert [units for _, units, _ in fills(result)] == [10.0, -10.0, 10.0]

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"fill_at": "noon"}, "fill_at='noon'"),
            ({"cash": -1.0}, "cannot begin with cash"),
            ({"latency_bars": -1}, "Latency cannot be negative"),
            ({"latency_ms": 5}, "needs finer bars"),
        ],
    )
    def test_impossible_plans_are_refused(self, options: dict[str, object], sentence: str) -> None:
        with pytest.raises(ConfigError, match=sentence):
            play(daily(FLAT), {}, **options)

    def test_a_plan_needs_strategies_and_bars(self) -> None:
        with pytest.raises(ConfigError, match="needs a strategy"):
            RunPlan(strategies=[], series={"A": daily(FLAT)})
        with pytest.raises(ConfigError, match="needs bars"):
            RunPlan(strategies=[script({})()], series={})

    def test_a_run_that_would_not_fit_is_refused_with_the_estimate(self) -> None:
        plan = RunPlan(strategies=[script({})()], series={"A": daily([10.0] * 100)})
        needed = bytes_needed(plan)
        require_memory(plan, free=needed)
        with pytest.raises(ResourceError, match="100 bars needs about"):
            require_memory(plan, free=needed - 1)


class TestEndings:
    def test_a_day_order_ends_with_its_session(self) -> None:
        sessions = [[10.0, 10.0, 10.0], [10.0, 10.0]]
        result = play(intraday(sessions), {0: lambda c: c.buy(1, limit_price=5.0, time_in_force="day")})
        assert endings(result) == [(2, "expired", "Its time in force ended.")]

    def test_a_day_order_of_the_last_bar_lives_through_the_next_session(self) -> None:
        sessions = [[10.0, 10.0], [10.0, 10.0, 10.0], [4.0]]
        steps = {1: lambda c: c.buy(1, limit_price=5.0, time_in_force="day")}
        assert endings(play(intraday(sessions), steps)) == [(4, "expired", "Its time in force ended.")]

    def test_a_day_order_of_a_symbol_that_closes_early_waits_for_its_own_session(self) -> None:
        a, b = intraday([[10.0] * 2, [10.0] * 2], share("A")), intraday([[20.0] * 4, [20.0] * 4], share("B"))
        steps = {2: lambda c: c.buy(1, "A", limit_price=5.0, time_in_force="day")}
        assert endings(play([a, b], steps)) == [(5, "expired", "Its time in force ended.")]

    def test_a_gtd_order_ends_at_its_time(self) -> None:
        when = dt.datetime(2020, 1, 8, 15, tzinfo=dt.UTC)
        steps = {0: lambda c: c.buy(1, limit_price=5.0, expires=when)}
        assert endings(play(daily(FLAT), steps)) == [(2, "expired", "Its time in force ended.")]

    def test_ioc_takes_what_the_open_gives(self) -> None:
        costs = tw.Costs(commission=tw.NoCommission(), slippage=NO_SLIP, participation=0.1)
        result = play(daily(FLAT, volume=30.0), {0: lambda c: c.buy(5, time_in_force="ioc")}, costs=costs)
        assert fills(result) == [(1, 3.0, 10.0)]
        assert endings(result) == [(1, "cancelled", "The open of its first bar did not fill it.")]

    def test_fok_takes_all_or_nothing(self) -> None:
        costs = tw.Costs(commission=tw.NoCommission(), slippage=NO_SLIP, participation=0.1)
        result = play(daily(FLAT, volume=30.0), {0: lambda c: c.buy(5, time_in_force="fok")}, costs=costs)
        assert fills(result) == []

    def test_an_iceberg_shows_a_slice_a_bar(self) -> None:
        costs = tw.Costs(commission=tw.NoCommission(), slippage=NO_SLIP, participation=np.inf)
        result = play(daily(FLAT), {0: lambda c: c.buy(5, limit_price=10.0, display_quantity=2.0)}, costs=costs)
        assert [units for _, units, _ in fills(result)] == [2.0, 2.0, 1.0]

    def test_a_future_settles_at_its_expiry_and_is_gone(self) -> None:
        expiry = int(weekdays(4)[2]) * NS_PER_DAY + 1300 * NS_PER_MINUTE
        future = tw.Future("F", "XNYS", multiplier=10.0, margin=50.0, expiry_ns=expiry)
        steps = {0: lambda c: c.buy(2), 1: lambda c: c.buy(1, limit_price=5.0), 3: lambda c: c.buy(1)}
        result = play(daily([10.0, 10.0, 13.0, 14.0, 15.0], future), steps, cash=1_000.0)
        assert EventKind.EXPIRY in kinds(result)
        assert result.record.equity.tolist() == [1_000.0, 1_000.0, 1_060.0, 1_060.0, 1_060.0]
        assert endings(result) == [
            (2, "cancelled", "The instrument has expired."),
            (3, "rejected", "The instrument has expired."),
        ]


class TestChanging:
    def test_cancel_ends_a_working_order_once(self) -> None:
        refs, seen = [], []
        steps = {
            0: lambda c: refs.append(c.buy(1, limit_price=5.0)),
            1: lambda c: seen.extend([c.cancel(refs[0]), c.cancel(refs[0])]),
        }
        result = play(daily(FLAT), steps)
        assert seen == [True, False]
        assert endings(result) == [(1, "cancelled", "The strategy cancelled it.")]

    def test_cancel_all_counts_what_it_ended(self) -> None:
        seen = []
        bars = [daily(FLAT, share("A")), daily(FLAT, share("B"))]

        def orders(ctx):
            ctx.buy(1, "A", limit_price=5.0, stop_loss=4.0)
            ctx.buy(1, "B", limit_price=5.0)
            ctx.buy(1, "B", limit_price=4.0)

        play(bars, {0: orders, 1: lambda c: seen.extend([c.cancel_all("A"), c.cancel_all(), c.open_orders()])})
        assert seen == [1, 2, []]

    def test_replace_sends_the_changed_copy_for_what_is_left(self) -> None:
        refs = []
        costs = tw.Costs(commission=tw.NoCommission(), slippage=NO_SLIP, participation=0.1)
        steps = {
            0: lambda c: refs.append(c.buy(8, limit_price=10.0, tag="mine", client_order_id="x1")),
            1: lambda c: refs.append(c.replace(refs[0], quantity=6, limit_price=9.5)),
        }
        result = play(daily([10.0, (10.0, 10.0, 9.9, 10.0), 9.0, 9.0], volume=30.0), steps, costs=costs)
        assert fills(result) == [(1, 3.0, 10.0), (2, 3.0, 9.0)]
        assert refs[1].id == 2
        assert result.orders["tag"].tolist() == ["mine", "mine"]
        assert result.orders["client_id"].tolist() == ["x1", "x1"]

    def test_a_replaced_entry_keeps_its_protection(self) -> None:
        refs = []
        steps = {
            0: lambda c: refs.append(c.buy(2, limit_price=9.0, stop_loss=8.0, take_profit=15.0)),
            1: lambda c: c.replace(refs[0], limit_price=9.5),
        }
        result = play(daily([10.0, 10.0, 9.4, (9.0, 9.0, 7.0, 7.0), 7.0]), steps)
        assert fills(result) == [(2, 2.0, 9.4), (3, -2.0, 8.0)]

    def test_a_replaced_order_keeps_its_pair(self) -> None:
        refs = []

        def both(ctx):
            refs.append(ctx.buy(1, limit_price=8.0))
            refs.append(ctx.buy(1, stop_price=12.0, oco=refs[0]))

        steps = {0: both, 1: lambda c: c.replace(refs[0], limit_price=9.0)}
        result = play(daily([10.0, 10.0, 9.0, 12.0, 12.0]), steps, limit_fill="touch")
        assert fills(result) == [(2, 1.0, 9.0)]

    def test_a_replaced_trailing_stop_keeps_its_level(self) -> None:
        refs = []
        steps = {
            0: lambda c: c.buy(2),
            1: lambda c: refs.append(c.sell(2, trail_amount=2.0)),
            3: lambda c: c.replace(refs[0], quantity=1),
        }
        result = play(daily([10.0, 10.0, 20.0, 19.0, (19.0, 19.0, 17.5, 18.0), 18.0]), steps)
        assert fills(result)[-1] == (4, -1.0, 18.0)

    def test_an_impossible_change_leaves_the_order_as_it_was(self) -> None:
        seen = []

        def change(ctx):
            with pytest.raises(OrderError):
                ctx.replace(ctx_refs[0], limit_price=-1.0)
            with pytest.raises(OrderError):
                ctx.replace(ctx_refs[0], quantity=float("nan"))
            seen.append(ctx_refs[0].is_open)

        ctx_refs = []
        play(daily(FLAT), {0: lambda c: ctx_refs.append(c.buy(1, limit_price=5.0)), 1: change})
        assert seen == [True]

    def test_an_ended_order_cannot_be_replaced(self) -> None:
        refs = []
        with pytest.raises(OrderError, match="not working any more"):
            play(daily(FLAT), {0: lambda c: refs.append(c.buy(1)), 1: lambda c: c.replace(refs[0], quantity=2)})

    def test_a_contradiction_that_is_caught_leaves_no_gap(self) -> None:
        def orders(ctx):
            with pytest.raises(OrderError):
                ctx.buy(1, order_type="limit")
            with pytest.raises(OrderError):
                ctx.buy(1, limit_price=9.0, stop_loss=12.0, take_profit=11.0)
            assert ctx.buy(1).id == 1

        result = play(daily(FLAT), {0: orders})
        assert result.orders["id"].tolist() == [1]
        assert fills(result) == [(1, 1.0, 10.0)]

    def test_pairs_stay_within_one_symbol(self) -> None:
        def orders(ctx):
            first = ctx.buy(1, "A", limit_price=5.0)
            ctx.buy(1, "B", limit_price=5.0, oco=first)

        with pytest.raises(OrderError, match="cannot be paired"):
            play([daily(FLAT, share("A")), daily(FLAT, share("B"))], {0: orders})

    def test_a_refused_order_is_nobodys_pair(self) -> None:
        def orders(ctx):
            first = ctx.buy(1, limit_price=9.0)
            ctx.buy(0.3, limit_price=8.0, oco=first)
            ctx.buy(1, stop_price=50.0)

        result = play(daily([10.0, 9.0, 8.0, 50.0]), {0: orders})
        assert fills(result) == [(1, 1.0, 9.0), (3, 1.0, 50.0)]


class TestMarginAndMoney:
    def test_shorts_are_off_by_default(self) -> None:
        result = play(daily(FLAT), {0: lambda c: c.sell(1)})
        assert endings(result) == [(1, "rejected", "It would open a short position and shorts are off.")]

    def test_a_margin_call_closes_everything_at_the_next_open(self) -> None:
        rows = [10.0, 10.0, 6.0, 5.0, 5.0]
        result = play(daily(rows), {0: lambda c: c.buy(20)}, cash=100.0, margin=MARGIN)
        assert fills(result) == [(1, 20.0, 10.0), (3, -20.0, 5.0)]
        assert result.orders["role"].tolist() == ["plain", "liquidation"]
        assert kinds(result) == [EventKind.FILL, EventKind.MARGIN_CALL, EventKind.FILL]

    def test_a_margin_call_cannot_be_cancelled(self) -> None:
        rows = [10.0, 10.0, 6.0, 5.0, 5.0]
        steps = {0: lambda c: c.buy(20), 2: lambda c: c.cancel_all()}
        assert fills(play(daily(rows), steps, cash=100.0, margin=MARGIN))[-1] == (3, -20.0, 5.0)

    def test_a_call_that_thin_trading_draws_out_is_one_call(self) -> None:
        costs = tw.Costs(commission=tw.NoCommission(), slippage=NO_SLIP, participation=0.1)
        rows = [10.0, (10.0, 10.0, 10.0, 10.0, 200.0), *[(6.0, 6.0, 6.0, 6.0, 70.0)] * 5]
        result = play(daily(rows), {0: lambda c: c.buy(20)}, cash=100.0, margin=MARGIN, costs=costs)
        assert kinds(result).count(EventKind.MARGIN_CALL) == 1
        assert fills(result) == [(1, 20.0, 10.0), (3, -7.0, 6.0), (4, -7.0, 6.0), (5, -6.0, 6.0)]

    def test_who_enters_again_can_be_called_again(self) -> None:
        rows = [10.0, 10.0, 6.0, 6.0, 3.0, 3.0, 3.0]
        steps = {0: lambda c: c.buy(20), 2: lambda c: c.buy(6)}
        result = play(daily(rows), steps, cash=100.0, margin=MARGIN)
        assert kinds(result).count(EventKind.MARGIN_CALL) == 2
        assert result.open_positions == ()

    def test_a_call_on_shorts(self) -> None:
        rows = [10.0, 10.0, 16.5, 17.0]
        result = play(daily(rows), {0: lambda c: c.sell(10)}, cash=100.0, margin=MARGIN)
        assert fills(result) == [(1, -10.0, 10.0), (3, 10.0, 17.0)]

    def test_another_currency_is_paid_at_the_rate_known(self) -> None:
        bars = daily(FLAT, share(currency="EUR"))
        rates = daily([1.0, 1.1, 1.2, 1.3, 1.4, 1.5], tw.FxPair("EURUSD"))
        result = play(bars, {0: lambda c: c.buy(10)}, cash=1_000.0, fx={"EUR": rates})
        assert result.record.events["fx"].tolist() == [1.0]
        assert result.record.equity.tolist() == pytest.approx([1_000.0, 1_010.0, 1_020.0, 1_030.0, 1_040.0, 1_050.0])

    def test_a_later_order_is_paid_at_the_rate_of_the_close_before(self) -> None:
        bars = daily(FLAT, share(currency="EUR"))
        rates = daily([1.0, 1.1, 1.2, 1.3, 1.4, 1.5], tw.FxPair("EURUSD"))
        seen = []
        steps = {2: lambda c: c.buy(10), 3: lambda c: seen.append(c.equity)}
        result = play(bars, steps, cash=1_000.0, fx={"EUR": rates})
        assert result.record.events["fx"].tolist() == [1.2]
        assert seen == [pytest.approx(1_010.0)]

    def test_open_profit_is_that_of_the_lots_still_open(self) -> None:
        steps = {0: lambda c: c.buy(1), 1: lambda c: c.buy(1), 2: lambda c: c.sell(1)}
        result = play(daily([10.0, 10.0, 20.0, 30.0]), steps)
        [held] = result.open_positions
        assert (held.average_price, held.unrealized) == (15.0, 10.0)
        assert result.metrics["realized"] + result.metrics["unrealized"] == result.metrics["net_profit"] == 30.0

    def test_a_currency_without_a_rate_is_refused(self) -> None:
        with pytest.raises(DataError, match="account is in USD and an instrument in EUR"):
            play(daily(FLAT, share(currency="EUR")), {})

    def test_rates_must_begin_with_the_bars(self) -> None:
        late = daily([1.1], tw.FxPair("EURUSD"), first_day=18_300)
        with pytest.raises(DataError, match="rates begin after the bars"):
            play(daily(FLAT, share(currency="EUR")), {}, fx={"EUR": late})

    def test_borrowed_shares_and_borrowed_cash_cost_by_the_calendar_day(self) -> None:
        costs = tw.Costs(commission=tw.NoCommission(), slippage=NO_SLIP, borrow_rate=0.36, interest_rate=0.36)
        short = play(daily(FLAT), {0: lambda c: c.sell(10)}, cash=1_000.0, margin=MARGIN, costs=costs)
        # From Tuesday's open: three nights and a weekend up to the next Monday.
        assert [-x for x in short.record.events["quantity"][1:]] == pytest.approx([0.1, 0.1, 0.1, 0.3])
        long = play(daily(FLAT), {0: lambda c: c.buy(20)}, cash=100.0, margin=MARGIN, costs=costs)
        assert kinds(long)[1] is EventKind.INTEREST
        assert long.record.events["quantity"][1] == pytest.approx(-0.1)

    def test_interest_on_a_futures_account_in_debt(self) -> None:
        future = tw.Future("F", "XNYS", multiplier=10.0, margin=50.0)
        costs = tw.Costs(commission=tw.NoCommission(), slippage=NO_SLIP, interest_rate=0.36)
        steps = {0: lambda c: c.buy(2), 1: lambda c: c.close_position()}
        result = play(daily([10.0, 10.0, 4.0, 4.0, 4.0], future), steps, cash=100.0, costs=costs)
        assert EventKind.INTEREST in kinds(result)


class TestLimits:
    def run(self, rows: list[object], steps: dict[int, object], limits: object, **options: object) -> tw.Result:
        return play(daily(rows, **options.pop("bars", {})), steps, limits=limits, cash=100_000.0, **options)

    def refused(self, result: tw.Result) -> list[str]:
        return [reason for _, status, reason in endings(result) if status == "rejected"]

    def test_risk_per_trade_with_a_stop_is_the_distance(self) -> None:
        limits = tw.Limits("mine", risk_per_trade=0.01)
        inside = self.run(FLAT, {0: lambda c: c.buy(1_000, stop_loss=9.0)}, limits)
        beyond = self.run(FLAT, {0: lambda c: c.buy(1_001, stop_loss=9.0)}, limits)
        assert self.refused(inside) == []
        assert self.refused(beyond) == ["It risks more of the equity than the limit per trade."]

    def test_risk_per_trade_without_a_stop_is_twice_the_range(self) -> None:
        rows = [(10.0, 10.5, 9.5, 10.0)] * 20
        limits = tw.Limits("mine", risk_per_trade=0.01)
        inside = self.run(rows, {15: lambda c: c.buy(500)}, limits)
        beyond = self.run(rows, {15: lambda c: c.buy(501)}, limits)
        assert self.refused(inside) == []
        assert self.refused(beyond) != []

    def test_risk_per_trade_before_the_range_is_known_is_the_notional(self) -> None:
        rows = [(10.0, 10.5, 9.5, 10.0)] * 20
        limits = tw.Limits("mine", risk_per_trade=0.01)
        assert self.refused(self.run(rows, {3: lambda c: c.buy(100)}, limits)) == []
        assert self.refused(self.run(rows, {3: lambda c: c.buy(101)}, limits)) != []

    def test_costs_count_as_risk(self) -> None:
        limits = tw.Limits("mine", risk_per_trade=0.01)
        costs = tw.Costs(commission=tw.PerTrade(1.0), slippage=NO_SLIP, participation=np.inf)
        assert self.refused(self.run(FLAT, {0: lambda c: c.buy(1_000, stop_loss=9.0)}, limits, costs=costs)) != []

    def test_deployed_counts_positions_and_orders_on_their_way(self) -> None:
        limits = tw.Limits("mine", deployed=0.5)
        result = self.run(FLAT, {0: lambda c: (c.buy(3_000), c.buy(2_000), c.buy(1))}, limits)
        assert self.refused(result) == ["It would deploy more capital than the limit."]
        result = self.run(FLAT, {0: lambda c: c.buy(5_000), 2: lambda c: c.buy(1)}, limits)
        assert self.refused(result) == ["It would deploy more capital than the limit."]

    def test_positions_count_instruments(self) -> None:
        bars = [daily(FLAT, share(name)) for name in "AB"]
        steps = {0: lambda c: (c.buy(1, "A"), c.buy(1, "A"), c.buy(1, "B"))}
        result = play(bars, steps, limits=tw.Limits("mine", positions=1))
        assert self.refused(result) == ["It would open more positions than the limit."]

    def test_exits_always_pass(self) -> None:
        limits = tw.Limits("mine", day_loss=0.01, drawdown=0.02, deployed=0.9)
        steps = {0: lambda c: c.buy(5_000), 2: lambda c: (c.buy(1), c.close_position())}
        result = self.run([10.0, 10.0, 9.0, 9.0], steps, limits)
        assert self.refused(result) == ["New exposure is halted after the drawdown."]
        assert fills(result)[-1] == (3, -5_000.0, 9.0)

    def test_a_day_loss_pauses_until_the_next_session(self) -> None:
        sessions = [[10.0, 10.0, 9.0, 9.0], [9.0, 9.0]]
        steps = {0: lambda c: c.buy(5_000), 2: lambda c: c.buy(1), 3: lambda c: c.buy(1), 4: lambda c: c.buy(1)}
        result = play(intraday(sessions), steps, limits=tw.Limits("mine", day_loss=0.02))
        assert self.refused(result) == ["New exposure is paused after the day's loss."] * 2
        assert fills(result)[-1] == (5, 1.0, 9.0)
        assert kinds(result).count(EventKind.LIMIT_PAUSE) == 1

    def test_a_pause_ends_resting_entries_and_keeps_exits(self) -> None:
        sessions = [[10.0, 10.0, 9.0, 9.0, 5.0]]

        def orders(ctx):
            ctx.buy(5_000, stop_loss=5.5)
            ctx.buy(1, limit_price=6.0)

        result = play(intraday(sessions), {0: orders}, limits=tw.Limits("mine", day_loss=0.02))
        assert (2, "cancelled", "New exposure is paused after the day's loss.") in endings(result)
        assert fills(result)[-1] == (4, -5_000.0, 5.0)

    def test_an_exit_larger_than_the_position_cannot_open_the_other_side_in_a_pause(self) -> None:
        sessions = [[10.0, 10.0, 9.0, 9.0, 12.0, 12.0]]
        steps = {0: lambda c: c.buy(5_000), 1: lambda c: c.sell(8_000, limit_price=11.0)}
        result = play(intraday(sessions), steps, limits=tw.Limits("mine", day_loss=0.02), margin=MARGIN)
        assert fills(result)[-1] == (4, -5_000.0, 12.0)

    def test_a_drawdown_halts_for_good(self) -> None:
        steps = {0: lambda c: c.buy(5_000), 2: lambda c: c.buy(1), 5: lambda c: c.buy(1)}
        result = self.run([10.0, 10.0, 9.0, 11.0, 12.0, 12.0, 12.0], steps, tw.Limits("mine", drawdown=0.03))
        assert self.refused(result) == ["New exposure is halted after the drawdown."] * 2
        assert kinds(result).count(EventKind.LIMIT_HALT) == 1

    def test_a_split_is_no_loss(self) -> None:
        bars = daily([10.0, 10.0, 5.0, 5.0], actions=split_on(2, 2.0))
        steps = {0: lambda c: c.buy(5_000), 2: lambda c: c.buy(1)}
        result = play(bars, steps, limits=tw.Limits("mine", day_loss=0.01, drawdown=0.05))
        assert self.refused(result) == []

    def test_what_cannot_be_measured_is_refused(self) -> None:
        bars = [daily([None, 10.0], share("A")), daily([20.0, 20.0], share("B"))]
        result = play(bars, {0: lambda c: c.buy(1, "A")}, limits=tw.Limits("mine", deployed=0.5))
        assert self.refused(result) == ["Its risk cannot be measured yet."]

    @pytest.mark.parametrize("name", ["cautious", "standard", "bold"])
    def test_presets_are_shown_in_the_result(self, name: str) -> None:
        assert self.run(FLAT, {}, name).config.limits["name"] == name

    def test_limits_see_orders_sized_at_the_fill(self) -> None:
        limits = tw.Limits("mine", deployed=0.5)
        result = self.run(FLAT, {0: lambda c: (c.target_percent(0.4), c.target_percent(0.9))}, limits, size_at="fill")
        assert self.refused(result) == ["It would deploy more capital than the limit."]
