"""Who decides which parameters are tried next, by name."""

from __future__ import annotations

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
        How many there will be, at most; needed by all but the grid.
    seed : int
    where : callable, optional
        ``where(params)`` says whether a combination makes sense.

    Raises
    ------
    ConfigError
        When there is none of that name, with the nearest; when it cannot search that space, or needs to be told more.
    MissingExtraError
        When the library it needs is not installed.
    """
    return SAMPLERS.get(method)(SearchOrder(space, objectives, trials, seed, where))


@SAMPLERS.register("grid")
def _grid(order: SearchOrder) -> Sampler:
    from tradewright.research.samplers import GridSampler

    return GridSampler(order.space, order.where)


@SAMPLERS.register("random")
def _random(order: SearchOrder) -> Sampler:
    return _by_chance("random", order, stratified=False)


@SAMPLERS.register("stratified")
def _stratified(order: SearchOrder) -> Sampler:
    return _by_chance("stratified", order, stratified=True)


@SAMPLERS.register("tpe")
def _tpe(order: SearchOrder) -> Sampler:
    from tradewright.adapters.samplers.optuna_sampler import tpe

    return tpe(order)


@SAMPLERS.register("nsga2")
def _nsga2(order: SearchOrder) -> Sampler:
    from tradewright.adapters.samplers.optuna_sampler import nsga2

    return nsga2(order)


def _by_chance(name: str, order: SearchOrder, *, stratified: bool) -> Sampler:
    import numpy as np

    from tradewright.research.samplers import RandomSampler

    if order.trials is None:
        raise ConfigError(f"A search by '{name}' must be told how many trials to make.", hint="Give trials=200.")
    rng = np.random.default_rng(order.seed)
    return RandomSampler(order.space, order.trials, rng=rng, where=order.where, stratified=stratified)
