"""Bars of two sources side by side."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tradewright.marketdata.comparison import PatternKind

from .base import Instant, Request, Schema
from .jobs import Job

__all__ = [
    "AbsentBars",
    "ComparedSeries",
    "ComparisonReport",
    "ComparisonRequest",
    "DifferingValue",
    "ExplainedDifference",
]


class ComparisonRequest(Request):
    """Which bars are to be put beside each other; null says nothing."""

    sources: list[str] = Field(
        min_length=2, max_length=2, examples=[["store", "alpaca"]],
        description="Two of: store, store@VERSION, a provider, or a broker of the settings.",
    )  # fmt: skip
    symbols: list[str] = Field(min_length=1, max_length=1000, examples=[["AAPL"]])
    timeframe: str | None = Field(default=None, max_length=20, examples=["1d"])
    start: str | None = Field(
        default=None, max_length=10, description="First session; as far back as both have, a year of providers."
    )
    end: str | None = Field(default=None, max_length=10, description="Last session; the last that both have.")
    adjustment: Literal["raw", "split", "full"] | None = Field(
        default=None, description="Which of the stored prices, where there are several."
    )
    tolerance: float | None = Field(
        default=None, ge=0, le=1, description="How far prices may lie apart and count as the same: 0.001."
    )
    volume_tolerance: float | None = Field(default=None, ge=0, le=1, description="How far volumes may: 0.05.")
    no_volume: bool | None = Field(default=None, description="Compare no volumes: those of one venue are not all.")


class ExplainedDifference(Schema):
    """What all bars differ by, or all before a date; it is taken out before values are compared."""

    kind: PatternKind
    sentence: str
    value: float = Field(
        description="Of a shift and a zone the seconds by which the second source is later; else the ratio of prices."
    )
    from_: Instant | None = Field(alias="from", description="From which bar on it is another; null throughout.")


class AbsentBars(Schema):
    """Bars that one source lacks, one after another."""

    side: Literal[0, 1] = Field(description="Which of the sources lacks them.")
    first: Instant
    last: Instant
    count: int


class DifferingValue(Schema):
    """One value that both sources have otherwise."""

    at: Instant
    name: str = Field(examples=["close"])
    values: list[float] = Field(description="Of the first source and of the second.")
    relative: float = Field(description="How far they lie apart, as a fraction of the larger one.")


class ComparedSeries(Schema):
    """What came of one symbol."""

    symbol: str
    error: str | None = Field(default=None, description="Why it was not compared; null where it was.")
    hint: str | None = None
    instrument: str | None = Field(default=None, examples=["XNAS:AAPL"])
    timeframe: str | None = None
    same: bool | None = Field(default=None, description="Whether nothing is missing, differs or had to be explained.")
    rows: list[int] = Field(default=[], description="Bars of either source.")
    common: int = Field(default=0, description="Bars that both have.")
    missing: list[int] = Field(default=[], description="Bars that either lacks and the other has.")
    absent: list[AbsentBars] = Field(default=[], description="The longest stretches of them, by time.")
    differing: dict[str, int] = Field(default={}, description="Bars in which a value differs, by its name.")
    rows_differing: int = Field(default=0, description="Bars in which any does.")
    patterns: list[ExplainedDifference] = Field(
        default=[], description="Shifted stamps, splits, dividends and units that explain differences as a whole."
    )
    worst: list[DifferingValue] = Field(default=[], description="The furthest apart, one of a bar, by time.")


class ComparisonReport(Schema):
    """What came of a comparison."""

    job: Job
    sources: list[str] = Field(description="What was put beside what.")
    symbols: list[ComparedSeries] = Field(description="Empty until the job is over.")
