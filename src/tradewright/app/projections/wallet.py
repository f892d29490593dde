"""Cash, positions and closed trades of a session, from its fills and other money events alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.trading import HeldFact, TradeFact
from tradewright.reporting.session.money import FillTerms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.live.session import Happened

__all__ = ["Wallet"]

_NOTHING = 1e-9


@dataclass(slots=True)
class _Open:
    """A trade that has not ended: what was put in and taken out."""

    entry_ns: int
    most: float = 0.0
    bought: float = 0.0
    sold: float = 0.0
    paid: float = 0.0
    got: float = 0.0
    fees: float = 0.0
    gain: float = 0.0


@dataclass(slots=True)
class Wallet:
    """What a session's account has.

    Parameters
    ----------
    session : str
    names : tuple of str
        Strategies by number.
    cash : float or None
        What it began with; None where that is not known.
    terms : FillTerms
    """

    session: str
    names: tuple[str, ...]
    cash: float | None
    terms: FillTerms
    held: dict[tuple[str, str], HeldFact] = field(default_factory=dict)
    closed: int = 0
    _marks: dict[str, tuple[float, int]] = field(default_factory=dict)
    _open: dict[tuple[str, str], _Open] = field(default_factory=dict)

    @classmethod
    def of(cls, session: str, about: Mapping[str, Any]) -> Wallet:
        """As a session began, by what it was started with."""
        policies = about.get("policies") or {}
        # Without the rates of the day other currencies cannot be counted into the account's.
        is_one = all(each.get("currency") == policies.get("currency") for each in about.get("instruments", ()))
        cash = policies.get("cash")
        return cls(
            session,
            tuple(str(each["name"]) for each in about.get("strategies", ())),
            float(cash) if cash is not None and is_one else None,
            FillTerms.of(about),
        )

    def name(self, strategy: int) -> str:
        """Of a strategy; empty where it is nobody's."""
        return self.names[strategy] if 0 <= strategy < len(self.names) else ""

    def mark(self, symbol: str, price: float, at_ns: int) -> list[HeldFact]:
        """Positions at a new price; those that are held."""
        self._marks[symbol] = price, at_ns
        found = [each for each in self.held.values() if each.symbol == symbol and each.quantity]
        for each in found:
            each.mark, each.mark_ns = price, at_ns
        return found

    @property
    def equity(self) -> float | None:
        """Cash and what positions are worth; None where that is not known."""
        if self.cash is None:
            return None
        return self.cash + sum(
            each.quantity * (each.mark or 0.0) * self.terms.multiplier(each.symbol) for each in self.held.values()
        )

    @property
    def exposure(self) -> float | None:
        """Value of all positions, shorts counted as longs; None where that is not known."""
        if self.cash is None:
            return None
        worth = (
            abs(each.quantity) * (each.mark or 0.0) * self.terms.multiplier(each.symbol) for each in self.held.values()
        )
        return float(sum(worth))

    def move(self, amount: float) -> None:
        """Money came or went."""
        if self.cash is not None:
            self.cash += amount

    def split(self, event: Happened) -> HeldFact:
        """Units are counted anew; `quantity` is how many come of one."""
        held = self._held(event)
        held.quantity *= event.quantity
        for name in ("average_price", "mark"):
            value = getattr(held, name)
            setattr(held, name, None if value is None or not event.quantity else value / event.quantity)
        return held

    def trade(self, event: Happened, at_ns: int) -> tuple[HeldFact, TradeFact | None]:
        """Units change hands: what is held then, and the trade that ended by it."""
        held = self._held(event)
        worth, fee = self.terms.worth(event), self.terms.charge(event)
        sign = 1.0 if event.quantity > 0 else -1.0
        self.move(-sign * worth - fee)
        # The close of its bar is what units are worth until the next; a fill says so only where there was none yet.
        held.mark, held.mark_ns = self._marks.setdefault(event.symbol, (event.price, at_ns))
        before = held.quantity
        after = before + event.quantity
        after = 0.0 if abs(after) < _NOTHING else after
        if before * after >= 0.0:
            done = self._work(held, event.quantity, event.price, fee, at_ns)
        else:
            share = abs(before) / abs(event.quantity)
            done = self._work(held, -before, event.price, fee * share, at_ns)
            self._work(held, after, event.price, fee * (1.0 - share), at_ns)
        return held, done

    def _work(self, held: HeldFact, quantity: float, price: float, fee: float, at_ns: int) -> TradeFact | None:
        """Add to a position, or take of it; the trade where nothing is left."""
        key = held.strategy, held.symbol
        trade = self._open.setdefault(key, _Open(at_ns))
        before, after = held.quantity, held.quantity + quantity
        side = 1 if (before or after) > 0 else -1
        gain = -fee
        if abs(after) >= abs(before):
            held.average_price = ((held.average_price or 0.0) * abs(before) + price * abs(quantity)) / abs(after)
            trade.bought, trade.paid = trade.bought + abs(quantity), trade.paid + abs(quantity) * price
        else:
            gain += abs(quantity) * (price - (held.average_price or 0.0)) * side * self.terms.multiplier(held.symbol)
            trade.sold, trade.got = trade.sold + abs(quantity), trade.got + abs(quantity) * price
        held.realized += gain
        trade.gain, trade.fees, trade.most = trade.gain + gain, trade.fees + fee, max(trade.most, abs(after))
        held.quantity = 0.0 if abs(after) < _NOTHING else after
        return None if held.quantity else self._close(held, side, at_ns)

    def _close(self, held: HeldFact, side: int, at_ns: int) -> TradeFact:
        trade = self._open.pop((held.strategy, held.symbol))
        held.average_price = None
        self.closed += 1
        return TradeFact(
            self.session, self.closed, held.strategy, held.symbol, side, trade.most, trade.entry_ns, at_ns,
            trade.paid / trade.bought if trade.bought else 0.0, trade.got / trade.sold if trade.sold else 0.0,
            trade.fees, trade.gain,
        )  # fmt: skip

    def _held(self, event: Happened) -> HeldFact:
        key = self.name(event.strategy), event.symbol
        return self.held.setdefault(key, HeldFact(self.session, *key))
