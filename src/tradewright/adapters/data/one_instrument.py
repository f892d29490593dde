"""A table of bars is of one instrument: tables of several are told apart from rows out of order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import DataError

if TYPE_CHECKING:
    from tradewright.adapters.data.raw import RawTable

from tradewright.adapters.data.columns import optional_position

__all__ = ["require_one_instrument"]

_NAMES = ("symbol", "ticker", "instrument", "contract", "expiry", "strike", "right")
"""Columns that tell instruments of one table apart; of an option chain several do."""


def require_one_instrument(table: RawTable) -> None:
    """Refuse a table in which a column names more than one instrument; for tables whose times do not rise.

    Leaving rows out, or sorting them, would make one series of what belongs to several.

    Raises
    ------
    DataError
        Names the column and the first two of its values.
    """
    for name in _NAMES:
        position = optional_position(table, name)
        values = [] if position is None else _first_values(table, position)
        if len(values) > 1:
            raise DataError(
                f"{table.source} holds several instruments: its column '{name}' says "
                f"{values[0]:.40} and {values[1]:.40}.",
                hint="Write a file for each of them.",
            )


def _first_values(table: RawTable, position: int) -> list[str]:
    """The first two of the different values of a column."""
    column = table.load({position: False})[position]
    listed = column.to_pylist() if hasattr(column, "to_pylist") else column.tolist()
    found: list[str] = []
    for value in listed:
        if value is not None and value != "" and value == value and str(value) not in found:  # noqa: PLR0124 - NaN
            found.append(str(value))
            if len(found) > 1:
                break
    return found
