"""The sleep band: bars inside it need not be worked."""

from __future__ import annotations

import math
from typing import Any

import pytest
from tests.exchange_harness import Floor

from tradewright.simulation.costs import Costs, Margin, NoCommission
from tradewright.simulation.rules import constants as c


def band(**terms: Any) -> tuple[float, float]:
    """The band around one order."""
    floor = Floor(margin=Margin())
    side = terms.pop("side", c.BUY)
    (floor.buy if side == c.BUY else floor.sell)(10, **terms)
    return floor.books[0].wake_below, floor.books[0].wake_above


ALWAYS = (math.inf, -math.inf)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"limit": 9}, (9, math.inf)),
        ({"limit": 11, "side": c.SELL}, (-math.inf, 11)),
        ({"stop": 11}, (-math.inf, 11)),
        ({"stop": 9, "side": c.SELL}, (9, math.inf)),
        ({"stop": 11, "limit": 10}, (-math.inf, 11)),
        ({"stop": 11, "limit": 10, "triggered": 1}, (10, math.inf)),
        ({"stop": 9, "limit": 10, "triggered": 1, "side": c.SELL}, (-math.inf, 10)),
        ({}, ALWAYS),
        ({"trail": 1.0, "stop": 12}, ALWAYS),
        ({"limit": 9, "tif": c.GTD, "expires": 1000}, ALWAYS),
        ({"limit": 9, "tif": c.IOC}, ALWAYS),
        ({"limit": 9, "tif": c.FOK}, ALWAYS),
        ({"limit": 9, "tif": c.DAY}, (9, math.inf)),
        ({"stop": 11, "triggered": 1}, ALWAYS),
    ],
)
def test_band_of_one_order(terms: dict[str, Any], expected: tuple[float, float]) -> None:
    assert band(**terms) == expected


def test_book_without_orders_sleeps_at_any_price() -> None:
    floor = Floor()
    floor.cancel(floor.buy(10, limit=9))
    assert (floor.books[0].wake_below, floor.books[0].wake_above) == (-math.inf, math.inf)


def test_several_orders_share_the_narrowest_band() -> None:
    floor = Floor(margin=Margin())
    for limit in (8, 9, 7):
        floor.buy(1, limit=limit)
    for limit in (12, 11, 13):
        floor.sell(1, limit=limit)
    assert (floor.books[0].wake_below, floor.books[0].wake_above) == (9, 11)


def test_sleeping_legs_do_not_narrow_the_band() -> None:
    floor = Floor()
    floor.buy(10, limit=5, stop_loss=4, take_profit=9)
    assert (floor.books[0].wake_below, floor.books[0].wake_above) == (5, math.inf)


def test_order_for_the_close_acts_on_any_bar() -> None:
    floor = Floor()
    floor.order(c.ON_CLOSE, c.BUY, 10)
    assert (floor.books[0].wake_below, floor.books[0].wake_above) == ALWAYS


def test_rest_of_a_triggered_stop_wakes_at_the_next_open() -> None:
    floor = Floor(costs=Costs(commission=NoCommission(), slippage_bps=0, participation=0.1))
    floor.buy(100, stop=10)
    floor.bar(9, 11, 9, 9.5, volume=600)
    assert (floor.books[0].wake_below, floor.books[0].wake_above) == ALWAYS


def test_legs_awake_beside_their_working_entry_narrow_the_band() -> None:
    floor = Floor(costs=Costs(commission=NoCommission(), slippage_bps=0, participation=0.1))
    floor.buy(100, limit=9, stop_loss=8, take_profit=12)
    floor.flat(9, volume=300)
    assert (floor.books[0].wake_below, floor.books[0].wake_above) == (9, 12)
