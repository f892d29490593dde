"""Rows of bars as PostgreSQL's binary COPY writes them.

A row is the number of its fields, and each field its length and its bytes, most significant first (PostgreSQL manual,
chapter COPY, "Binary Format"). None of ours can be missing, so that all rows are equally long, and a million of them
are one array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..segmented.segments import COLUMNS, DTYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Columns = Mapping[str, NDArray[Any]]

__all__ = ["HEADER", "TRAILER", "columns_in", "encoded", "rows_of", "written"]

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"

_NUMBER = "segment"
_PIECE_ROWS = 65_536
"""Rows of one message: six megabytes."""


def _layout(names: Sequence[str]) -> np.dtype[Any]:
    fields: list[tuple[str, Any]] = [("fields", ">i2")]
    for name in names:
        kind = np.dtype(np.int64 if name == _NUMBER else DTYPES[name]).newbyteorder(">")
        fields += [(f"length of {name}", ">i4"), (name, kind)]
    return np.dtype(fields)


def written(number: int, columns: Columns) -> Iterator[bytes]:
    """The rows of a segment with its number, in pieces, from `HEADER` to `TRAILER`."""
    numbers = np.broadcast_to(np.int64(number), columns["session"].shape)
    return encoded({_NUMBER: numbers, **columns}, (_NUMBER, *COLUMNS))


def encoded(columns: Columns, names: Sequence[str]) -> Iterator[bytes]:
    """Columns, each (n,), as rows of these fields, in pieces, from `HEADER` to `TRAILER`."""
    layout = _layout(names)
    yield HEADER
    for first in range(0, len(columns[names[0]]), _PIECE_ROWS):
        stop = min(first + _PIECE_ROWS, len(columns[names[0]]))
        rows = np.empty(stop - first, layout)
        rows["fields"] = len(names)
        for name in names:
            rows[f"length of {name}"] = layout[name].itemsize
            rows[name] = columns[name][first:stop]
        yield rows.tobytes()
    yield TRAILER


def rows_of(content: bytes, names: Sequence[str]) -> NDArray[Any]:
    """What came, from header to trailer, as rows of these fields.

    Raises
    ------
    ValueError
        When it is not made of such rows.
    """
    layout = _layout(names)
    body = memoryview(content)[len(HEADER) : len(content) - len(TRAILER)]
    if content[: len(HEADER)] != HEADER or content[-len(TRAILER) :] != TRAILER or len(body) % layout.itemsize:
        raise ValueError("it is not made of rows of bars")
    rows: NDArray[Any] = np.frombuffer(body, layout)
    lengths = (rows[f"length of {name}"] == layout[name].itemsize for name in names)
    if not ((rows["fields"] == len(names)).all() and all(each.all() for each in lengths)):
        raise ValueError("a field of it is missing")
    return rows


def columns_in(rows: NDArray[Any], names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The fields of rows as columns of this machine's byte order, in the order of their times.

    Raises
    ------
    ValueError
        When a time stands twice.
    """
    times = rows["open_time"].astype(np.int64)
    steps = np.diff(times)
    order = None if (steps > 0).all() else np.argsort(times, kind="stable")
    if order is not None and (np.diff(times[order]) <= 0).any():
        raise ValueError("a time stands in it twice")
    columns = {name: times if name == "open_time" else rows[name].astype(DTYPES[name]) for name in names}
    return columns if order is None else {name: column[order] for name, column in columns.items()}
