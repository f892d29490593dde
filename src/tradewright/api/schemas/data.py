"""Stored bars."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Instant, Paging, Request, Schema
from .jobs import Job
from .series import SeriesDocument, SeriesRange

__all__ = [
    "BarsDocument",
    "BarsQuery",
    "DataFinding",
    "DataProvider",
    "DataUse",
    "FetchReport",
    "FetchedSeries",
    "ImportReport",
    "ImportedFile",
    "SeriesFilter",
    "SeriesFreshness",
    "SeriesQuality",
    "SeriesVersion",
    "StoredSeries",
    "UsesQuery",
    "VersionsQuery",
]


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
    first_at: Instant = Field(description="Of the first bar: session date of daily and longer bars, open of shorter.")
    last_at: Instant
    calendar: str | None
    behind: int | None = Field(description="Sessions that closed since the last bar; null where nobody knows.")


class SeriesFreshness(Schema):
    """How fresh a series is."""

    instrument: str
    symbol: str
    timeframe: str
    adjustment: Literal["raw", "split", "full"]
    version: str
    versions: int = Field(description="How many versions of it are kept.")
    source: str = Field(description="Where its last bars came from.")
    fetched_from: str | None = Field(description="The source that it is fetched from, with its feed; null where none.")
    delay_s: float | None = Field(description="What that source is late by design; null where nobody knows.")
    asked_at: Instant | None = Field(description="When that source was asked last.")
    last_close: Instant = Field(description="When the last bar closed.")
    expected_close: Instant | None = Field(description="When the last bar closed that can be there by the calendar.")
    sessions_behind: int | None = Field(description="Sessions that closed since the last bar.")
    bars_behind: int | None = Field(description="Bars that can be there and are missing after the last one.")
    state: Literal["fresh", "late", "stale", "unknown"]
    sentence: str


class VersionsQuery(Paging):
    """Versions of which series."""

    symbol: str = Field(max_length=200, description="A symbol or EXCHANGE:SYMBOL.")
    timeframe: str = Field(default="1d", max_length=20)
    adjustment: Literal["raw", "split", "full"] | None = None


class SeriesVersion(Schema):
    """One version of a series."""

    version: str = Field(description="Named by the content of the bars.")
    at: Instant = Field(description="When it was written.")
    rows: int
    first: str = Field(description="Session date of daily and longer bars, instant of shorter ones.")
    last: str
    source: str = Field(description="Where the bars came from that made it.")
    why: Literal["import", "fetch", "revision"] = Field(
        description="Bars of a file; bars that a source was asked for; other values of bars that were there."
    )
    bytes: int = Field(description="On disk; versions share what they have in common.")
    synthetic: bool
    gravity: Literal["notice", "warn", "fail"] | None = Field(description="Of the gravest finding; null where clean.")
    current: bool = Field(description="Whether it is read when no version is asked for.")


class UsesQuery(Request):
    """Whose runs."""

    symbol: str = Field(max_length=200, description="A symbol or EXCHANGE:SYMBOL.")
    most: int = Field(default=20, ge=1, le=100)


class DataProvider(Schema):
    """Where bars can be fetched from; whether it answers is not looked at."""

    name: str = Field(examples=["polygon"], description="What a fetch calls its source.")
    kind: str = Field(description="Its own name, that of the kind it is one of, or broker.")
    configured: bool = Field(description="Whether it can be asked as the settings stand.")
    named: bool = Field(description="Whether the settings speak of it.")
    synthetic: bool = Field(description="Whether its bars are made up.")
    live_bars: bool = Field(description="Whether it streams bars as they close.")
    live_quotes: bool = Field(description="Whether it streams quotes as they change.")


class DataUse(Schema):
    """A run that read bars from the store."""

    run_id: str
    short_id: str
    name: str | None
    strategy: str
    created_at: Instant
    timeframe: str
    adjustment: Literal["raw", "split", "full"]
    version: str = Field(description="Which version of the bars it read.")


class ImportedFile(Schema):
    """What became of one file."""

    file: str
    effect: str = Field(description="What it did to the store, or refused.")
    error: str | None = Field(default=None, description="Why it was refused.")
    instrument: str | None = None
    timeframe: str | None = None
    adjustment: Literal["raw", "split", "full"] | None = None
    version: str | None = None
    kept: int = Field(default=0, description="Bars of the version that is stored now.")
    new: int = Field(default=0, description="Bars that were not there before.")
    refused: int = Field(default=0, description="Rows that were left out.")
    refusals: list[DataFinding] = Field(
        default=[], description="Rows that were left out: lines and reasons, up to 500."
    )
    findings: list[DataFinding] = Field(default=[], description="What else was found in the bars, up to 500.")


class ImportReport(Schema):
    """What became of an import."""

    job: Job
    files: list[ImportedFile] = Field(description="Empty until the job is done.")


class FetchedSeries(Schema):
    """What became of one symbol of a fetch."""

    symbol: str
    error: str | None = Field(default=None, description="Why it was not fetched; null where it was.")
    hint: str | None = None
    instrument: str | None = Field(default=None, examples=["XNAS:AAPL"])
    timeframe: str | None = None
    source: str | None = Field(default=None, description="Whose bars came, with the feed.")
    synthetic: bool = Field(default=False, description="Whether they are made up.")
    passed_over: list[str] = Field(default=[], description="Why sources before it were not taken.")
    days_asked: int = Field(default=0, description="Days that were missing and were asked for.")
    days_incomplete: int = Field(
        default=0, description="Of those, days of which bars were left out; they are asked for again."
    )
    days_lacking: int = Field(
        default=0, description="Of those, days of which the source says that it has nothing; they are asked for again."
    )
    came: int = Field(default=0, description="Bars that came.")
    new: int = Field(default=0, description="Of those, what the store did not have.")
    revised: int = Field(default=0, description="Of those, what the store had with other values.")
    refused: int = Field(default=0, description="Bars that cannot be, left out.")
    notes: list[str] = Field(default=[], description="Why bars were left out, and what else should be looked at.")


class FetchReport(Schema):
    """What became of a fetch."""

    job: Job
    symbols: list[FetchedSeries] = Field(description="Empty until the job is over.")
