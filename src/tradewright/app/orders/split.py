"""A dated split: what it makes of units and prices."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from .kept import divided

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["Split"]


class Split:
    """A dated split.

    Parameters
    ----------
    symbol : str
    ratio : Fraction
        New units for an old one: 2 where two are given for one, 1/5 where five are made one.
    at_ns : int
        UTC nanoseconds from which it counts.
    lot, tick : Decimal
        Units are cut to the lot, for the venue pays fractions out; prices are rounded to the tick.
    """

    def __init__(
        self, symbol: str, ratio: Fraction, at_ns: int, lot: Decimal = Decimal(1), tick: Decimal = Decimal("0.01")
    ) -> None:
        self.symbol = symbol
        self.ratio = ratio
        self.at_ns = at_ns
        self.lot = lot
        self.tick = tick

    @property
    def name(self) -> str:
        """What makes it the one it is."""
        return f"{self.symbol}/{self.at_ns}"

    def units(self, before: Decimal) -> Decimal:
        """What becomes of a number of units."""
        return divided(before, self.ratio, self.lot)

    def price(self, before: Decimal | None) -> Decimal | None:
        """What becomes of a price."""
        if before is None:
            return None
        ticks = before * self.ratio.denominator / self.ratio.numerator / self.tick
        return ticks.to_integral_value(ROUND_HALF_EVEN) * self.tick
