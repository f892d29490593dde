"""The record's tables as pandas frames: the only file of the room that knows pandas, imported on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradewright.reporting import tables

if TYPE_CHECKING:
    from tradewright.domain.record import RunRecord
    from tradewright.reporting.tables import Columns

__all__ = ["equity", "events", "fills", "orders", "table", "trades"]


def trades(record: RunRecord) -> pd.DataFrame:
    """Closed trades; columns as in `tables.trades`, times aware UTC."""
    return table(tables.trades(record))


def fills(record: RunRecord) -> pd.DataFrame:
    """Executions; columns as in `tables.fills`, times aware UTC."""
    return table(tables.fills(record))


def orders(record: RunRecord) -> pd.DataFrame:
    """Orders; columns as in `tables.orders`, times aware UTC."""
    return table(tables.orders(record))


def events(record: RunRecord) -> pd.DataFrame:
    """Events; columns as in `tables.events`, times aware UTC."""
    return table(tables.events(record))


def equity(record: RunRecord) -> pd.DataFrame:
    """Equity and drawdown by session label (naive dates), or by the bar's open (aware UTC) for intraday bars."""
    columns = tables.equity(record)
    labels = columns.pop("index")
    frame = table(columns)
    stamps = pd.DatetimeIndex(labels.astype("datetime64[ns]"))
    intraday = record.timeline.intraday
    frame.index = stamps.tz_localize("UTC") if intraday else stamps
    frame.index.name = "open_time" if intraday else "session"
    return frame


def table(columns: Columns) -> pd.DataFrame:
    """Columns of equal length as a frame; times aware UTC."""
    ready = {
        name: pd.DatetimeIndex(column.astype("datetime64[ns]")).tz_localize("UTC")
        if name in tables.TIME_COLUMNS
        else np.array(column)
        for name, column in columns.items()
    }
    return pd.DataFrame(ready)
