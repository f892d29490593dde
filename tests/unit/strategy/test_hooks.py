"""The callbacks of a strategy: which, when, in which order; and several strategies on one account."""

from __future__ import annotations

import pytest
from tests.unit.strategy.market import daily, hourly, rising, run

from tradewright.domain.errors import DataError, StrategyError, StrategyRaisedError
from tradewright.domain.order import OrderStatus
from tradewright.quant import indicators as ta
from tradewright.strategy.base import Strategy


class Diary(Strategy):
    """Writes down every callback, in ``pages`` of its class."""

    pages: list

    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)
        cls.pages = []

    def note(self, *words):
        self.pages.append(words)


class Whole(Diary):
    """Every hook there is."""

    def setup(self):
        self.note("setup")

    def on_start(self, ctx):
        self.note("start", ctx.close())

    def on_bar(self, ctx):
        self.note("bar", ctx.close())
        if ctx.close() == 100:
            ctx.buy(10)

    def on_fill(self, ctx, fill):
        self.note("fill", fill.quantity, fill.price, ctx.close())

    def on_order(self, ctx, order):
        self.note("order", order.status)

    def on_session_close(self, ctx):
        self.note("session", ctx.close())

    def on_stop(self, ctx):
        self.note("stop", ctx.close())


def test_hooks_are_called_in_the_order_of_things():
    run(Whole, daily(rising(2)))
    assert Whole.pages == [
        ("setup",),
        ("start", 100.0), ("bar", 100.0), ("session", 100.0),
        ("fill", 10.0, 100.0, 101.0), ("order", OrderStatus.FILLED), ("bar", 101.0), ("session", 101.0),
        ("stop", 101.0),
    ]  # fmt: skip


def test_a_session_closes_after_its_last_bar_only():
    class Sessions(Diary):
        def on_bar(self, ctx):
            self.note("bar")

        def on_session_close(self, ctx):
            self.note("close")

    run(Sessions, hourly(rising(4), per_session=2))
    assert [page[0] for page in Sessions.pages] == ["bar", "bar", "close", "bar", "bar", "close"]


def test_an_order_placed_on_a_fill_works_from_the_next_bar_on():
    class OnFill(Diary):
        def on_bar(self, ctx):
            if ctx.close() == 100:
                ctx.buy(10)

        def on_fill(self, ctx, fill):
            self.note(fill.side.name, fill.price)
            if fill.side > 0:
                ctx.sell(10)

    run(OnFill, daily(rising(4)))
    assert OnFill.pages == [("BUY", 100.0), ("SELL", 101.0)]


def test_a_refusal_and_a_cancellation_reach_on_order():
    class News(Diary):
        def on_bar(self, ctx):
            if ctx.close() == 100:
                ctx.sell(10)
                self.ref = ctx.buy(10, limit_price=10)
            elif ctx.close() == 101:
                self.ref.cancel()

        def on_order(self, ctx, order):
            self.note(order.status.value, order.reason is not None)

    run(News, daily(rising(4)))
    assert News.pages == [("rejected", True), ("cancelled", True)]


def test_ready_may_be_overridden_and_silences_on_bar():
    class Patient(Diary):
        def on_start(self, ctx):
            self.ctx = ctx

        def ready(self):
            return self.ctx.close() >= 102

        def on_bar(self, ctx):
            self.note(ctx.close())

    run(Patient, daily(rising(5)))
    assert Patient.pages == [(102.0,), (103.0,), (104.0,)]


def test_the_warm_up_may_be_overridden():
    class Later(Diary):
        def required_warmup_bars(self):
            return 4

        def on_bar(self, ctx):
            self.note(ctx.close())

    result = run(Later, daily(rising(5)))
    assert Later.pages == [(103.0,), (104.0,)]
    assert result.record.strategies[0].warmup_bars == 4


def test_bars_before_the_start_only_warm_up():
    class Started(Diary):
        def setup(self):
            self.ma = self.use(ta.sma, "close", 3)

        def on_bar(self, ctx):
            self.note(str(ctx.date), self.ma.value)

    run(Started, daily(rising(8)), start="2020-01-09")
    assert Started.pages[0] == ("2020-01-09", 102.0)


def test_more_warm_up_than_bars_is_refused():
    class Greedy(Strategy):
        def required_warmup_bars(self):
            return 50

        def on_bar(self, ctx):
            return None

    with pytest.raises(DataError, match="Greedy needs 50 bars"):
        run(Greedy, daily(rising(5)))


def test_what_a_strategy_raises_is_named_with_its_line():
    class Broken(Strategy):
        def on_bar(self, ctx):
            return 1 / 0

    with pytest.raises(
        StrategyRaisedError, match=r"Broken raised ZeroDivisionError in .*test_hooks\.py:\d+ at the bar"
    ) as caught:
        run(Broken, daily(rising(3)))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


# Several strategies.


def test_several_strategies_decide_in_the_order_of_the_list_on_one_account():
    order = []

    def trader(name, units):
        class Trader(Strategy):
            def on_bar(self, ctx):
                order.append(name)
                if not ctx.has_position() and not ctx.open_orders():
                    ctx.buy(units)

        return Trader

    result = run([trader("first", 700), trader("second", 700)], daily([100.0] * 4))
    assert order == ["first", "second"] * 4
    status = result.orders["status"].tolist()
    # One account: what the first bought the second could not pay.
    assert (status[0], status[1]) == ("filled", "rejected")


def test_each_strategy_sees_only_its_own_position_and_orders():
    class Holder(Diary):
        def on_bar(self, ctx):
            if ctx.close() == 100:
                ctx.buy(10)
                ctx.buy(1, limit_price=1)
            self.note(ctx.quantity(), len(ctx.open_orders()))

    class Watcher(Diary):
        def on_bar(self, ctx):
            self.note(ctx.quantity(), len(ctx.open_orders()), ctx.cancel_all(), ctx.equity)

        def on_fill(self, ctx, fill):
            self.note("fill")

    run([Holder, Watcher], daily(rising(2)))
    assert Holder.pages == [(0.0, 2), (10.0, 1)]
    assert Watcher.pages == [(0.0, 0, 0, 100_000.0), (0.0, 0, 0, 100_010.0)]


def test_each_strategy_waits_for_its_own_warm_up():
    def waiting(period):
        class Waiting(Diary):
            def setup(self):
                self.ma = self.use(ta.sma, "close", period)

            def on_bar(self, ctx):
                self.note(ctx.close())

        return Waiting

    quick, slow = waiting(2), waiting(4)
    run([quick, slow], daily(rising(5)))
    assert (len(quick.pages), len(slow.pages)) == (4, 2)


def test_a_strategy_runs_once():
    class Idle(Strategy):
        def on_bar(self, ctx):
            return None

    strategy = Idle()
    run(strategy, daily(rising(3)))
    with pytest.raises(StrategyError, match="This Idle has already run"):
        run(strategy, daily(rising(3)))
    fresh = Idle()
    with pytest.raises(StrategyError, match="has already run"):
        run([fresh, fresh], daily(rising(3)))


def test_a_strategy_that_is_not_bound_cannot_say_its_warm_up():
    class Idle(Strategy):
        def on_bar(self, ctx):
            return None

    with pytest.raises(StrategyError, match="not bound to a market"):
        Idle().required_warmup_bars()


def test_a_strategy_without_on_bar_says_so_when_it_is_called():
    with pytest.raises(StrategyError, match="Strategy has no on_bar"):
        Strategy().on_bar(None)
