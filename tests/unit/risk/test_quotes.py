"""Live quotes say where the market is: which count, what they change for an order, and what they never do."""

from __future__ import annotations

import math

import pytest
from tests.risk_desk import NOW, RiskDesk, account, wire

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.events import Reason
from tradewright.domain.order import OrderSide, OrderType
from tradewright.domain.quote import Quote
from tradewright.risk.collars import Collars
from tradewright.risk.limits import Limits, LimitsChange
from tradewright.risk.quotes import QuoteBook

NS = 1_000_000_000
ROOMY = LimitsChange(Limits("roomy", 1.0, 0.9, 9, 0.5, 0.6), "ann", "a test")


def quote(bid, ask, at_ns=NOW, symbol="A"):
    return Quote(symbol, at_ns, bid, ask, 1.0, 1.0)


@pytest.fixture
def desk():
    return RiskDesk(ROOMY, Collars(price_away=0.05, orders_per_minute=1e9))


def limit(price, side=OrderSide.BUY):
    return wire("A", 1, side, OrderType.LIMIT, limit=price)


def why(answer):
    return None if isinstance(answer, ApprovedOrder) else answer.reason


class TestBook:
    def test_the_latest_is_kept_whatever_comes_late(self):
        book = QuoteBook(Collars())
        taken = [
            book.take(each, NOW) for each in (quote(99, 101, NOW - 1), quote(98, 100, NOW - 2), quote(97, 99, NOW))
        ]
        assert (taken, book.last("A")) == ([True, False, True], quote(97, 99, NOW))

    def test_a_quote_from_the_future_does_not_keep_others_out(self):
        book = QuoteBook(Collars())
        assert not book.take(quote(99, 101, NOW + 6 * NS), NOW)
        assert book.take(quote(98, 100), NOW)

    @pytest.mark.parametrize(("age_s", "is_trusted"), [(0, True), (10, True), (11, False), (-4, True), (-6, False)])
    def test_a_quote_counts_while_it_is_fresh(self, age_s, is_trusted):
        book = QuoteBook(Collars(quote_s=10.0))
        assert book.take(quote(99, 101), NOW)
        assert (book.trusted("A", NOW + age_s * NS) is not None) == is_trusted

    @pytest.mark.parametrize(("bid", "ask"), [(None, 101.0), (99.0, None), (None, None), (101.0, 99.0), (1.0, 199.0)])
    def test_what_says_no_price_or_a_wide_one_does_not_count(self, bid, ask):
        book = QuoteBook(Collars(quote_spread=0.05))
        assert book.take(quote(bid, ask), NOW)
        assert book.trusted("A", NOW) is None

    def test_what_is_dropped_is_forgotten(self):
        book = QuoteBook(Collars())
        book.take(quote(99, 101), NOW)
        book.drop("A")
        assert (book.last("A"), book.trusted("A", NOW)) == (None, None)


class TestOffice:
    def test_the_collar_follows_the_quote_and_not_the_last_close(self, desk):
        found = [why(desk.ask(limit(108)))]
        desk.risk.prices.quotes.take(quote(109.9, 110.1), NOW)
        found += [why(desk.ask(limit(108))), why(desk.ask(limit(100)))]
        assert found == [Reason.PRICE_TOO_FAR, None, Reason.PRICE_TOO_FAR]

    def test_an_answer_names_the_quote_that_it_was_judged_by(self, desk):
        seen = quote(109.9, 110.1)
        before = desk.ask(limit(100))
        desk.risk.prices.quotes.take(seen, NOW)
        approved, refused = desk.ask(limit(110)), desk.ask(limit(90))
        assert (before.quote, approved.quote, refused.quote) == (None, seen, seen)
        assert refused.sentence == (
            "Its price is too far from the last trusted one. It was judged by a bid of 109.9 and an ask of 110.1."
        )

    def test_a_stale_quote_leaves_the_price_to_the_last_close(self, desk):
        desk.risk.prices.quotes.take(quote(109.9, 110.1), NOW)
        desk.pass_time(11)
        answer = desk.ask(limit(100))
        assert (why(answer), answer.quote) == (None, None)

    def test_a_fresh_quote_lets_a_market_order_go_after_an_old_close(self, desk):
        desk.pass_time(130)
        desk.risk.watch.mark(account(100_000), desk.clock.now)
        found = [why(desk.ask(wire("A", 1)))]
        desk.risk.prices.quotes.take(quote(99.9, 100.1, desk.clock.now), desk.clock.now)
        assert [*found, why(desk.ask(wire("A", 1)))] == [Reason.PRICE_TOO_OLD, None]

    def test_positions_are_marked_by_the_quote(self, desk):
        desk.risk.prices.quotes.take(quote(199.9, 200.1), NOW)
        assert desk.risk.prices.last("A", NOW) == 200.0
        assert desk.risk.prices.age_s("A", NOW + 2 * NS) == 2.0
        assert desk.risk.prices.last("A", NOW + 20 * NS) == 100.0

    def test_the_size_of_an_order_counts_at_the_quote(self):
        desk = RiskDesk(ROOMY, Collars(order_value=150.0))
        found = [why(desk.ask(wire("A", 1)))]
        desk.risk.prices.quotes.take(quote(199.9, 200.1), NOW)
        assert [*found, why(desk.ask(wire("A", 1)))] == [None, Reason.ORDER_SIZE]

    def test_a_quote_alone_opens_nothing_for_no_bar_said_what_a_unit_is_worth(self, desk):
        desk.risk.prices.quotes.take(quote(99.9, 100.1, symbol="NEW"), NOW)
        assert why(desk.ask(wire("NEW", 1))) is Reason.RISK_UNKNOWN

    def test_a_close_that_is_no_price_takes_the_trust_in_quotes_away(self, desk):
        desk.risk.prices.quotes.take(quote(99.9, 100.1), NOW)
        desk.risk.prices.see("A", math.nan, NOW)
        assert why(desk.ask(wire("A", 1))) is Reason.RISK_UNKNOWN
