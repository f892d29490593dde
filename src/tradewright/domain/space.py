"""The space a search looks in: for each parameter the values it may take, and what must hold between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import ConfigError

__all__ = ["Dimension", "Range", "Space", "Values"]


@dataclass(frozen=True, slots=True)
class Values:
    """Some values, in the order in which a grid takes them."""

    values: tuple[Any, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.values)

    @property
    def is_numeric(self) -> bool:
        """Whether all of them are numbers, so that neighbours are near in value."""
        return all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in self.values)

    def describe(self) -> dict[str, Any]:
        """Plain values."""
        return {"values": list(self.values)}


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers between two bounds, both included: `tw.Range(0.5, 3.0)`.

    Parameters
    ----------
    low, high : int or float
        Whole bounds give whole numbers, unless `step` is not whole.
    step : number, optional
        Distance of the values; without one, whole numbers go by 1 and others are continuous.
    log : bool
        Whether random and model-based samplers draw in the logarithm.

    Raises
    ------
    ConfigError
        When the bounds or the step make no range.
    """

    low: float
    high: float
    step: float | None = None
    log: bool = False

    def __post_init__(self) -> None:
        numbers = (self.low, self.high, self.step if self.step is not None else 1.0)
        if any(isinstance(each, bool) or not isinstance(each, (int, float)) for each in numbers):
            raise ConfigError(f"A range needs numbers, not {self.low!r} … {self.high!r}.", hint="Use tw.Range(1, 10).")
        if not all(map(math.isfinite, numbers)) or self.low >= self.high or numbers[2] <= 0:
            raise ConfigError(
                f"From {self.low} to {self.high} by {self.step} is no range.",
                hint="Give low < high and a step above 0.",
            )
        if self.log and self.low <= 0:
            raise ConfigError(f"A logarithmic range cannot begin at {self.low}.", hint="Begin above 0.")

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return all(isinstance(each, int) for each in (self.low, self.high, 1 if self.step is None else self.step))

    @property
    def is_continuous(self) -> bool:
        """Whether there is no step."""
        return self.step is None and not self.is_whole

    @property
    def size(self) -> int | None:
        """How many values there are; None where it is continuous."""
        if self.is_continuous:
            return None
        step = 1 if self.step is None else self.step
        return math.floor((self.high - self.low) / step * (1 + 1e-12) + 1e-12) + 1

    @property
    def values(self) -> tuple[float, ...]:
        """The values of a range with a step.

        Raises
        ------
        ConfigError
            When it is continuous.
        """
        size = self.size
        if size is None:
            raise ConfigError(
                f"The range {self.low} … {self.high} has no steps, so there is no grid of it.",
                hint="Give step=, or search with method='random' or 'tpe'.",
            )
        return tuple(self.low + number * (1 if self.step is None else self.step) for number in range(size))

    @property
    def is_numeric(self) -> bool:
        """Always."""
        return True

    def describe(self) -> dict[str, Any]:
        """Plain values."""
        return {"low": self.low, "high": self.high, "step": self.step, "log": self.log}


Dimension = Values | Range


class Space(Mapping[str, Dimension]):
    """Parameter names to what they may be.

    Parameters
    ----------
    dimensions : mapping of name to Range, or to a sequence of values

    Raises
    ------
    ConfigError
        When there is no parameter, or one has no values or the same value twice.
    """

    def __init__(self, dimensions: Mapping[str, Any]) -> None:
        if not dimensions:
            raise ConfigError("A search needs parameters to vary.", hint="Pass params={'fast': range(5, 60, 5)}.")
        self._dimensions = {name: _dimension(name, given) for name, given in dimensions.items()}

    def __getitem__(self, name: str) -> Dimension:
        return self._dimensions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._dimensions)

    def __len__(self) -> int:
        return len(self._dimensions)

    @property
    def size(self) -> int | None:
        """Number of combinations; None where a dimension is continuous."""
        sizes = [dimension.size for dimension in self._dimensions.values()]
        return None if None in sizes else math.prod(size for size in sizes if size is not None)

    def at(self, number: int) -> dict[str, Any]:
        """The combination of that number: the last parameter changes fastest."""
        found: dict[str, Any] = {}
        for name in reversed(self._dimensions):
            values = self._dimensions[name].values
            number, place = divmod(number, len(values))
            found[name] = values[place]
        return {name: found[name] for name in self._dimensions}

    @classmethod
    def of_description(cls, told: Mapping[str, Mapping[str, Any]]) -> Space:
        """The space that `describe` told of."""
        return cls(
            {name: Values(tuple(each["values"])) if "values" in each else Range(**each) for name, each in told.items()}
        )

    def describe(self) -> dict[str, Any]:
        """Plain values by name."""
        return {name: dimension.describe() for name, dimension in self._dimensions.items()}


def _alike(value: Any) -> str:
    """5.0 is 5, but True is not 1."""
    whole = isinstance(value, float) and value.is_integer()
    return repr(int(value) if whole else value)


def _dimension(name: str, given: Any) -> Dimension:
    if isinstance(given, Range | Values):
        return given
    if isinstance(given, set | frozenset):
        raise ConfigError(f"The values of '{name}' are a set, which has no order.", hint="Give them as a list.")
    if isinstance(given, str | bytes) or not isinstance(given, Sequence):
        given = list(given) if hasattr(given, "__iter__") and not isinstance(given, str | bytes | Mapping) else None
    if given is None:
        raise ConfigError(
            f"The parameter '{name}' is given no values to try.",
            hint=f"Pass {{'{name}': [10, 20, 30]}}, or a tw.Range.",
        )
    values = tuple(each.item() if hasattr(each, "item") else each for each in given)
    if not values:
        raise ConfigError(f"The values of '{name}' are empty.", hint="Give at least one value.")
    if len({_alike(each) for each in values}) != len(values):
        raise ConfigError(f"The values of '{name}' hold one twice.", hint="Give each value once.")
    return Values(values)
