"""Units before and after splits: a fill that is told after a split, and was made before it, counts as split."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from .kept import divided

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

__all__ = ["OldUnits"]

_ZERO = Decimal(0)


class _One(NamedTuple):
    """A split, and what was held just before it, by holder."""

    since_ns: int
    ratio: Fraction
    lot: Decimal
    held: dict[str, Decimal]


class OldUnits:
    """What each holder held before each split of a symbol.

    A holder is the position as a whole, its part that is not ours, or an order. What belongs before a split is added
    there and the split made of the sum again, for the cut to whole lots is of sums.
    """

    def __init__(self) -> None:
        self._splits: dict[str, list[_One]] = {}

    def split(self, symbol: str, since_ns: int, ratio: Fraction, lot: Decimal, held: Mapping[str, Decimal]) -> None:
        """Remember what stood before a split that counts from an instant on."""
        self._splits.setdefault(symbol, []).append(_One(since_ns, ratio, lot, dict(held)))

    def now(self, symbol: str, holder: str, units: Decimal, at_ns: int) -> Decimal:
        """What units that were filled at an instant, and are told of only now, add to what a holder has today."""
        for one in self._splits.get(symbol, ()):
            if at_ns < one.since_ns:
                before = one.held.get(holder, _ZERO)
                one.held[holder] = before + units
                units = divided(before + units, one.ratio, one.lot) - divided(before, one.ratio, one.lot)
        return units

    def had(self, symbol: str, holder: str) -> bool:
        """Whether a holder had anything before the last split."""
        known = self._splits.get(symbol)
        return bool(known and known[-1].held.get(holder))
