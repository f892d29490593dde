"""A result taken apart: by months and years, by drawdowns, by what trading costs."""

from __future__ import annotations

from pydantic import Field

from .base import Instant, Schema

__all__ = ["CostScenario", "Drawdown", "MonthReturn", "RunBreakdown", "YearReturn"]


class MonthReturn(Schema):
    """What a calendar month brought."""

    year: int
    month: int = Field(description="1 to 12.")
    value: float = Field(description="A fraction.")


class YearReturn(Schema):
    """What a calendar year brought, beside the benchmark."""

    year: int
    strategy: float
    benchmark: float | None
    difference: float | None


class Drawdown(Schema):
    """A fall from a peak, until it was made up for."""

    depth: float = Field(description="A fraction, below zero.")
    peak_at: Instant
    valley_at: Instant
    recovery_at: Instant | None = Field(description="Null while it lasts.")
    days: float = Field(description="From the peak to recovery, or to the end of the run.")
    days_to_recover: float | None


class CostScenario(Schema):
    """The recorded fills with their costs times a factor; decisions and quantities are kept as they were."""

    multiple: float = Field(description="1 is the run as it was.")
    costs: str
    final_equity: str
    total_return: float
    sharpe: float | None
    sharpe_reason: str | None
    max_drawdown: float


class RunBreakdown(Schema):
    """A result taken apart."""

    months: list[MonthReturn]
    years: list[YearReturn]
    drawdowns: list[Drawdown] = Field(description="The ten deepest.")
    costs: list[CostScenario]
    currency: str
