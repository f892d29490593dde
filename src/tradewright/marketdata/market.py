"""The market of a run: several symbols' bars on one timeline.

The timeline is the union of the symbols' bars; bars with equal open and close form one row. A symbol without a bar in a
row keeps its last close, and is marked absent there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.bars import SessionIndex
from tradewright.domain.errors import DataError, SymbolNotFoundError
from tradewright.domain.record import Timeline

from .resample import resample, visible_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.domain.timeframe import Timeframe

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Market", "Track"]

_PRICES = ("open", "high", "low", "close")


class Track:
    """One symbol on the timeline.

    Attributes
    ----------
    open, high, low, close, volume : (n,) float64
        Columns by row. Where the symbol has no bar, `close` repeats the last one (NaN before the first), the other
        prices are NaN and volume is 0.
    bar_of_row : (n,) int64 or None
        Number of the last bar at or before each row, -1 before the first; None when every row is a bar of its own.
    present : (n,) bool or None
        Where the symbol has a bar; None when everywhere.
    session_last_rows : (s,) int64
        Rows in which a session of this symbol ends.
    """

    __slots__ = (
        "bar_of_row",
        "bars",
        "close",
        "high",
        "low",
        "number",
        "open",
        "present",
        "session_first_rows",
        "session_last_rows",
        "volume",
    )

    def __init__(self, bars: Bars, number: int, rows: Ints | None, length: int) -> None:
        self.bars = bars
        self.number = number
        self.bar_of_row: Ints | None = None
        self.present: NDArray[np.bool_] | None = None
        first, last = bars.clock.sessions.first_rows, bars.clock.last_rows
        if rows is None:
            self.open, self.high, self.low = bars.open, bars.high, bars.low
            self.close, self.volume = bars.close, bars.volume
        else:
            first, last = rows[first], rows[last]
            self._spread(bars, rows, length)
        self.session_first_rows: Ints = first
        self.session_last_rows: Ints = last

    def _spread(self, bars: Bars, rows: Ints, length: int) -> None:
        present = np.zeros(length, np.bool_)
        present[rows] = True
        self.present = present
        self.bar_of_row = np.cumsum(present, dtype=np.int64) - 1
        for name in ("open", "high", "low"):
            column = np.full(length, np.nan)
            column[rows] = getattr(bars, name)
            setattr(self, name, column)
        self.volume = np.zeros(length)
        self.volume[rows] = bars.volume
        self.close = np.where(self.bar_of_row < 0, np.nan, bars.close[np.maximum(self.bar_of_row, 0)])


class Market:
    """All symbols of a run on one timeline.

    Parameters
    ----------
    series : mapping of symbol to Bars
        One trading timeframe; order of the mapping gives the symbols their numbers.

    Raises
    ------
    DataError
        When the timeframes differ, or two symbols share a name.
    """

    def __init__(self, series: Mapping[str, Bars]) -> None:
        all_bars = list(series.values())
        _require_one_timeframe(all_bars)
        self.timeframe = all_bars[0].timeframe
        first = all_bars[0]
        if all(bars.follow(first.clock) for bars in all_bars[1:]):
            self.open_time, self.close_time = first.open_time, first.close_time
            self.sessions = first.sessions
            rows: list[Ints | None] = [None] * len(all_bars)
        else:
            rows = self._unite(all_bars)
        length = len(self.open_time)
        self.tracks = [Track(bars, k, row, length) for k, (bars, row) in enumerate(zip(all_bars, rows, strict=True))]
        self.symbols = tuple(series)
        self._blocks: dict[str, Floats] = {}
        self._longer: dict[tuple[int, Timeframe], tuple[Bars, Ints]] = {}

    def __len__(self) -> int:
        return len(self.open_time)

    def _unite(self, all_bars: list[Bars]) -> list[Ints | None]:
        keys = np.concatenate([_keys(bars) for bars in all_bars])
        union, inverse = np.unique(keys, return_inverse=True)
        self.close_time, self.open_time = union["close"].copy(), union["open"].copy()
        labels = np.empty(len(union), np.int64)
        bounds = np.cumsum([0, *(len(bars) for bars in all_bars)])
        rows: list[Ints | None] = []
        for bars, begin, end in zip(all_bars, bounds[:-1], bounds[1:], strict=True):
            row = inverse[begin:end].astype(np.int64)
            labels[row] = bars.sessions.row_labels(len(bars))
            rows.append(row)
        # Markets in several zones may interleave their session dates; the account's day is the later one.
        self.sessions = SessionIndex.of_labels(np.maximum.accumulate(labels))
        return rows

    def block(self, name: str) -> Floats:
        """A column of every track, (symbols, rows), read only; put together once, or as it lies in memory already."""
        if name not in self._blocks:
            columns: list[Floats] = [getattr(track, name) for track in self.tracks]
            whole = _lying_together(columns)
            self._blocks[name] = self._gathered(name, range(len(columns))) if whole is None else whole
        return self._blocks[name]

    def columns(self, name: str, numbers: Sequence[int]) -> Floats:
        """A column of some tracks, by their numbers, (numbers, rows); read only."""
        if name not in self._blocks:
            return self._gathered(name, numbers)
        first, count = numbers[0], len(numbers)
        if list(numbers) == list(range(first, first + count)):
            return self._blocks[name][first : first + count]
        return self._blocks[name][list(numbers)]

    def _gathered(self, name: str, numbers: Sequence[int]) -> Floats:
        found: list[Floats] = [getattr(self.tracks[number], name) for number in numbers]
        return found[0][np.newaxis] if len(found) == 1 else np.stack(found)

    def pace(self, number: int, timeframe: Timeframe | None) -> tuple[Bars, Ints | None]:
        """A symbol's bars at a timeframe, and for each row the number of the last complete one (None: row by row).

        Longer bars are aggregated once and become visible when they are complete, never earlier.
        """
        track = self.tracks[number]
        if timeframe is None or timeframe == self.timeframe:
            return track.bars, track.bar_of_row
        if (number, timeframe) not in self._longer:
            bars = resample(track.bars, timeframe)
            self._longer[number, timeframe] = bars, visible_rows(self.close_time, bars.close_time)
        return self._longer[number, timeframe]

    def number(self, symbol: str) -> int:
        """Number of a symbol, by its name in the run or as ``EXCHANGE:SYMBOL``.

        Raises
        ------
        SymbolNotFoundError
            When the run has no such symbol, or several.
        """
        if symbol in self.symbols:
            return self.symbols.index(symbol)
        instruments = [track.bars.instrument for track in self.tracks]
        found = [number for number, each in enumerate(instruments) if symbol in (each.id, each.symbol)]
        if len(found) == 1:
            return found[0]
        if found:
            named = ", ".join(instruments[number].id for number in found)
            raise SymbolNotFoundError(f"'{symbol}' stands for several instruments of this run.", hint=f"Use {named}.")
        known = ", ".join(self.symbols[:10])
        raise SymbolNotFoundError(f"This run has no symbol {symbol!r}.", hint=f"It has {known}.")

    def timeline(self, first_row: int) -> Timeline:
        """The rows as the record keeps them."""
        per_year = max(track.bars.instrument.sessions_per_year for track in self.tracks)
        intraday = self.timeframe.is_intraday
        return Timeline(self.open_time, self.close_time, self.sessions, intraday, per_year, first_row)


def _lying_together(columns: list[Floats]) -> Floats | None:
    """The block whose rows the columns are, in order; None where they lie apart."""
    block = columns[0].base
    if len(columns) == 1 or any(column.base is not block for column in columns):
        return None
    shape = (len(columns), len(columns[0]))
    if not isinstance(block, np.ndarray) or block.shape != shape or block.dtype != np.float64:
        return None
    first, step = block.__array_interface__["data"][0], block.strides[0]
    places = [column.__array_interface__["data"][0] for column in columns]
    if not block.flags.c_contiguous or places != [first + number * step for number in range(len(columns))]:
        return None
    view = block.view()
    view.flags.writeable = False
    return view


def _keys(bars: Bars) -> NDArray[np.void]:
    keys = np.empty(len(bars), dtype=[("close", np.int64), ("open", np.int64)])
    keys["close"], keys["open"] = bars.close_time, bars.open_time
    return keys


def _require_one_timeframe(all_bars: list[Bars]) -> None:
    frames = {str(bars.timeframe) for bars in all_bars}
    if len(frames) != 1:
        raise DataError(
            f"A run trades one timeframe, these bars have {', '.join(sorted(frames))}.",
            hint="Pass the bars to trade on; a strategy reads longer ones with timeframe=.",
        )
