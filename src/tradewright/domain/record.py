"""The run record: everything a run was made from and everything that happened in it.

Metrics, reports, replays and comparisons read the record and nothing else. Tables are dictionaries of equal-long numpy
columns; their column names and units are constants of this module.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from .bars import SessionIndex
    from .instrument import Instrument

    Table = Mapping[str, NDArray[Any]]

__all__ = [
    "EVENT_COLUMNS",
    "ORDER_COLUMNS",
    "TRADE_COLUMNS",
    "DataKey",
    "LogLine",
    "OpenPosition",
    "RunConfig",
    "RunRecord",
    "StrategyInfo",
    "Timeline",
]

EVENT_COLUMNS = (
    "kind",  # EventKind
    "row",  # row of the timeline in which it happened
    "book",  # number of the sub-ledger: strategy × symbols + symbol
    "order_id",  # 0 where no order is concerned
    "phase",  # 0 open, 1 stop, 2 limit, 3 born inside the bar, 4 close, 5 decision close, 6 event outside bars
    "quantity",  # signed units
    "price",  # instrument currency
    "fee",  # account currency
    "tax",  # account currency
    "slippage",  # account currency, memo: already in the price
    "fx",  # account currency per instrument currency
    "position",  # signed units after the event
    "cash",  # account cash after the event
    "basis",  # signed cost of the position after the event, account currency
    "reason",  # Reason
)
"""Columns of `RunRecord.events`: float64, one row per event, in the order in which things happened."""

ORDER_COLUMNS = (
    "id",
    "book",
    "row",  # row at whose close it was decided
    "side",  # +1 buy, -1 sell
    "type",  # index into tuple(OrderType)
    "role",  # index into tuple(OrderRole)
    "tif",  # index into tuple(TimeInForce)
    "quantity",
    "limit",
    "stop",
    "trail",  # price units; percent trails as a negative fraction
    "display",
    "parent",  # order id of the entry a leg belongs to, else 0
    "structure",  # number shared by the legs of a multi-leg order, else 0
    "filled",
    "price",  # average fill price, NaN without a fill
    "status",  # index into tuple(OrderStatus)
    "reason",  # Reason
    "ended",  # row in which it ended, -1 while working
)
"""Columns of `RunRecord.orders`: float64, one row per order, by id."""

TRADE_COLUMNS = (
    "book",
    "side",  # +1 long, -1 short
    "quantity",
    "entry_row",
    "exit_row",
    "entry_time",  # UTC ns
    "exit_time",  # UTC ns
    "entry_price",
    "exit_price",
    "entry_order",
    "exit_order",
    "gross",  # account currency
    "commission",
    "tax",
    "financing",  # borrow, interest and funding minus dividends received, while it was open
    "slippage",  # memo
    "net",  # gross - commission - tax - financing
    "return",  # net over the money put in at entry, a fraction
    "mae",  # worst excursion while open, fraction of the entry price, <= 0
    "mfe",  # best excursion while open, fraction of the entry price, >= 0
    "bars",  # bars held
)
"""Columns of `RunRecord.trades`: one row per pairing of an opening with a closing quantity, by exit."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """Which bars a run saw; `origin` says how to get them again (`Bars.origin`) and is outside every hash."""

    symbol: str
    timeframe: str
    fingerprint: str
    rows: int
    first: str
    last: str
    adjustment: str
    source: str
    synthetic: bool
    origin: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StrategyInfo:
    """Which strategy ran, with which parameters; `source_hash` is the hash of its text where it is known."""

    name: str
    params: Mapping[str, Any]
    source_hash: str | None
    warmup_bars: int
    style: str


@dataclass(frozen=True, slots=True)
class RunConfig:
    """The choices of a run, as plain values that can be printed, hashed and read back.

    `costs` and `limits` hold the models' own descriptions; `limits["name"]` is ``"none"`` or a preset's name.
    """

    cash: float
    currency: str
    start: str | None
    end: str | None
    seed: int
    fill_at: str
    size_at: str
    intrabar: str
    limit_fill: str
    insufficient: str
    participation: float
    finalize: bool
    metrics_from: str
    costs: Mapping[str, Any]
    margin: Mapping[str, Any]
    limits: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The rows of a run: the union of its symbols' bars from the first row of the data on.

    Parameters
    ----------
    open_time, close_time : (n,) int64
        UTC nanoseconds.
    sessions : SessionIndex
    intraday : bool
        Whether frames are indexed by the open instant (True) or the session label.
    sessions_per_year : int
        For annualisation.
    first_row : int
        Rows before it only warmed up; equity and metrics begin here.
    """

    open_time: NDArray[np.int64]
    close_time: NDArray[np.int64]
    sessions: SessionIndex
    intraday: bool
    sessions_per_year: int
    first_row: int = 0

    def __len__(self) -> int:
        return len(self.open_time)

    def labels(self) -> NDArray[np.int64]:
        """Index of the rows, UTC nanoseconds: open instants intraday, session dates otherwise."""
        from .timeframe import NS_PER_DAY

        return self.open_time if self.intraday else self.sessions.row_labels(len(self)) * NS_PER_DAY

    def session_closes(self) -> NDArray[np.int64]:
        """Rows at which a session ends, from `first_row` on."""
        rows = self.sessions.last_rows(len(self))
        return rows[rows >= self.first_row]


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """A position still open at the end, marked at the last close; money in account currency."""

    book: int
    symbol: str
    strategy: str
    quantity: float
    average_price: float
    mark: float
    value: float
    unrealized: float


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line that a strategy logged, at simulated time."""

    time: int
    strategy: str
    message: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class RunRecord:
    """Everything of one run.

    Parameters
    ----------
    config : RunConfig
    strategies : tuple of StrategyInfo
    instruments : tuple of Instrument
        By symbol number. A book's number is ``strategy number * len(instruments) + symbol number``.
    data : tuple of DataKey
    code_version : str
    timeline : Timeline
    equity : (n,) float64
        Account equity at each row's close; the starting cash before `timeline.first_row`.
    exposure : (s,) float64
        Gross exposure over equity at each of `timeline.session_closes()`.
    rows_in_market : int
        Rows from `first_row` on in which any position existed at any time.
    events, orders, trades : mapping of columns
        `EVENT_COLUMNS`, `ORDER_COLUMNS`, `TRADE_COLUMNS`.
    tags, client_ids : mapping of order id to str
    open_positions : tuple of OpenPosition
    logs : tuple of LogLine
    bars : mapping of symbol to Bars, by reference, for benchmarks and plots; outside the hash
    meta : mapping
        How the run was carried out (tier, wall time …); outside the hash.
    """

    config: RunConfig
    strategies: tuple[StrategyInfo, ...]
    instruments: tuple[Instrument, ...]
    data: tuple[DataKey, ...]
    code_version: str
    timeline: Timeline
    equity: NDArray[np.float64]
    exposure: NDArray[np.float64]
    rows_in_market: int
    events: Table
    orders: Table
    trades: Table
    tags: Mapping[int, str]
    client_ids: Mapping[int, str]
    open_positions: tuple[OpenPosition, ...]
    logs: tuple[LogLine, ...]
    bars: Mapping[str, Any] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def symbols(self) -> tuple[str, ...]:
        """Names by symbol number: short ones where those are unique, else ``EXCHANGE:SYMBOL``."""
        count = Counter(instrument.symbol for instrument in self.instruments)
        return tuple(each.symbol if count[each.symbol] == 1 else each.id for each in self.instruments)

    @property
    def is_synthetic(self) -> bool:
        """Whether any of the data was made up."""
        return any(key.synthetic for key in self.data)

    def identity(self) -> dict[str, Any]:
        """What the run was made from, as plain values: equal identity, equal bytes."""
        return {
            "config": {name: _plain(getattr(self.config, name)) for name in RunConfig.__dataclass_fields__},
            "strategies": [[s.name, _plain(s.params), s.source_hash, s.warmup_bars] for s in self.strategies],
            "instruments": [instrument.to_dict() for instrument in self.instruments],
            "data": [[key.symbol, key.timeframe, key.fingerprint, key.rows] for key in self.data],
            "code_version": self.code_version,
        }

    @cached_property
    def config_hash(self) -> str:
        """Hash of `identity()`."""
        return hashlib.sha256(_canonical(self.identity())).hexdigest()

    @cached_property
    def hash(self) -> str:
        """Hash of the identity and of every decision, fill and mark; wall-clock fields are outside."""
        digest = hashlib.sha256(_canonical(self.identity()))
        digest.update(np.ascontiguousarray(self.equity).data)
        for table in (self.events, self.orders, self.trades):
            for name in sorted(table):
                digest.update(name.encode())
                digest.update(np.ascontiguousarray(table[name]).data)
        digest.update(_canonical([sorted(self.tags.items()), sorted(self.client_ids.items())]))
        digest.update(_canonical([[line.time, line.strategy, line.message, _plain(line.fields)] for line in self.logs]))
        return digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, range)):
        return [_plain(item) for item in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)


def _canonical(value: Any) -> bytes:
    """JSON with sorted keys: the same values give the same bytes on every machine."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":")).encode()
