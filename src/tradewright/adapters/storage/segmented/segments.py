"""Segments: a fixed number of rows of one series, named by content, and the shelf on which a store keeps them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from tradewright.domain.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

    Columns = Mapping[str, NDArray[Any]]

__all__ = [
    "COLUMNS", "DTYPES", "HINT", "SEGMENT_ROWS", "TIMES", "GoneError", "Segment", "Shelf", "columns_of", "cut",
    "damaged", "name_of",
]  # fmt: skip

SEGMENT_ROWS = 131_072
"""Rows of every segment but the last: about six megabytes, read in a few milliseconds."""

TIMES = ("open_time", "close_time")
_NUMBERS = ("open", "high", "low", "close", "volume")
COLUMNS = (*TIMES, *_NUMBERS, "session")
DTYPES = {**dict.fromkeys(TIMES, np.int64), **dict.fromkeys(_NUMBERS, np.float64), "session": np.int32}


HINT = "Import the series again with --replace; 'tradewright data check' says what else is not as it was written."


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
    number : int or None
        Its number in the catalogue; None until it has one.
    """

    name: str
    rows: int
    first_session: int
    last_session: int
    bytes: int = 0
    number: int | None = None


class Shelf(Protocol):
    """Where the rows of segments lie; `folder` names the series.

    Raises
    ------
    StorageError
        From every method, when what is there is not what was written, or nothing can be read or written.
    """

    def read(self, folder: str, segment: Segment, names: tuple[str, ...] = ...) -> Columns:
        """Columns of a segment by name, each (rows,); all of them unless some are named.

        Raises
        ------
        GoneError
            When it is not there.
        """
        ...

    def write(self, folder: str, segment: Segment, columns: Columns) -> Segment:
        """Put the rows of a segment aside, until a catalogue names it; the segment with its size.

        Raises
        ------
        ResourceError
            When the disk is full.
        """
        ...

    def place(self, folder: str) -> str:
        """How the rows of a series are called in sentences."""
        ...


def columns_of(bars: Bars) -> dict[str, NDArray[Any]]:
    """The rows of bars as stored columns, each (n,): times, prices, volume, and the session date of every row."""
    return {**bars.columns(), "session": bars.sessions.row_labels(len(bars)).astype(np.int32)}


def cut(columns: Columns, rows: int) -> Iterator[tuple[Segment, Columns]]:
    """Cut columns into segments of that many rows; what remains is the last one."""
    for first in range(0, len(columns["session"]), rows):
        part = {name: column[first : first + rows] for name, column in columns.items()}
        sessions = part["session"]
        yield Segment(name_of(part), len(sessions), int(sessions[0]), int(sessions[-1])), part


def name_of(columns: Columns) -> str:
    """The name that rows have by their content."""
    digest = hashlib.sha256()
    for name in COLUMNS:
        digest.update(np.ascontiguousarray(columns[name]).data)
    return digest.hexdigest()[:40]


def damaged(place: object, reason: str) -> StorageError:
    """The sentence for rows that are not what was written."""
    return StorageError(f"{place} in the store is damaged: {reason}.", hint=HINT)
