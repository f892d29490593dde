"""Scalar prices: where a bar reaches an order, what slippage makes of it."""

from __future__ import annotations

import math

import pytest

from tradewright.simulation.rules import constants as c
from tradewright.simulation.rules.prices import (
    limit_at_open,
    limit_inside,
    never_through,
    slipped,
    stop_at_open,
    stop_inside,
)

NAN = math.nan


@pytest.mark.parametrize(
    ("side", "open_", "price"),
    [(c.BUY, 9, 9), (c.BUY, 10, 10), (c.BUY, 10.01, NAN), (c.SELL, 11, 11), (c.SELL, 10, 10), (c.SELL, 9.99, NAN)],
)
def test_limit_of_10_at_an_open(side: int, open_: float, price: float) -> None:
    assert limit_at_open(side, 10, open_) == pytest.approx(price, nan_ok=True)


@pytest.mark.parametrize(
    ("side", "open_", "price"),
    [(c.BUY, 11, 11), (c.BUY, 10, 10), (c.BUY, 9.99, NAN), (c.SELL, 9, 9), (c.SELL, 10, 10), (c.SELL, 10.01, NAN)],
)
def test_stop_of_10_at_an_open(side: int, open_: float, price: float) -> None:
    assert stop_at_open(side, 10, open_) == pytest.approx(price, nan_ok=True)


@pytest.mark.parametrize(
    ("side", "low", "high", "touch", "price"),
    [
        (c.BUY, 9.99, 12, 0, 10), (c.BUY, 10, 12, 0, NAN), (c.BUY, 10, 12, 1, 10), (c.BUY, 10.01, 12, 1, NAN),
        (c.SELL, 8, 10.01, 0, 10), (c.SELL, 8, 10, 0, NAN), (c.SELL, 8, 10, 1, 10), (c.SELL, 8, 9.99, 1, NAN),
    ],
)  # fmt: skip
def test_limit_of_10_inside_a_bar(side: int, low: float, high: float, touch: int, price: float) -> None:
    assert limit_inside(side, 10, low, high, touch) == pytest.approx(price, nan_ok=True)


@pytest.mark.parametrize(
    ("side", "low", "high", "price"),
    [(c.BUY, 8, 10, 10), (c.BUY, 8, 9.99, NAN), (c.SELL, 10, 12, 10), (c.SELL, 10.01, 12, NAN)],
)
def test_stop_of_10_inside_a_bar(side: int, low: float, high: float, price: float) -> None:
    assert stop_inside(side, 10, low, high) == pytest.approx(price, nan_ok=True)


@pytest.mark.parametrize(
    ("kind", "amount", "share", "bought", "sold"),
    [
        (c.SLIP_NONE, 0.5, 0.25, 100, 100),
        (c.SLIP_BPS, 0.001, 0.25, 100.1, 99.9),
        (c.SLIP_SPREAD, 0.05, 0.25, 100.05, 99.95),
        (c.SLIP_VOLUME_SHARE, 0.1, 0.25, 100.625, 99.375),
        (c.SLIP_SQUARE_ROOT, 0.01, 0.25, 100.5, 99.5),
    ],
)
def test_each_slippage_model_moves_the_price_against_the_trader(
    kind: int, amount: float, share: float, bought: float, sold: float
) -> None:
    assert slipped(kind, amount, c.BUY, 100, share) == pytest.approx(bought)
    assert slipped(kind, amount, c.SELL, 100, share) == pytest.approx(sold)


@pytest.mark.parametrize("kind", [c.SLIP_SPREAD, c.SLIP_VOLUME_SHARE, c.SLIP_SQUARE_ROOT])
def test_slippage_never_makes_a_price_of_nothing(kind: int) -> None:
    assert slipped(kind, 3.0, c.SELL, 1.0, 1.0) == 1.0


def test_price_is_held_at_the_limit() -> None:
    assert never_through(c.BUY, 10.1, 10) == 10
    assert never_through(c.BUY, 9.9, 10) == 9.9
    assert never_through(c.SELL, 9.9, 10) == 10
    assert never_through(c.SELL, 10.1, 10) == 10.1


def test_limit_that_is_not_given_holds_nothing() -> None:
    assert never_through(c.BUY, 10.1, NAN) == 10.1
    assert never_through(c.SELL, 9.9, NAN) == 9.9
