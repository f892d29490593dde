"""What to try next, where answers do not matter: every combination, or some of them at random.

Both fulfil `tradewright.ports.sampler.Sampler`. What is asked depends on the space, the condition and the generator
alone, never on how many are asked for at a time.

Sources
-------
- Efraimidis and Spirakis, "Weighted random sampling with a reservoir", Information Processing Letters 97(5), 2006,
  pp. 181-185: drawing without repeats by sorting exponential waiting times.
- McKay, Beckman and Conover, "A Comparison of Three Methods for Selecting Values of Input Variables in the Analysis of
  Output from a Computer Code", Technometrics 21(2), 1979, pp. 239-245: the stratified ("Latin hypercube") sample.
- Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13, 2012, pp. 281-305: why random.
"""

from __future__ import annotations

import math
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.domain.space import Range, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tradewright.domain.search import Trial
    from tradewright.domain.space import Dimension, Space
    from tradewright.quant.arrays import FloatArray

    Params = Mapping[str, Any]
    Where = Callable[[Params], object]

__all__ = ["MOST_LISTED", "MOST_MISSES", "GridSampler", "RandomSampler", "meets"]

MOST_LISTED = 1_000_000
"""Spaces up to this size are drawn from a shuffled list, larger ones until something new comes up."""
MOST_MISSES = 10_000
"""Draws in a row that may fail the condition before a space too large to list counts as used up."""


class GridSampler:
    """Every combination of a space, the last parameter changing fastest.

    Parameters
    ----------
    space : Space
    where : callable, optional
        ``where(params)`` says whether a combination makes sense; it is asked of each when its turn comes.

    Raises
    ------
    ConfigError
        When a range has no steps. From `ask`: when no combination satisfies the condition, or the condition raises.
    """

    name = "grid"
    batch: int | None = None

    def __init__(self, space: Space, where: Where | None = None) -> None:
        for name, dimension in space.items():
            _require_steps(name, dimension)
        self.space = space
        self._left = _satisfying(self._every(), where, f"None of the {space.size:,} combinations")

    @property
    def total(self) -> int | None:
        """The size of the grid: without a condition all of it is tried."""
        return self.space.size

    def ask(self, most: int) -> list[Mapping[str, Any]]:
        """The next combinations, at most so many; empty when there are no more."""
        return list(islice(self._left, most))

    def tell(self, trials: Sequence[Trial]) -> None:
        """A grid learns nothing."""

    def _every(self) -> Iterator[Params]:
        for chosen in product(*(dimension.values for dimension in self.space.values())):
            yield dict(zip(self.space, chosen, strict=True))


class RandomSampler:
    """Combinations at random, none of them twice.

    Finite dimensions are drawn evenly over their values, continuous ones evenly over their length; a range with
    ``log=True`` evenly in the logarithm. A space that holds no more than is asked for is tried as a whole.

    Parameters
    ----------
    space : Space
    trials : int
        At least 1.
    rng : numpy.random.Generator
    where : callable, optional
        ``where(params)`` says whether a combination makes sense.
    stratified : bool
        Cut every dimension into as many parts as there are trials and use each part once (a Latin hypercube). A point
        that fails the condition or was had before is replaced by one drawn plainly, after all the others.

    Raises
    ------
    ConfigError
        When there is no trial. From `ask`: when no combination satisfies the condition, or the condition raises.
    """

    batch: int | None = None

    def __init__(
        self,
        space: Space,
        trials: int,
        *,
        rng: np.random.Generator,
        where: Where | None = None,
        stratified: bool = False,
    ) -> None:
        if trials < 1:
            raise ConfigError(f"A random search has at least one trial, not {trials}.", hint="Give trials=200.")
        self.space = space
        self.trials = trials
        self.name = "stratified" if stratified else "random"
        listed = space.size is not None and space.size <= MOST_LISTED
        points = _shuffled(space, rng) if listed else _drawn(space, rng)
        if stratified:
            points = _first_then(_strata(space, trials, rng), points)
        if stratified or not listed:
            points = _new(points)
        none_of = (
            f"None of the {space.size:,} combinations" if listed else f"None of {MOST_MISSES:,} combinations drawn"
        )
        self._left = islice(_satisfying(points, where, none_of, None if listed else MOST_MISSES), trials)

    @property
    def total(self) -> int | None:
        """Trials asked for, or the whole space where that is smaller."""
        return self.trials if self.space.size is None else min(self.trials, self.space.size)

    def ask(self, most: int) -> list[Mapping[str, Any]]:
        """The next combinations, at most so many; empty when there are no more."""
        return list(islice(self._left, most))

    def tell(self, trials: Sequence[Trial]) -> None:
        """Chance learns nothing."""


