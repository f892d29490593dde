"""Parquet files, read column by column through Arrow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.adapters.data.files import require_file
from tradewright.adapters.data.raw import RawTable
from tradewright.domain.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["is_parquet", "open_parquet"]

_MAGIC = b"PAR1"


def is_parquet(path: str | Path) -> bool:
    """Whether a file begins as Parquet files do."""
    file = Path(path)
    require_file(file)
    try:
        with file.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror or error}.") from error


def open_parquet(path: str | Path) -> RawTable:
    """Open a Parquet file.

    Raises
    ------
    DataNotAvailableError
        When the file does not exist.
    DataError
        When it is a folder, cut off, or no Parquet.
    """
    import pyarrow as pa
    from pyarrow import parquet

    file = Path(path)
    require_file(file)
    try:
        opened = parquet.ParquetFile(file)
        names = tuple(opened.schema_arrow.names)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise _unreadable(file, error) from error

    def load(wanted: Mapping[int, bool]) -> dict[int, Any]:
        try:
            table = opened.read(columns=[names[position] for position in wanted])
            table.validate(full=True)
            return {position: table.column(names[position]) for position in wanted}
        except (pa.ArrowException, OSError, KeyError) as error:
            raise _unreadable(file, error) from error

    return RawTable(names, load, file.name)


def _unreadable(file: Path, error: Exception) -> DataError:
    reason = str(error).split("\n", 1)[0][:200].rstrip(".")
    return DataError(f"{file.name} cannot be read as Parquet: {reason}.", hint="Copy or export it again.")
