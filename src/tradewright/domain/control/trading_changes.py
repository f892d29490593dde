"""Rows of a session that are new or other than before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .trading import FillFact, HeldFact, OrderFact, SessionDay, TradeFact

__all__ = ["Changes"]


@dataclass(slots=True)
class Changes:
    """Each row once, as it stands now."""

    orders: dict[int, OrderFact] = field(default_factory=dict)
    fills: list[FillFact] = field(default_factory=list)
    trades: list[TradeFact] = field(default_factory=list)
    held: dict[tuple[str, str], HeldFact] = field(default_factory=dict)
    days: dict[int, SessionDay] = field(default_factory=dict)

    def take(self, *held: HeldFact) -> None:
        """These positions changed."""
        self.held.update({(each.strategy, each.symbol): each for each in held})
