"""What a cost model is: a frozen dataclass that says its terms in the words of the rules, and is known by name.

The rules of the exchange charge by one text, which is also compiled; so a model does not compute a fill's cost, it
states the numbers by which the rules do. A package adds a model under the entry-point group ``tradewright.commissions``
or ``tradewright.slippages``; a script by the decorators `commission` and `slippage`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from tradewright.domain.errors import ConfigError
from tradewright.domain.plugins import Registry, place_of

from .rules.constants import INF, SLIP_BPS, SLIP_ENTRY, SLIP_NONE, SLIP_SPREAD, SLIP_SQUARE_ROOT, SLIP_VOLUME_SHARE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .state import Book

__all__ = [
    "COMMISSIONS",
    "SLIPPAGES",
    "Commission",
    "CostModel",
    "FeeTerms",
    "Slippage",
    "SlippageTerms",
    "commission",
    "described_model",
    "require_amounts",
    "slippage",
]

_Model = TypeVar("_Model", bound="type[CostModel]")
_MOST_TIERS = 2
_SLIPPAGE_KINDS = {
    "none": SLIP_NONE,
    "bps": SLIP_BPS,
    "entry": SLIP_ENTRY,
    "spread": SLIP_SPREAD,
    "volume_share": SLIP_VOLUME_SHARE,
    "square_root": SLIP_SQUARE_ROOT,
}


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """What the rules charge for an order: ``per_order + per_unit × units + rate × notional``, inside two bounds.

    Parameters
    ----------
    per_order : float
        Account currency, once per order over all its fills.
    per_unit : float
        Instrument currency.
    maker_rate, taker_rate : float
        Fractions of the notional: for limit orders that rested, and for everything else. Below zero is a rebate, which
        `at_least` must let through.
    at_least, at_most : float
        Bounds per order, account currency; where they contradict each other the maximum holds.
    tiers : tuple of (float, float)
        Up to two pairs (notional traded this calendar month from which it applies, rate), rising; from there the rate
        stands in place of both rates above.

    Raises
    ------
    ConfigError
        For numbers that no venue could charge.
    """

    per_order: float = 0.0
    per_unit: float = 0.0
    maker_rate: float = 0.0
    taker_rate: float = 0.0
    at_least: float = 0.0
    at_most: float = INF
    tiers: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        for name in ("per_order", "per_unit", "at_most"):
            if not getattr(self, name) >= 0:
                raise ConfigError(f"FeeTerms.{name} cannot be {getattr(self, name)}.", hint="Give a number from 0 up.")
        rates = (self.maker_rate, self.taker_rate, *(rate for _, rate in self.tiers))
        if not all(map(math.isfinite, rates)) or math.isnan(self.at_least):
            raise ConfigError(f"{self} cannot be charged.", hint="Give finite rates and bounds that are numbers.")
        starts = [start for start, _ in self.tiers]
        if len(starts) > _MOST_TIERS or starts != sorted(set(starts)) or any(not start > 0 for start in starts):
            raise ConfigError(
                f"Tiers {self.tiers} cannot be used.", hint="Give up to two (from, rate) pairs, rising, above 0."
            )

    def write(self, book: Book) -> None:
        """Write the numbers into the terms of a book."""
        book.fee_per_order = self.per_order
        book.fee_per_unit = self.per_unit
        book.fee_maker_rate = self.maker_rate
        book.fee_taker_rate = self.taker_rate
        book.fee_at_least = self.at_least
        book.fee_at_most = self.at_most
        above = [*self.tiers, (INF, 0.0), (INF, 0.0)]
        (book.tier_above_1, book.tier_rate_1), (book.tier_above_2, book.tier_rate_2) = above[:2]


@dataclass(frozen=True, slots=True)
class SlippageTerms:
    """How the rules move the price of a fill against the trader: one of their laws, and its one number.

    Parameters
    ----------
    law : str
        ``"bps"`` (`amount` is a fraction of the price), ``"entry"`` (the same, on what opens only), ``"spread"`` (price
        units), ``"volume_share"`` (`amount` × share² of the price), ``"square_root"`` (`amount` × √share of the price),
        or ``"none"``; share is the fill's part of the bar's volume.
    amount : float

    Raises
    ------
    ConfigError
        For a law the rules do not know, or an amount below zero or not finite.
    """

    law: str = "none"
    amount: float = 0.0

    def __post_init__(self) -> None:
        if self.law not in _SLIPPAGE_KINDS:
            raise ConfigError(f"There is no slippage law '{self.law}'.", hint=f"Use {', '.join(_SLIPPAGE_KINDS)}.")
        if not 0 <= self.amount < INF:
            raise ConfigError(f"Slippage cannot be {self.amount}.", hint="Give a finite number from 0 up.")

    def write(self, book: Book) -> None:
        """Write the law and its number into the terms of a book."""
        book.slip_kind = _SLIPPAGE_KINDS[self.law] if self.amount else SLIP_NONE
        book.slip_amount = self.amount


class CostModel:
    """A frozen dataclass that says what it is."""

    registry: ClassVar[Registry[Any]]

    def describe(self) -> dict[str, Any]:
        """The name it is registered under, and its numbers, for records and reports; see `described_model`."""
        numbers = {item.name: getattr(self, item.name) for item in fields(self)}  # type: ignore[arg-type]
        return {"model": self._name(), **numbers}

    def _name(self) -> str:
        own = type(self)
        registered = self.registry.name_of(own)
        if registered is None and own.__name__ in self.registry:
            return place_of(own)
        return registered or own.__name__


class Commission(CostModel, ABC):
    """What a venue charges for an order; a model of one's own is a frozen dataclass with `terms`.

    Examples
    --------
    >>> @dataclass(frozen=True, slots=True)
    ... class CappedPercent(Commission):
    ...     rate: float = 0.0003
    ...     most: float = 20.0
    ...     def terms(self):
    ...         return FeeTerms(maker_rate=self.rate, taker_rate=self.rate, at_most=self.most)
    >>> CappedPercent().terms().at_most
    20.0
    """

    @abstractmethod
    def terms(self) -> FeeTerms:
        """What the rules charge."""

    def write(self, book: Book) -> None:
        """Write the terms into a book."""
        self.terms().write(book)

    @property
    def is_free(self) -> bool:
        """Whether nothing is ever charged."""
        return self.terms() == FeeTerms()


class Slippage(CostModel, ABC):
    """How far fills land from the price the bar gave; a model of one's own is a frozen dataclass with `terms`."""

    @abstractmethod
    def terms(self) -> SlippageTerms:
        """The law by which the rules move the price."""

    def write(self, book: Book) -> None:
        """Write the terms into a book."""
        self.terms().write(book)

    @property
    def is_free(self) -> bool:
        """Whether fills always land where the bar says."""
        return self.terms().amount == 0.0


