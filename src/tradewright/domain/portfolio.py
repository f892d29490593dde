"""Fills, positions with their lots, closed trades and the account, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .order import OrderSide

__all__ = ["Account", "Fill", "FillPhase", "Lot", "Position"]


class FillPhase(StrEnum):
    """Where inside a bar a fill happened (`docs/architecture.md`, life of an order)."""

    OPEN = "open"
    STOP = "stop"
    LIMIT = "limit"
    BORN = "born"
    CLOSE = "close"
    DECISION = "decision"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution.

    `time` is the bar's open for fills at the open, else its close (UTC nanoseconds); `slippage` is a memo in account
    currency, already inside `price`; `fee` and `tax` are in account currency.
    """

    order_id: int
    symbol: str
    side: OrderSide
    quantity: float
    price: float
    fee: float
    tax: float
    slippage: float
    time: int
    phase: FillPhase
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """Units bought (or sold short) together: signed quantity, price, and the instant they came in."""

    quantity: float
    price: float
    time: int


@dataclass(frozen=True, slots=True)
class Position:
    """What is held of one instrument: signed quantity and average price; flat is quantity 0.

    `market_price` is the last close; `unrealized_pnl` and `realized_pnl` are in account currency, before costs.
    """

    symbol: str
    quantity: float
    average_price: float
    market_price: float
    market_value: float
    unrealized_pnl: float
    realized_pnl: float

    @property
    def side(self) -> str:
        """``"long"``, ``"short"`` or ``"flat"``."""
        return "long" if self.quantity > 0 else "short" if self.quantity < 0 else "flat"

    @property
    def cost_basis(self) -> float:
        """Market value less unrealised profit: what the position cost."""
        return self.market_value - self.unrealized_pnl

    @property
    def unrealized_pnl_percent(self) -> float | None:
        """Unrealised profit as a fraction of the cost basis; None when flat."""
        return None if self.cost_basis == 0 else self.unrealized_pnl / abs(self.cost_basis)

    def __bool__(self) -> bool:
        return self.quantity != 0


@dataclass(frozen=True, slots=True)
class Account:
    """The account at one instant, in its own currency, marked at the last closes."""

    currency: str
    cash: float
    equity: float
    buying_power: float
    margin_used: float
    available: float

    @property
    def portfolio_value(self) -> float:
        """Equity under its other name."""
        return self.equity
