"""Under which names an instrument was traded, and until when, from what was said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .actions import ActionKind, in_force
from .errors import SymbolNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .actions import CorporateAction

__all__ = ["end_of", "former_names", "names_over", "renamed", "taken_over_by"]


def end_of(announced: Sequence[CorporateAction]) -> int | None:
    """The first day without trading, of what was said last; None where it goes on."""
    return max((each.day for each in in_force(announced) if each.kind is ActionKind.DELISTING), default=None)


def taken_over_by(symbol: str, announced: Sequence[CorporateAction]) -> CorporateAction | None:
    """The change by which something lost a name that nothing bears since; None where the name is a present one."""
    concerned = [each for each in _renames(announced) if symbol in (each.symbol, each.to)]
    return concerned[-1] if concerned and concerned[-1].symbol == symbol else None


def former_names(symbol: str, announced: Sequence[CorporateAction]) -> list[tuple[str, int]]:
    """Names that an instrument bore before its present one, the latest first, each with the day it lost it."""
    found: list[tuple[str, int]] = []
    name = symbol
    for each in reversed(_renames(announced)):
        if each.to == name:
            found.append((each.symbol, each.day))
            name = each.symbol
    return found


def names_over(symbol: str, announced: Sequence[CorporateAction], first: int, stop: int) -> list[tuple[str, int, int]]:
    """Which name an instrument bore on which days, from one up to, and without, another; the earliest first."""
    found, name = [], symbol
    for former, lost in former_names(symbol, announced):
        if max(first, lost) < stop:
            found.append((name, max(first, lost), stop))
        name, stop = former, min(stop, lost)
    return [*([(name, first, stop)] if first < stop else []), *found[::-1]]


def renamed(by: CorporateAction) -> SymbolNotFoundError:
    """What to say to whoever asks for an instrument under a name that it lost."""
    day = np.datetime64(by.day, "D")
    return SymbolNotFoundError(
        f"{by.symbol} has been called {by.to} since {day}.",
        hint=f"Ask for {by.to}: its series holds the days under the name {by.symbol} as well.",
    )


def _renames(announced: Sequence[CorporateAction]) -> list[CorporateAction]:
    return [each for each in in_force(announced) if each.kind is ActionKind.RENAME]
