"""Where bars come from, in plain values; `bars_again` reads them from there."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Actions
from tradewright.domain.instrument import Instrument
from tradewright.domain.plain_values import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bars

__all__ = ["ACTION_COLUMNS", "file_origin", "synthetic_origin", "with_origin"]

ACTION_COLUMNS = ("split_days", "split_ratios", "dividend_days", "dividends")
"""What corporate actions consist of."""


def file_origin(said: Mapping[str, Any]) -> dict[str, Any]:
    """The origin of bars of a file.

    Parameters
    ----------
    said : mapping
        The arguments of `read_bars`, the path among them.
    """
    path = Path(said["path"]).absolute()
    with path.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    statements = {name: _statement(value) for name, value in said.items() if name != "path" and value is not None}
    return {"kind": "file", "path": str(path), "sha256": content, "statements": statements}


def synthetic_origin(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """The origin of one symbol's bars of a synthetic market.

    Parameters
    ----------
    name : str
        The symbol.
    said : mapping
        The arguments of `synthetic_bars`.
    """
    arguments = {argument: _statement(value) for argument, value in said.items() if value is not None}
    if not isinstance(said["symbol"], str):
        arguments["symbol"] = list(said["symbol"])
    return {"kind": "synthetic", "symbol": name, "arguments": arguments}


def with_origin(bars: Bars, origin: Mapping[str, Any]) -> Bars:
    """The bars with where they come from, and with their fingerprint, so that what is cut off later can be noticed."""
    found = replace(bars, origin={**origin, "instrument": bars.instrument.id, "fingerprint": bars.fingerprint})
    # Hashed once: the copy has the same columns and need not do it again.
    vars(found)["fingerprint"] = bars.fingerprint
    return found


def _statement(value: Any) -> Any:
    """An argument in plain values; places count from the root, so that they hold in every folder."""
    if isinstance(value, Instrument):
        return {"instrument": to_plain(value.to_dict())}
    if isinstance(value, Actions):
        columns = {name: to_plain(getattr(value, name)) for name in ACTION_COLUMNS}
        said = [each.to_dict() for each in value.announced]
        return {"actions": columns, **({"announced": said} if said else {})}
    if hasattr(value, "__fspath__"):
        return str(Path(value).absolute())
    value = value.item() if hasattr(value, "item") else value
    return to_plain(value) if isinstance(value, (str, int, float, dict, list, tuple)) else str(value)
