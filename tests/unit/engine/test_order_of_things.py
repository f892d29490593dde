"""What happens at one time, in which order, and what a strategy sees of it when."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from tests.markets import FREE, daily, dividend_on, endings, fills, intraday, play, row_of, script, share, split_on

import tradewright as tw
from tradewright import indicators as ta
from tradewright.domain.errors import DataNotAvailableError, StrategyError, StrategyRaisedError, WarmupError
from tradewright.domain.events import EventKind
from tradewright.domain.order import OrderStatus

FLAT = [10.0, 10.0, 10.0, 10.0, 10.0]


def kinds(result: tw.Result) -> list[tuple[int, EventKind]]:
    events = result.record.events
    return [(int(row), EventKind(int(kind))) for row, kind in zip(events["row"], events["kind"], strict=True)]


class TestOneRow:
    def test_from_the_actions_to_the_end_of_the_session(self) -> None:
        """Dividend, fill at the open, fill inside the bar, expiry, delivery, on_bar, on_session_close."""
        heard: list[str] = []

        def step(ctx):
            heard.append("on_bar")

        hooks = {
            "on_fill": lambda self, ctx, fill: heard.append(f"fill {fill.order_id} {fill.phase}"),
            "on_order": lambda self, ctx, order: heard.append(f"order {order.id} {order.status}"),
            "on_session_close": lambda self, ctx: heard.append("close"),
        }
        rows = [10.0, 10.0, (10.0, 10.0, 8.0, 9.0), 9.0]

        def orders(ctx):
            ctx.buy(1, limit_price=5.0, time_in_force="day")
            ctx.buy(1, limit_price=9.0)
            ctx.buy(1)

        bars = daily(rows, actions=dividend_on(2, 0.5))
        result = play(bars, {0: lambda c: c.buy(1), 1: orders, 2: step}, hooks=hooks)
        row = [kind for at, kind in kinds(result) if at == 2]
        assert row == [EventKind.DIVIDEND, EventKind.FILL, EventKind.FILL, EventKind.EXPIRED]
        start = heard.index("order 2 expired")
        assert heard[start:] == [
            "order 2 expired", "fill 3 limit", "order 3 filled", "fill 4 open", "order 4 filled",
            "on_bar", "close", "close",
        ]  # fmt: skip

    def test_splits_come_before_dividends_and_both_before_the_open(self) -> None:
        actions = split_on(2, 2.0)
        both = tw.Actions(actions.split_days, actions.split_ratios, actions.split_days, np.array([0.25]))
        result = play(daily([10.0, 10.0, 5.0, 5.0], actions=both), {0: lambda c: c.buy(4), 1: lambda c: c.sell(4)})
        assert [kind for at, kind in kinds(result) if at == 2] == [EventKind.SPLIT, EventKind.DIVIDEND, EventKind.FILL]
        # The dividend is per share after the split, the sale was restated in the new shares.
        assert fills(result)[-1] == (2, -8.0, 5.0)
        assert result.record.events["quantity"][result.record.events["kind"] == EventKind.DIVIDEND].tolist() == [2.0]

    def test_a_split_restates_working_orders(self) -> None:
        seen = []
        steps = {
            0: lambda c: c.buy(4, stop_loss=8.0),
            2: lambda c: seen.extend((o.quantity, o.stop_price) for o in c.open_orders()),
        }
        play(daily([10.0, 10.0, 5.0, 5.0], actions=split_on(2, 2.0)), steps)
        assert seen == [(8.0, 4.0)]

    def test_fills_are_delivered_in_order_number_over_symbols(self) -> None:
        heard: list[int] = []
        hooks = {"on_fill": lambda self, ctx, fill: heard.append(fill.order_id)}
        a, b = daily([10.0, (10.0, 10.0, 8.0, 9.0)], share("A")), daily([10.0, (10.0, 10.0, 8.0, 9.0)], share("B"))

        def orders(ctx):
            ctx.buy(1, "B", limit_price=9.0)
            ctx.buy(1, "A", limit_price=9.0)
            ctx.buy(1, "B")

        result = play([a, b], {0: orders}, hooks=hooks)
        assert result.record.events["order_id"].tolist() == [3.0, 2.0, 1.0]
        assert heard == [1, 2, 3]

    def test_fill_times_name_the_open_or_the_close(self) -> None:
        times: list[tuple[str, int]] = []
        hooks = {"on_fill": lambda self, ctx, fill: times.append((str(fill.phase), fill.time))}
        bars = daily([10.0, (10.0, 10.0, 8.0, 9.0)])

        def orders(ctx):
            ctx.buy(1)
            ctx.buy(1, limit_price=9.0)

        play(bars, {0: orders}, hooks=hooks)
        assert times == [("open", bars.open_time[1]), ("limit", bars.close_time[1])]

    def test_orders_of_a_callback_work_from_the_next_bar(self) -> None:
        def react(self, ctx, fill):
            if fill.order_id == 1:
                ctx.sell(1)

        result = play(daily([10.0, 11.0, 12.0, 13.0]), {0: lambda c: c.buy(1)}, hooks={"on_fill": react})
        assert fills(result) == [(1, 1.0, 11.0), (2, -1.0, 12.0)]

    def test_what_a_callback_causes_is_delivered_with_the_next_bar(self) -> None:
        heard = []

        def hear(self, ctx, order):
            heard.append((row_of(ctx), order.id, str(order.status)))
            if order.id == 1:
                ctx.buy(0.4)

        play(daily(FLAT), {0: lambda c: c.buy(1)}, hooks={"on_order": hear})
        assert heard == [(1, 1, "filled"), (2, 2, "rejected")]

    def test_a_sale_placed_first_pays_for_a_purchase_of_another_symbol(self) -> None:
        a, b = daily(FLAT, share("A")), daily(FLAT, share("B"))
        steps = {0: lambda c: c.buy(10, "B"), 1: lambda c: (c.sell(10, "B"), c.buy(10, "A"))}
        assert fills(play([a, b], steps, cash=100.0)) == [(1, 10.0, 10.0), (2, -10.0, 10.0), (2, 10.0, 10.0)]

    def test_a_purchase_placed_before_the_sale_that_would_pay_it_is_refused(self) -> None:
        a, b = daily(FLAT, share("A")), daily(FLAT, share("B"))
        steps = {0: lambda c: c.buy(10, "B"), 1: lambda c: (c.buy(10, "A"), c.sell(10, "B"))}
        result = play([a, b], steps, cash=100.0)
        assert endings(result) == [(2, "rejected", "The account cannot pay for it.")]

    def test_strategies_decide_in_the_order_of_the_list(self) -> None:
        heard: list[str] = []
        first = script({0: lambda c: heard.append("first")})
        second = script({0: lambda c: heard.append("second")})
        tw.backtest([first, second], daily(FLAT), costs=FREE)
        assert heard == ["first", "second"]

    def test_strategies_keep_books_of_their_own_on_one_account(self) -> None:
        seen = []
        buyer = script({0: lambda c: c.buy(4)})
        other = script({2: lambda c: seen.append((c.quantity(), c.cash, c.equity))})
        result = tw.backtest([buyer, other], daily(FLAT), costs=FREE, cash=100.0)
        assert seen == [(0.0, 60.0, 100.0)]
        assert [(p.book, p.quantity) for p in result.open_positions] == [(0, 4.0)]


class TestSeeing:
    def test_nothing_before_the_close_of_a_bar(self) -> None:
        seen = []
        bars = daily([10.0, 11.0, 12.0])
        play(bars, {1: lambda c: seen.append((c.close(), c.timestamp, str(c.date), len(c.history(2))))})
        assert seen == [(11.0, dt.datetime(2020, 1, 7, 21, tzinfo=dt.UTC), "2020-01-07", 2)]

    def test_a_missing_bar_leaves_the_last_one_stale_and_cannot_fill(self) -> None:
        seen = []
        a, b = daily([10.0, 10.0, None, 12.0], share("A")), daily([20.0] * 4, share("B"))

        def look(ctx):
            seen.append((ctx.close("A"), ctx.is_stale("A"), ctx.is_stale("B"), ctx.symbols))

        result = play([a, b], {1: lambda c: c.buy(1, "A"), 2: look})
        assert seen == [(10.0, True, False, ["B"])]
        assert fills(result) == [(3, 1.0, 12.0)]

    def test_equity_marks_a_stale_position_at_its_last_close(self) -> None:
        a, b = daily([10.0, 10.0, None, 12.0], share("A")), daily([20.0] * 4, share("B"))
        result = play([a, b], {0: lambda c: c.buy(1, "A")}, cash=100.0)
        assert result.record.equity.tolist() == [100.0, 100.0, 100.0, 102.0]

    def test_a_symbol_before_its_first_bar_has_no_price(self) -> None:
        a, b = daily([None, None, 12.0], share("A")), daily([20.0] * 3, share("B"))
        for call in (
            lambda c: c.close("A"),
            lambda c: c.target_percent(0.5, "A"),
            lambda c: c.buy("A"),
            lambda c: c.sell(1, "A", trail_amount=1.0),
        ):
            with pytest.raises(WarmupError, match="no bar yet"):
                play([a, b], {0: call})

    def test_an_order_before_the_first_bar_waits_for_it(self) -> None:
        a, b = daily([None, None, 12.0], share("A")), daily([20.0] * 3, share("B"))
        assert fills(play([a, b], {0: lambda c: c.buy(1, "A")})) == [(2, 1.0, 12.0)]

    def test_a_longer_timeframe_shows_only_what_is_complete(self) -> None:
        seen = []

        class Longer(tw.Strategy):
            def setup(self):
                self.daily = self.use(ta.sma, "close", 1, timeframe="1d")

            def on_bar(self, ctx):
                seen.append((row_of(ctx), self.daily.value))

        days = [[1.0 + row / 1000] * 390 for row in range(2)]
        bars = intraday(days)
        tw.backtest(Longer, bars, costs=FREE)
        assert seen[0] == (389, 1.0)
        assert seen[-2:] == [(778, 1.0), (779, 1.001)]

    def test_leaving_the_symbol_out_among_several_is_an_error(self) -> None:
        with pytest.raises(StrategyError, match="leaves the symbol out"):
            play([daily(FLAT, share("A")), daily(FLAT, share("B"))], {0: lambda c: c.close()})


class TestRanges:
    class Counting(tw.Strategy):
        """Counts the rows it decides on, with three bars of warm-up."""

        def setup(self):
            self.average = self.use(ta.sma, "close", 3)
            self.rows: list[int] = []

        def on_bar(self, ctx):
            ctx.log("bar", row=row_of(ctx), value=self.average.value)

    def rows(self, **options: object) -> list[int]:
        result = tw.backtest(self.Counting, daily([10.0 + n for n in range(10)]), costs=FREE, **options)
        return [line.fields["row"] for line in result.logs]

    def test_silent_until_warm(self) -> None:
        assert self.rows() == list(range(2, 10))

    def test_bars_before_the_start_warm_up(self) -> None:
        assert self.rows(start="2020-01-08") == list(range(2, 10))
        assert self.rows(start="2020-01-13") == list(range(5, 10))

    def test_the_range_includes_both_its_days(self) -> None:
        assert self.rows(start="2020-01-10", end="2020-01-14") == [4, 5, 6]

    def test_a_start_on_a_day_without_a_session_is_the_next_session(self) -> None:
        assert self.rows(start="2020-01-11") == list(range(5, 10))

    def test_metrics_begin_at_the_start_or_when_ready(self) -> None:
        bars = daily([10.0 + n for n in range(10)])
        assert len(tw.backtest(self.Counting, bars, costs=FREE).equity) == 10
        assert len(tw.backtest(self.Counting, bars, costs=FREE, metrics_from="ready").equity) == 8
        assert len(tw.backtest(self.Counting, bars, costs=FREE, start="2020-01-10").equity) == 6

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"start": "2021-01-01"}, "no bars from 2021-01-01"),
            ({"end": "2019-01-01"}, "no bars up to 2019-01-01"),
            ({"start": "2020-01-10", "end": "2020-01-08"}, "ends before it begins"),
            ({"end": "2020-01-07"}, "needs 3 bars to decide, there are 2"),
        ],
    )
    def test_an_empty_range_is_refused(self, options: dict[str, str], sentence: str) -> None:
        with pytest.raises(DataNotAvailableError, match=sentence):
            self.rows(**options)

    def test_a_date_that_is_none_is_refused(self) -> None:
        with pytest.raises(tw.TradewrightError, match="not a date"):
            self.rows(start="yesterday")

    def test_a_strategy_may_say_itself_when_it_is_ready(self) -> None:
        seen: list[int] = []

        class Picky(tw.Strategy):
            calls = 0

            def ready(self):
                self.calls += 1
                return self.calls > 2

            def on_bar(self, ctx):
                seen.append(row_of(ctx))

        tw.backtest(Picky, daily(FLAT), costs=FREE)
        assert seen == [2, 3, 4]

    def test_symbols_without_bars_in_the_range_are_left_out(self) -> None:
        seen = []
        a, b = daily([10.0, 10.0, 10.0], share("A")), daily([None, None, 5.0], share("B"))
        play([a, b], {0: lambda c: seen.append(c.universe)}, end="2020-01-07")
        assert seen == [("A",)]


class TestFailures:
    def test_a_strategy_that_raises_is_named_with_file_line_and_bar(self) -> None:
        def fail(ctx):
            raise RuntimeError("out of ideas")

        with pytest.raises(
            StrategyRaisedError, match=r"Scripted raised RuntimeError in .*test_order_of_things.py:\d+"
        ) as caught:
            play(daily(FLAT), {1: fail})
        assert "2020-01-07T21:00:00Z" in caught.value.message
        assert "out of ideas" in caught.value.message
        assert isinstance(caught.value.__cause__, RuntimeError)
        assert "raise RuntimeError" in (caught.value.hint or "")

    def test_an_error_inside_the_standard_library_names_the_strategy(self) -> None:
        import statistics

        with pytest.raises(StrategyRaisedError, match=r"test_order_of_things\.py"):
            play(daily(FLAT), {1: lambda c: statistics.mean([])})

    def test_a_failing_setup_is_named_too(self) -> None:
        class Bad(tw.Strategy):
            def setup(self):
                raise KeyError("colour")

            def on_bar(self, ctx):
                pass

        with pytest.raises(StrategyRaisedError, match="Bad raised KeyError"):
            tw.backtest(Bad, daily(FLAT), costs=FREE)

    def test_our_own_errors_gain_the_line(self) -> None:
        with pytest.raises(tw.TradewrightError, match=r"buy\(-1\).*test_order_of_things.py"):
            play(daily(FLAT), {0: lambda c: c.buy(-1)})

    def test_a_failing_callback_names_the_strategy_it_belongs_to(self) -> None:
        class Deaf(tw.Strategy):
            def on_bar(self, ctx):
                pass

        class Loud(tw.Strategy):
            def on_bar(self, ctx):
                if row_of(ctx) == 0:
                    ctx.buy(1)

            def on_fill(self, ctx, fill):
                raise ValueError("no")

        with pytest.raises(StrategyRaisedError, match="Loud raised"):
            tw.backtest([Loud, Deaf], daily(FLAT), costs=FREE)

    def test_a_fault_of_the_engine_is_not_blamed_on_the_strategy(self) -> None:
        from tradewright.engine.failures import named_failure
        from tradewright.strategy.lines import Cursor

        with pytest.raises(np.linalg.LinAlgError) as caught:
            np.linalg.inv(np.zeros((2, 2)))
        fault = caught.value
        # The test's own frame stands first; without it only the library's are left.
        fault.__traceback__ = fault.__traceback__.tb_next
        assert named_failure(fault, "S", Cursor(np.array([0]))) is fault

    def test_hooks_around_the_run(self) -> None:
        heard: list[str] = []
        hooks = {
            "on_start": lambda self, ctx: heard.append(f"start {row_of(ctx)}"),
            "on_stop": lambda self, ctx: heard.append(f"stop {row_of(ctx)}"),
        }
        play(daily(FLAT), {}, hooks=hooks)
        play(daily(FLAT), {}, hooks=hooks, margin=tw.Margin())
        assert heard == ["start 0", "stop 4"] * 2

    def test_an_order_placed_at_the_start_is_first_worked_with_the_next_bar(self) -> None:
        def start(self, ctx):
            ctx.buy(1, limit_price=5.0, expires=dt.datetime(2019, 1, 1, tzinfo=dt.UTC))

        quiet = play(daily(FLAT), {}, hooks={"on_start": start})
        watched = play(daily(FLAT), {}, hooks={"on_start": start, "on_session_close": lambda self, ctx: None})
        assert endings(quiet) == endings(watched) == [(1, "expired", "Its time in force ended.")]

    @pytest.mark.parametrize("margin", [None, tw.Margin()])
    def test_progress_is_told_on_the_way(self, margin: tw.Margin | None) -> None:
        told: list[tuple[int, int]] = []
        play(daily(FLAT), {}, progress=lambda done, rows: told.append((done, rows)), margin=margin)
        assert {rows for _, rows in told} == {5}
        assert [done for done, _ in told] == sorted(done for done, _ in told)

    def test_log_lines_keep_simulated_time(self) -> None:
        bars = daily(FLAT)
        [line] = play(bars, {2: lambda c: c.log("here", level=3)}).logs
        assert (line.time, line.strategy, line.message, line.fields) == (
            bars.close_time[2],
            "Scripted",
            "here",
            {"level": 3},
        )


class TestStatuses:
    def test_an_order_is_submitted_partly_filled_and_filled(self) -> None:
        seen: list[tuple[OrderStatus, float, bool]] = []
        refs = []

        def look(ctx):
            seen.append((refs[0].status, refs[0].filled, refs[0].is_open))

        steps = {0: lambda c: (refs.append(c.buy(15)), look(c)), 1: look, 2: look}
        costs = tw.Costs(commission=tw.NoCommission(), slippage=tw.NoSlippage(), participation=0.1)
        play(daily(FLAT, volume=100.0), steps, costs=costs)
        assert seen == [
            (OrderStatus.SUBMITTED, 0.0, True),
            (OrderStatus.PARTIALLY_FILLED, 10.0, True),
            (OrderStatus.FILLED, 15.0, False),
        ]

    def test_nothing_to_order_is_a_reference_that_is_false(self) -> None:
        refs = []
        play(daily(FLAT), {0: lambda c: refs.append(c.close_position())})
        assert not refs[0]
        assert (refs[0].status, refs[0].filled, refs[0].cancel()) == (OrderStatus.FILLED, 0.0, False)
        assert refs[0].reason == "There was nothing to order."
