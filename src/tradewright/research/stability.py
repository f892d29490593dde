"""Plateau or peak: whether what is near the best trial is good too, and whether the choice holds still over time.

Values are "larger is better": the caller turns the sign of an objective that is minimised. A trial without a value is
NaN; among neighbours it counts as one that keeps nothing.

Neighbours
----------
On a grid: trials that differ by one step in one parameter, or in two at once. Steps go by the order of the values, so
that 5, 10, 50 are one step apart each. Where the best trial has fewer of those than there are numeric parameters (a
random sample), its nearest trials instead: as many as a grid would give along its axes, two for each numeric parameter,
distance measured with every parameter's range as 1 (in the logarithm where it is drawn so). Values that are not numbers
have no steps: neighbours have the same.

Sources
-------
- Pardo, "The Evaluation and Optimization of Trading Strategies", 2nd ed., Wiley 2008: the shape of the parameter space
  around the optimum; walk-forward efficiency.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.space import Range, Values
from tradewright.quant.undefined import Undefined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tradewright.domain.space import Dimension, Space
    from tradewright.quant.arrays import FloatArray

    Params = Mapping[str, Any]

__all__ = [
    "Neighbourhood",
    "ParameterStability",
    "Surroundings",
    "overall_efficiency",
    "parameter_stability",
    "walk_efficiency",
]

_ALMOST = 1e-9


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What surrounds one trial.

    Parameters
    ----------
    trial : int
        Position among the trials given.
    neighbours : tuple of int
        Positions of its neighbours, ascending.
    by_steps : bool
        Whether they are steps of a grid, or else the nearest trials of a sample.
    value : float
        Of the trial.
    values : tuple of float
        Of the neighbours; NaN where there is none.
    """

    trial: int
    neighbours: tuple[int, ...]
    by_steps: bool
    value: float
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Of the neighbours that have a value.

        Raises
        ------
        Undefined
            When none has one; so do `median` and `worst`.
        """
        some = self._with_value()
        return math.fsum(some) / len(some)

    @property
    def median(self) -> float:
        """Of the neighbours that have a value."""
        return float(np.median(self._with_value()))

    @property
    def worst(self) -> float:
        """Of the neighbours that have a value."""
        return min(self._with_value())

    @property
    def share_positive(self) -> float:
        """Share of the neighbours with a value above zero.

        Raises
        ------
        Undefined
            When there are no neighbours.
        """
        return self._share(0.0, strictly=True)

    def share_within(self, fraction: float = 0.5) -> float:
        """Share of the neighbours that keep at least that fraction of the trial's value.

        Raises
        ------
        Undefined
            When there are no neighbours, or the trial's value is not above zero: a share of a loss means nothing.
        """
        if not self.value > 0.0:
            raise Undefined("the value of the trial is not above zero")
        return self._share(fraction * self.value)

    def _share(self, level: float, *, strictly: bool = False) -> float:
        if not self.values:
            raise Undefined("the trial has no neighbours")
        return sum(each > level or (each == level and not strictly) for each in self.values) / len(self.values)

    def _with_value(self) -> list[float]:
        some = [each for each in self.values if not math.isnan(each)]
        if not some:
            raise Undefined("no neighbour of the trial has a value" if self.values else "the trial has no neighbours")
        return some


class Surroundings:
    """Who is near whom among the trials of a search.

    Parameters
    ----------
    space : Space
    params : sequence of mapping
        Of every trial.
    values : sequence of float
        Of every trial, larger is better; NaN where there is none.
    """

    def __init__(self, space: Space, params: Sequence[Params], values: Sequence[float]) -> None:
        self.values = [float(each) for each in values]
        numeric = {name: each for name, each in space.items() if each.is_numeric and each.size != 1}
        self.axes = tuple(numeric)
        self._kinds = [tuple(repr(each[name]) for name in space if not space[name].is_numeric) for each in params]
        self._points = np.array([[_place(numeric[name], each[name]) for name in self.axes] for each in params])
        self._points = self._points.reshape(len(params), len(self.axes))
        self._alike = {kind: np.flatnonzero([each == kind for each in self._kinds]) for kind in set(self._kinds)}
        ladders = {name: _ladder(dimension) for name, dimension in numeric.items()}
        self._on_ladder = all(ladder is not None for ladder in ladders.values())
        self._index: dict[tuple[Any, ...], int] = {}
        self._steps: list[tuple[int, ...]] = []
        if self._on_ladder:
            self._steps = [
                tuple(_step(numeric[name], ladders[name], each[name]) for name in self.axes) for each in params
            ]
            for number, (kind, steps) in enumerate(zip(self._kinds, self._steps, strict=True)):
                self._index.setdefault((kind, steps), number)

    def best(self) -> int:
        """Position of the trial with the highest value, the first of equals.

        Raises
        ------
        Undefined
            When no trial has a value.
        """
        if all(math.isnan(each) for each in self.values):
            raise Undefined("no trial has a value")
        return int(np.nanargmax(self.values))

    def of(self, trial: int, *, by_steps: bool | None = None) -> Neighbourhood:
        """The neighbourhood of a trial; how neighbours are found is decided for it, or given.

        Raises
        ------
        Undefined
            When no parameter takes more than one number: nothing is near.
        """
        if not self.axes:
            raise Undefined("no parameter takes more than one number, so no trial is near another")
        stepwise = tuple(sorted(self._one_step_from(trial)))
        chosen = len(stepwise) >= len(self.axes) if by_steps is None else by_steps
        found = stepwise if chosen else tuple(sorted(self._nearest_to(trial)))
        return Neighbourhood(trial, found, chosen, self.values[trial], tuple(self.values[each] for each in found))

    def plateau_scores(self) -> FloatArray:
        """Mean of each trial and its neighbours: high where a trial is good among good ones; NaN without a value.

        Neighbours are found for all trials in the way that suits the best one. A neighbour without a value counts as
        the worst trial of all, so that the edge of what works is no plateau.

        Raises
        ------
        Undefined
            When no trial has a value, or no parameter takes more than one number.
        """
        by_steps = self.of(self.best()).by_steps
        worst = min(each for each in self.values if not math.isnan(each))
        scores = np.full(len(self.values), np.nan)
        for trial, value in enumerate(self.values):
            if not math.isnan(value):
                around = self.of(trial, by_steps=by_steps).values
                known = [worst if math.isnan(each) else each for each in around]
                scores[trial] = math.fsum((value, *known)) / (1 + len(known))
        return scores

    def _one_step_from(self, trial: int) -> Iterator[int]:
        if not self._on_ladder:
            return
        kind, steps = self._kinds[trial], self._steps[trial]
        for moves in _moves(len(steps)):
            moved = tuple(step + move for step, move in zip(steps, moves, strict=True))
            if (kind, moved) in self._index:
                yield self._index[kind, moved]

    def _nearest_to(self, trial: int) -> list[int]:
        same = self._alike[self._kinds[trial]]
        same = same[same != trial]
        distances = np.square(self._points[same] - self._points[trial]).sum(axis=1)
        return [int(each) for each in same[np.argsort(distances, kind="stable")[: 2 * len(self.axes)]]]


def _moves(axes: int) -> Iterator[tuple[int, ...]]:
    """One step in one parameter, or in two at once, either way."""
    for count in (1, 2):
        for chosen in combinations(range(axes), count):
            for signs in product((-1, 1), repeat=count):
                moves = [0] * axes
                for axis, sign in zip(chosen, signs, strict=True):
                    moves[axis] = sign
                yield tuple(moves)


def _ladder(dimension: Dimension) -> tuple[float, ...] | None:
    """Listed values in rising order; nothing to look up for a range with steps; None where there are no steps."""
    if isinstance(dimension, Values):
        return tuple(sorted(dimension.values))
    return None if dimension.is_continuous else ()


def _step(dimension: Dimension, ladder: tuple[float, ...] | None, value: Any) -> int:
    if isinstance(dimension, Range):
        steps: int = round((value - dimension.low) / (1 if dimension.step is None else dimension.step))
        return steps
    return (ladder or ()).index(value)


def _place(dimension: Dimension, value: Any) -> float:
    """Where a value lies between the ends of its parameter, from 0 to 1."""
    if isinstance(dimension, Values):
        ladder = sorted(dimension.values)
        return ladder.index(value) / max(len(ladder) - 1, 1)
    if dimension.log:
        return math.log(value / dimension.low) / math.log(dimension.high / dimension.low)
    return float((value - dimension.low) / (dimension.high - dimension.low))


@dataclass(frozen=True, slots=True)
class ParameterStability:
    """How one parameter's choice moved over the folds of a walk.

    Parameters
    ----------
    name : str
    values : tuple
        The choice of each fold; None where nothing was chosen.
    usual : object
        The most frequent choice, the first of equals; None where nothing was ever chosen.
    usual_share : float
        Share of the choices that took it.
    changes : float or None
        Share of the steps from one choice to the next at which it changed; None with fewer than two choices.
    dispersion : float or None
        Deviation (ddof=0) of the choices, with the range searched as 1: 0 never moved, 0.29 is what chance would do,
        0.5 jumps between the ends. None with fewer than two choices, or where values are no numbers.
    reason : str or None
        Why there is no dispersion.
    """

    name: str
    values: tuple[Any, ...]
    usual: Any
    usual_share: float
    changes: float | None
    dispersion: float | None
    reason: str | None


def parameter_stability(space: Space, chosen: Sequence[Params | None]) -> tuple[ParameterStability, ...]:
    """Every parameter's choices over the folds.

    Parameters
    ----------
    space : Space
    chosen : sequence of mapping or None
        The parameters of each fold, in order of time; None where no trial qualified.
    """
    return tuple(_stability(name, dimension, chosen) for name, dimension in space.items())


def _stability(name: str, dimension: Dimension, chosen: Sequence[Params | None]) -> ParameterStability:
    values = tuple(None if each is None else each[name] for each in chosen)
    made = [each[name] for each in chosen if each is not None]
    counted = Counter(map(repr, made)).most_common(1)
    usual = next((each for each in made if repr(each) == counted[0][0]), None) if counted else None
    share = counted[0][1] / len(made) if counted else 0.0
    if len(made) < 2:
        return ParameterStability(name, values, usual, share, None, None, "fewer than two folds chose")
    changes = sum(repr(a) != repr(b) for a, b in pairwise(made)) / (len(made) - 1)
    if not dimension.is_numeric:
        return ParameterStability(name, values, usual, share, changes, None, "its values are no numbers")
    places = np.array([_place(dimension, each) for each in made])
    spread = math.sqrt(float(np.square(places - places.mean()).mean()))
    return ParameterStability(name, values, usual, share, changes, spread if spread > _ALMOST else 0.0, None)


def walk_efficiency(test_return: float, train_return: float) -> float:
    """What was left out of sample of the return in sample: annualised over annualised (Pardo 2008).

    Raises
    ------
    Undefined
        When the return in sample is not above zero: there was nothing to keep.
    """
    if not train_return > 0.0:
        raise Undefined("the return in training is not above zero")
    return test_return / train_return


def overall_efficiency(test_returns: Sequence[float], train_returns: Sequence[float]) -> float:
    """Mean annualised return out of sample over the mean in sample, over the folds in which something was chosen.

    A mean of the folds' own efficiencies would be ruled by folds that earned next to nothing in training.

    Parameters
    ----------
    test_returns, train_returns : sequence of float
        Annualised, one per fold, equally long.

    Raises
    ------
    Undefined
        When there is no fold, or the mean in sample is not above zero.
    """
    if not train_returns:
        raise Undefined("nothing was chosen in any fold")
    tests, trains = math.fsum(test_returns) / len(test_returns), math.fsum(train_returns) / len(train_returns)
    return walk_efficiency(tests, trains)
