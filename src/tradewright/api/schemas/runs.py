"""Runs: what is listed, the whole of one, and its tables."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .base import Following, Instant, Paging, Request, Schema

__all__ = [
    "Chip",
    "CompareChoice",
    "CompareMetric",
    "ComparePeriod",
    "CompareRun",
    "Comparison",
    "ExportFilter",
    "FillRow",
    "ListedRun",
    "LogEntry",
    "Metric",
    "OpenPosition",
    "OrderRow",
    "RowFilter",
    "RunChange",
    "RunDetail",
    "RunFilter",
    "RunHashes",
    "RunStrategy",
    "RunWarning",
    "TableFilter",
    "TradeFilter",
    "TradeRow",
    "Verdict",
]

TrustState = Literal["ok", "notice", "warn", "fail", "not_computed"]


class Metric(Schema):
    """One number of a result, with the text that every view shows for it."""

    key: str = Field(examples=["sharpe"])
    label: str = Field(examples=["Sharpe ratio"])
    group: str = Field(examples=["Risk-adjusted"])
    unit: str = Field(description="What it is counted in.", examples=["ratio"])
    value: float | None = Field(description="Fractions, not percent; null where it is undefined.", examples=[0.61])
    text: str = Field(description="By the number rule of its unit.", examples=["0.6 ± 0.3"])
    reason: str | None = Field(description="Why it is undefined, as a clause that reads after 'because'.")


class Chip(Schema):
    """One answer of the trust bar."""

    key: str = Field(examples=["costs"])
    state: TrustState
    label: str = Field(examples=["Costs"])
    value: str = Field(examples=["3.1 % of gross, break-even 24.0 bps"])
    sentence: str = Field(examples=["Charged: 10 bps, 1.0 per order."])


class Verdict(Schema):
    """Whether the headline can be relied on."""

    state: Literal["ok", "unreliable"]
    sentence: str = Field(examples=["Unreliable: trials."])


class RunWarning(Schema):
    """One thing to know about a result."""

    code: str
    severity: Literal["notice", "warn", "fail"]
    sentence: str


class ListedRun(Schema):
    """A run as a list shows it."""

    id: str
    short_id: str = Field(description="Enough of the id to ask for it.")
    kind: str = Field(examples=["backtest"])
    name: str | None
    note: str
    tags: list[str]
    star: bool = Field(description="Whether somebody marked it.")
    status: str = Field(examples=["done"])
    strategy: str = Field(examples=["SmaCross"])
    symbols: list[str] = Field(examples=[["ACME"]])
    timeframe: str = Field(examples=["1d"])
    first: str = Field(description="Session date of the first row that counted.", examples=["2016-01-04"])
    last: str = Field(examples=["2025-12-31"])
    created_at: Instant
    currency: str = Field(examples=["USD"])
    headline: list[Metric] = Field(description="The metrics that a result is introduced with, as they were kept.")
    trust: list[Chip] | None = Field(description="The trust bar as it was kept; null of runs kept before it was.")
    synthetic: bool | None = Field(description="Whether the market was made up; null where that was not kept.")


class RunHashes(Schema):
    """What makes a run reproducible."""

    record: str
    config: str
    code_version: str


class RunStrategy(Schema):
    """A strategy of a run."""

    name: str
    params: dict[str, Any]
    warmup_bars: int
    style: str
    source_hash: str | None


class OpenPosition(Schema):
    """A position that was open at the end, marked at the last close."""

    symbol: str
    strategy: str
    quantity: str
    average_price: str
    mark: str
    value: str
    unrealized: str


class RunDetail(ListedRun):
    """The whole of a run but its tables and curves."""

    config: dict[str, Any] = Field(description="The choices of the run.")
    hashes: RunHashes
    strategies: list[RunStrategy]
    data: list[dict[str, Any]] = Field(description="Which bars it saw, symbol by symbol.")
    metrics: list[Metric] = Field(description="All metrics in the order in which they are shown.")
    trust: list[Chip] = Field(description="The trust bar: eight states in fixed order.")
    verdict: Verdict
    warnings: list[RunWarning]
    open_positions: list[OpenPosition]
    refusals: list[dict[str, Any]] = Field(description="Why orders were refused, the most frequent first.")
    tables: dict[str, int] = Field(description="Rows of trades, orders, fills and logs.")
    obstacles: list[str] = Field(description="Why it cannot be run again; empty where it can.")
    search: dict[str, Any] | None = Field(
        default=None,
        description="The search of which it is the best, without its trials (docs/reference/search-json.md).",
    )
    walk_forward: dict[str, Any] | None = Field(
        default=None,
        description="The walk that it is stitched from, without folds (docs/reference/walk-forward-json.md).",
    )
    zone: str = Field(description="The clock that all its exchanges keep, else UTC.", examples=["America/New_York"])


class RunFilter(Paging):
    """Which runs are listed, and in which order."""

    strategy: str | None = Field(default=None, max_length=200, description="Any part of the strategy's name.")
    symbol: str | None = Field(default=None, max_length=200)
    tag: str | None = Field(default=None, max_length=200)
    kind: str | None = Field(default=None, max_length=40, description="backtest, optimize or walk_forward.")
    status: str | None = Field(default=None, max_length=40)
    star: bool | None = Field(default=None, description="Marked ones, or the others.")
    since: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="Kept on that day (UTC) or later."
    )
    sort: Literal["created", "strategy", "name", "total_return", "sharpe", "max_drawdown", "trades"] = "created"
    order: Literal["desc", "asc"] = Field(default="desc", description="What has no value stands last in both.")


class RunChange(Request):
    """What is said of a run from outside it; a field that is left out stays as it is."""

    name: str | None = Field(default=None, max_length=200, description="Null takes the name away.")
    note: str = Field(default="", max_length=2000)
    tags: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(default=[], max_length=20)
    star: bool = False


class RowFilter(Request):
    """Which rows of a table of a run, and in which order."""

    symbol: str | None = Field(default=None, max_length=200)
    side: Literal["long", "short", "buy", "sell"] | None = None
    strategy_id: str | None = Field(default=None, max_length=200, description="Of the strategy of that name.")
    status: str | None = Field(default=None, max_length=24, description="Of orders.", examples=["filled"])
    since: str | None = Field(default=None, max_length=40, alias="from", description="ISO-8601, UTC; included.")
    until: str | None = Field(default=None, max_length=40, alias="to", description="ISO-8601, UTC; left out.")
    sort: str | None = Field(default=None, max_length=40, description="A column; as it happened by default.")
    order: Literal["asc", "desc"] = "asc"


class TableFilter(Following, RowFilter):
    """Which rows of a table of a run, and which page of them."""


Outcome = Literal["gain", "loss"]


class TradeFilter(TableFilter):
    """Which closed trades."""

    outcome: Outcome | None = Field(default=None, description="By the net result; 0 is neither.")


class ExportFilter(RowFilter):
    """Which table as a file. Trades, orders and fills can be filtered and sorted as their lists are."""

    table: Literal[
        "trades", "fills", "orders", "equity", "metrics", "monthly", "yearly", "drawdowns", "contributions"
    ] = "trades"
    outcome: Outcome | None = Field(default=None, description="Of trades.")

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out and nothing moved."""
        return self == ExportFilter(table=self.table)


