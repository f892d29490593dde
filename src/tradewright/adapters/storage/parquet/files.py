"""Segments as Parquet files with one row group, named by content.

Written with LZ4, without dictionaries and without missing values, so that reading is one decompression per column
straight into the memory that the bars then use. Pages carry checksums.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.arrow import one_array, values_of, wrapped

from ..segmented.segments import COLUMNS, DTYPES, HINT, TIMES, GoneError, Segment, damaged
from .durable import write_durably

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Columns = Mapping[str, NDArray[Any]]

__all__ = ["SegmentFiles", "columns_in", "file_place", "read_columns", "segment_bytes", "write_segment"]


class SegmentFiles:
    """See `tradewright.adapters.storage.segmented.segments.Shelf`.

    Parameters
    ----------
    root : Path
        The folder of all series.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, folder: str, segment: Segment, names: tuple[str, ...] = COLUMNS) -> Columns:
        """Columns of a segment by name."""
        return read_columns(self._root / file_place(folder, segment), segment.rows, names)

    def write(self, folder: str, segment: Segment, columns: Columns) -> Segment:
        """Write the file of a segment; no catalogue names it yet."""
        return replace(segment, bytes=write_segment(self._root / file_place(folder, segment), columns))

    def place(self, folder: str) -> str:
        """Where the files of a series lie."""
        return str(self._root / folder)


def file_place(folder: str, segment: Segment) -> str:
    """Where a segment lies, below the folder of all series."""
    return f"{folder}/{segment.name}.parquet"


def write_segment(path: Path, columns: Columns) -> int:
    """Write a segment durably; its size in bytes.

    Raises
    ------
    ResourceError
        When the disk is full.
    """
    content = segment_bytes(columns)
    write_durably(path, content)
    return len(content)


def segment_bytes(columns: Columns) -> memoryview:
    """A segment as the bytes of a file."""
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
    return memoryview(sink.getvalue())


def _stored(name: str, column: NDArray[Any]) -> Any:
    import pyarrow as pa

    if name in TIMES:
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
    try:
        return _columns(path, path, rows, names)
    except FileNotFoundError:
        raise GoneError(f"{path} in the store is missing.", hint=HINT) from None


def columns_in(content: bytes, place: str, rows: int, names: tuple[str, ...] = COLUMNS) -> dict[str, NDArray[Any]]:
    """Columns of a segment out of the bytes of its file; `place` is how they are called.

    Raises
    ------
    StorageError
        When they are not the segment that the catalogue describes.
    """
    import pyarrow as pa

    return _columns(pa.BufferReader(content), place, rows, names)


def _columns(source: Any, place: object, rows: int, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(source, memory_map=True, page_checksum_verification=True) as opened:
            table = opened.read(columns=list(names), use_threads=False)
        found = {name: values_of(one_array(table.column(name)), DTYPES[name]) for name in names}
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        reason = str(error).split("\n", 1)[0][:200].rstrip(".")
        raise damaged(place, reason) from error
    if any(len(column) != rows for column in found.values()):
        raise damaged(place, f"it does not hold {rows:,} rows")
    return found
