"""What a sampler is made for: the words in which a search is ordered from one, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.domain.search import Objective
    from tradewright.domain.space import Space

__all__ = ["SearchOrder"]


@dataclass(frozen=True)
class SearchOrder:
    """An order for a `tradewright.ports.sampler.Sampler`.

    Parameters
    ----------
    space : Space
    objectives : sequence of Objective
        As many as there will be values of each trial.
    trials : int or None
        How many there will be, at most; None where the sampler decides.
    seed : int
    where : callable, optional
        ``where(params)`` says whether a combination makes sense.
    """

    space: Space
    objectives: Sequence[Objective] = ()
    trials: int | None = None
    seed: int = 0
    where: Callable[[Mapping[str, Any]], object] | None = None
