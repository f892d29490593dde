"""Segments: a fixed number of rows of one series as one Parquet file with one row group, named by content.

Written with LZ4, without dictionaries and without missing values, so that reading is one decompression per column
straight into the memory that the bars then use. Pages carry checksums.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.arrow import one_array, values_of, wrapped
from tradewright.domain.errors import StorageError

from .durable import write_durably

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

    Columns = Mapping[str, NDArray[Any]]

__all__ = [
    "COLUMNS",
    "SEGMENT_ROWS",
    "GoneError",
    "Segment",
    "columns_of",
    "cut",
    "damaged",
    "read_columns",
    "write_segment",
]

SEGMENT_ROWS = 131_072
"""Rows of every segment but the last: about six megabytes, read in a few milliseconds."""

_TIMES = ("open_time", "close_time")
_NUMBERS = ("open", "high", "low", "close", "volume")
COLUMNS = (*_TIMES, *_NUMBERS, "session")
_DTYPES = {**dict.fromkeys(_TIMES, np.int64), **dict.fromkeys(_NUMBERS, np.float64), "session": np.int32}


_HINT = "Import the series again with --replace; 'tradewright data check' says what else is not as it was written."


class GoneError(StorageError):
    """A file of the store is not there; a version that is being read may have been removed meanwhile."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of rows: its name, and what the catalogue knows of it without opening it.

    Parameters
    ----------
    name : str
        Hash of its columns.
    rows : int
    first_session, last_session : int
        Session dates of its first and last row, as days since 1970-01-01.
    bytes : int
        On disk; 0 until it is written.
    """

    name: str
    rows: int
    first_session: int
    last_session: int
    bytes: int = 0

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}.parquet"


def columns_of(bars: Bars) -> dict[str, NDArray[Any]]:
    """The rows of bars as stored columns, each (n,): times, prices, volume, and the session date of every row."""
    return {**bars.columns(), "session": bars.sessions.row_labels(len(bars)).astype(np.int32)}


def cut(columns: Columns, rows: int) -> Iterator[tuple[Segment, Columns]]:
    """Cut columns into segments of that many rows; what remains is the last one."""
    for first in range(0, len(columns["session"]), rows):
        part = {name: column[first : first + rows] for name, column in columns.items()}
        digest = hashlib.sha256()
        for name in COLUMNS:
            digest.update(np.ascontiguousarray(part[name]).data)
        sessions = part["session"]
        yield Segment(digest.hexdigest()[:40], len(sessions), int(sessions[0]), int(sessions[-1])), part


def write_segment(path: Path, columns: Columns) -> int:
    """Write a segment durably; its size in bytes.

    Raises
    ------
    ResourceError
        When the disk is full.
    """
    import pyarrow as pa
    from pyarrow import parquet

    arrays = [_stored(name, columns[name]) for name in COLUMNS]
    fields = [pa.field(name, array.type, nullable=False) for name, array in zip(COLUMNS, arrays, strict=True)]
    sink = pa.BufferOutputStream()
    parquet.write_table(
        pa.Table.from_arrays(arrays, schema=pa.schema(fields)),
        sink,
        compression="lz4",
        use_dictionary=False,
        write_statistics=False,
        write_page_checksum=True,
        row_group_size=len(columns["session"]),
        data_page_size=1 << 24,
    )
    content = memoryview(sink.getvalue())
    write_durably(path, content)
    return len(content)


def _stored(name: str, column: NDArray[Any]) -> Any:
    import pyarrow as pa

    if name in _TIMES:
        return wrapped(column, pa.timestamp("ns", "UTC"))
    if name == "session":
        return pa.Array.from_buffers(pa.date32(), len(column), [None, pa.py_buffer(np.ascontiguousarray(column))])
    return pa.array(np.ascontiguousarray(column))


def read_columns(path: Path, rows: int, names: tuple[str, ...] = COLUMNS) -> dict[str, NDArray[Any]]:
    """Columns of a segment by name, each (rows,).

    Raises
    ------
    GoneError
        When there is no such file.
    StorageError
        When it is not the segment that the catalogue describes.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path, memory_map=True, page_checksum_verification=True) as opened:
            table = opened.read(columns=list(names), use_threads=False)
        found = {name: values_of(one_array(table.column(name)), _DTYPES[name]) for name in names}
    except FileNotFoundError:
        raise GoneError(f"{path} in the store is missing.", hint=_HINT) from None
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        reason = str(error).split("\n", 1)[0][:200].rstrip(".")
        raise damaged(path, reason) from error
    if any(len(column) != rows for column in found.values()):
        raise damaged(path, f"it does not hold {rows:,} rows")
    return found


def damaged(path: Path, reason: str) -> StorageError:
    """The sentence for a file that is not what was written."""
    return StorageError(f"{path} in the store is damaged: {reason}.", hint=_HINT)
