"""The engine of a session: strategies that raise, what operators ask, and how a broker's word counts."""

from __future__ import annotations

import numpy as np
import pytest
from tests.live_rows import history_before, rows_from
from tests.markets import FREE, daily, share

import tradewright as tw
from tradewright.domain.errors import ConfigError, StrategyError
from tradewright.domain.live.session import (
    Booked,
    CancelAsked,
    Command,
    Ended,
    Filled,
    Happened,
    Placed,
    Replaced,
    Row,
    SessionClosed,
    StrategyFailed,
    Tripped,
)
from tradewright.domain.order import OrderStatus
from tradewright.engine.live.session import BROKER, SIMULATED, SessionEngine
from tradewright.engine.plan import RunPlan
from tradewright.risk.limits import Limits
from tradewright.strategy.adapt import as_strategy


def session(script, *more, filling=SIMULATED, prices=(100.0,) * 12, history=3, **options):
    """A session of functions over daily bars of these closes; the engine and its rows."""
    series = {"ACME": daily(prices)}
    before = history_before(series, history)
    assert before is not None
    plan = RunPlan([as_strategy(each, None) for each in (script, *more)], before, costs=FREE, **options)
    return SessionEngine(plan, filling), list(rows_from(series, history))


def said(outputs, kind):
    return [each for each in outputs if isinstance(each, kind)]


def buys_and_waits(ctx):
    if not ctx.has_position() and not ctx.open_orders():
        ctx.buy(10)


def test_a_strategy_that_raises_is_asked_no_more_and_the_others_go_on() -> None:
    seen = []

    def fails(ctx):
        ctx.buy(5, limit_price=50.0)
        if len(ctx.open_orders()) == 2:
            raise ZeroDivisionError("no")

    def counts(ctx):
        seen.append(ctx.close())

    engine, rows = session(fails, counts)
    outputs = [engine.take(row) for row in rows]
    failed = said(outputs[1], StrategyFailed)
    assert [each.strategy for each in failed] == [0]
    assert "test_session_engine.py" in failed[0].sentence
    assert "ZeroDivisionError" in failed[0].sentence
    assert [each.order_id for each in said(outputs[1], CancelAsked)] == [1, 2]
    assert said(outputs[2], Placed) == []
    assert len(seen) == len(rows)
    assert engine.standings().retired == (0,)


def test_a_strategy_that_wants_to_end_the_program_ends_alone() -> None:
    def leaves(_):
        raise SystemExit(3)

    engine, rows = session(leaves, buys_and_waits)
    failed = said(engine.take(rows[0]), StrategyFailed)
    assert [(each.strategy, each.sentence) for each in failed] == [
        (0, "leaves wanted to end the program: SystemExit(3).")
    ]
    engine.take(rows[1])
    assert engine.desk.quantity(1) == 10.0


def test_a_strategy_reads_in_the_brokers_words_why_its_order_ended() -> None:
    asked, told = [], []

    class Asks(tw.Strategy):
        def on_bar(self, ctx):
            asked.append(ctx.buy(10))

        def on_order(self, ctx, order):
            told.append(order.reason)

    engine, rows = session(Asks, filling=BROKER)
    engine.take(rows[0])
    engine.take(Ended(1, "rejected", "It risks more than the limit per trade.", 0))
    assert asked[0].reason == told[0] == "It risks more than the limit per trade."


def test_an_indicator_that_raises_later_stops_its_strategy_alone() -> None:
    def fragile(close):
        if len(close) > 5:
            raise ValueError("no more")
        return close

    class Leans(tw.Strategy):
        def setup(self):
            self.line = self.use(fragile, "close")

        def on_bar(self, ctx): ...

    engine, rows = session(Leans, buys_and_waits)
    outputs = [engine.take(row) for row in rows]
    failed = [each for output in outputs for each in said(output, StrategyFailed)]
    assert [each.strategy for each in failed] == [0]
    assert "ValueError" in failed[0].sentence
    assert engine.desk.quantity(1) == 10.0


