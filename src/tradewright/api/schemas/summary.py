"""What trading came to over a period."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tradewright.app.projections.summary import Period

from .base import Instant, Request, Schema

__all__ = ["GroupSummary", "SummaryDay", "SummaryQuery", "TradingSummaryDocument"]


class SummaryQuery(Request):
    """Over which period, and of which mode."""

    period: Period = Field(default=Period.MONTH, description="Session dates; 1d is the latest within a week.")
    mode: Literal["paper", "live"] | None = Field(default=None, description="Both, each by itself, if not given.")


class SummaryDay(Schema):
    """A day of a group of sessions."""

    day: str = Field(examples=["2026-11-20"], description="The session date.")
    equity: str = Field(description="Of the sessions that traded on that day, at its end.")
    pnl: str
    index: float = Field(description="Product of the daily returns, 1 before the first day of the period.")


class GroupSummary(Schema):
    """Sessions of one mode in one currency. What is undefined is null, with its reason."""

    mode: str = Field(examples=["paper"])
    currency: str
    sessions: int = Field(description="With a day in the period.")
    running: int
    day: str | None = Field(description="The latest session date.")
    equity: str | None = Field(description="Of the sessions that run, as they last said.")
    exposure: str | None = Field(description="Value of what they hold, shorts counted as longs.")
    open_positions: int | None
    open_orders: int | None
    day_pnl: str | None = Field(description="Of the latest session date.")
    day_return: float | None
    pnl: str | None = Field(description="Of the period.")
    total_return: float | None = Field(description="Product of the daily returns, less one.")
    drawdown: float | None = Field(description="How far the index lies below its peak within the period.")
    max_drawdown: float | None
    sharpe: float | None = Field(description="Of daily returns, annualised; risk-free rate 0.")
    sortino: float | None
    win_rate: float | None = Field(description="Trades closed with a gain after fees, among all that were closed.")
    trades: int
    orders: int = Field(description="That were placed.")
    fill_rate: float | None = Field(description="Orders with a fill, among those with a fill or an end.")
    turnover: float | None = Field(description="Value traded over the mean equity of the period.")
    order_latency_p50_ms: float | None = Field(description="Of the slowest session that runs.")
    order_latency_p99_ms: float | None
    feed_age_s: float | None = Field(description="Since the close of the last row; of the session that waits longest.")
    reasons: dict[str, str] = Field(description="Why a value is null, by its name.")
    days: list[SummaryDay] = Field(description="Oldest first.")


class TradingSummaryDocument(Schema):
    """What trading came to: for each mode and currency by itself, never summed over modes."""

    period: Period
    first_day: str | None = Field(description="The first session date that counts; null with period all.")
    at: Instant
    groups: list[GroupSummary]
