"""From a column of anything to float64, naming the values that are no numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.arrow import missing_in, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["to_floats"]

_SHOWN = 30


def to_floats(column: Any) -> tuple[Floats, list[tuple[int, str]]]:
    """The column as float64, missing values as NaN, and each row whose value is no number with what it says.

    Parameters
    ----------
    column : numpy or Arrow array, or any sequence
    """
    if isinstance(column, np.ndarray) and column.dtype.kind in "fiu":
        return np.ascontiguousarray(column, np.float64), []
    if not isinstance(column, np.ndarray) and hasattr(column, "cast"):
        fast = _from_arrow(column)
        if fast is not None:
            return fast, []
        column = column.to_pylist()
    return _one_by_one(column)


def _from_arrow(column: Any) -> Floats | None:
    import pyarrow as pa

    if pa.types.is_boolean(column.type) or pa.types.is_temporal(column.type):
        return None
    try:
        numbers = column.cast(pa.float64(), safe=False)
    except pa.ArrowException:
        return None
    values, missing = values_of(numbers, np.float64), missing_in(numbers)
    return np.where(missing, np.nan, values) if missing.any() else values


def _one_by_one(values: Iterable[Any]) -> tuple[Floats, list[tuple[int, str]]]:
    faults: list[tuple[int, str]] = []
    numbers = []
    for row, value in enumerate(values):
        number = _number(value)
        if number is None:
            faults.append((row, f"'{str(value)[:_SHOWN]}' is not a number"))
        numbers.append(np.nan if number is None else number)
    return np.array(numbers, np.float64), faults


def _number(value: Any) -> float | None:
    if value is None:
        return float("nan")
    if isinstance(value, bool | np.bool_) or (isinstance(value, str) and "_" in value):
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None
