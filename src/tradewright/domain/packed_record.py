"""A run record as bytes and back: one zip of JSON and numpy columns, the same bytes for the same record.

The bars are left out, being the data's and not the run's; everything the hash covers comes back to the last bit.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from .bars import SessionIndex
from .errors import DataError
from .instrument import Instrument, InstrumentKind
from .plain_values import from_plain, to_plain
from .record import DataKey, LogLine, OpenPosition, RunConfig, RunRecord, StrategyInfo, Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

__all__ = ["FORMAT", "packed", "unpacked"]

FORMAT = 1
"""Version of the layout; a record of a later one is refused."""

_ABOUT = "record.json"
_TABLES = ("events", "orders", "trades")
_LEVEL = 1
"""Of compression: equity hardly shrinks at any level, and the rest does at this one."""
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def packed(record: RunRecord) -> bytes:
    """The record as one piece."""
    arrays: Arrays = {
        "open_time": _steps(record.timeline.open_time),
        "close_time": _steps(record.timeline.close_time),
        "session_labels": record.timeline.sessions.labels,
        "session_rows": record.timeline.sessions.first_rows,
        "equity": record.equity,
        "exposure": record.exposure,
    }
    columns = {}
    for name in _TABLES:
        table = getattr(record, name)
        columns[name] = [[column, values.dtype.str] for column, values in table.items()]
        arrays |= _stacked(name, table)
    about = json.dumps(
        {"format": FORMAT, "columns": columns, **_about(record)}, ensure_ascii=False, separators=(",", ":")
    )
    return _zipped(about, arrays)


def unpacked(content: bytes) -> RunRecord:
    """The record that was packed, without its bars.

    Raises
    ------
    DataError
        When the bytes are no record, or one of a later layout.
    """
    try:
        about, arrays = _unzipped(content)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DataError(f"This is no run record, or a damaged one: {error}.") from error
    if about["format"] > FORMAT:
        raise DataError(
            f"The run record has layout {about['format']}, and this version reads up to {FORMAT}.",
            hint="Use the version of the package that wrote it.",
        )
    tables: dict[str, Any] = {name: _unstacked(name, about["columns"][name], arrays) for name in _TABLES}
    return RunRecord(timeline=_timeline(about, arrays), **tables, **_values(about, arrays))


def _about(record: RunRecord) -> dict[str, Any]:
    """What is no column."""
    line = record.timeline
    return {
        "config": _fields(record.config),
        "strategies": [_fields(each) for each in record.strategies],
        "instruments": [to_plain(each.to_dict()) for each in record.instruments],
        "data": [_fields(each) for each in record.data],
        "code_version": record.code_version,
        "rows_in_market": record.rows_in_market,
        "timeline": [line.intraday, line.sessions_per_year, line.first_row],
        "tags": [[number, text] for number, text in record.tags.items()],
        "client_ids": [[number, text] for number, text in record.client_ids.items()],
        "open_positions": [_fields(each) for each in record.open_positions],
        "logs": [_fields(each) for each in record.logs],
        "meta": to_plain(record.meta),
    }


def _values(about: dict[str, Any], arrays: Arrays) -> dict[str, Any]:
    instruments = [from_plain(each) for each in about["instruments"]]
    return {
        "config": RunConfig(**from_plain(about["config"])),
        "strategies": tuple(StrategyInfo(**from_plain(each)) for each in about["strategies"]),
        "instruments": tuple(Instrument(**{**each, "kind": InstrumentKind(each["kind"])}) for each in instruments),
        "data": tuple(DataKey(**from_plain(each)) for each in about["data"]),
        "code_version": about["code_version"],
        "equity": arrays["equity"],
        "exposure": arrays["exposure"],
        "rows_in_market": about["rows_in_market"],
        "tags": {int(number): text for number, text in about["tags"]},
        "client_ids": {int(number): text for number, text in about["client_ids"]},
        "open_positions": tuple(OpenPosition(**from_plain(each)) for each in about["open_positions"]),
        "logs": tuple(LogLine(**from_plain(each)) for each in about["logs"]),
        "meta": from_plain(about["meta"]),
    }


def _timeline(about: dict[str, Any], arrays: Arrays) -> Timeline:
    intraday, sessions_per_year, first_row = about["timeline"]
    return Timeline(
        np.cumsum(arrays["open_time"]),
        np.cumsum(arrays["close_time"]),
        SessionIndex(arrays["session_labels"], arrays["session_rows"]),
        intraday,
        sessions_per_year,
        first_row,
    )


def _fields(value: Any) -> dict[str, Any]:
    return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}


def _steps(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each instant as its distance from the one before: equal steps pack to nothing."""
    return np.diff(times, prepend=np.int64(0))


def _stacked(name: str, table: Mapping[str, NDArray[Any]]) -> Arrays:
    """The columns of a table by type, one array for each."""
    kinds = dict.fromkeys(values.dtype.str for values in table.values())
    return {
        f"{name}.{kind}": np.stack([values for values in table.values() if values.dtype.str == kind]) for kind in kinds
    }


def _unstacked(name: str, columns: list[list[str]], arrays: Arrays) -> Arrays:
    rows = {kind: iter(arrays[f"{name}.{kind}"]) for kind in {kind for _, kind in columns}}
    return {column: np.ascontiguousarray(next(rows[kind])) for column, kind in columns}


def _zipped(about: str, arrays: Arrays) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        archive.writestr(_entry(_ABOUT), about.encode(), compresslevel=_LEVEL)
        for name, values in arrays.items():
            column = io.BytesIO()
            np.lib.format.write_array(column, np.ascontiguousarray(values), allow_pickle=False)
            archive.writestr(_entry(f"{name}.npy"), column.getvalue(), compresslevel=_LEVEL)
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without the time of its writing, so that equal records are equal bytes."""
    entry = zipfile.ZipInfo(name, _NO_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _unzipped(content: bytes) -> tuple[dict[str, Any], Arrays]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        about: dict[str, Any] = json.loads(archive.read(_ABOUT))
        arrays = {
            name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
            for name in archive.namelist()
            if name.endswith(".npy")
        }
    return about, arrays
