"""The space of a search in words, and where in it a trial lies."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tradewright.domain.space import Dimension, Range, Space
from tradewright.reporting import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.search import Trial, Tried

__all__ = ["border", "combinations", "dimension_text", "dimensions", "idle", "number_text"]

_MOST_LISTED = 12
_ENOUGH = 3
"""Pairs that differ in one parameter alone before it is said to make no difference."""

_NEAR = 0.01
"""Share of a continuous range that counts as its border."""


def dimensions(record: Tried) -> dict[str, Dimension]:
    """The dimensions of the space by name."""
    return dict(Space.of_description(record.space))


def combinations(record: Tried) -> int | None:
    """How many combinations the space has; None where it is continuous."""
    sizes = [dimension.size for dimension in dimensions(record).values()]
    return None if None in sizes else math.prod(size for size in sizes if size is not None)


def dimension_text(described: Mapping[str, Any]) -> str:
    """A dimension in one line.

    Examples
    --------
    >>> dimension_text({"values": [5, 10, 15, 20]})
    '5 … 20 by 5 (4 values)'
    >>> dimension_text({"low": 0.5, "high": 3.0, "step": None, "log": True})
    '0.5 … 3, logarithmic'
    """
    dimension = Space.of_description({"": described})[""]
    if isinstance(dimension, Range):
        by = f" by {number_text(dimension.step)}" if dimension.step is not None else ""
        log = ", logarithmic" if dimension.log else ""
        return f"{number_text(dimension.low)} … {number_text(dimension.high)}{by}{log}"
    values = dimension.values
    step = _even_step(values) if dimension.is_numeric else None
    if step is not None:
        return f"{number_text(values[0])} … {number_text(values[-1])} by {number_text(step)} ({len(values)} values)"
    return wording.listed(tuple(map(number_text, values)), _MOST_LISTED)


def border(record: Tried, trial: Trial) -> list[str]:
    """Where a trial lies at the border of the space, each as ``fast = 5, the lowest tried``.

    Dimensions of fewer than three values, and those whose values are no numbers, have no border; nor has one in which
    a trial inside is as good.
    """
    equals = [each for each in record.trials if each.value == trial.value]
    found = []
    for name, dimension in dimensions(record).items():
        end, value = _end(dimension, trial.params.get(name)), trial.params.get(name)
        if end is None or any(_end(dimension, each.params.get(name)) is None for each in equals):
            continue
        found.append(f"{name} = {number_text(value)}, the {end} tried")
    return found


def idle(record: Tried) -> list[str]:
    """Parameters that make no difference: trials that differ in one of them alone all came to the same."""
    varied = [name for name, dimension in dimensions(record).items() if dimension.size != 1]
    return [name for name in varied if _is_idle(record, name)]


def _is_idle(record: Tried, name: str) -> bool:
    seen: dict[str, float | None] = {}
    compared = 0
    for trial in record.trials:
        if trial.value is None:
            continue
        others = repr([value for key, value in trial.params.items() if key != name])
        if others in seen:
            compared += 1
            if seen[others] != trial.value:
                return False
        seen[others] = trial.value
    return compared >= _ENOUGH


def number_text(value: Any) -> str:
    """A value of a parameter with what distinguishes it."""
    return f"{value:,.6g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _end(dimension: Dimension, value: Any) -> str | None:
    """At which end of its dimension a value lies."""
    bounds = _bounds(dimension)
    if bounds is None or not isinstance(value, (int, float)):
        return None
    low, high, margin = bounds
    return "lowest" if value <= low + margin else "highest" if value >= high - margin else None


def _bounds(dimension: Dimension) -> tuple[float, float, float] | None:
    """Lowest, highest, and how near to them is at the border."""
    if isinstance(dimension, Range) and dimension.is_continuous:
        return dimension.low, dimension.high, _NEAR * (dimension.high - dimension.low)
    if not dimension.is_numeric or (dimension.size or 0) < 3:
        return None
    return min(dimension.values), max(dimension.values), 0.0


def _even_step(values: Sequence[Any]) -> float | None:
    if len(values) < 3:
        return None
    step: float = values[1] - values[0]
    return step if all(math.isclose(b - a, step, rel_tol=1e-9) for a, b in pairwise(values)) else None
