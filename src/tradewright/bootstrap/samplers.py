"""Who decides which parameters a search tries, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.domain.plugins import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.search import Objective
    from tradewright.domain.space import Space
    from tradewright.ports.sampler import Sampler

__all__ = ["SAMPLERS", "Wanted", "sampler_for"]

from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """What a sampler is made for.

    Parameters
    ----------
    space : Space
    objectives : tuple of Objective
    trials : int or None
        How many at most; None where the user left it to the method.
    seed : int
    where : callable, optional
        ``where(params)`` says whether a combination makes sense.
    """

    space: Space
    objectives: tuple[Objective, ...]
    trials: int | None = None
    seed: int = 0
    where: Callable[[Mapping[str, Any]], object] | None = None


SAMPLERS: Registry[Callable[[Wanted], Sampler]] = Registry(
    "sampler",
    "tradewright.samplers",
    flaw=lambda value: None if callable(value) else "it cannot be called with what is wanted",
    hint="Use 'grid' or 'random'.",
)
"""Samplers by name; each is called with what is wanted."""

_USUAL_TRIALS = 200


def sampler_for(method: str, wanted: Wanted) -> Sampler:
    """The sampler of that name.

    Raises
    ------
    ConfigError
        When there is none of that name, with the nearest; when there is nothing to try.
    """
    if wanted.trials is not None and wanted.trials < 1:
        raise ConfigError(f"A search of {wanted.trials} trials finds nothing.", hint="Give at least 1.")
    return SAMPLERS.get(method)(wanted)


@SAMPLERS.register("grid")
def _grid(wanted: Wanted) -> Sampler:
    from tradewright.research.samplers import GridSampler

    if wanted.trials is not None:
        raise ConfigError(
            "A grid tries every combination, so trials= says nothing.", hint="Use method='random' with trials=."
        )
    return GridSampler(wanted.space, wanted.where)


@SAMPLERS.register("random")
def _random(wanted: Wanted) -> Sampler:
    import numpy as np

    from tradewright.research.samplers import RandomSampler

    rng = np.random.default_rng(wanted.seed)
    return RandomSampler(wanted.space, wanted.trials or _USUAL_TRIALS, rng=rng, where=wanted.where)