def _flaw(base: type[CostModel]) -> Callable[[Any], str | None]:
    def flaw(value: Any) -> str | None:
        if not (isinstance(value, type) and issubclass(value, base)):
            return f"it is no subclass of {base.__name__}"
        if not getattr(vars(value).get("__dataclass_params__"), "frozen", False):
            return "it is no frozen dataclass, or its @dataclass stands above the decorator that names it"
        return None

    return flaw


COMMISSIONS: Registry[type[Commission]] = Registry(
    "commission", "tradewright.commissions", flaw=_flaw(Commission), hint="Use per-trade, per-share, percent or none."
)
SLIPPAGES: Registry[type[Slippage]] = Registry(
    "slippage", "tradewright.slippages", flaw=_flaw(Slippage), hint="Use bps, spread, volume-share or square-root."
)
Commission.registry = COMMISSIONS
Slippage.registry = SLIPPAGES


def commission(name: str) -> Callable[[_Model], _Model]:
    """Decorate a `Commission`, so that ``--commission NAME:NUMBER`` and a catalogue find it.

    Raises
    ------
    ConfigError
        When another commission has the name, or the class is no frozen dataclass.
    """
    return COMMISSIONS.register(name)


def slippage(name: str) -> Callable[[_Model], _Model]:
    """Decorate a `Slippage`, so that ``--slippage NAME:NUMBER`` and a catalogue find it.

    Raises
    ------
    ConfigError
        When another slippage has the name, or the class is no frozen dataclass.
    """
    return SLIPPAGES.register(name)


def described_model(registry: Registry[Any], description: Mapping[str, Any]) -> Any:
    """The model that gave a description: the inverse of `CostModel.describe`.

    Parameters
    ----------
    registry : Registry
        `COMMISSIONS` or `SLIPPAGES`.
    description : mapping
        Also as JSON gives it back, with lists for tuples.

    Raises
    ------
    ConfigError
        When no model has that name here, or it has other numbers today.
    """
    model = registry.get(str(description.get("model", "")))
    numbers = {name: _tupled(value) for name, value in description.items() if name != "model"}
    try:
        return model(**numbers)
    except TypeError as error:
        raise ConfigError(
            f"The {registry.kind} '{description['model']}' does not take {numbers}: {error}.",
            hint="Use the version of the package that wrote it.",
        ) from None


def require_amounts(model: Any) -> None:
    """Refuse a model with a number below zero."""
    for item in fields(model):
        value = getattr(model, item.name)
        if not value >= 0:
            raise ConfigError(f"{type(model).__name__}.{item.name} cannot be {value}.", hint="Give a number from 0 up.")


def _tupled(value: Any) -> Any:
    return tuple(map(_tupled, value)) if isinstance(value, (list, tuple)) else value
