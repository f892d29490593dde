"""The tables of a run as pages of rows: filtered and sorted as columns, and only the page made into documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.domain.moments import utc
from tradewright.domain.plain_values import to_plain
from tradewright.reporting import exports, tables

from .schemas.base import Page
from .schemas.runs import FillRow, LogEntry, OrderRow, TradeRow
from .words import decimal_text, finite, instant_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.tables import Columns

    from .schemas.runs import ExportFilter, RowFilter, TableFilter

__all__ = ["chosen_rows", "chosen_table", "fills_page", "logs_page", "orders_page", "trades_page"]

_RATIOS = frozenset({"return", "mae", "mfe", "trail_percent"})
_NUMBERS = frozenset(
    {"number", "id", "order_id", "entry_order", "exit_order", "bars", "parent", "structure", "book", "row", "ended"}
)


def trades_page(record: RunRecord, asked: TableFilter) -> Page[TradeRow]:
    """Closed trades, by exit unless sorted otherwise; the range is that of their exits."""
    return _page(_numbered(tables.trades(record)), asked, "exit_time", TradeRow)


def orders_page(record: RunRecord, asked: TableFilter) -> Page[OrderRow]:
    """Orders, by number unless sorted otherwise."""
    return _page(tables.orders(record), asked, "time", OrderRow)


def fills_page(record: RunRecord, asked: TableFilter) -> Page[FillRow]:
    """Executions, in the order in which they happened unless sorted otherwise."""
    return _page(_numbered(tables.fills(record)), asked, "time", FillRow)


def logs_page(record: RunRecord, first: int, count: int) -> list[LogEntry]:
    """Lines that the strategies logged, from one on."""
    return [
        LogEntry(
            number=number,
            time=utc(line.time),
            strategy=line.strategy,
            message=line.message,
            fields=to_plain(dict(line.fields)),
        )
        for number, line in enumerate(record.logs[first : first + count], first + 1)
    ]


def chosen_table(record: RunRecord, asked: ExportFilter) -> str:
    """The rows of trades, orders or fills that a filter means, in its order, as the text of a CSV file.

    Raises
    ------
    ConfigError
        For another table, or a column that there is not.
    """
    found = _EXPORTED.get(asked.table)
    if found is None:
        raise ConfigError(f"The table '{asked.table}' has no filter.", hint="Ask for the whole of it.")
    read, time = found
    columns = read(record)
    return exports.chosen_text(columns, chosen_rows(_numbered(columns), asked, time))


_EXPORTED: dict[str, tuple[Callable[[RunRecord], Columns], str]] = {
    "trades": (tables.trades, "exit_time"),
    "orders": (tables.orders, "time"),
    "fills": (tables.fills, "time"),
}


def chosen_rows(columns: Columns, asked: RowFilter, time: str) -> NDArray[np.int64]:
    """The rows that a filter means, in its order.

    Raises
    ------
    ConfigError
        When there is no such column.
    """
    first, stop = instant_ns("from", asked.since), instant_ns("to", asked.until)
    keep = np.ones(len(columns[time]), bool)
    for name, wanted in _words_of(asked):
        if name not in columns:
            raise ConfigError(f"This table has no column '{name}'.", hint="Leave it out.")
        keep &= columns[name] == wanted
    keep &= True if first is None else columns[time] >= first
    keep &= True if stop is None else columns[time] < stop
    keep &= _with_outcome(columns, getattr(asked, "outcome", None))
    return _sorted(columns, np.flatnonzero(keep), asked)


def _words_of(asked: RowFilter) -> list[tuple[str, str]]:
    """Columns that are to hold a word."""
    words = {"symbol": asked.symbol, "side": asked.side, "strategy": asked.strategy_id, "status": asked.status}
    return [(name, word) for name, word in words.items() if word is not None]


def _with_outcome(columns: Columns, outcome: str | None) -> NDArray[np.bool_] | bool:
    if outcome is None:
        return True
    if "net" not in columns:
        raise ConfigError("Only closed trades have an outcome.", hint="Leave outcome out.")
    gained: NDArray[np.bool_] = columns["net"] > 0 if outcome == "gain" else columns["net"] < 0
    return gained


def _sorted(columns: Columns, rows: NDArray[np.int64], asked: RowFilter) -> NDArray[np.int64]:
    if asked.sort is None:
        return rows if asked.order == "asc" else rows[::-1]
    if asked.sort not in columns:
        raise ConfigError(f"There is no column '{asked.sort}'.", hint=f"Sort by one of {', '.join(columns)}.")
    column = columns[asked.sort][rows]
    _, rank = np.unique(column.astype(str) if column.dtype == object else column, return_inverse=True)
    missing = column != column  # noqa: PLR0124 - only NaN differs from itself
    rank = rank if asked.order == "asc" else -rank
    return rows[np.lexsort((rank, np.asarray(missing, bool)))]


def _numbered(columns: Columns) -> Columns:
    count = len(next(iter(columns.values())))
    return {"number": np.arange(1, count + 1, dtype=np.int64), **columns}


def _page(columns: Columns, asked: TableFilter, time: str, row: type[Any]) -> Page[Any]:
    rows = chosen_rows(columns, asked, time)
    shown = asked.cut(rows)
    wanted = {field.alias or name for name, field in row.model_fields.items()}
    cells = {name: _cells(name, column[shown]) for name, column in columns.items() if name in wanted}
    items = [row.model_validate(dict(zip(cells, values, strict=True))) for values in zip(*cells.values(), strict=True)]
    return Page(
        items=items, page=asked.page, per_page=asked.per_page, total=len(rows), cursor=asked.behind(len(rows))
    )  # fmt: skip


def _cells(name: str, column: NDArray[Any]) -> Iterable[Any]:
    return map(_cell_of(name, column), column.tolist())


def _cell_of(name: str, column: NDArray[Any]) -> Callable[[Any], Any]:
    if name in tables.TIME_COLUMNS:
        return lambda value: None if value == tables.NAT else utc(value)
    if name in _NUMBERS:
        return int
    if name in _RATIOS:
        return finite
    return str if column.dtype == object else decimal_text
