"""What sessions did, in rows that can be listed: each is made of the record of a session and can be made again.

Instants are UTC nanoseconds, prices and values in the currency of the session's account unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "OPEN_STATUSES",
    "FillFact",
    "HeldFact",
    "OrderFact",
    "SessionDay",
    "SessionFact",
    "StrategyFact",
    "TradeFact",
]

OPEN_STATUSES = frozenset({"pending", "submitted", "partially_filled", "unknown"})
"""Of orders that may still fill."""


@dataclass(frozen=True, slots=True)
class SessionFact:
    """A session.

    Parameters
    ----------
    id : str
    number : int
        Sessions of an installation in the order in which they were made.
    mode, fills, broker, account, timeframe, currency : str
    is_dry : bool
    strategies, symbols : tuple of str
    about : mapping
        What it was started with, without the texts of its strategies.
    standing : mapping or None
        What it wrote down last.
    read : int
        Inputs of its record that the other rows contain.
    seen_ns, measured_ns : int or None
        When it last gave a sign of life, and when it was last measured.
    why_ended : str
        Empty while it goes on.
    """

    id: str
    number: int
    mode: str
    fills: str
    broker: str
    account: str
    timeframe: str
    currency: str
    is_dry: bool
    strategies: tuple[str, ...]
    symbols: tuple[str, ...]
    about: Mapping[str, Any]
    standing: Mapping[str, Any] | None
    read: int
    seen_ns: int | None
    measured_ns: int | None
    why_ended: str

    @property
    def is_over(self) -> bool:
        """Whether it said that it ended."""
        return bool(self.why_ended)


@dataclass(frozen=True, slots=True)
class StrategyFact:
    """A strategy of a session: its number there, its name and parameters, and the hash of its text."""

    session: str
    number: int
    name: str
    params: Mapping[str, Any]
    source_hash: str | None


@dataclass(slots=True)
class OrderFact:
    """An order as it stands.

    Parameters
    ----------
    session : str
    id : int
        The engine's number.
    strategy, symbol : str
    side : int
        1 or -1.
    type, time_in_force : str
        ``"leg"`` and empty for the protective legs of a bracket.
    quantity, filled : float
        Units, positive.
    limit, stop : float or None
    average_price : float or None
    fees : float
    status : str
        Of `tradewright.domain.order.OrderStatus`.
    reason : str
    placed_ns : int
    ended_ns : int or None
    replaces : int or None
        The order in whose place it stands.
    tag : str or None
    """

    session: str
    id: int
    strategy: str
    symbol: str
    side: int
    type: str
    time_in_force: str
    quantity: float
    limit: float | None
    stop: float | None
    status: str
    placed_ns: int
    filled: float = 0.0
    average_price: float | None = None
    fees: float = 0.0
    reason: str = ""
    ended_ns: int | None = None
    replaces: int | None = None
    tag: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may still fill."""
        return self.status in OPEN_STATUSES


@dataclass(frozen=True, slots=True)
class FillFact:
    """Units that changed hands: `number` counts them within the session, `quantity` is signed."""

    session: str
    number: int
    order_id: int
    strategy: str
    symbol: str
    quantity: float
    price: float
    fee: float
    at_ns: int
    event: str


@dataclass(frozen=True, slots=True)
class TradeFact:
    """A position that came back to nothing, or part of one that turned over.

    Parameters
    ----------
    session : str
    number : int
        Within the session.
    strategy, symbol : str
    side : int
    quantity : float
        The most units that were held.
    entry_ns, exit_ns : int
    entry_price, exit_price : float
        Averages.
    fees, net : float
        `net` is the gain after fees.
    """

    session: str
    number: int
    strategy: str
    symbol: str
    side: int
    quantity: float
    entry_ns: int
    exit_ns: int
    entry_price: float
    exit_price: float
    fees: float
    net: float


@dataclass(slots=True)
class HeldFact:
    """What a strategy holds of a symbol; `realized` is what it made of it so far, fees counted."""

    session: str
    strategy: str
    symbol: str
    quantity: float = 0.0
    average_price: float | None = None
    mark: float | None = None
    mark_ns: int | None = None
    realized: float = 0.0


@dataclass(slots=True)
class SessionDay:
    """What a session did on one of its days.

    Parameters
    ----------
    session : str
    day : int
        The session date of the account, days since 1970-01-01.
    at_ns : int
        Close of its last row.
    began, equity : float or None
        Before and after the day; None where the record alone does not value it.
    exposure : float or None
        Value of all positions at its end, shorts counted as longs.
    traded : float
        Value of its fills.
    placed, filled, unfilled : int
        Orders: placed, filled for the first time, ended without a fill.
    trades, won : int
    """

    session: str
    day: int
    at_ns: int
    began: float | None
    equity: float | None
    exposure: float | None = None
    traded: float = 0.0
    placed: int = 0
    filled: int = 0
    unfilled: int = 0
    trades: int = 0
    won: int = 0
