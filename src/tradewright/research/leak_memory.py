"""How long a column remembers where its history began, found by computing it on histories that begin later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from .leak_compare import changed_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Memory", "MemoryKind", "memory_of"]

_FORGOTTEN = 0.02
"""Share of the first difference below which a recursive column has forgotten its beginning."""


class MemoryKind(StrEnum):
    """How a column forgets."""

    EXACT = "exact"  # after a number of bars that is the same everywhere, nothing is left
    FADING = "fading"  # what is left becomes smaller and smaller, as in an exponential average
    LASTING = "lasting"  # it never forgets, as the mean of everything so far


_LASTING = 0.2
"""Share of it that is left at the end of a long history, above which a column never forgets."""


@dataclass(frozen=True, slots=True)
class Memory:
    """How a column forgets its beginning, and after how many bars it has."""

    kind: MemoryKind
    bars: int


def memory_of(whole: Floats, begun_later: Sequence[tuple[int, Floats]]) -> Memory:
    """Compare a column with what the same indicator gives where history begins later.

    Parameters
    ----------
    whole : (n,) float64
    begun_later : sequence of (row, column)
        The column computed from that row on.

    Examples
    --------
    >>> close = np.random.default_rng(3).normal(100, 1, 300)
    >>> mean = lambda x: np.convolve(np.append(np.full(4, x[0]), x), np.full(5, 0.2), "valid")
    >>> memory_of(mean(close), [(40, mean(close[40:])), (90, mean(close[90:]))])
    Memory(kind=<MemoryKind.EXACT: 'exact'>, bars=4)
    """
    exact, fading, lasting = [], [], False
    for row, column in begun_later:
        later = whole[row : row + len(column)]
        known = np.isfinite(column)
        rows = changed_rows(np.where(known, column, np.nan), np.where(known, later, np.nan))
        exact.append(int(rows[-1]) + 1 if len(rows) else 0)
        with np.errstate(invalid="ignore"):
            apart = np.abs(column - later)[known & np.isfinite(later)]
        if len(apart) and len(rows):
            first = int(np.argmax(known))
            large = np.flatnonzero(apart > _FORGOTTEN * apart[: max(1, len(apart) // 4)].max())
            fading.append(first + (int(large[-1]) + 1 if len(large) else 0))
            lasting = lasting or (_is_telling(row, len(whole)) and _rest(apart) > _LASTING)
    if not any(exact):
        return Memory(MemoryKind.EXACT, 0)
    if len({found for found in exact if found}) == 1 and not lasting:
        return Memory(MemoryKind.EXACT, max(exact))
    return Memory(MemoryKind.LASTING if lasting else MemoryKind.FADING, max(fading, default=0))


def _is_telling(row: int, rows: int) -> bool:
    """Whether a beginning leaves out enough, and leaves enough, to see what is remembered at the end."""
    return rows // 8 <= row <= rows // 2


def _rest(apart: Floats) -> float:
    """How much of the first difference is left at the end."""
    part = max(1, len(apart) // 8)
    return float(apart[-part:].max() / apart[:part].max()) if apart[:part].max() > 0 else 1.0
