"""Slippage models: how far a fill lands from the price the bar gave, always against the trader."""

from __future__ import annotations

from dataclasses import dataclass

from .models import SLIPPAGES, Slippage, SlippageTerms, require_amounts

__all__ = [
    "Bps",
    "EntryMarkup",
    "NoSlippage",
    "Slippage",
    "Spread",
    "SquareRootImpact",
    "VolumeShareImpact",
]


@dataclass(frozen=True, slots=True)
class NoSlippage(Slippage):
    """Fills land exactly where the bar says; must be chosen in words, and is shown."""

    def terms(self) -> SlippageTerms:
        """None."""
        return SlippageTerms()


@dataclass(frozen=True, slots=True)
class Bps(Slippage):
    """A fixed number of basis points of the price."""

    bps: float

    def __post_init__(self) -> None:
        require_amounts(self)

    def terms(self) -> SlippageTerms:
        """That fraction of the price."""
        return SlippageTerms("bps", self.bps / 10_000.0)


@dataclass(frozen=True, slots=True)
class EntryMarkup(Slippage):
    """A fixed number of basis points on whatever opens a position; what only closes fills at the market's price.

    A dealer who quotes the entry worse instead of charging a commission; other engines charge so.
    """

    bps: float

    def __post_init__(self) -> None:
        require_amounts(self)

    def terms(self) -> SlippageTerms:
        """That fraction of the price, on what opens."""
        return SlippageTerms("entry", self.bps / 10_000.0)


@dataclass(frozen=True, slots=True)
class Spread(Slippage):
    """Half of a quoted spread, in price units."""

    spread: float

    def __post_init__(self) -> None:
        require_amounts(self)

    def terms(self) -> SlippageTerms:
        """Half the spread."""
        return SlippageTerms("spread", self.spread / 2.0)


@dataclass(frozen=True, slots=True)
class VolumeShareImpact(Slippage):
    """`impact` × (share of the bar's volume)², as a fraction of the price."""

    impact: float = 0.1

    def __post_init__(self) -> None:
        require_amounts(self)

    def terms(self) -> SlippageTerms:
        """The price impact at a share of one."""
        return SlippageTerms("volume_share", self.impact)


@dataclass(frozen=True, slots=True)
class SquareRootImpact(Slippage):
    """`impact` × √(share of the bar's volume), as a fraction of the price.

    The square-root law of market impact: Almgren, Thum, Hauptmann and Li, "Direct estimation of equity market impact",
    Risk, July 2005.
    """

    impact: float = 0.01

    def __post_init__(self) -> None:
        require_amounts(self)

    def terms(self) -> SlippageTerms:
        """The price impact at a share of one."""
        return SlippageTerms("square_root", self.impact)


_NAMES: dict[str, type[Slippage]] = {
    "none": NoSlippage,
    "bps": Bps,
    "entry-markup": EntryMarkup,
    "spread": Spread,
    "volume-share": VolumeShareImpact,
    "square-root": SquareRootImpact,
}
for _name, _model in _NAMES.items():
    # Descriptions carry the class's own name, which is therefore the first.
    SLIPPAGES.add(_model.__name__, _model)
    SLIPPAGES.add(_name, _model)
