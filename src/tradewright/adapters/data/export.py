"""Bars into files that the readers take back: the same bars, the same fingerprint.

Times are ISO 8601 in UTC, of daily and longer bars the date of the session; numbers keep every digit. Corporate actions
stand beside the prices, on the first row of their day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.arrow import wrapped
from tradewright.domain.timeframe import NS_PER_SECOND
from tradewright.reporting.wording import plural

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

__all__ = ["FORMATS", "left_out", "write_csv", "write_parquet"]

_PRICES = ("open", "high", "low", "close")


def write_csv(bars: Bars, path: Path) -> None:
    """Write a CSV file with a header."""
    import pyarrow as pa
    from pyarrow import csv

    table = pa.table({"timestamp": _stamps(bars), **_numbers(bars)})
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="none", quoting_header="none"))


def write_parquet(bars: Bars, path: Path) -> None:
    """Write a Parquet file; times are instants in UTC, or dates."""
    import pyarrow as pa
    from pyarrow import parquet

    if bars.timeframe.is_intraday:
        stamps = wrapped(bars.open_time, pa.timestamp("ns", "UTC"))
    else:
        stamps = pa.array(bars.sessions.row_labels(len(bars)).astype(np.int32)).cast(pa.date32())
    parquet.write_table(pa.table({"timestamp": stamps, **_numbers(bars)}), path, compression="zstd")


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


def _stamps(bars: Bars) -> Any:
    """When each bar opens, or its session's date, as text."""
    import pyarrow as pa

    if not bars.timeframe.is_intraday:
        return pa.array(np.datetime_as_string(bars.sessions.row_labels(len(bars)).view("datetime64[D]")))
    whole = not (bars.open_time % NS_PER_SECOND).any()
    text = np.datetime_as_string(bars.open_time.view("datetime64[ns]"), unit="s" if whole else "ns")
    return pa.array(np.char.add(text, "Z"))


def _numbers(bars: Bars) -> dict[str, NDArray[Any]]:
    columns = {name: getattr(bars, name) for name in _PRICES}
    if bars.instrument.has_volume:
        columns["volume"] = bars.volume
    if len(bars.actions.dividend_days):
        columns["ex_dividend"] = _beside(bars, bars.actions.dividend_days, bars.actions.dividends, np.add, 0.0)
    if len(bars.actions.split_days):
        columns["split_ratio"] = _beside(bars, bars.actions.split_days, bars.actions.split_ratios, np.multiply, 1.0)
    return columns


def _beside(
    bars: Bars, days: NDArray[np.int64], values: NDArray[np.float64], together: np.ufunc, none: float
) -> NDArray[np.float64]:
    """Values on the first row of their session, `none` elsewhere; several of one day together."""
    column = np.full(len(bars), none)
    place = np.searchsorted(bars.sessions.labels, days)
    there = np.isin(days, bars.sessions.labels)
    together.at(column, bars.sessions.first_rows[place[there]], values[there])
    return column
