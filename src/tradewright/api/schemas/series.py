"""Curves for drawing, in columns."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Instant, Request, Schema

__all__ = ["BarColumns", "Gap", "LineColumns", "SeriesDocument", "SeriesQuery", "SeriesRange"]


class SeriesRange(Request):
    """Which part of a curve, and how fine."""

    since: str | None = Field(
        default=None, max_length=40, alias="from", description="ISO-8601, UTC; included.", examples=["2024-01-01"]
    )
    until: str | None = Field(default=None, max_length=40, alias="to", description="ISO-8601, UTC; left out.")
    max_points: int = Field(default=2000, ge=10, le=10_000, description="Points at most; the width of the pane.")


class SeriesQuery(SeriesRange):
    """Which curves of a run."""

    names: str = Field(
        default="equity,drawdown",
        max_length=200,
        description=(
            "Of equity, drawdown, benchmark, exposure, close, volume and bars, or an indicator of the bars "
            "as name:period, such as sma:50; with commas between."
        ),
    )
    symbol: str | None = Field(default=None, max_length=200, description="Whose close, volume, bars and indicators.")


class LineColumns(Schema):
    """A line; where rows are drawn as they are, only `last` is there."""

    first: list[float | None] | None
    min: list[float | None] | None
    max: list[float | None] | None
    last: list[float | None]


class BarColumns(Schema):
    """Bars, or what they come to in each bucket."""

    open: list[float | None]
    high: list[float | None]
    low: list[float | None]
    close: list[float | None]
    volume: list[float | None]


class Gap(Schema):
    """A stretch in which bars are missing."""

    first: Instant
    last: Instant
    sentence: str


class SeriesDocument(Schema):
    """Columns on one time axis; numbers are for drawing, money is told elsewhere."""

    t: list[int] = Field(description="Seconds since 1970-01-01 UTC, rising: session dates, opens, or bucket begins.")
    lines: dict[str, LineColumns]
    bars: BarColumns | None
    level: int = Field(description="Buckets are timeframe × 2^level long.")
    bucket: int = Field(description="Seconds in a bucket.")
    raw_points: int = Field(description="Rows in the range.")
    method: Literal["raw", "bucketed"]
    gaps: list[Gap]
    currency: str
    seq: int = 0