def test_exits_stay_when_their_strategy_is_stopped() -> None:
    def protected(ctx):
        if not ctx.has_position():
            ctx.buy(10, stop_loss=90.0)
        else:
            raise RuntimeError("later")

    engine, rows = session(protected)
    for row in rows[:3]:
        engine.take(row)
    standing = engine.standings()
    assert standing.retired == (0,)
    assert [(order.stop_price, order.quantity) for _, order in standing.orders] == [(90.0, 10.0)]


def test_rows_that_do_not_act_are_history_only() -> None:
    engine, rows = session(buys_and_waits)
    late = Row(**{name: getattr(rows[0], name) for name in Row.__slots__} | {"acts": False})
    assert engine.take(late) == ()
    assert [each.quantity for each in said(engine.take(rows[1]), Placed)] == [10.0]


class Closes(tw.Strategy):
    def on_bar(self, ctx): ...

    def on_session_close(self, ctx):
        ctx.buy(10)


@pytest.mark.parametrize("filling", [SIMULATED, BROKER])
@pytest.mark.parametrize("is_row", [True, False])
def test_nothing_is_ordered_at_a_close_that_is_too_long_ago(filling, is_row) -> None:
    engine, rows = session(Closes, filling=filling)
    engine.take(rows[0])
    bare = {name: getattr(rows[1], name) for name in Row.__slots__}
    if is_row:
        outputs = engine.take(Row(**bare | {"acts": False}))
    else:
        engine.take(Row(**bare | {"ends": ()}))
        outputs = engine.take(SessionClosed(("ACME",), rows[1].close_ns, acts=False))
    assert said(outputs, Placed) == []
    assert [each.reason for each in said(outputs, Happened) if each.event == "rejected"] == [
        "It was decided on a bar that is too old to act on."
    ]
    assert [each.quantity for each in said(engine.take(rows[2]), Placed)] == [10.0]


def test_a_strategy_waits_for_its_warm_up_where_the_history_was_too_short() -> None:
    asked = []

    class Slow(tw.Strategy):
        def setup(self):
            self.average = self.use(tw.indicators.sma, "close", 6)

        def on_bar(self, ctx):
            asked.append((ctx.timestamp, self.average.value))

    engine, rows = session(Slow)
    for row in rows:
        engine.take(row)
    assert [value for _, value in asked] == [100.0] * (12 - 5)


def test_an_array_that_ends_cannot_go_on() -> None:
    class Outside(tw.Strategy):
        def setup(self):
            self.mine = self.use(tw.indicators.sma, np.arange(3.0), 2)

        def on_bar(self, ctx): ...

    with pytest.raises(StrategyError, match="3 values"):
        session(Outside)


def test_a_pause_refuses_what_opens_and_lets_exits_pass() -> None:
    engine, rows = session(buys_and_waits)
    engine.take(rows[0])
    engine.take(Command("pause", "ann", "news", 0))
    engine.take(rows[1])
    assert engine.desk.quantity(0) == 0.0  # the entry that was on its way ended with the pause
    outputs = engine.take(rows[2])
    assert [(e.event, e.reason) for e in said(outputs, Happened)] == [("rejected", "An operator cancelled it.")]
    engine.take(Command("resume", "ann", "done", 0))
    assert said(engine.take(rows[3]), Placed) != []


def test_closing_all_is_an_order_like_any_other() -> None:
    engine, rows = session(buys_and_waits)
    engine.take(rows[0])
    engine.take(rows[1])
    outputs = engine.take(Command("close_all", "ann", "enough", 0))
    assert [(e.side, e.quantity, e.reduce_only, e.tag) for e in said(outputs, Placed)] == [(-1, 10.0, True, "operator")]


def test_a_drawdown_is_said_when_it_halts() -> None:
    engine, rows = session(
        buys_and_waits, prices=(100.0,) * 5 + (50.0,) * 5, limits=Limits("mine", drawdown=0.0001)
    )  # fmt: skip
    tripped = [each for row in rows for each in said(engine.take(row), Tripped)]
    assert [each.limit for each in tripped] == ["drawdown"]


