"""Frames: pandas, polars, Arrow tables and mappings of arrays, told apart without importing any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tradewright.adapters.data.raw import RawTable
from tradewright.domain.errors import DataError

__all__ = ["open_frame"]


def open_frame(frame: Any) -> RawTable:
    """Open a frame; nothing is copied before columns are loaded.

    Parameters
    ----------
    frame : pandas.DataFrame, polars.DataFrame, polars.LazyFrame, pyarrow.Table, pyarrow.RecordBatch or Mapping
        A pandas index of times counts as a column named ``index`` unless it has a name; a mapping goes from column
        names to sequences of one length.

    Raises
    ------
    DataError
        When it is none of these.
    """
    kind = type(frame)
    library = kind.__module__.partition(".")[0]
    if library == "pandas" and kind.__name__ == "DataFrame":
        return _pandas(frame)
    if library == "polars" and kind.__name__ in ("DataFrame", "LazyFrame"):
        return _polars(frame)
    if library == "pyarrow" and kind.__name__ in ("Table", "RecordBatch"):
        return RawTable(
            tuple(frame.schema.names), lambda wanted: {at: frame.column(at) for at in wanted}, "the Arrow table"
        )
    if isinstance(frame, Mapping):
        return _mapping(frame)
    raise DataError(
        f"Bars cannot be made from a {kind.__qualname__}.",
        hint="Pass a pandas or polars DataFrame, an Arrow table, or a mapping of column names to arrays.",
    )


def _pandas(frame: Any) -> RawTable:
    import pandas as pd

    names = tuple(str(name) for name in frame.columns)
    timed = isinstance(frame.index, pd.DatetimeIndex | pd.PeriodIndex) or frame.index.name is not None

    def load(wanted: Mapping[int, bool]) -> dict[int, Any]:
        return {at: _series(frame.iloc[:, at] if at < len(names) else frame.index.to_series()) for at in wanted}

    return RawTable((*names, str(frame.index.name or "index")) if timed else names, load, "the pandas frame")


def _series(series: Any) -> Any:
    """A numpy array where numpy has the type, an Arrow array where it has not, a list of what is neither."""
    import pandas as pd

    if isinstance(series.dtype, pd.PeriodDtype):
        series = series.dt.to_timestamp()
    if isinstance(series.dtype, np.dtype):
        return series.tolist() if series.dtype.kind == "O" else series.to_numpy()
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        return _zoned(series)
    try:
        import pyarrow as pa

        return pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError):
        return series.tolist()


def _zoned(series: Any) -> Any:
    """Zones without a name, which Arrow does not know, are kept by their offsets."""
    import pyarrow as pa

    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowException, ValueError):
        return series.tolist()


def _polars(frame: Any) -> RawTable:
    import polars as pl

    names = tuple(frame.collect_schema().names())

    def load(wanted: Mapping[int, bool]) -> dict[int, Any]:
        try:
            chosen = frame.lazy().select([names[position] for position in wanted]).collect()
        except pl.exceptions.PolarsError as error:
            raise DataError(f"The polars frame cannot be read: {str(error).splitlines()[0]}.") from error
        return {position: chosen.get_column(names[position]).to_arrow() for position in wanted}

    return RawTable(names, load, "the polars frame")


def _mapping(frame: Mapping[Any, Any]) -> RawTable:
    columns = [_array(name, values) for name, values in frame.items()]
    return RawTable(tuple(map(str, frame)), lambda wanted: {at: columns[at] for at in wanted}, "the mapping")


def _array(name: object, values: Any) -> Any:
    """Numbers and numpy times as an array; anything else as the list it is."""
    if hasattr(values, "cast") or type(values).__module__.startswith(("pandas", "polars")):
        return (
            values.to_arrow()
            if hasattr(values, "to_arrow")
            else _series(values)
            if hasattr(values, "dtype")
            else values
        )
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise DataError(f"The column '{name}' of the mapping is no row of values: {error}.") from None
    if array.ndim != 1:
        raise DataError(
            f"The column '{name}' of the mapping has {array.ndim} dimensions.", hint="Pass one-dimensional arrays."
        )
    return array if array.dtype.kind in "fiuM" else array.tolist() if isinstance(values, np.ndarray) else list(values)
