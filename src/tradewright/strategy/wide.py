"""One indicator of many symbols at once: its arguments are checked once, its values lie in one block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .lines import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tradewright.marketdata.market import Market

    from .computed import Computed
    from .lines import Cursor

    Floats = NDArray[np.float64]

__all__ = ["WideLines", "leading_gaps", "wide_values"]

_COLUMNS = ("open", "high", "low", "close", "volume")


class WideLines(dict[str, Line]):
    """Lines by symbol; `block` holds their values, (symbols, rows), read only."""

    __slots__ = ("block",)

    def __init__(
        self, names: Sequence[str], market: Market, block: Floats, gaps: Sequence[int], cursor: Cursor
    ) -> None:
        rows = zip(market.symbols, names, block, gaps, strict=True)
        super().__init__(
            (symbol, Line(name, values, cursor, gap, number)) for number, (symbol, name, values, gap) in enumerate(rows)
        )
        self.block = block


def wide_values(
    market: Market,
    computed: Computed,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    keywords: dict[str, Any],
) -> Floats | None:
    """Values of an indicator for every symbol, (symbols, rows), kept in `computed`.

    None where each symbol must be looked at by itself: symbols without a bar in every row, several outputs, arguments
    that are neither bar columns nor numbers, or a function that was not made by the decorator.
    """
    columns, numbers = _divided(function, arguments)
    if columns is None or not all(isinstance(value, (int, float, str)) for value in (*numbers, *keywords.values())):
        return None
    if any(track.bar_of_row is not None for track in market.tracks):
        return None
    key = ("wide", function, columns, numbers, *sorted(keywords.items()))
    found: Floats | None = computed.get(key)
    if found is None:
        found = _evaluated(market, function, columns, numbers, keywords)
        if found is not None:
            computed.keep(key, found, None)
    return found


def _divided(function: Any, arguments: tuple[Any, ...]) -> tuple[tuple[str, ...] | None, tuple[Any, ...]]:
    """The columns among the arguments, or the function's own, and the numbers behind them; None where it is wider."""
    inputs = getattr(function, "inputs", ())
    if not hasattr(function, "of_each") or function.optional_inputs or len(function.outputs) > 1:
        return None, ()
    named = any(isinstance(argument, str) for argument in arguments)
    columns = arguments[: len(inputs)] if named else inputs
    numbers = arguments[len(inputs) :] if named else arguments
    plain = all(name in _COLUMNS for name in columns if isinstance(name, str))
    return (columns if plain and all(isinstance(name, str) for name in columns) else None), numbers


def _evaluated(
    market: Market, function: Any, columns: tuple[str, ...], numbers: tuple[Any, ...], keywords: dict[str, Any]
) -> Floats | None:
    rows = len(market)
    block = np.empty((len(market.tracks), rows))
    if "volume" in columns and not all(np.isfinite(track.volume.sum()) for track in market.tracks):
        return None
    given = [tuple(getattr(track, name) for name in columns) for track in market.tracks]
    for place, values in enumerate(function.of_each(given, *numbers, **keywords)):
        if np.shape(values) != (rows,):
            return None
        block[place] = values
    block.flags.writeable = False
    return block


def leading_gaps(block: Floats, declared: int) -> list[int]:
    """How many values are missing before the first one of each row; the length where all are.

    Parameters
    ----------
    declared : int
        What the indicator says; the first place that is looked at.
    """
    rows = block.shape[1]
    head = np.isnan(block[:, : min(declared + 1, rows)])
    gaps = np.argmin(head, axis=1)
    for place in np.flatnonzero(head.all(axis=1)).tolist():
        known = ~np.isnan(block[place])
        gaps[place] = int(np.argmax(known)) if known.any() else rows
    return [int(gap) for gap in gaps]
