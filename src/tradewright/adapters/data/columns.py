"""Finding the columns of a table: by the names that the field uses, or by the caller's own map."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradewright.adapters.data.raw import RawTable

__all__ = ["FIELDS", "find_columns", "optional_position", "position_of"]

FIELDS = ("time", "open", "high", "low", "close", "volume")
_TIME_NAMES = ("timestamp", "datetime", "date", "time", "open_time", "opentime", "ts", "index", "__index_level_0__")
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "time": _TIME_NAMES,
    "open": ("open", "o"),
    "high": ("high", "h"),
    "low": ("low", "l"),
    "close": ("close", "c"),
    "volume": ("volume", "vol", "v"),
}

_NO_BARS = (
    "Bars have open, high, low and close of one instrument: write a file for each column of closes, or for each side "
    "of the quotes."
)


def find_columns(table: RawTable, wanted: Mapping[str, str]) -> dict[str, int]:
    """Position of each field's column; ``volume`` is left out where the table has none.

    Raises
    ------
    ConfigError
        When the caller's map names an unknown field.
    DataError
        When a column is missing or stands twice.
    """
    for name in wanted:
        if name not in FIELDS:
            raise ConfigError(f"columns= has no field '{name}'.", hint=f"Its fields are {', '.join(FIELDS)}.")
    found = {name: _find(table, name, wanted.get(name)) for name in FIELDS}
    return {name: position for name, position in found.items() if position is not None}


def position_of(table: RawTable, name: str) -> int:
    """Position of the column that the caller named.

    Raises
    ------
    DataError
        When there is none, with the nearest name, or when there are two.
    """
    exact = [position for position, column in enumerate(table.names) if column == name]
    matches = exact or _matching(table, (_plain(name),))
    if not matches:
        near = difflib.get_close_matches(name, table.names, n=1, cutoff=0.5)
        hint = f"Did you mean '{near[0]}'?" if near else f"Its columns are {_listed(table.names)}."
        raise DataError(f"{table.source} has no column '{name}'.", hint=hint)
    return _only(table, matches)


def optional_position(table: RawTable, name: str) -> int | None:
    """Position of a column where there is one of that name."""
    matches = _matching(table, (name,))
    return _only(table, matches) if matches else None


def _find(table: RawTable, field: str, named: str | None) -> int | None:
    if named is not None:
        return position_of(table, named)
    for spelling in _SPELLINGS[field]:
        matches = _matching(table, (spelling,))
        if matches:
            return _only(table, matches)
    if field == "volume":
        return None
    raise DataError(
        f"{table.source} has no {field} column; its columns are {_listed(table.names)}.",
        hint=f"Name it with columns={{'{field}': ...}}." if field == "time" or _has_a_price(table) else _NO_BARS,
    )


def _has_a_price(table: RawTable) -> bool:
    return any(_matching(table, _SPELLINGS[field]) for field in FIELDS[1:5])


def _matching(table: RawTable, spellings: Iterable[str]) -> list[int]:
    return [position for position, name in enumerate(table.names) if _plain(name) in spellings]


def _only(table: RawTable, matches: list[int]) -> int:
    if len(matches) > 1:
        names = " and ".join(f"'{table.names[position]}'" for position in matches)
        raise DataError(f"{table.source} has the column {names} {len(matches)} times.", hint="Rename all but one.")
    return matches[0]


def _plain(name: str) -> str:
    return name.strip().strip("<>").lower().replace(" ", "_").rstrip(".")


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:12])
    return shown + (", …" if len(names) > 12 else "") if names else "none"
