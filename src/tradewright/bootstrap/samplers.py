"""Who decides which parameters are tried next, by name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.domain.plugins import Registry
from tradewright.ports.search_order import SearchOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.domain.search import Objective
    from tradewright.domain.space import Space
    from tradewright.ports.sampler import Sampler

__all__ = ["SAMPLERS", "sampler_for"]

SAMPLERS: Registry[Callable[[SearchOrder], Sampler]] = Registry(
    "sampler",
    "tradewright.samplers",
    flaw=lambda value: None if callable(value) else "it cannot be called with a SearchOrder",
    hint="Use 'grid', 'random', 'tpe' or 'nsga2'.",
)
"""Samplers by name; each is called with a `tradewright.ports.search_order.SearchOrder`."""

_USUAL_TRIALS = 200
_MOST_GRID = 10_000_000


def sampler_for(
    method: str,
    space: Space,
    *,
    objectives: Sequence[Objective] = (),
    trials: int | None = None,
    seed: int = 0,
    where: Callable[[Mapping[str, Any]], object] | None = None,
) -> Sampler:
    """The sampler of that name.

    Parameters
    ----------
    method : str
        ``"grid"``, ``"random"``, ``"stratified"``, ``"tpe"``, ``"nsga2"``, or what a package adds.
    space : Space
    objectives : sequence of Objective
        Needed by those that learn.
    trials : int, optional
        How many there will be, at most; 200 by default, but for the grid, which tries every combination.
    seed : int
    where : callable, optional
        ``where(params)`` says whether a combination makes sense.

    Raises
    ------
    ConfigError
        When there is none of that name, with the nearest; when it cannot search that space, or so many trials say
        nothing.
    MissingExtraError
        When the library it needs is not installed.
    """
    if trials is not None and (isinstance(trials, bool) or not hasattr(trials, "__index__")):
        raise ConfigError(f"trials={trials!r:.60} is no number of trials.", hint="Give a whole number.")
    if trials is not None and trials < 1:
        raise ConfigError(f"A search of {trials} trials finds nothing.", hint="Give at least 1.")
    if not isinstance(method, str):
        raise ConfigError(f"method={method!r:.60} is no sampler.", hint="Use 'grid', 'random', 'tpe' or 'nsga2'.")
    return SAMPLERS.get(method)(SearchOrder(space, objectives, trials, seed, where))


@SAMPLERS.register("grid")
def _grid(order: SearchOrder) -> Sampler:
    from tradewright.research.samplers import GridSampler

    if order.trials is not None:
        raise ConfigError(
            "A grid tries every combination, so trials= says nothing.", hint="Use method='random' with trials=."
        )
    size = order.space.size
    if size is not None and size > _MOST_GRID:
        raise ConfigError(
            f"The grid has {size:,} combinations, and {_MOST_GRID:,} are the most that are tried.",
            hint="Give larger steps, or search with method='random' or 'tpe' and trials=.",
        )
    return GridSampler(order.space, order.where)


@SAMPLERS.register("random")
def _random(order: SearchOrder) -> Sampler:
    return _by_chance(order, stratified=False)


@SAMPLERS.register("stratified")
def _stratified(order: SearchOrder) -> Sampler:
    return _by_chance(order, stratified=True)


@SAMPLERS.register("tpe")
def _tpe(order: SearchOrder) -> Sampler:
    from tradewright.adapters.samplers.optuna_sampler import tpe

    return tpe(_told(order))


@SAMPLERS.register("nsga2")
def _nsga2(order: SearchOrder) -> Sampler:
    from tradewright.adapters.samplers.optuna_sampler import nsga2

    return nsga2(_told(order))


def _by_chance(order: SearchOrder, *, stratified: bool) -> Sampler:
    import numpy as np

    from tradewright.research.samplers import RandomSampler

    rng = np.random.default_rng(order.seed)
    trials = _told(order).trials or _USUAL_TRIALS
    return RandomSampler(order.space, trials, rng=rng, where=order.where, stratified=stratified)


def _told(order: SearchOrder) -> SearchOrder:
    """The order with a number of trials."""
    return order if order.trials is not None else replace(order, trials=_USUAL_TRIALS)
