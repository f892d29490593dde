"""The dimensions of a space in the words of Optuna, and its numbers back as values of the space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.space import Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.space import Dimension, Space

__all__ = ["Axes"]


@dataclass(frozen=True, eq=False)
class _Axis:
    """One dimension: what Optuna draws from, and the values by place where what it draws is a place."""

    distribution: Any
    values: tuple[Any, ...] | None = None
    nearest: bool = False
    """Whether what is drawn is a number whose nearest value is meant."""

    def value(self, drawn: Any) -> Any:
        if self.values is None:
            return drawn
        return min(self.values, key=lambda value: abs(value - drawn)) if self.nearest else self.values[drawn]

    def drawn(self, value: Any) -> Any:
        if self.values is None or self.nearest:
            return value
        return next(place for place, each in enumerate(self.values) if repr(each) == repr(value))


class Axes:
    """A space as Optuna sees it.

    Numbers are drawn by their place among the values, so that neighbours are near and every value is exactly one of the
    space; words are drawn as categories; logarithmic and continuous ranges are drawn as numbers.
    """

    def __init__(self, space: Space) -> None:
        self._axes = {name: _axis(dimension) for name, dimension in space.items()}
        self.distributions = {name: axis.distribution for name, axis in self._axes.items()}

    def params(self, drawn: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the space, in the order of its names."""
        return {name: axis.value(drawn[name]) for name, axis in self._axes.items()}

    def drawn(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """What Optuna would have drawn for these values."""
        return {name: axis.drawn(params[name]) for name, axis in self._axes.items()}


def _axis(dimension: Dimension) -> _Axis:
    from optuna.distributions import CategoricalDistribution, IntDistribution

    if isinstance(dimension, Range):
        return _range(dimension)
    if dimension.is_numeric:
        values = tuple(sorted(dimension.values))
        return _Axis(IntDistribution(0, len(values) - 1), values)
    return _Axis(CategoricalDistribution(tuple(range(dimension.size))), dimension.values)


def _range(dimension: Range) -> _Axis:
    from optuna.distributions import FloatDistribution, IntDistribution

    if dimension.is_continuous:
        return _Axis(FloatDistribution(dimension.low, dimension.high, log=dimension.log))
    if dimension.log and dimension.is_whole and dimension.step in (None, 1):
        return _Axis(IntDistribution(int(dimension.low), int(dimension.high), log=True))
    if dimension.log:
        return _Axis(FloatDistribution(dimension.low, dimension.high, log=True), dimension.values, nearest=True)
    return _Axis(IntDistribution(0, len(dimension.values) - 1), dimension.values)
