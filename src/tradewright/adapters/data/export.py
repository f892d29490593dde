"""Bars into files that the readers take back: the same bars, the same fingerprint.

Times are ISO 8601 in UTC, of daily and longer bars the date of the session; numbers keep every digit. Corporate actions
stand beside the prices, on the first row of their day. Rows are written in stretches: text takes many times the memory
of the numbers that it says.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.arrow import wrapped
from tradewright.domain.timeframe import NS_PER_SECOND
from tradewright.reporting.wording import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Literal

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

    Unit = Literal["s", "ns"]

__all__ = ["FORMATS", "left_out", "write_csv", "write_parquet"]

_PRICES = ("open", "high", "low", "close")


_AT_ONCE = 65_536
"""Rows of a stretch."""


def write_csv(bars: Bars, path: Path) -> None:
    """Write a CSV file with a header."""
    import pyarrow as pa
    from pyarrow import csv

    options = csv.WriteOptions(quoting_style="none", quoting_header="none")
    beside = _beside_prices(bars)
    unit: Unit = "s" if not (bars.open_time % NS_PER_SECOND).any() else "ns"
    with ExitStack() as stack:
        writer: Any = None
        for first, part in _stretches(bars):
            table = pa.table({"timestamp": _stamps(part, unit), **_numbers(part), **_cut(beside, first, len(part))})
            writer = writer or stack.enter_context(csv.CSVWriter(path, table.schema, write_options=options))
            writer.write_table(table)


def write_parquet(bars: Bars, path: Path) -> None:
    """Write a Parquet file; times are instants in UTC, or dates."""
    import pyarrow as pa
    from pyarrow import parquet

    beside = _beside_prices(bars)
    with ExitStack() as stack:
        writer: Any = None
        for first, part in _stretches(bars):
            table = pa.table({"timestamp": _instants(part), **_numbers(part), **_cut(beside, first, len(part))})
            writer = writer or stack.enter_context(parquet.ParquetWriter(path, table.schema, compression="zstd"))
            writer.write_table(table)


FORMATS: dict[str, Callable[[Bars, Path], None]] = {"csv": write_csv, "parquet": write_parquet}


def left_out(bars: Bars) -> list[str]:
    """Sentences about the actions that columns beside the prices cannot say."""
    told = []
    for kind, days in (("split", bars.actions.split_days), ("dividend", bars.actions.dividend_days)):
        outside = int((~np.isin(days, bars.sessions.labels)).sum())
        if outside:
            told.append(f"Left out of the file, on days without a bar: {plural(outside, kind)} of {bars.symbol}.")
        if len(np.unique(days)) != len(days):
            told.append(f"Several {kind}s of {bars.symbol} on one day are one in the file.")
    return told


def _stretches(bars: Bars) -> Iterator[tuple[int, Bars]]:
    for first in range(0, len(bars), _AT_ONCE):
        yield first, bars.rows(first, min(first + _AT_ONCE, len(bars)))


def _stamps(bars: Bars, unit: Unit) -> Any:
    """When each bar opens, or its session's date, as text."""
    import pyarrow as pa

    if not bars.timeframe.is_intraday:
        return pa.array(np.datetime_as_string(bars.sessions.row_labels(len(bars)).view("datetime64[D]")))
    return pa.array(np.char.add(np.datetime_as_string(bars.open_time.view("datetime64[ns]"), unit=unit), "Z"))


def _instants(bars: Bars) -> Any:
    """The same as instants in UTC, or as dates."""
    import pyarrow as pa

    if bars.timeframe.is_intraday:
        return wrapped(bars.open_time, pa.timestamp("ns", "UTC"))
    return pa.array(bars.sessions.row_labels(len(bars)).astype(np.int32)).cast(pa.date32())


def _numbers(bars: Bars) -> dict[str, NDArray[Any]]:
    names = (*_PRICES, "volume") if bars.instrument.has_volume else _PRICES
    return {name: getattr(bars, name) for name in names}


def _beside_prices(bars: Bars) -> dict[str, NDArray[np.float64]]:
    """Columns for the actions of the whole series, where it has any."""
    columns = {}
    if len(bars.actions.dividend_days):
        columns["ex_dividend"] = _beside(bars, bars.actions.dividend_days, bars.actions.dividends, np.add, 0.0)
    if len(bars.actions.split_days):
        columns["split_ratio"] = _beside(bars, bars.actions.split_days, bars.actions.split_ratios, np.multiply, 1.0)
    return columns


def _cut(columns: dict[str, NDArray[np.float64]], first: int, rows: int) -> dict[str, NDArray[np.float64]]:
    return {name: column[first : first + rows] for name, column in columns.items()}


def _beside(
    bars: Bars, days: NDArray[np.int64], values: NDArray[np.float64], together: np.ufunc, none: float
) -> NDArray[np.float64]:
    """Values on the first row of their session, `none` elsewhere; several of one day together."""
    column = np.full(len(bars), none)
    place = np.searchsorted(bars.sessions.labels, days)
    there = np.isin(days, bars.sessions.labels)
    together.at(column, bars.sessions.first_rows[place[there]], values[there])
    return column
