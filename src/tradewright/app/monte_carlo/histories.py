"""Histories that could have been in place of a run's bars: their moves drawn again in blocks, all symbols alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import ConfigError, DataError
from tradewright.research.resampling import automatic_block_length
from tradewright.research.synthetic_paths import PriceColumns, resampled_prices, rows_of_bars, rows_of_sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bars
    from tradewright.quant.arrays import FloatArray

    Series = Mapping[str, Bars]

__all__ = ["block_length_of", "history", "require_redrawable"]

_COLUMNS = PriceColumns._fields


def require_redrawable(series: Series) -> None:
    """Refuse bars that cannot be drawn again.

    Raises
    ------
    ConfigError
        When symbols have bars at different times.
    DataError
        When bars carry splits or dividends, whose prices would be drawn away from them.
    """
    first, *others = series.values()
    if any(not _alike(first, each) for each in others):
        raise ConfigError(
            "The symbols of the run have bars at different times, and what they have in common could not be drawn.",
            hint="Run over a period in which all of them trade, or over one symbol.",
        )
    for name, bars in series.items():
        if not bars.actions.is_empty:
            raise DataError(
                f"The bars of {name} carry splits or dividends, which would part from their prices when drawn again.",
                hint="Run over tw.adjust_bars(bars).",
            )


def _alike(one: Bars, other: Bars) -> bool:
    return np.array_equal(one.open_time, other.open_time) and np.array_equal(one.close_time, other.close_time)


def block_length_of(series: Series) -> float:
    """Sessions of a block by the autocorrelation of the squared returns between session closes, the longest symbol's.

    Squares rather than returns: what hangs together in prices is how much they move.

    Raises
    ------
    Undefined
        When there are too few sessions.
    """
    return max(automatic_block_length(np.square(_session_returns(bars))) for bars in series.values())


def _session_returns(bars: Bars) -> FloatArray:
    closes = np.log(bars.close[bars.sessions.last_rows(len(bars))])
    found: FloatArray = np.diff(closes)
    return found


def history(series: Series, block_length: float, seed: tuple[int, int]) -> dict[str, Bars]:
    """Bars at the times of those given, with moves drawn from them.

    Parameters
    ----------
    series : mapping of symbol to Bars
        With bars at the same times.
    block_length : float
        Mean length of the blocks in sessions.
    seed : (int, int)
        Of the study, and the number of the history.
    """
    first = next(iter(series.values()))
    rng, rows = np.random.default_rng(seed), len(first)
    if len(first.sessions.labels) == rows:
        drawn = rows_of_bars(rows, block_length, rng)
    else:
        drawn = rows_of_sessions(first.sessions, rows, block_length, rng)
    markets = {name: PriceColumns(*(getattr(bars, each) for each in _COLUMNS)) for name, bars in series.items()}
    made = resampled_prices(markets, drawn)
    return {name: _as_bars(bars, made[name], seed[1]) for name, bars in series.items()}


def _as_bars(bars: Bars, columns: PriceColumns, number: int) -> Bars:
    source = f"SYNTHETIC history {number + 1} of {bars.source}"
    return replace(bars, **columns._asdict(), source=source, synthetic=True, origin={}, quality=None)
