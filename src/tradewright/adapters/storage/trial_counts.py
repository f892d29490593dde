"""What a ledger says of its trials: how many configurations, and how far their Sharpe ratios spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tradewright.domain.search import FamilyTrials, TrialCount, TrialState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tradewright.domain.search import SearchHeader

__all__ = ["COUNTED", "counted", "families_of", "finite"]

COUNTED = (TrialState.DONE, TrialState.PRUNED)
"""States that count: what failed gave no result that anybody could have chosen."""


def counted(family: str, configurations: int, sharpes: Iterable[float]) -> TrialCount:
    """The count of a family.

    Parameters
    ----------
    family : str
    configurations : int
        Distinct ones.
    sharpes : iterable of float
        One for each configuration that has one, in any order: the answer does not hang on it.
    """
    scored = list(sharpes)
    return TrialCount(family, configurations, _variance(scored), len(scored))


def families_of(searches: Iterable[tuple[SearchHeader, Collection[str]]]) -> list[FamilyTrials]:
    """The families of searches, each given with the configurations of it that count."""
    held: dict[str, list[tuple[SearchHeader, Collection[str]]]] = {}
    for header, configurations in searches:
        if configurations:
            held.setdefault(header.family, []).append((header, configurations))
    return [_family(family, held[family]) for family in sorted(held)]


def _family(family: str, searches: list[tuple[SearchHeader, Collection[str]]]) -> FamilyTrials:
    headers = [header for header, _ in searches]
    return FamilyTrials(
        family,
        tuple(sorted({header.strategy for header in headers})),
        len({configuration for _, configurations in searches for configuration in configurations}),
        len(headers),
        tuple(sorted({instrument for header in headers for instrument in header.span.instruments})),
        min(header.span.first for header in headers),
        max(header.span.last for header in headers),
    )


def finite(sharpe: float | None) -> float | None:
    """A ratio that can be counted with, or None."""
    return sharpe if sharpe is not None and math.isfinite(sharpe) else None


def _variance(values: Collection[float]) -> float | None:
    """With ddof 1; sums are exact, so that their order does not matter."""
    if len(values) < 2:
        return None
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