def test_after_a_person_has_armed_the_account_the_fall_counts_from_there() -> None:
    def asks(ctx):
        ctx.buy(10)

    prices = (100.0,) * 5 + (50.0,) * 3 + (49.9,) * 2 + (20.0,) * 2
    engine, rows = session(asks, prices=prices, cash=5_000.0, limits=Limits("mine", drawdown=0.1))
    outputs = [engine.take(row) for row in rows[:4]]
    assert said(outputs[2], Tripped) != []
    assert [each.reason for each in said(outputs[3], Happened)] == ["New exposure is halted after the drawdown."]
    engine.take(Command("latched", "one", "it fell", 0))
    assert said(engine.take(rows[4]), Placed) == []
    engine.take(Command("rearm", "ann", "looked at it", 0))
    assert [each.quantity for each in said(engine.take(rows[5]), Placed)] == [10.0]
    tripped = [said(engine.take(row), Tripped) for row in rows[6:]]
    assert [len(each) for each in tripped] == [0, 1, 0]


def test_a_day_order_ends_with_a_session_whose_last_bar_never_came() -> None:
    def once(ctx):
        if not ctx.open_orders():
            ctx.buy(1, limit_price=10.0, time_in_force="day")

    engine, rows = session(once)
    bare = [Row(**{name: getattr(row, name) for name in Row.__slots__} | {"ends": ()}) for row in rows]
    engine.take(bare[0])
    engine.take(bare[1])
    outputs = engine.take(SessionClosed(("ACME",), bare[1].close_ns + 1))
    assert [each.event for each in said(outputs, Happened)] == ["expired"]


