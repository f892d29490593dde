"""A quote is born valid, and says a price only where there is one."""

from __future__ import annotations

import math

import pytest

from tradewright.domain.errors import DataError
from tradewright.domain.quote import Quote


def test_the_middle_lies_between_bid_and_ask():
    quote = Quote("ACME", 1, 99.0, 101.0, 3.0, 5.0)
    assert (quote.mid, quote.half_spread, quote.is_crossed, quote.why_no_mid) == (100.0, 1.0, False, "")


def test_locked_prices_are_a_price_without_a_spread():
    quote = Quote("ACME", 1, 100.0, 100.0)
    assert (quote.mid, quote.half_spread, quote.is_crossed) == (100.0, 0.0, False)


@pytest.mark.parametrize(
    ("bid", "ask", "why"),
    [
        (None, 101.0, "nobody bids"),
        (99.0, None, "nobody asks"),
        (None, None, "nobody bids or asks"),
        (101.0, 99.0, "the bid is above the ask"),
    ],
)
def test_without_two_sides_that_fit_there_is_no_middle(bid, ask, why):
    quote = Quote("ACME", 1, bid, ask)
    assert (quote.mid, quote.half_spread, quote.why_no_mid) == (None, None, why)
    assert quote.is_crossed == (why == "the bid is above the ask")


@pytest.mark.parametrize("price", [0.0, -1.0, math.nan, math.inf])
@pytest.mark.parametrize("side", ["bid", "ask"])
def test_what_is_no_price_is_no_side(price, side):
    with pytest.raises(DataError, match=f"the {side}"):
        Quote("ACME", 1, **{"bid": 99.0, "ask": 101.0, side: price})


@pytest.mark.parametrize("size", [-1.0, math.nan, math.inf])
def test_sizes_are_numbers_from_nothing_up(size):
    with pytest.raises(DataError, match="size"):
        Quote("ACME", 1, 99.0, 101.0, bid_size=size)


@pytest.mark.parametrize(("symbol", "at_ns"), [("", 1), ("ACME", 0)])
def test_a_quote_is_of_something_and_of_some_time(symbol, at_ns):
    with pytest.raises(DataError):
        Quote(symbol, at_ns, 99.0, 101.0)