def _require_steps(name: str, dimension: Dimension) -> None:
    if dimension.size is None:
        raise ConfigError(
            f"The range of '{name}' has no steps, so there is no grid of it.",
            hint="Give step=, or search with method='random'.",
        )


def _satisfying(
    points: Iterator[Params], where: Where | None, none_of: str, most_misses: int | None = None
) -> Iterator[Params]:
    """The points that meet the condition; an error where there is not one, the end where no more come up."""
    found, misses = False, 0
    for params in points:
        if where is None or meets(where, params):
            found, misses = True, 0
            yield params
            continue
        misses += 1
        if misses == most_misses:
            break
    if not found:
        raise ConfigError(f"{none_of} satisfies the condition 'where'.", hint="Check it, or widen the values.")


def meets(where: Where, params: Params) -> bool:
    """Whether a combination makes sense.

    Raises
    ------
    ConfigError
        When the condition raises.
    """
    try:
        return bool(where(params))
    except Exception as error:
        shown = ", ".join(f"{name}={value!r}" for name, value in params.items())
        raise ConfigError(
            f"The condition 'where' raised {type(error).__name__} for {shown}: {error}.",
            hint="It takes the parameters as a mapping: lambda p: p['fast'] < p['slow'].",
        ) from error


def _new(points: Iterator[Params]) -> Iterator[Params]:
    """Each point once."""
    seen: set[tuple[str, ...]] = set()
    for params in points:
        key = tuple(map(repr, params.values()))
        if key not in seen:
            seen.add(key)
            yield params


def _first_then(some: Iterator[Params], others: Iterator[Params]) -> Iterator[Params]:
    yield from some
    yield from others


def _shuffled(space: Space, rng: np.random.Generator) -> Iterator[Params]:
    """Every combination once: sorted by exponential waiting times, the shorter the likelier the combination."""
    waiting = rng.exponential(size=space.size)
    if any(isinstance(dimension, Range) and dimension.log for dimension in space.values()):
        waiting /= _weights(space)
    return (space.at(int(number)) for number in np.argsort(waiting, kind="stable"))


def _weights(space: Space) -> FloatArray:
    """Density of each combination, the last parameter changing fastest: one over the value along logarithms."""
    weights = np.ones(1)
    for dimension in space.values():
        along = np.ones(len(dimension.values))
        if isinstance(dimension, Range) and dimension.log:
            along /= np.array(dimension.values, dtype=np.float64)
        weights = np.multiply.outer(weights, along).ravel()
    return weights


def _drawn(space: Space, rng: np.random.Generator) -> Iterator[Params]:
    while True:
        yield {name: _at(dimension, float(rng.random())) for name, dimension in space.items()}


def _strata(space: Space, count: int, rng: np.random.Generator) -> Iterator[Params]:
    """One point in each of `count` equal parts of every dimension, the parts paired at random."""
    places = {name: (rng.permutation(count) + rng.random(count)) / count for name in space}
    for number in range(count):
        yield {name: _at(dimension, float(places[name][number])) for name, dimension in space.items()}


def _at(dimension: Dimension, share: float) -> Any:
    """The value below which that share of a dimension lies, from 0 up to, but not, 1."""
    if isinstance(dimension, Values):
        return dimension.values[int(share * dimension.size)]
    size = dimension.size
    if dimension.log:
        smooth = math.exp(math.log(dimension.low) + share * math.log(dimension.high / dimension.low))
    else:
        smooth = dimension.low + share * (dimension.high - dimension.low)
    if size is None:
        return min(max(smooth, dimension.low), dimension.high)
    step = 1 if dimension.step is None else dimension.step
    place = round((smooth - dimension.low) / step) if dimension.log else int(share * size)
    return dimension.low + min(place, size - 1) * step
