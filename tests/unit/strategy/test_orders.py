"""Orders as a strategy places, follows and returns them."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from types import SimpleNamespace

import pytest
from tests.unit.strategy.market import daily, probe, rising, run

from tradewright.domain.errors import OrderError, OrderRejectedError, StrategyError
from tradewright.domain.order import OrderRequest, OrderSide, OrderStatus, OrderType, TimeInForce
from tradewright.strategy.base import Strategy

BARS = daily(rising(8))


def once(place):
    """A strategy that places its order in the first bar and keeps the reference in ``refs`` of the class."""

    class Once(Strategy):
        refs: list = []  # noqa: RUF012 - shared with the test on purpose
        news: list = []  # noqa: RUF012 - shared with the test on purpose

        def on_bar(self, ctx):
            if not self.refs:
                self.refs.append(place(ctx))
            self.news.append(self.refs[0].status)

    return Once


def placed(place, bars=BARS, **options):
    """The orders of a run whose strategy placed one in the first bar."""
    return run(once(place), bars, **options).orders


@pytest.mark.parametrize(
    "place",
    [
        lambda ctx: ctx.buy(10),
        lambda ctx: ctx.buy(10, "AAPL"),
        lambda ctx: ctx.buy("AAPL", 10),
        lambda ctx: ctx.buy("AAPL", quantity=10),
        lambda ctx: ctx.buy(10, symbol="AAPL"),
        lambda ctx: ctx.buy(symbol="AAPL", quantity=10),
        lambda ctx: ctx.order(10),
        lambda ctx: ctx.order("AAPL", 10),
        lambda ctx: ctx.target_quantity(10),
    ],
)
def test_quantity_and_symbol_may_stand_in_either_order_or_be_named(place):
    orders = placed(place)
    assert (orders["symbol"][0], orders["side"][0], orders["quantity"][0]) == ("AAPL", "buy", 10.0)


def test_a_negative_order_sells():
    orders = placed(lambda ctx: ctx.order(-10), shorts=True)
    assert orders["side"][0] == "sell"


def test_without_a_quantity_a_purchase_takes_what_can_be_paid_and_a_sale_what_is_held():
    class Both(Strategy):
        def on_bar(self, ctx):
            if ctx.has_position():
                ctx.sell()
            elif not ctx.open_orders() and ctx.close() < 103:
                ctx.buy()

    orders = run(Both, BARS).orders
    assert orders["quantity"].tolist()[:2] == [1000.0, 1000.0]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({}, "market"),
        ({"limit_price": 90}, "limit"),
        ({"stop_price": 200}, "stop"),
        ({"stop_price": 200, "limit_price": 201}, "stop_limit"),
        ({"order_type": "market_on_close"}, "market_on_close"),
        ({"order_type": "LIMIT", "limit_price": 90}, "limit"),
    ],
)
def test_the_kind_of_order_follows_from_its_prices(words, kind):
    assert placed(lambda ctx: ctx.buy(10, **words))["type"][0] == kind


def test_a_trailing_stop_follows_from_its_distance():
    class Trail(Strategy):
        def on_bar(self, ctx):
            if ctx.has_position() and not ctx.open_orders():
                ctx.sell(trail_percent=5)
            elif not ctx.has_position() and not ctx.open_orders():
                ctx.buy(10)

    assert run(Trail, BARS).orders["type"][1] == "trailing_stop"


def test_words_that_do_not_exist_are_refused_with_those_that_do():
    with pytest.raises(OrderError, match=r"'soon' is not a time in force.* Use gtc, day"):
        placed(lambda ctx: ctx.buy(1, time_in_force="soon"))
    with pytest.raises(OrderError, match="'magic' is not a order type"):
        placed(lambda ctx: ctx.buy(1, order_type="magic"))
    with pytest.raises(OrderError, match="cannot expire at"):
        placed(lambda ctx: ctx.buy(1, expires=dt.datetime(2020, 1, 8)))  # noqa: DTZ001 - naive on purpose


def test_an_expiry_makes_the_order_end_at_its_time():
    expires = dt.datetime(2020, 1, 9, 12, tzinfo=dt.UTC)
    orders = placed(lambda ctx: ctx.buy(1, limit_price=10, expires=expires))
    assert (orders["tif"][0], orders["status"][0]) == ("gtd", "expired")


# The reference.


def test_a_reference_follows_its_order_from_submitted_to_filled():
    strategy = once(lambda ctx: ctx.buy(10, tag="first"))
    run(strategy, BARS)
    ref = strategy.refs[0]
    assert strategy.news[:2] == [OrderStatus.SUBMITTED, OrderStatus.FILLED]
    assert (ref.id, ref.filled, ref.is_open, ref.order.average_fill_price, ref.order.tag) == (
        1,
        10.0,
        False,
        100.0,
        "first",
    )
    assert repr(ref) == "<OrderRef 1 filled>"


def test_a_working_order_can_be_cancelled_once():
    class Cancel(Strategy):
        answers: list = []  # noqa: RUF012 - shared with the test on purpose

        def on_bar(self, ctx):
            if not self.answers:
                ref = ctx.buy(10, limit_price=10)
                assert ref.is_open
                assert ctx.open_orders()[0].id == ref.id
                self.answers += [ref.cancel(), ref.cancel(), ctx.cancel(ref), ref.status]

    run(Cancel, BARS)
    assert Cancel.answers[:4] == [True, False, False, OrderStatus.CANCELLED]


def test_every_working_order_can_be_cancelled_at_once():
    counts = []

    def look(strategy, ctx):
        ctx.buy(1, "AA", limit_price=10)
        ctx.buy(1, "BB", limit_price=10)
        ctx.buy(1, "BB", limit_price=11)
        counts.append((len(ctx.open_orders()), ctx.cancel_all("BB"), ctx.cancel_all()))

    run(probe(look), {"AA": daily(rising(3), "AA"), "BB": daily(rising(3), "BB")})
    assert counts[0] == (3, 2, 1)


def test_a_refused_order_comes_back_with_its_reason():
    strategy = once(lambda ctx: ctx.sell(10))
    run(strategy, BARS)
    ref = strategy.refs[0]
    assert ref.status is OrderStatus.REJECTED
    assert ref.reason


def test_a_refused_order_raises_where_that_was_asked_for():
    with pytest.raises(OrderRejectedError):
        run(once(lambda ctx: ctx.buy(0.2)), BARS, raise_on_reject=True)


def test_closing_nothing_is_a_false_reference_that_has_ended():
    strategy = once(lambda ctx: ctx.close_position())
    run(strategy, BARS)
    ref = strategy.refs[0]
    assert (bool(ref), ref.filled, ref.is_open, ref.cancel()) == (False, 0.0, False, False)
    assert ref.reason == "There was nothing to order."


def test_a_replaced_order_goes_on_under_a_new_number():
    class Replace(Strategy):
        def on_bar(self, ctx):
            orders = ctx.open_orders()
            if not orders and not ctx.has_position():
                self.ref = ctx.buy(10, limit_price=10)
            elif orders and self.ref.order.limit_price == 10:
                self.ref = ctx.replace(self.ref, quantity=20, limit_price=500)

    orders = run(Replace, BARS).orders
    assert orders["status"].tolist()[:2] == ["cancelled", "filled"]
    assert orders["quantity"].tolist()[:2] == [10.0, 20.0]


# Orders that are returned.


class Way(Enum):
    UP = "BUY"


def returning(answer):
    class Returning(Strategy):
        def on_bar(self, ctx):
            return None if ctx.has_position() or ctx.open_orders() else answer

    return Returning


REQUEST = OrderRequest(symbol="AAPL", side=OrderSide.BUY, quantity=10)


@pytest.mark.parametrize(
    "answer",
    [
        REQUEST,
        [REQUEST],
        (None, REQUEST),
        {"symbol": "AAPL", "side": "BUY", "quantity": 10},
        {"symbol": "AAPL", "action": "buy", "qty": "10", "pricetype": "MARKET", "price": 0},
        {"symbol": "AAPL", "side": Way.UP, "size": 10.0, "type": "MKT", "limit_price": None, "price": 55},
        {"symbol": "AAPL", "side": OrderSide.BUY, "quantity": 10, "time_in_force": "GTC"},
        {"symbol": "AAPL", "quantity": 10},
        {"side": 1, "quantity": 10},
        SimpleNamespace(symbol="AAPL", side="long", quantity=10, order_type="market"),
    ],
)
def test_an_order_may_be_returned_in_any_of_the_usual_shapes(answer):
    orders = run(returning(answer), BARS).orders
    first = orders.iloc[0]
    assert (first["symbol"], first["side"], first["quantity"], first["type"]) == ("AAPL", "buy", 10.0, "market")
    assert first["status"] == "filled"


def test_a_sale_may_be_returned_by_sign_or_by_word():
    for answer in ({"quantity": -5}, {"side": "SELL", "quantity": 5}, {"side": -1, "quantity": 5}):
        assert run(returning(answer), BARS, shorts=True).orders["side"][0] == "sell"


def test_a_returned_request_keeps_everything_it_says():
    request = OrderRequest(
        symbol="AAPL", side=OrderSide.BUY, quantity=10, order_type=OrderType.LIMIT, limit_price=50.0,
        time_in_force=TimeInForce.GTD, expires_ns=int(dt.datetime(2020, 1, 9, 12, tzinfo=dt.UTC).timestamp()) * 10**9,
        tag="mine", client_order_id="c-1",
    )  # fmt: skip
    first = run(returning(request), BARS).orders.iloc[0]
    assert (first["type"], first["limit"], first["tif"], first["status"]) == ("limit", 50.0, "gtd", "expired")
    assert (first["tag"], first["client_id"]) == ("mine", "c-1")


def test_prices_of_other_systems_become_prices_of_the_order():
    stop = {"symbol": "AAPL", "side": "BUY", "qty": 1, "type": "SL-M", "trigger_price": "150", "price": "149"}
    first = run(returning(stop), BARS).orders.iloc[0]
    assert (first["type"], first["stop"]) == ("stop", 150.0)
    limit = {"symbol": "AAPL", "side": "BUY", "qty": 1, "type": "LMT", "trigger_price": 3, "price": "50"}
    first = run(returning(limit), BARS).orders.iloc[0]
    assert (first["type"], first["limit"]) == ("limit", 50.0)


def test_a_reference_may_be_returned_without_a_second_order():
    class Returning(Strategy):
        def on_bar(self, ctx):
            if not ctx.has_position() and not ctx.open_orders():
                return [ctx.buy(10)]
            return None

    assert len(run(Returning, BARS).orders) == 1


@pytest.mark.parametrize("answer", ["buy", 5, [object()], {"symbol": "AAPL"}, {"quantity": "many"}])
def test_what_is_no_order_is_refused(answer):
    with pytest.raises(StrategyError, match="which is no order"):
        run(returning(answer), BARS)


def test_a_side_that_is_neither_is_refused():
    with pytest.raises(OrderError, match="side cannot be 'up'"):
        run(returning({"side": "up", "quantity": 1}), BARS)


@pytest.mark.parametrize(
    "ask", [lambda ctx: ctx.close_position().order, lambda ctx: ctx.replace(ctx.close_position(), quantity=3)]
)
def test_an_order_that_there_was_no_need_for_is_not_to_be_had(ask):
    with pytest.raises(OrderError, match="There was nothing to order"):
        placed(ask)
