"""Price histories that could have been: the moves of real bars, drawn again in blocks.

Each bar is taken apart into its gap from the last close and the way from its open to its high, low and close, as
logarithms; the parts of one bar stay together, so that every bar keeps its shape, and several markets drawn together
keep what they have in common. What is lost is whatever is longer than a block. (A market made from a model instead of
from data is `marketdata.synthetic`.)

Sources
-------
- Politis and Romano, "The Stationary Bootstrap", JASA 89(428), 1994, pp. 1303-1313.
- White, "A Reality Check for Data Snooping", Econometrica 68(5), 2000, pp. 1097-1126: testing rules on such series.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.errors import ConfigError, DataError

from .resampling import stationary_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tradewright.domain.bars import SessionIndex
    from tradewright.quant.arrays import FloatArray

    Ints = NDArray[np.int64]

__all__ = ["PriceColumns", "resampled_prices", "rows_of_bars", "rows_of_sessions"]


class PriceColumns(NamedTuple):
    """Prices and volume of one market; all (n,) float64."""

    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray


def rows_of_bars(rows: int, block_length: float, rng: np.random.Generator) -> Ints:
    """For each bar of a new history, the bar whose move it makes: blocks of random length around the given one.

    For bars of a session or longer. Shorter ones know the hour of the day: see `rows_of_sessions`.
    """
    drawn: Ints = stationary_rows(rows, 1, block_length, rng)[0]
    return drawn


def rows_of_sessions(sessions: SessionIndex, rows: int, block_length: float, rng: np.random.Generator) -> Ints:
    """The same for bars shorter than a session: whole sessions are drawn, in blocks of so many on average.

    Opens fall on opens and noons on noons. A session takes the first bars of the next drawn one that has enough of
    them, so that half days stay half days.
    """
    first_rows = sessions.first_rows
    lengths = np.diff(np.append(first_rows, rows))
    drawn = stationary_rows(len(lengths), 1, block_length, rng)[0]
    found = np.empty(rows, np.int64)
    for number, (first, length) in enumerate(zip(first_rows, lengths, strict=True)):
        long_enough = np.flatnonzero(lengths >= length)
        source = long_enough[np.searchsorted(long_enough, drawn[number]) % len(long_enough)]
        found[first : first + length] = first_rows[source] + np.arange(length)
    return found


def resampled_prices(markets: Mapping[str, PriceColumns], rows: Ints) -> dict[str, PriceColumns]:
    """New prices from the moves of the given rows.

    Parameters
    ----------
    markets : mapping of symbol to PriceColumns
        Aligned: row i is the same time in all of them.
    rows : (n,) int64
        From `rows_of_bars` or `rows_of_sessions`; the same for every market.

    Returns
    -------
    dict of str to PriceColumns
        Each begins at its first open, which has no gap before it. Prices are not rounded to a tick.

    Raises
    ------
    ConfigError
        When the markets differ in length.
    DataError
        When a price is not above zero or not finite.
    """
    for symbol, columns in markets.items():
        _require_usable(symbol, columns, len(rows))
    return {symbol: _rebuilt(columns, rows) for symbol, columns in markets.items()}


def _require_usable(symbol: str, columns: PriceColumns, rows: int) -> None:
    if any(len(column) != rows for column in columns):
        raise ConfigError(
            f"The columns of {symbol} have {sorted({len(column) for column in columns})} rows, not {rows}.",
            hint="Markets that are drawn together need bars at the same times.",
        )
    if not (np.isfinite(columns.high).all() and (columns.low > 0.0).all()):
        raise DataError(f"A price of {symbol} is not above zero or not finite, so it has no logarithm.")


def _rebuilt(columns: PriceColumns, rows: Ints) -> PriceColumns:
    opens, closes = np.log(columns.open), np.log(columns.close)
    # No close stands before the first bar: wherever it is drawn, it opens where the last one closed.
    gaps = np.concatenate(([0.0], opens[1:] - closes[:-1]))[rows]
    gaps[0] = 0.0
    ways = (closes - opens)[rows]
    ends = opens[0] + np.cumsum(gaps + ways)
    begins = ends - ways
    new_open, new_close = np.exp(begins), np.exp(ends)
    # Rounding may carry a high below the price it equals.
    high = np.maximum(np.exp(begins + (np.log(columns.high) - opens)[rows]), np.maximum(new_open, new_close))
    low = np.minimum(np.exp(begins + (np.log(columns.low) - opens)[rows]), np.minimum(new_open, new_close))
    return PriceColumns(new_open, high, low, new_close, columns.volume[rows])
