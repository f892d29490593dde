"""Between Arrow and numpy over the same memory: Arrow's own conversions load pandas, which costs a whole start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

__all__ = ["missing_in", "one_array", "truths_of", "values_of", "wrapped"]


def one_array(column: Any) -> Any:
    """A chunked column as one array."""
    if not hasattr(column, "chunks"):
        return column
    import pyarrow as pa

    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays([pa.nulls(0, column.type), *column.chunks])


def values_of(column: Any, dtype: DTypeLike) -> NDArray[Any]:
    """The values of a fixed-width column, (n,) of that type; what stands where a value is missing means nothing."""
    array = one_array(column)
    if len(array) == 0:
        return np.empty(0, dtype)
    kind = np.dtype(dtype)
    return np.frombuffer(array.buffers()[1], kind, len(array), array.offset * kind.itemsize)


def missing_in(column: Any) -> NDArray[np.bool_]:
    """Where a column has no value, (n,)."""
    array = one_array(column)
    bits = array.buffers()[0] if len(array) and array.null_count else None
    if bits is None:
        return np.full(len(array), array.null_count > 0)
    stop = array.offset + len(array)
    missing: NDArray[np.bool_] = np.unpackbits(np.frombuffer(bits, np.uint8), count=stop, bitorder="little") == 0
    return missing[array.offset :]


def truths_of(column: Any) -> NDArray[np.bool_]:
    """The values of a column of booleans, (n,); false where missing."""
    import pyarrow as pa

    true: NDArray[np.bool_] = values_of(column.cast(pa.int8()), np.int8) != 0
    return true & ~missing_in(column)


def wrapped(values: NDArray[np.int64], kind: Any) -> Any:
    """An Arrow array of an eight-byte type over a numpy array."""
    import pyarrow as pa

    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])
