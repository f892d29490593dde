"""What sessions came to: figures, orders with their steps, fills."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Instant, Schema
from .series import SeriesRange

__all__ = [
    "MarketHours",
    "SessionFill",
    "SessionMoney",
    "SessionOrder",
    "SessionSeriesQuery",
    "WorthQuery",
]


class SessionMoney(Schema):
    """The figures of a session: start + realised + unrealised - costs = equity."""

    currency: str
    start: str = Field(description="Cash it began with.")
    equity: str
    realised: str
    unrealised: str
    costs: str = Field(description="Fees, taxes and financing together; a negative number was earned.")
    day: str | None = Field(description="Change of equity since the session date before.")
    day_share: float | None
    exposure: float | None = Field(description="Value held, as a fraction of equity.")
    drawdown: float | None = Field(description="Below the highest equity, as a fraction; 0 or negative.")
    orders: int
    fills: int
    slippage_bps: float | None = Field(description="How much worse than the close of the deciding bar it filled.")
    spread_bps: float | None = Field(description="What half of the spread cost, by the quotes orders were sent on.")
    assumed_bps: float | None = Field(description="What the cost policies of the session assume.")
    reasons: dict[str, str] = Field(description="Why a figure is null.")
    measured_at: Instant | None
    seq: int = 0


class SessionOrder(Schema):
    """An order of a session, and how far it has come by its record."""

    id: int
    strategy: str
    symbol: str
    side: Literal["buy", "sell"]
    type: str
    time_in_force: str
    quantity: str
    limit: str | None
    stop: str | None
    status: Literal["sent", "acknowledged", "unknown", "filled", "cancelled", "expired", "rejected", "replaced"]
    filled: str
    average: str | None
    reason: str
    sent_at: Instant = Field(description="When it was decided.")
    acknowledged_at: Instant | None = Field(description="When the venue was known to have it.")
    ended_at: Instant | None
    spread_bps: float | None = Field(
        description="Half of the spread when it was sent; null before a fill or without a quote."
    )


class SessionFill(Schema):
    """A fill of a session."""

    at: Instant
    order: int
    strategy: str
    symbol: str
    side: Literal["buy", "sell"]
    quantity: str
    price: str
    fee: str
    slippage_bps: float | None = Field(description="Against the close of the bar on which the order was decided.")
    spread_bps: float | None = Field(description="Half of the spread of the quote on which the order was sent.")


class SessionSeriesQuery(SeriesRange):
    """Which curves of a session."""

    names: str = Field(
        default="equity,drawdown",
        max_length=200,
        description="Of equity, drawdown, realised, unrealised, costs, exposure and bars, with commas between.",
    )
    symbol: str | None = Field(default=None, max_length=200, description="Whose bars.")


class WorthQuery(SeriesRange):
    """The course of which sessions."""

    currency: str = Field(min_length=1, max_length=20, description="Of one currency at a time.", examples=["USD"])


class MarketHours(Schema):
    """Whether a market trades now."""

    calendar: str = Field(examples=["XNYS"])
    zone: str = Field(examples=["America/New_York"])
    is_open: bool
    is_around_the_clock: bool
    opens_at: Instant | None = Field(description="When it opens next; null while it is open.")
    closes_at: Instant | None = Field(description="When it closes; null while it is closed.")
