"""A market that grows by a row at a time, for runs whose bars have not all closed yet.

Its columns lie in buffers with room behind them, so that a row costs the same however long the history is. Whoever
holds the market or a track sees the new rows; arrays that were taken from them before do not change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import SessionIndex
from tradewright.domain.errors import DataError

from .market import Market

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bar, Bars
    from tradewright.domain.live.session import Row

    from .market import Track

__all__ = ["Column", "GrowingMarket"]

_PRICES = ("open", "high", "low", "close", "volume")
_SPARE = 1024


class Column:
    """Values behind each other, with room for more; `values` is read-only and never changes what it shows."""

    __slots__ = ("_buffer", "_length", "_shown")

    def __init__(self, values: NDArray[Any]) -> None:
        self._length = len(values)
        self._lie_in(np.empty(self._length + _SPARE, values.dtype))
        self._buffer[: self._length] = values

    def _lie_in(self, buffer: NDArray[Any]) -> None:
        self._buffer, self._shown = buffer, buffer.view()
        self._shown.flags.writeable = False

    def append(self, value: float) -> None:
        """Put a value behind the others."""
        if self._length == len(self._buffer):
            wider = np.empty(2 * self._length, self._buffer.dtype)
            wider[: self._length] = self._buffer
            self._lie_in(wider)
        self._buffer[self._length] = value
        self._length += 1

    @property
    def values(self) -> NDArray[Any]:
        """What there is, read-only."""
        return self._shown[: self._length]

    @property
    def last(self) -> Any:
        """The last value."""
        return self._buffer[self._length - 1]

    def __len__(self) -> int:
        return self._length


class Days:
    """Sessions that grow: a row of another date begins a new one."""

    __slots__ = ("_first_rows", "_labels", "index")

    def __init__(self, sessions: SessionIndex) -> None:
        self._labels, self._first_rows = Column(sessions.labels), Column(sessions.first_rows)
        self.index = sessions

    def append(self, day: int, row: int) -> bool:
        """Take in a row's date; whether a session begins with it."""
        if int(self._labels.last) == day:
            return False
        self._labels.append(day)
        self._first_rows.append(row)
        self.index = SessionIndex(self._labels.values, self._first_rows.values)
        return True


class _Growth:
    """The columns of one track."""

    def __init__(self, track: Track) -> None:
        self.track = track
        self.own = {name: Column(column) for name, column in track.bars.columns().items()}
        self.days = Days(track.bars.sessions)
        self.firsts = Column(track.session_first_rows)
        self.lasts = Column(track.session_last_rows)
        self.by_row: dict[str, Column] = {}
        if track.present is not None:
            self.by_row = {name: Column(getattr(track, name)) for name in (*_PRICES, "present", "bar_of_row")}

    def append(self, bar: Bar | None, day: int, row: int, *, ends: bool) -> None:
        if bar is not None:
            for name, column in self.own.items():
                column.append(getattr(bar, name))
            if self.days.append(day, len(self.own["close"]) - 1):
                self.firsts.append(row)
            if ends:
                self.lasts.append(row)
        if self.by_row:
            self._spread(bar)
        self._show()

    def _spread(self, bar: Bar | None) -> None:
        by_row = self.by_row
        for name in ("open", "high", "low"):
            by_row[name].append(np.nan if bar is None else getattr(bar, name))
        by_row["close"].append(by_row["close"].last if bar is None else bar.close)
        by_row["volume"].append(0.0 if bar is None else bar.volume)
        by_row["present"].append(bar is not None)
        by_row["bar_of_row"].append(by_row["bar_of_row"].last + (bar is not None))

    def _show(self) -> None:
        track = self.track
        track.bars = track.bars.lengthened({n: each.values for n, each in self.own.items()}, self.days.index)
        shown = self.by_row or {name: self.own[name] for name in _PRICES}
        for name, column in shown.items():
            setattr(track, name, column.values)
        track.session_first_rows, track.session_last_rows = self.firsts.values, self.lasts.values


class GrowingMarket(Market):
    """Several symbols on one timeline that goes on.

    Parameters
    ----------
    series : mapping of symbol to Bars
        The history, at least one bar of each symbol. Whether its last row ends a session is not known from it: nothing
        ends there until a row says so.

    Raises
    ------
    DataError
        As `Market`.
    """

    def __init__(self, series: Mapping[str, Bars]) -> None:
        super().__init__(series)
        if len(self.tracks) > 1:
            for track in self.tracks:
                self._make_sparse(track)
        self._growths = [_Growth(track) for track in self.tracks]
        self._opens, self._closes = Column(self.open_time), Column(self.close_time)
        self._days = Days(self.sessions)

    def _make_sparse(self, track: Track) -> None:
        """Later rows may lack a symbol that had a bar in every row of the history."""
        if track.present is None:
            track.present = np.ones(len(self), np.bool_)
            track.bar_of_row = np.arange(len(self), dtype=np.int64)

    def append(self, row: Row) -> None:
        """Put a row behind the others.

        Raises
        ------
        DataError
            When it does not come after them.
        """
        before = int(self._closes.last), int(self._opens.last)
        if (row.close_ns, row.open_ns) <= before or row.day < int(self.sessions.labels[-1]):
            raise DataError(f"A row that closes at {row.close_ns} comes after one that closes at {self._closes.last}.")
        number = len(self)
        self._opens.append(row.open_ns)
        self._closes.append(row.close_ns)
        self._days.append(row.day, number)
        given = {bar.symbol: (bar, day) for bar, day in zip(row.bars, row.days, strict=True)}
        for symbol, growth in zip(self.symbols, self._growths, strict=True):
            bar, day = given.get(symbol, (None, row.day))
            growth.append(bar, day, number, ends=symbol in row.ends)
        self.open_time, self.close_time = self._opens.values, self._closes.values
        self.sessions = self._days.index
        self._blocks.clear()
        self._longer.clear()
