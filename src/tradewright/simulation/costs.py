"""Cost models: small objects with one job, each able to say its terms and to describe itself.

Commission is charged per order over all its fills; slippage moves the price of every fill against the trader; financing
accrues per calendar day. Rates are fractions unless the name says bps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

from .models import (
    COMMISSIONS,
    SLIPPAGES,
    Commission,
    FeeTerms,
    SlippageTerms,
    commission,
    described_model,
    require_amounts,
    slippage,
)
from .rules.constants import INF
from .slippage import Bps, EntryMarkup, NoSlippage, Slippage, Spread, SquareRootImpact, VolumeShareImpact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .state import Book

__all__ = [
    "COMMISSIONS",
    "SLIPPAGES",
    "Bps",
    "Commission",
    "Costs",
    "EntryMarkup",
    "FeeTerms",
    "MakerTaker",
    "Margin",
    "NoCommission",
    "NoSlippage",
    "PerShare",
    "PerTrade",
    "Percent",
    "Slippage",
    "SlippageTerms",
    "Spread",
    "SquareRootImpact",
    "Tiered",
    "VolumeShareImpact",
    "commission",
    "slippage",
    "venue_commission",
]


@dataclass(frozen=True, slots=True)
class NoCommission(Commission):
    """Nothing is charged; must be chosen in words, and is shown."""

    def terms(self) -> FeeTerms:
        """None."""
        return FeeTerms()


@dataclass(frozen=True, slots=True)
class PerTrade(Commission):
    """A fixed amount per order, in account currency."""

    amount: float

    def __post_init__(self) -> None:
        require_amounts(self)

    def terms(self) -> FeeTerms:
        """The amount, once per order."""
        return FeeTerms(per_order=self.amount)


@dataclass(frozen=True, slots=True)
class PerShare(Commission):
    """An amount per unit in instrument currency, with a minimum and a maximum per order in account currency."""

    amount: float
    at_least: float = 0.0
    at_most: float = math.inf

    def __post_init__(self) -> None:
        require_amounts(self)

    def terms(self) -> FeeTerms:
        """Per unit, inside the bounds."""
        return FeeTerms(per_unit=self.amount, at_least=self.at_least, at_most=self.at_most)


@dataclass(frozen=True, slots=True)
class Percent(Commission):
    """A fraction of the notional (0.001 is 0.1 %), plus a fixed amount per order, inside bounds per order."""

    rate: float
    per_order: float = 0.0
    at_least: float = 0.0
    at_most: float = math.inf

    def __post_init__(self) -> None:
        require_amounts(self)

    def terms(self) -> FeeTerms:
        """The fraction, whoever makes or takes."""
        return FeeTerms(
            per_order=self.per_order,
            maker_rate=self.rate,
            taker_rate=self.rate,
            at_least=self.at_least,
            at_most=self.at_most,
        )


@dataclass(frozen=True, slots=True)
class MakerTaker(Commission):
    """Two fractions of the notional: `maker` for limit orders that rested, `taker` for everything else.

    A negative maker rate is a rebate.
    """

    maker: float
    taker: float

    def terms(self) -> FeeTerms:
        """By the role of each fill; a rebate is a fee below zero."""
        return FeeTerms(maker_rate=self.maker, taker_rate=self.taker, at_least=-INF)


@dataclass(frozen=True, slots=True)
class Tiered(Commission):
    """A fraction of the notional that falls with the notional traded so far in the calendar month.

    Parameters
    ----------
    tiers : tuple of (float, float)
        One to three pairs (notional from which it applies, rate), rising; the first begins at 0.
    """

    tiers: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        starts = [start for start, _ in self.tiers]
        if not 1 <= len(starts) <= _MOST_TIERS or starts[0] != 0 or starts != sorted(set(starts)):
            raise ConfigError(
                f"Tiers {self.tiers} cannot be used.",
                hint="Give one to three (from, rate) pairs, rising, the first from 0.",
            )

    def terms(self) -> FeeTerms:
        """The rate of the tier reached before the fill."""
        first = self.tiers[0][1]
        return FeeTerms(maker_rate=first, taker_rate=first, tiers=self.tiers[1:])


_MOST_TIERS = 3

_NAMES: dict[str, type[Commission]] = {
    "none": NoCommission,
    "per-trade": PerTrade,
    "per-share": PerShare,
    "percent": Percent,
    "maker-taker": MakerTaker,
    "tiered": Tiered,
}
for _name, _model in _NAMES.items():
    # Descriptions carry the class's own name, which is therefore the first.
    COMMISSIONS.add(_model.__name__, _model)
    COMMISSIONS.add(_name, _model)

_PLAIN_NUMBERS = ("tax_buy", "tax_sell", "borrow_rate", "interest_rate", "participation")

_VENUES: dict[str, Commission] = {
    "alpaca": NoCommission(),
    "interactive_brokers": PerShare(0.005, at_least=1.0),
    "interactive_brokers_tiered": PerShare(0.0035, at_least=0.35),
    "binance": MakerTaker(0.001, 0.001),
    "kraken": MakerTaker(0.0025, 0.004),
    "coinbase": MakerTaker(0.004, 0.006),
}


def venue_commission(venue: str) -> Commission:
    """The published entry-level commission of a venue.

    Raises
    ------
    ConfigError
        When no preset has that name.
    """
    if venue not in _VENUES:
        raise ConfigError(f"There is no commission preset '{venue}'.", hint=f"Use one of {', '.join(sorted(_VENUES))}.")
    return _VENUES[venue]


@dataclass(frozen=True, slots=True)
class Costs:
    """What trading costs: slippage, commission, taxes and financing, and how much of a bar's volume may be taken.

    Parameters
    ----------
    slippage_bps : float, optional
        Short form of ``slippage=Bps(…)``; 10 by default.
    commission : Commission, optional
        1.00 per order by default, or the preset of the instrument's venue where it names one.
    slippage : Slippage, optional
    tax_buy, tax_sell : float
        Transaction taxes as fractions of the notional.
    borrow_rate, interest_rate : float
        Yearly rates on shorted shares and on borrowed cash, actual days over 360.
    participation : float
        Largest share of a bar's volume that orders may take, 0.10 by default.

    Examples
    --------
    >>> Costs(slippage_bps=5, commission=PerShare(0.005, at_least=1.0)).describe()["slippage"]
    {'model': 'Bps', 'bps': 5}
    """

    slippage_bps: float | None = None
    commission: Commission | None = None
    slippage: Slippage | None = None
    tax_buy: float = 0.0
    tax_sell: float = 0.0
    borrow_rate: float = 0.0
    interest_rate: float = 0.0
    participation: float = 0.10

    def __post_init__(self) -> None:
        if self.slippage_bps is not None and self.slippage is not None:
            raise ConfigError("Costs take slippage_bps or slippage, not both.")
        for name in ("tax_buy", "tax_sell", "borrow_rate", "interest_rate"):
            if not getattr(self, name) >= 0:
                raise ConfigError(f"Costs.{name} cannot be {getattr(self, name)}.", hint="Give a number from 0 up.")
        if not self.participation > 0:
            raise ConfigError(f"Costs.participation cannot be {self.participation}.", hint="Give a fraction above 0.")

    @classmethod
    def none(cls) -> Costs:
        """No slippage, no commission, no participation cap: must be written out, and is shown in every result."""
        return cls(commission=NoCommission(), slippage=NoSlippage(), participation=math.inf)

    @property
    def slippage_model(self) -> Slippage:
        """The slippage in force."""
        return self.slippage or Bps(10.0 if self.slippage_bps is None else self.slippage_bps)

    def commission_model(self, venue: str | None) -> Commission:
        """The commission in force on a venue: the one given, else the venue's preset, else 1.00 per order."""
        return self.commission or (venue_commission(venue) if venue else PerTrade(1.0))

    def write(self, book: Book, venue: str | None) -> None:
        """Write every model into the terms of a book."""
        self.slippage_model.write(book)
        self.commission_model(venue).write(book)
        book.tax_buy_rate = self.tax_buy
        book.tax_sell_rate = self.tax_sell

    @property
    def is_free(self) -> bool:
        """Whether trading costs nothing at all."""
        free = self.commission is not None and self.commission.is_free
        return free and self.slippage_model.is_free and self.tax_buy + self.tax_sell == 0.0

    def _describe_commission(self, venues: list[str | None]) -> dict[str, Any] | str:
        """The commission of all venues where it is one, else each venue's in words."""
        models = [self.commission_model(venue) for venue in venues]
        if all(model == models[0] for model in models):
            return models[0].describe()
        named = zip(venues, models, strict=True)
        return "; ".join(f"{venue or 'elsewhere'} {model!r}" for venue, model in named)

    @classmethod
    def of_description(cls, described: Mapping[str, Any]) -> Costs:
        """The costs that described themselves so: in force as they were on those venues.

        Parameters
        ----------
        described : mapping
            What `describe` gave, also after a way through JSON.

        Raises
        ------
        ConfigError
            When a model has no name here.
        """
        charged = described["commission"]
        return cls(
            # In words only where each venue has its preset, which is so when none was chosen.
            commission=None if isinstance(charged, str) else described_model(COMMISSIONS, charged),
            slippage=described_model(SLIPPAGES, described["slippage"]),
            **{name: described[name] for name in _PLAIN_NUMBERS},
        )

    def describe(self, venues: Iterable[str | None] = (None,)) -> dict[str, Any]:
        """Every number in force on the given venues, for records and reports."""
        return {
            "slippage": self.slippage_model.describe(),
            "commission": self._describe_commission(sorted(set(venues), key=str)),
            "tax_buy": self.tax_buy,
            "tax_sell": self.tax_sell,
            "borrow_rate": self.borrow_rate,
            "interest_rate": self.interest_rate,
            "participation": self.participation,
            "free": self.is_free,
        }


@dataclass(frozen=True, slots=True)
class Margin:
    """A margin account: shorts allowed, positions secured by a fraction of their value.

    Parameters
    ----------
    initial : float
        Fraction of the notional that opening binds; 1.0 is no leverage.
    maintenance : float
        Fraction of the market value below which equity triggers a call, which closes everything at the next open.
    shorts : bool
    """

    initial: float = 0.5
    maintenance: float = 0.25
    shorts: bool = True

    def __post_init__(self) -> None:
        if not (0 < self.initial <= 1 and 0 <= self.maintenance <= self.initial):
            raise ConfigError(
                f"Margin initial {self.initial} and maintenance {self.maintenance} cannot be used.",
                hint="Give 0 < initial <= 1 and 0 <= maintenance <= initial.",
            )

    def describe(self) -> dict[str, Any]:
        """Every number in force."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def of_description(cls, described: Mapping[str, Any]) -> Margin | None:
        """The margin account that described itself so; None for an account without margin."""
        return None if dict(described) == CASH_ACCOUNT else cls(**described)


CASH_ACCOUNT: dict[str, Any] = {"initial": 1.0, "maintenance": 0.0, "shorts": False}
"""How an account without margin describes itself."""
