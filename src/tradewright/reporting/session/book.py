"""A session's record read once, and further as it grows: its rows of money and bars, and its orders."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.live.session import Happened, Row

from .money import FillTerms, Purse
from .tickets import OrderTickets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.live.session import Input, Output

__all__ = ["MoneyRow", "SessionBook", "book_of"]


class MoneyRow(NamedTuple):
    """How a session stood after a row of bars.

    Parameters
    ----------
    open_ns : int
        Of the row.
    day : int
        Session date, days since 1970-01-01.
    equity, realised, unrealised, costs : float
        equity = start + realised + unrealised - costs; NaN before the first row that the strategies decided on.
    gross : float
        Value of what is held.
    """

    open_ns: int
    day: int
    equity: float
    realised: float
    unrealised: float
    costs: float
    gross: float


@dataclass(slots=True)
class SessionBook:
    """What a session came to.

    Parameters
    ----------
    start : float
        Cash it began with.
    purse : Purse
    orders : OrderTickets
    money : list of MoneyRow
    bars : dict of symbol to list of (open_ns, open, high, low, close, volume)
    has_begun : bool
        Whether strategies have decided on a row.
    """

    start: float
    purse: Purse
    orders: OrderTickets
    money: list[MoneyRow] = field(default_factory=list)
    bars: dict[str, list[tuple[float, ...]]] = field(default_factory=dict)
    has_begun: bool = False

    def copy(self) -> SessionBook:
        """The same, to go on with aside."""
        bars = {symbol: list(rows) for symbol, rows in self.bars.items()}
        return SessionBook(
            self.start, self.purse.copy(), self.orders.copy(), list(self.money), bars, self.has_begun
        )  # fmt: skip

    def take(self, given: Input, outputs: tuple[Output, ...]) -> None:
        """Take the next input of the record with what the engine said to it."""
        self.orders.take(given, outputs)
        for said in outputs:
            if isinstance(said, Happened):
                self.purse.hear(said)
        if isinstance(given, Row):
            self._mark(given)
        elif self.money:
            self.money[-1] = self._stands(self.money[-1].open_ns, self.money[-1].day)

    def _mark(self, row: Row) -> None:
        self.purse.mark((bar.symbol, bar.close) for bar in row.bars)
        for bar in row.bars:
            values = bar.open_time, bar.open, bar.high, bar.low, bar.close, bar.volume
            self.bars.setdefault(bar.symbol, []).append(values)
        self.has_begun = self.has_begun or row.acts
        self.money.append(self._stands(row.open_ns, row.day))

    def _stands(self, open_ns: int, day: int) -> MoneyRow:
        if not self.has_begun:
            return MoneyRow(open_ns, day, *[math.nan] * 5)
        purse = self.purse
        equity = self.start + purse.realised + purse.unrealised - purse.costs
        return MoneyRow(open_ns, day, equity, purse.realised, purse.unrealised, purse.costs, purse.gross)


def book_of(about: Mapping[str, Any]) -> SessionBook:
    """The empty book of a session, by what it was started with."""
    start = float((about.get("policies") or {}).get("cash", 0.0))
    return SessionBook(start, Purse(FillTerms.of(about)), OrderTickets(about.get("fills") == "simulated"))
