"""Slippage models: how far a fill lands from the price the bar gave, always against the trader."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

from tradewright.domain.errors import ConfigError

from .rules.constants import SLIP_BPS, SLIP_ENTRY, SLIP_NONE, SLIP_SPREAD, SLIP_SQUARE_ROOT, SLIP_VOLUME_SHARE

if TYPE_CHECKING:
    from .state import Book

__all__ = [
    "Bps",
    "CostModel",
    "EntryMarkup",
    "NoSlippage",
    "Slippage",
    "Spread",
    "SquareRootImpact",
    "VolumeShareImpact",
    "require_amounts",
]


class CostModel:
    """A frozen value that says what it is."""

    def describe(self) -> dict[str, Any]:
        """Name and numbers, for records and reports."""
        numbers = {item.name: getattr(self, item.name) for item in fields(self)}  # type: ignore[arg-type]
        return {"model": type(self).__name__, **numbers}


def require_amounts(model: Any) -> None:
    """Refuse a model with a number below zero."""
    for item in fields(model):
        value = getattr(model, item.name)
        if not value >= 0:
            raise ConfigError(f"{type(model).__name__}.{item.name} cannot be {value}.", hint="Give a number from 0 up.")


class Slippage(CostModel):
    """How far fills land from the price the bar gave."""

    kind: ClassVar[int] = SLIP_NONE

    @property
    def amount(self) -> float:
        """The one number of the model, as the rules take it."""
        return 0.0

    def write(self, book: Book) -> None:
        """Write the model into the terms of a book."""
        book.slip_kind = self.kind if self.amount else SLIP_NONE
        book.slip_amount = self.amount


@dataclass(frozen=True, slots=True)
class NoSlippage(Slippage):
    """Fills land exactly where the bar says; must be chosen in words, and is shown."""


@dataclass(frozen=True, slots=True)
class Bps(Slippage):
    """A fixed number of basis points of the price."""

    bps: float
    kind: ClassVar[int] = SLIP_BPS

    def __post_init__(self) -> None:
        require_amounts(self)

    @property
    def amount(self) -> float:
        """The fraction of the price."""
        return self.bps / 10_000.0


@dataclass(frozen=True, slots=True)
class EntryMarkup(Slippage):
    """A fixed number of basis points on whatever opens a position; what only closes fills at the market's price.

    A dealer who quotes the entry worse instead of charging a commission; other engines charge so.
    """

    bps: float
    kind: ClassVar[int] = SLIP_ENTRY

    def __post_init__(self) -> None:
        require_amounts(self)

    @property
    def amount(self) -> float:
        """The fraction of the price."""
        return self.bps / 10_000.0


@dataclass(frozen=True, slots=True)
class Spread(Slippage):
    """Half of a quoted spread, in price units."""

    spread: float
    kind: ClassVar[int] = SLIP_SPREAD

    def __post_init__(self) -> None:
        require_amounts(self)

    @property
    def amount(self) -> float:
        """Half the spread."""
        return self.spread / 2.0


@dataclass(frozen=True, slots=True)
class VolumeShareImpact(Slippage):
    """`impact` × (share of the bar's volume)², as a fraction of the price."""

    impact: float = 0.1
    kind: ClassVar[int] = SLIP_VOLUME_SHARE

    def __post_init__(self) -> None:
        require_amounts(self)

    @property
    def amount(self) -> float:
        """The price impact at a share of one."""
        return self.impact


@dataclass(frozen=True, slots=True)
class SquareRootImpact(Slippage):
    """`impact` × √(share of the bar's volume), as a fraction of the price.

    The square-root law of market impact: Almgren, Thum, Hauptmann and Li, "Direct estimation of equity market impact",
    Risk, July 2005.
    """

    impact: float = 0.01
    kind: ClassVar[int] = SLIP_SQUARE_ROOT

    def __post_init__(self) -> None:
        require_amounts(self)

    @property
    def amount(self) -> float:
        """The price impact at a share of one."""
        return self.impact
