"""The instrument's grid: the one place where order quantities and prices are rounded, and written as decimals."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import lru_cache

__all__ = ["decimal_text", "limit_on_grid", "lots_of", "stop_on_grid"]

_SLACK = 1e-9
_ROUNDING = 1e-14


def lots_of(quantity: float, lot: float) -> float:
    """The quantity rounded down to whole lots, forgiving a billionth of a lot."""
    count = quantity / lot
    return _exact(math.floor(count + _SLACK + count * _ROUNDING), lot)


def limit_on_grid(price: float, side: int, tick: float) -> float:
    """A limit price on the tick grid, never better for the market than asked: a buy rounds down, a sell up."""
    steps = price / tick
    return _exact(math.floor(steps + _SLACK) if side > 0 else math.ceil(steps - _SLACK), tick)


def stop_on_grid(price: float, side: int, tick: float) -> float:
    """A stop price on the tick grid, never triggering earlier than asked: a buy rounds up, a sell down."""
    steps = price / tick
    return _exact(math.ceil(steps - _SLACK) if side > 0 else math.floor(steps + _SLACK), tick)


def _exact(steps: int, step: float) -> float:
    """A multiple of the step, as the nearest float to its decimal value: 3 × 0.1 is 0.3."""
    per_unit = _steps_per_unit(step)
    return steps / per_unit if per_unit else steps * step


@lru_cache(maxsize=256)
def _steps_per_unit(step: float) -> int:
    """How many steps make one; 0 where no whole number does."""
    per_unit = round(1.0 / step)
    return per_unit if per_unit >= 1 and abs(per_unit * step - 1.0) < _SLACK else 0


def decimal_text(value: float, step: float) -> str:
    """A quantity or price as the decimal string that leaves the process, with the decimals of its step."""
    decimals = max(0, -int(Decimal(str(step)).normalize().as_tuple().exponent))
    return f"{value:.{decimals}f}"
