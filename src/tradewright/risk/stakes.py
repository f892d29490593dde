"""What an account may come to hold if everything that works or is unknown fills the worst way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.order import OrderSide

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradewright.domain.live.wire import WireOrder

    from .account_book import AccountBook
    from .prices import Prices

__all__ = ["Stake", "own_price", "stakes_of"]

_ZERO = Decimal(0)


def own_price(order: WireOrder) -> Decimal | None:
    """The highest price that an order names, or None for one at the market."""
    named = [price for price in (order.limit_price, order.stop_price) if price is not None]
    return max(named, default=None)


@dataclass(slots=True)
class Stake:
    """One symbol: units held, units that open orders may add to either side, and the highest price they name.

    Of an order that may only reduce, what it has beyond the position counts, for no venue need hold it to its word.
    """

    held: Decimal = _ZERO
    buys: Decimal = _ZERO
    sells: Decimal = _ZERO
    reach: Decimal = _ZERO

    def add(self, side: OrderSide, units: Decimal, price: Decimal | None) -> None:
        """Count an open order."""
        if side is OrderSide.BUY:
            self.buys += units
        else:
            self.sells += units
        self.reach = max(self.reach, price or _ZERO)

    def against(self, side: OrderSide) -> Decimal:
        """Units held that an order on this side closes."""
        return max(-self.held * side.value, _ZERO)

    def closable(self, order: WireOrder) -> Decimal:
        """Units of an order that certainly only reduce what is held.

        Of an order that says of itself that it only reduces, that is everything up to the position; of another one,
        what the orders on its side leave of it.
        """
        against = self.against(order.side)
        if not order.reduce_only:
            against -= self.buys if order.side is OrderSide.BUY else self.sells
        return min(max(against, _ZERO), order.quantity)

    @property
    def most(self) -> Decimal:
        """Most units that may be held on either side."""
        return max(abs(self.held), self.held + self.buys, self.sells - self.held)

    def value(self, last: float) -> float:
        """Largest value that may be held, per unit value 1; NaN without a price for what is there."""
        if not self.most:
            return 0.0
        if math.isnan(last):
            return math.nan
        reach = max(last, float(self.reach))
        up, down = self.held + self.buys, self.sells - self.held
        now = float(abs(self.held)) * last
        rising = float(max(self.held, _ZERO)) * last + float(min(up, self.buys)) * reach
        falling = float(max(-self.held, _ZERO)) * last + float(min(down, self.sells)) * reach
        return max(now, rising, falling)


def stakes_of(
    book: AccountBook, waiting: Iterable[WireOrder], without: frozenset[str] = frozenset()
) -> dict[str, Stake]:
    """The stakes of an account by symbol.

    Parameters
    ----------
    book : AccountBook
    waiting : iterable of WireOrder
        Approved and not in the book yet.
    without : frozenset of str
        Ids of our orders that are not counted: the one in question, and the one whose place it takes.
    """
    found = {symbol: Stake(held) for symbol, held in book.positions.items()}
    for order in book.orders.values():
        if order.is_open and order.cid not in without:
            _count(found, order.wire, order.leaves)
    for other in book.foreign.values():
        if other.is_open:
            found.setdefault(other.symbol, Stake()).add(other.side, other.quantity, None)
    for wire in waiting:
        _count(found, wire, wire.quantity)
    return found


def _count(found: dict[str, Stake], wire: WireOrder, units: Decimal) -> None:
    stake = found.setdefault(wire.symbol, Stake())
    if wire.reduce_only:
        units = max(units - stake.against(wire.side), _ZERO)
    stake.add(wire.side, units, own_price(wire) if units else None)


def total_value(stakes: Mapping[str, Stake], prices: Prices, now_ns: int) -> float:
    """Worst gross exposure of an account in its currency; NaN where something that counts has no price."""
    worth = ((stake.value(prices.last(symbol, now_ns)), prices.unit_value(symbol)) for symbol, stake in stakes.items())
    return math.fsum(value * unit for value, unit in worth)