class TestAtABroker:
    """Nothing fills or ends before the broker says so."""

    def test_an_order_goes_out_and_stays_open_until_it_fills(self) -> None:
        heard = []

        class Buys(tw.Strategy):
            def on_bar(self, ctx):
                if not ctx.has_position() and not ctx.open_orders():
                    ctx.buy(10)

            def on_fill(self, ctx, fill):
                heard.append((fill.quantity, fill.price, fill.fee, ctx.quantity()))

        engine, rows = session(Buys, filling=BROKER, cash=10_000.0)
        (order,) = said(engine.take(rows[0]), Placed)
        assert (order.symbol, order.side, order.quantity, order.order_type) == ("ACME", 1, 10.0, "market")
        assert said(engine.take(rows[1]), Placed) == []
        engine.take(Filled(order.order_id, 4.0, 101.0, 0.5, 0, "a"))
        assert engine.desk.order(order.order_id).status is OrderStatus.PARTIALLY_FILLED
        engine.take(Filled(order.order_id, 6.0, 102.0, 0.5, 0, "b"))
        assert heard == [(4.0, 101.0, 0.5, 4.0), (6.0, 102.0, 0.5, 10.0)]
        assert engine.desk.cash() == pytest.approx(10_000 - 4 * 101 - 6 * 102 - 1)
        assert engine.desk.order(order.order_id).status is OrderStatus.FILLED

    def test_a_cancel_is_asked_once_and_ends_nothing_by_itself(self) -> None:
        def impatient(ctx):
            if ctx.open_orders():
                ctx.cancel_all()
            else:
                ctx.buy(1, limit_price=50.0)

        engine, rows = session(impatient, filling=BROKER)
        (order,) = said(engine.take(rows[0]), Placed)
        assert [each.order_id for each in said(engine.take(rows[1]), CancelAsked)] == [order.order_id]
        assert said(engine.take(rows[2]), CancelAsked) == []
        ended = engine.take(Ended(order.order_id, "cancelled", "", 0))
        assert [(e.event, e.reason) for e in said(ended, Happened)] == [("cancelled", "The strategy cancelled it.")]
        assert len(said(engine.take(rows[3]), Placed)) == 1

    def test_a_refusal_is_told_in_the_words_of_the_venue(self) -> None:
        engine, rows = session(buys_and_waits, filling=BROKER)
        (order,) = said(engine.take(rows[0]), Placed)
        outputs = engine.take(Ended(order.order_id, "rejected", "insufficient buying power", 0))
        assert [(e.event, e.reason) for e in said(outputs, Happened)] == [("rejected", "insufficient buying power")]

    def test_a_fill_that_comes_after_the_end_is_booked(self) -> None:
        engine, rows = session(buys_and_waits, filling=BROKER)
        (order,) = said(engine.take(rows[0]), Placed)
        engine.take(Ended(order.order_id, "expired", "", 0))
        engine.take(Filled(order.order_id, 3.0, 100.0, 0.0, 0, "late"))
        assert engine.desk.quantity(0) == 3.0

    def test_a_replacement_goes_out_with_the_new_total_and_late_fills_count_against_it(self) -> None:
        refs = []

        def changes(ctx):
            if not refs:
                refs.append(ctx.buy(10, limit_price=90.0))
            elif len(refs) == 1:
                refs.append(ctx.replace(refs[0], quantity=8, limit_price=95.0))

        engine, rows = session(changes, filling=BROKER)
        (order,) = said(engine.take(rows[0]), Placed)
        engine.take(Filled(order.order_id, 2.0, 90.0, 0.0, 0, "a"))
        outputs = engine.take(rows[1])
        (replaced,) = said(outputs, Replaced)
        assert (replaced.replaces, replaced.order.quantity, replaced.order.limit_price) == (order.order_id, 8.0, 95.0)
        assert said(outputs, CancelAsked) == []
        engine.take(Filled(order.order_id, 1.0, 90.0, 0.0, 0, "b"))
        copy = engine.desk.order(replaced.order.order_id)
        assert (copy.quantity, engine.desk.quantity(0)) == (5.0, 3.0)

    def test_what_a_chain_of_replacements_filled_counts_against_its_last_order(self) -> None:
        refs = []

        def changes(ctx):
            refs.append(ctx.buy(10, limit_price=90.0) if not refs else ctx.replace(refs[-1], limit_price=91.0))

        engine, rows = session(changes, filling=BROKER)
        (first,) = said(engine.take(rows[0]), Placed)
        engine.take(Filled(first.order_id, 2.0, 90.0, 0.0, 0, "a"))
        (second,) = said(engine.take(rows[1]), Replaced)
        engine.take(Filled(second.order.order_id, 3.0, 90.0, 0.0, 0, "b"))
        (third,) = said(engine.take(rows[2]), Replaced)
        assert (second.order.quantity, third.order.quantity) == (10.0, 10.0)
        engine.take(Filled(first.order_id, 1.0, 90.0, 0.0, 0, "late"))
        assert engine.desk.order(third.order.order_id).quantity == 4.0

    def test_an_order_whose_replacement_the_gate_refuses_is_to_be_cancelled(self) -> None:
        refs = []

        def enlarges(ctx):
            if not refs:
                refs.append(ctx.buy(1, limit_price=90.0))
            else:
                ctx.replace(refs[0], quantity=1_000_000)

        engine, rows = session(enlarges, filling=BROKER, limits=Limits("mine", deployed=0.5))
        (order,) = said(engine.take(rows[0]), Placed)
        outputs = engine.take(rows[1])
        assert said(outputs, Replaced) == []
        assert [each.order_id for each in said(outputs, CancelAsked)] == [order.order_id]

    def test_units_that_were_moved_without_an_order_of_the_strategy_are_booked(self) -> None:
        engine, rows = session(buys_and_waits, filling=BROKER)
        (order,) = said(engine.take(rows[0]), Placed)
        engine.take(Filled(order.order_id, 10.0, 100.0, 0.0, 0, "a"))
        outputs = engine.take(Booked(0, "ACME", -10.0, 90.0, 0, "x", "The kill switch closed it."))
        assert [(e.event, e.quantity, e.price) for e in said(outputs, Happened)] == [("fill", -10.0, 90.0)]
        assert engine.desk.quantity(0) == 0.0
        assert engine.record().trades["exit_price"].tolist() == [90.0]

    def test_what_is_being_closed_is_not_closed_twice(self) -> None:
        def closes(ctx):
            if not ctx.has_position() and not ctx.open_orders():
                ctx.buy(10)
            else:
                ctx.close_position()

        engine, rows = session(closes, filling=BROKER)
        (order,) = said(engine.take(rows[0]), Placed)
        engine.take(Filled(order.order_id, 6.0, 100.0, 0.0, 0, "a"))
        (closing,) = said(engine.take(rows[1]), Placed)
        engine.take(Filled(order.order_id, 4.0, 100.0, 0.0, 0, "b"))
        (rest,) = said(engine.take(rows[2]), Placed)
        assert (closing.quantity, rest.quantity) == (6.0, 4.0)
        assert said(engine.take(rows[3]), Placed) == []
        engine.take(Ended(closing.order_id, "cancelled", "", 0))
        assert [each.quantity for each in said(engine.take(rows[4]), Placed)] == [6.0]

    def test_a_rate_of_exchange_holds_for_rows_that_come_later(self) -> None:
        series = {"ACME": daily((100.0,) * 12, share(currency="EUR"))}
        before = history_before(series, 3)
        plan = RunPlan([as_strategy(buys_and_waits, None)], before, costs=FREE, fx={"EUR": 1.25})
        engine = SessionEngine(plan)
        for row in rows_from(series, 3):
            engine.take(row)
        assert engine.desk.position(0).market_value == 10 * 100.0 * 1.25

    def test_the_legs_of_a_bracket_fill_by_the_number_of_their_entry(self) -> None:
        def protected(ctx):
            if not ctx.has_position() and not ctx.open_orders():
                ctx.buy(10, stop_loss=90.0, take_profit=120.0)

        engine, rows = session(protected, filling=BROKER)
        (order,) = said(engine.take(rows[0]), Placed)
        assert (order.stop_loss, order.take_profit) == (90.0, 120.0)
        engine.take(Filled(order.order_id, 10.0, 100.0, 0.0, 0, "a"))
        legs = {str(leg.role): leg.quantity for _, leg in engine.standings().orders}
        assert legs == {"stop_loss": 10.0, "take_profit": 10.0}
        engine.take(Filled(order.order_id, 10.0, 89.5, 0.0, 0, "b", leg="stop"))
        assert engine.desk.quantity(0) == 0.0
        assert engine.standings().orders == ()
        assert engine.record().trades["exit_price"].tolist() == [89.5]

    def test_legs_whose_position_is_gone_are_to_be_cancelled(self) -> None:
        def protected(ctx):
            if ctx.has_position():
                ctx.close_position()
            elif not ctx.open_orders():
                ctx.buy(10, stop_loss=90.0)

        engine, rows = session(protected, filling=BROKER)
        (order,) = said(engine.take(rows[0]), Placed)
        engine.take(Filled(order.order_id, 10.0, 100.0, 0.0, 0, "a"))
        ((_, leg),) = engine.standings().orders
        (closing,) = said(engine.take(rows[1]), Placed)
        outputs = engine.take(Filled(closing.order_id, 10.0, 99.0, 0.0, 0, "b"))
        assert [each.order_id for each in said(outputs, CancelAsked)] == [leg.id]

    @pytest.mark.parametrize("order", [{"trail_percent": 2.0}, {"limit_price": 9.0, "display_quantity": 1.0}])
    def test_what_no_broker_takes_yet_is_refused_by_name(self, order) -> None:
        def asks(ctx):
            ctx.sell(5, **order)

        engine, rows = session(asks, filling=BROKER)
        (failed,) = said(engine.take(rows[0]), StrategyFailed)
        assert "does not go to brokers yet" in failed.sentence

    def test_bars_fill_nothing(self) -> None:
        engine, rows = session(buys_and_waits, filling=BROKER)
        for row in rows:
            engine.take(row)
        assert engine.desk.quantity(0) == 0.0


@pytest.mark.parametrize(
    ("options", "word"),
    [({"fill_at": "close"}, "fill_at"), ({"latency_bars": 1}, "latency"), ({"size_at": "fill"}, "size_at")],
)
def test_policies_that_need_the_future_are_refused(options, word) -> None:
    with pytest.raises(ConfigError, match=word):
        session(buys_and_waits, filling=BROKER, **options)
