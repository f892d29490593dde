"""The record's tables with words for its numbers: who, what, when and why, as plain numpy columns.

Frames, CSV and JSON are the same columns in three dresses. Times are int64 nanoseconds UTC, absent times `NAT`; texts
are object columns; everything else stays a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.events import EventKind, Reason
from tradewright.domain.order import OrderRole, OrderStatus, OrderType, TimeInForce
from tradewright.domain.portfolio import FillPhase
from tradewright.domain.record import EVENT_COLUMNS, TRADE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord

    Columns = dict[str, NDArray[Any]]

__all__ = ["NAT", "TIME_COLUMNS", "equity", "events", "fills", "orders", "trades"]

NAT = np.iinfo(np.int64).min
"""The absent time."""

TIME_COLUMNS = frozenset(
    {"time", "close_time", "entry_time", "exit_time", "ended_time", "peak_time", "valley_time", "recovery_time"}
)
"""Columns that hold nanoseconds UTC, in every table."""

_WHOLE = {"book", "row", "id", "order_id", "parent", "structure", "entry_row", "exit_row", "entry_order"}
_WHOLE |= {"exit_order", "bars", "ended"}


def trades(record: RunRecord) -> Columns:
    """`TRADE_COLUMNS` with symbol and strategy in front, words for the side and the orders' tags at the end."""
    table = record.trades
    columns = _owners(record, table["book"])
    columns |= {name: _typed(name, table[name]) for name in TRADE_COLUMNS}
    columns["side"] = np.where(table["side"] > 0, "long", "short").astype(object)
    for name in ("entry", "exit"):
        columns[f"{name}_time"] = table[f"{name}_time"].astype(np.int64)
        columns[f"{name}_tag"] = _tags(record.tags, table[f"{name}_order"])
    return columns


def fills(record: RunRecord) -> Columns:
    """One row per execution: positive quantity, price in the instrument's currency, costs in the account's.

    `time` is the bar's open for fills at the open, else its close; `slippage` is a memo, already inside `price`.
    """
    chosen = record.events["kind"] == EventKind.FILL
    table = {name: record.events[name][chosen] for name in EVENT_COLUMNS}
    row, phase = table["row"].astype(np.int64), table["phase"].astype(np.int64)
    line = record.timeline
    columns: Columns = {
        "order_id": _typed("order_id", table["order_id"]),
        "time": np.where(phase == 0, line.open_time[row], line.close_time[row]),
        "symbol": _owners(record, table["book"])["symbol"],
        "side": _sides(table["quantity"]),
        "quantity": np.abs(table["quantity"]),
    }
    columns |= {name: table[name] for name in ("price", "fee", "tax", "slippage")}
    columns["phase"] = _words(FillPhase, table["phase"])
    columns["tag"] = _tags(record.tags, table["order_id"])
    columns["strategy"] = _owners(record, table["book"])["strategy"]
    return columns


def orders(record: RunRecord) -> Columns:
    """One row per order with words for its enumerations, a sentence for its reason, and the times it lived between.

    `trail_amount` is in price units and `trail_percent` in percent (5 is five percent); prices that do not apply are
    NaN, `ended_time` of an order still working is absent.
    """
    table = record.orders
    row, ended = table["row"].astype(np.int64), table["ended"].astype(np.int64)
    close = record.timeline.close_time
    columns: Columns = {"id": _typed("id", table["id"]), "time": close[row], **_owners(record, table["book"])}
    columns["side"] = _sides(table["side"])
    columns["type"] = _words(OrderType, table["type"])
    columns["role"] = _words(OrderRole, table["role"])
    columns["tif"] = _words(TimeInForce, table["tif"])
    columns |= {name: table[name] for name in ("quantity", "filled", "price")}
    columns["status"] = _words(OrderStatus, table["status"])
    columns["reason"] = _reasons(table["reason"])
    columns["ended_time"] = np.where(ended >= 0, close[np.maximum(ended, 0)] if len(close) else ended, NAT)
    columns |= {name: np.where(table[name] > 0, table[name], np.nan) for name in ("limit", "stop", "display")}
    trail = table["trail"]
    columns["trail_amount"] = np.where(trail > 0, trail, np.nan)
    columns["trail_percent"] = np.where(trail < 0, trail * -100.0, np.nan)
    columns |= {name: _typed(name, table[name]) for name in ("parent", "structure", "book", "row", "ended")}
    columns["tag"] = _tags(record.tags, table["id"])
    columns["client_id"] = _tags(record.client_ids, table["id"])
    return columns


def events(record: RunRecord) -> Columns:
    """`EVENT_COLUMNS` with words for kind, phase and reason, and the time, symbol and strategy of each."""
    table = record.events
    row = table["row"].astype(np.int64)
    columns: Columns = {"time": record.timeline.close_time[row], **_owners(record, table["book"])}
    opens = table["phase"] == 0
    columns["time"] = np.where(opens, record.timeline.open_time[row], columns["time"])
    columns |= {name: _typed(name, table[name]) for name in EVENT_COLUMNS}
    columns["kind"] = np.array([EventKind(int(kind)).name.lower() for kind in table["kind"]], object)
    columns["phase"] = _words(FillPhase, table["phase"])
    columns["reason"] = _reasons(table["reason"])
    return columns


def equity(record: RunRecord) -> Columns:
    """Per row from the first traded one: index, close time, marked equity, drawdown from the highest equity so far.

    `index` is the session label for daily and longer bars, the bar's open for shorter ones. The starting cash counts
    as a peak, so a first row below it is already in drawdown.
    """
    line, first = record.timeline, record.timeline.first_row
    marked = record.equity[first:]
    peak = np.maximum.accumulate(np.maximum(marked, record.config.cash))
    return {
        "index": line.labels()[first:],
        "close_time": line.close_time[first:],
        "equity": marked,
        "drawdown": marked / peak - 1.0,
    }


def _owners(record: RunRecord, books: NDArray[Any]) -> Columns:
    """Symbol and strategy of each book; what concerns the whole account has neither."""
    symbols = np.array([*record.symbols, ""], object)
    names = np.array([*(strategy.name for strategy in record.strategies), ""], object)
    book = books.astype(np.int64)
    count = len(record.symbols)
    known = (book >= 0) & (book < count * len(record.strategies))
    return {
        "symbol": symbols[np.where(known, book % count, len(symbols) - 1)],
        "strategy": names[np.where(known, book // count, len(names) - 1)],
    }


def _typed(name: str, column: NDArray[Any]) -> NDArray[Any]:
    return column.astype(np.int64) if name in _WHOLE else column


def _sides(signed: NDArray[Any]) -> NDArray[Any]:
    return np.where(signed > 0, "buy", "sell").astype(object)


def _words(kinds: Iterable[str], numbers: NDArray[Any]) -> NDArray[Any]:
    words = np.array([str(kind) for kind in kinds], object)
    return words[numbers.astype(np.int64)]


def _reasons(numbers: NDArray[Any]) -> NDArray[Any]:
    """Sentences by the reason's number: numbers are part of the record's layout, their order in the source is not."""
    found, places = np.unique(numbers.astype(np.int64), return_inverse=True)
    sentences = np.array([Reason(int(number)).sentence for number in found], object)
    return sentences[places]


def _tags(labels: Mapping[int, str], ids: NDArray[Any]) -> NDArray[Any]:
    if not labels:
        return np.full(len(ids), "", object)
    return np.array([labels.get(int(number), "") for number in ids], object)
