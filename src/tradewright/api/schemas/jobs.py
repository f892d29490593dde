"""Work that runs by itself, and what may be asked for."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from tradewright.domain.control.jobs import JobKind, JobState

from .base import Instant, Paging, Request, Schema

__all__ = [
    "FetchRequest",
    "ImportRequest",
    "Job",
    "JobError",
    "JobFilter",
    "JobLog",
    "JobProgress",
    "LogQuery",
    "RunEstimate",
    "RunRequest",
    "SeriesEstimate",
]


class JobProgress(Schema):
    """How much of the work is done."""

    done: float
    total: float | None = Field(description="Null where it is not known beforehand.")
    unit: str = Field(examples=["bars"])
    rate: float | None = Field(description="Units in a second.")
    seconds_left: float | None
    at: Instant
    search: str | None = Field(description="Id of the search whose trials are done; null where there is no single one.")


class JobError(Schema):
    """Why a job failed."""

    type: str
    sentence: str
    hint: str | None
    file: str | None
    line: int | None
    last_lines: list[str] = Field(description="What its process printed last.")


class Job(Schema):
    """A piece of work, as it stands."""

    id: str
    kind: JobKind
    state: JobState
    owner: str
    request: dict[str, Any] = Field(description="What was asked for.")
    attempt: int = Field(description="How often it was begun.")
    attempts_most: int
    created_at: Instant
    started_at: Instant | None
    ended_at: Instant | None
    worker: str | None
    pid: int | None
    progress: JobProgress | None
    run_id: str | None = Field(description="The run that it kept.")
    error: JobError | None
    cancel_asked_at: Instant | None
    seq: int = Field(default=0, description="Number of the last event of jobs/{id} that the answer contains.")


class JobFilter(Paging):
    """Which jobs."""

    state: JobState | None = None
    kind: JobKind | None = None
    owner: str | None = Field(default=None, max_length=64)


class JobLog(Schema):
    """What a job printed."""

    lines: list[str]
    next: int = Field(description="Ask again after this.")
    ended: bool = Field(description="Whether nothing follows any more.")


class LogQuery(Request):
    """From where on."""

    after: int = Field(default=0, ge=0, lt=1 << 62, description="What the last answer called next; 0 begins.")


class RunRequest(Request):
    """What is to be run. A field that is null is as the catalogue entry, the settings or the defaults have it."""

    kind: Literal["backtest", "optimize", "walk_forward"] = "backtest"
    strategy: str = Field(
        max_length=500, description="A name of the catalogue, or a file of the project: path/file.py[:Class].",
        examples=["sma_cross"],
    )  # fmt: skip
    symbols: list[str] | None = Field(default=None, max_length=5000, examples=[["ACME"]])
    source: Literal["store", "synthetic", "auto"] | None = Field(
        default=None, examples=["synthetic"], description="With auto the store, and what it lacks is fetched first."
    )
    timeframe: str | None = Field(default=None, max_length=20, examples=["1d"])
    adjustment: Literal["raw", "split", "full"] | None = None
    data_version: str | None = Field(default=None, max_length=128)
    as_of: str | None = Field(
        default=None, max_length=10, examples=["2024-01-12"],
        description="Stored bars and their actions as they were known when that date ended in UTC.",
    )  # fmt: skip
    hours: Literal["regular", "extended"] | None = Field(
        default=None,
        description="Of stored bars shorter than a day: only those of the hours of their exchange, or with those "
        "before the open and after the close; with the source auto they are fetched so. As stored if not given.",
    )
    calendar: str | None = Field(default=None, max_length=40)
    start: str | None = Field(default=None, max_length=10, examples=["2016-01-01"])
    end: str | None = Field(default=None, max_length=10)
    cash: str | None = Field(default=None, max_length=40, examples=["100000"])
    currency: str | None = Field(default=None, max_length=10)
    costs: Literal["none", "default"] | dict[str, str | float | None] | None = Field(
        default=None, examples=[{"slippage_bps": 10, "commission": "per-trade:1.0"}]
    )
    limits: Literal["none", "cautious", "standard", "bold"] | None = Field(default=None, description="Risk limits.")
    shorts: bool | None = None
    margin: str | None = Field(default=None, max_length=40)
    fill_at: Literal["open", "close"] | None = None
    size_at: Literal["decision", "fill"] | None = None
    intrabar: Literal["worst", "ohlc"] | None = None
    limit_fill: Literal["through", "touch"] | None = None
    insufficient: Literal["reject", "clip"] | None = None
    latency_bars: int | None = Field(default=None, ge=0, le=1000)
    lots: Literal["fifo", "lifo", "highest_cost"] | None = None
    finalize: bool | None = None
    benchmark: str | None = Field(default=None, max_length=64)
    metrics_from: Literal["start", "ready"] | None = None
    risk_free: float | None = Field(default=None, ge=-1, le=1)
    quality: Literal["keep", "refuse"] | None = None
    engine: Literal["auto", "python", "compiled"] | None = None
    seed: int | None = Field(default=None, ge=0, lt=1 << 63)
    params: dict[str, Any] | None = Field(default=None, examples=[{"fast": 10}])
    space: dict[str, Any] | None = Field(
        default=None,
        description="Of a search: for each parameter values, {low, high, step}, or null as it is declared.",
        examples=[{"fast": {"low": 5, "high": 30, "step": 5}}],
    )
    objective: str | list[str] | None = Field(default=None, examples=["sharpe"])
    maximize: bool | None = None
    method: str | None = Field(default=None, max_length=40)
    trials: int | None = Field(default=None, ge=1, le=10_000_000)
    where: str | None = Field(default=None, max_length=500)
    constraints: list[str] | None = Field(default=None, max_length=50)
    min_trades: int | None = Field(default=None, ge=0)
    metrics: list[str] | None = Field(default=None, max_length=100)
    prune: float | None = None
    executor: Literal["auto", "threads", "processes", "ray"] | None = Field(
        default=None, description="Who carries a search out: the worker's host, or a Ray cluster that it has joined."
    )
    workers: int | None = Field(default=None, ge=1, le=1024)
    family: str | None = Field(default=None, max_length=100)
    train: str | None = Field(default=None, max_length=40, description="Of a walk-forward.", examples=["252d"])
    test: str | None = Field(default=None, max_length=40, examples=["63d"])
    step: str | None = Field(default=None, max_length=40)
    gap: int | None = Field(default=None, ge=0)
    anchored: bool | None = None
    partial: bool | None = None
    name: str | None = Field(default=None, max_length=200, description="What the kept run is called.")
    note: str | None = Field(default=None, max_length=2000)
    tags: list[str] | None = Field(default=None, max_length=50)
    max_seconds: float | None = Field(default=None, gt=0, description="Ended when it takes longer.")
    max_memory_mb: int | None = Field(default=None, gt=0, description="Ended when it takes more.")


class SeriesEstimate(Schema):
    """What a run would read of one symbol."""

    symbol: str
    rows: int | None = Field(description="Null where nothing is stored.")
    first: str | None
    last: str | None
    gravity: Literal["notice", "warn", "fail"] | None


class RunEstimate(Schema):
    """What a run would cost."""

    rows: int | None = Field(description="Bars over all symbols; null where that is not known before.")
    trials: int | None = Field(description="Of a search; null where that is not known before.")
    memory_bytes: int | None
    free_bytes: int | None
    fits: bool | None = Field(description="Whether it fits into the memory that is free; null where nobody knows.")
    seconds: float | None = Field(description="By how long the latest runs took; null where there were none.")
    seconds_reason: str | None
    series: list[SeriesEstimate]
    problems: list[str] = Field(description="Why it could not begin; empty where it can.")


class FetchRequest(Request):
    """Which bars are to be fetched; null says nothing."""

    source: str = Field(
        max_length=64, examples=["alpaca"], description="A provider, a broker of the settings, or auto for all of them."
    )
    symbols: list[str] = Field(min_length=1, max_length=1000, examples=[["AAPL", "MSFT"]])
    timeframe: str | None = Field(default=None, max_length=20, examples=["1d"])
    start: str | None = Field(default=None, max_length=10, description="First session; a year back if not given.")
    end: str | None = Field(default=None, max_length=10, description="Last session; today if not given.")
    hours: Literal["regular", "extended"] | None = Field(
        default=None, description="Those of the exchange, which is the default, or also those before and after them."
    )
    refresh: bool | None = Field(default=None, description="Ask also for what is known.")


class ImportRequest(Request):
    """What uploaded files do not say of themselves; null says nothing."""

    symbols: list[str] | None = Field(default=None, max_length=1000)
    symbol_from: str | None = Field(default=None, max_length=200, examples=["{symbol}_1d_*"])
    calendar: str | None = Field(default=None, max_length=40, examples=["XNYS"])
    timeframe: str | None = Field(default=None, max_length=20, examples=["1d"])
    tz: str | None = Field(default=None, max_length=64)
    stamp: Literal["start", "end", "session"] | None = None
    epoch: Literal["s", "ms", "us", "ns"] | None = None
    volume: Literal["none"] | None = None
    adjustment: Literal["raw", "split", "full"] | None = None
    bad_rows: Literal["refuse", "drop"] | None = None
    suspects: Literal["keep", "drop", "refuse"] | None = None
    sessions: Literal["strict", "regular", "extended"] | None = None
    exchange: str | None = Field(default=None, max_length=40)
    currency: str | None = Field(default=None, max_length=10)
    append: bool | None = None
    replace: bool | None = None
    skip_bad: bool | None = None
