"""Stored bars."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Instant, Paging, Schema
from .series import SeriesDocument, SeriesRange

__all__ = ["BarsDocument", "BarsQuery", "DataFinding", "SeriesFilter", "SeriesQuality", "StoredSeries"]


class StoredSeries(Schema):
    """One instrument's bars of one timeframe with one adjustment."""

    instrument: str = Field(examples=["XNAS:AAPL"])
    symbol: str = Field(examples=["AAPL"])
    timeframe: str = Field(examples=["1d"])
    adjustment: Literal["raw", "split", "full"]
    currency: str
    version: str = Field(description="Named by the content of the bars.")
    rows: int
    first: str = Field(description="Session date of daily and longer bars, instant of shorter ones.")
    last: str
    imported_at: Instant
    source: str
    synthetic: bool
    bytes: int
    coverage: float | None = Field(description="Share of the expected bars that are there; null where nobody knows.")
    gravity: Literal["notice", "warn", "fail"] | None = Field(description="Of the gravest finding; null where clean.")
    checked: bool = Field(description="Whether its quality was looked at.")


class SeriesFilter(Paging):
    """Which series."""

    symbol: str | None = Field(default=None, max_length=200, description="A symbol or EXCHANGE:SYMBOL.")
    timeframe: str | None = Field(default=None, max_length=20)


class BarsQuery(SeriesRange):
    """Bars of which series."""

    symbol: str = Field(max_length=200, description="A symbol or EXCHANGE:SYMBOL.")
    timeframe: str = Field(default="1d", max_length=20)
    adjustment: Literal["raw", "split", "full"] | None = None


class BarsDocument(SeriesDocument):
    """Bars for drawing."""

    instrument: str
    timeframe: str
    version: str


class DataFinding(Schema):
    """One problem of a series."""

    problem: str
    gravity: Literal["notice", "warn", "fail"]
    count: int
    first_at: Instant | None
    last_at: Instant | None
    line: int | None = Field(description="Line of the file, with the header counted.")
    sentence: str


class SeriesQuality(StoredSeries):
    """A series with everything that was found in it."""

    expected_rows: int | None
    findings: list[DataFinding]
