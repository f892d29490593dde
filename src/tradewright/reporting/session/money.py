"""The money of a session by its fills: start + realised + unrealised - costs = equity, at every row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradewright.domain.live.session import Happened

__all__ = ["PAYMENTS", "TRADES", "FillTerms", "Purse"]

TRADES = frozenset({"fill", "expiry", "cash_in_lieu"})
"""Events by which units change hands."""
PAYMENTS = frozenset({"dividend", "borrow", "interest", "funding"})
"""Events whose quantity is money."""
_SPLIT = "split"
_DUST = 1e-9


class FillTerms(NamedTuple):
    """What a fill of a session is worth and costs.

    Parameters
    ----------
    multipliers : mapping of symbol to float
        Money of one unit at a price of one; 1 where a symbol is not there.
    taxes : tuple of float
        Of buys and of sells, fractions of their value.
    """

    multipliers: Mapping[str, float]
    taxes: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> Self:
        """By what a session was started with; a venue tells its taxes with its fees."""
        costs = (about.get("policies") or {}).get("costs") or {}
        rates = (costs.get("tax_buy"), costs.get("tax_sell")) if about.get("fills") == "simulated" else (None, None)
        instruments = about.get("instruments", ())
        multipliers = {str(each["symbol"]): float(each.get("multiplier") or 1.0) for each in instruments}
        return cls(multipliers, (float(rates[0] or 0.0), float(rates[1] or 0.0)))

    def multiplier(self, symbol: str) -> float:
        """Money of one unit at a price of one."""
        return self.multipliers.get(symbol, 1.0)

    def worth(self, event: Happened) -> float:
        """The value of a fill."""
        return abs(event.quantity) * event.price * self.multiplier(event.symbol)

    def charge(self, event: Happened) -> float:
        """Commission and tax of a fill."""
        return event.fee + (self.worth(event) * self.taxes[event.quantity < 0] if event.event == "fill" else 0.0)


@dataclass(slots=True)
class _Holding:
    """Units of one strategy in one symbol at average cost."""

    units: float = 0.0
    average: float = 0.0


@dataclass(slots=True)
class Purse:
    """Positions at average cost, what closing them earned, and what trading cost.

    Parameters
    ----------
    terms : FillTerms
    """

    terms: FillTerms
    realised: float = 0.0
    costs: float = 0.0
    _held: dict[tuple[int, str], _Holding] = field(default_factory=dict)
    _marks: dict[str, float] = field(default_factory=dict)

    def copy(self) -> Purse:
        """The same, to go on with aside."""
        held = {key: _Holding(each.units, each.average) for key, each in self._held.items()}
        return Purse(self.terms, self.realised, self.costs, held, dict(self._marks))

    def hear(self, said: Happened) -> None:
        """Take an event of the engine's log; fees, taxes, and what positions pay beside their price are costs."""
        if said.event in TRADES:
            self.costs += self.terms.charge(said)
            self._trade((said.strategy, said.symbol), said.quantity, said.price)
        elif said.event in PAYMENTS:
            self.costs -= said.quantity
        elif said.event == _SPLIT:
            self._split(said.strategy, said.symbol, said.quantity)

    def mark(self, closes: Iterable[tuple[str, float]]) -> None:
        """Take the last prices."""
        self._marks.update(closes)

    @property
    def unrealised(self) -> float:
        """What closing at the last prices would earn before costs."""
        return sum(
            each.units * (self._marks.get(symbol, each.average) - each.average) * self.terms.multiplier(symbol)
            for (_, symbol), each in self._held.items()
        )

    @property
    def gross(self) -> float:
        """Value of what is held at the last prices, long and short alike."""
        return sum(
            abs(each.units) * self._marks.get(symbol, each.average) * self.terms.multiplier(symbol)
            for (_, symbol), each in self._held.items()
        )

    def _trade(self, key: tuple[int, str], units: float, price: float) -> None:
        held = self._held.setdefault(key, _Holding())
        before = held.units
        held.units = before + units
        if before * units >= 0.0:
            held.average = (held.average * before + price * units) / held.units if held.units else 0.0
            return
        closed = min(abs(before), abs(units)) * (1.0 if before > 0.0 else -1.0)
        self.realised += closed * (price - held.average) * self.terms.multiplier(key[1])
        if abs(held.units) <= _DUST:
            del self._held[key]
        elif held.units * before < 0.0:
            held.average = price

    def _split(self, strategy: int, symbol: str, ratio: float) -> None:
        held = self._held.get((strategy, symbol))
        if held is not None:
            held.units, held.average = held.units * ratio, held.average / ratio
