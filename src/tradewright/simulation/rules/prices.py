"""At which price a bar reaches an order. NaN means: not reached. No state, scalars only."""

from __future__ import annotations

import math

from .constants import BUY, NAN, SLIP_BPS, SLIP_ENTRY, SLIP_NONE, SLIP_SPREAD, SLIP_SQUARE_ROOT


def limit_at_open(side: int, limit: float, open_: float) -> float:
    """Price of a limit order at the open: the open, where the limit allows it."""
    if side == BUY:
        return open_ if open_ <= limit else NAN
    return open_ if open_ >= limit else NAN


def limit_inside(side: int, limit: float, low: float, high: float, touch: int) -> float:
    """Price of a limit order inside a bar: the limit, once the market trades through it.

    A touch is not enough unless asked for: others queue at the same price before us.
    """
    if side == BUY:
        reached = low < limit or (touch == 1 and low == limit)
    else:
        reached = high > limit or (touch == 1 and high == limit)
    return limit if reached else NAN


def stop_at_open(side: int, stop: float, open_: float) -> float:
    """Price of a stop that the open gaps over: the open, which is worse than the stop."""
    if side == BUY:
        return open_ if open_ >= stop else NAN
    return open_ if open_ <= stop else NAN


def stop_inside(side: int, stop: float, low: float, high: float) -> float:
    """Price of a stop inside a bar: the stop, once the market touches it."""
    if side == BUY:
        return stop if high >= stop else NAN
    return stop if low <= stop else NAN


def slipped(kind: int, amount: float, side: int, price: float, share: float) -> float:
    """The price after slippage, against the trader.

    Parameters
    ----------
    kind, amount
        Model and its one number: a fraction of the price (bps, volume share, square root) or half a spread in price
        units.
    share
        Quantity over the bar's volume; 0 where volume is not known.
    """
    if kind == SLIP_NONE:
        return price
    if kind == SLIP_BPS or kind == SLIP_ENTRY:  # noqa: SIM109 - compiled, a tuple of constants is not a number
        return price * (1.0 + side * amount)
    if kind == SLIP_SPREAD:
        moved = price + side * amount
    elif kind == SLIP_SQUARE_ROOT:
        moved = price * (1.0 + side * amount * math.sqrt(share))
    else:
        moved = price * (1.0 + side * amount * share * share)
    return moved if moved > 0.0 else price


def never_through(side: int, price: float, limit: float) -> float:
    """The price, held at the limit where slippage would push it through; a NaN limit holds nothing."""
    if side == BUY:
        return limit if price > limit else price
    return limit if price < limit else price