class TradeRow(Schema):
    """A closed trade; money and prices as decimal text, ratios as numbers."""

    number: int = Field(description="Counted from 1, by exit.")
    symbol: str
    strategy: str
    side: Literal["long", "short"]
    quantity: str
    entry_time: Instant
    exit_time: Instant
    entry_price: str
    exit_price: str
    entry_order: int
    exit_order: int
    entry_tag: str
    exit_tag: str
    gross: str
    commission: str
    tax: str
    financing: str
    slippage: str = Field(description="A memo: it is inside the prices already.")
    net: str
    return_: float | None = Field(alias="return", description="Net over the money put in, a fraction.")
    mae: float | None = Field(description="Worst excursion while open, a fraction of the entry price.")
    mfe: float | None = Field(description="Best excursion while open, a fraction of the entry price.")
    bars: int = Field(description="Bars held.")


class OrderRow(Schema):
    """An order with what became of it."""

    id: int
    time: Instant
    symbol: str
    strategy: str
    side: Literal["buy", "sell"]
    type: str
    role: str
    tif: str
    quantity: str
    filled: str
    price: str | None = Field(description="Average of its fills.")
    limit: str | None
    stop: str | None
    trail_amount: str | None
    trail_percent: float | None = Field(description="In percent: 5 is five percent.")
    status: str
    reason: str = Field(description="Why it ended so, as a sentence; empty where nothing is to be said.")
    ended_time: Instant | None
    parent: int
    structure: int
    tag: str
    client_id: str


class FillRow(Schema):
    """An execution."""

    number: int = Field(description="Counted from 1.")
    order_id: int
    time: Instant
    symbol: str
    strategy: str
    side: Literal["buy", "sell"]
    quantity: str
    price: str
    fee: str
    tax: str
    slippage: str = Field(description="A memo: it is inside the price already.")
    phase: str
    tag: str


class LogEntry(Schema):
    """A line that a strategy logged, at simulated time."""

    number: int = Field(description="Counted from 1.")
    time: Instant
    strategy: str
    message: str
    fields: dict[str, Any]


class CompareRun(Schema):
    """A run that is compared."""

    id: str
    short_id: str
    name: str | None
    strategy: str
    currency: str
    first: str
    last: str
    hash: str


class CompareChoice(Schema):
    """One choice of every run; null where a run has none."""

    path: str
    values: list[Any]
    differs: bool


class CompareMetric(Schema):
    """One metric of every run beside that of the base."""

    key: str
    label: str
    unit: str
    values: list[float | None]
    texts: list[str]
    differences: list[float | None]
    difference_texts: list[str | None]
    standard_errors: list[float | None] = Field(description="Of the differences, as of independent samples.")
    differs: bool


class ComparePeriod(Schema):
    """What became of equity over the sessions that all runs have."""

    first: str
    last: str
    sessions: int
    returns: list[float | None]
    drawdowns: list[float | None]


class Comparison(Schema):
    """Runs side by side; the base stands first."""

    runs: list[CompareRun]
    same: bool = Field(description="Whether all are the same run: every decision, fill and mark.")
    config: list[CompareChoice]
    data: list[CompareChoice]
    metrics: list[CompareMetric]
    period: ComparePeriod | None = Field(description="Null where all have the same sessions, or share none.")


class ComparedIds(Request):
    """Which runs are compared."""

    ids: str = Field(
        max_length=2000, description="2 to 8 ids, with commas between; the first is the base.", examples=["3f1c,9a02"]
    )


class CompareSeriesQuery(ComparedIds):
    """Which curves are compared, and how fine."""

    max_points: int = Field(default=2000, ge=10, le=10_000, description="Points at most; the width of the pane.")


class CompareQuery(ComparedIds):
    """Which runs are compared, and whether in full."""

    everything: bool = Field(default=False, description="Show what is equal, too.")
