"""Indicator lines: computed once over the whole history, read only up to now.

A line holds its values by row of the timeline and a cursor that the engine moves; nothing past the cursor is reachable.
Columns are read through memory views, which give plain floats faster than arrays do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from tradewright.domain.errors import StrategyError, WarmupError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Cursor", "Line", "SparseLine", "crossings", "row_of_value", "values_by_row", "values_until", "whole_column"]


_NOBODY = object()


class Cursor:
    """Where the run is: the row that has just closed, and the timeline's close times for messages."""

    __slots__ = ("close_time", "row")

    def __init__(self, close_time: Ints) -> None:
        self.row = -1
        self.close_time = close_time

    def when(self) -> str:
        """The close of the current row, readable."""
        if self.row < 0:
            return "before the first bar"
        return f"at {np.datetime64(int(self.close_time[self.row]), 'ns').astype('datetime64[s]')}Z"


def crossings(first: Floats, second: Floats | float, *, upward: bool) -> NDArray[np.bool_]:
    """Where `first` crosses `second` with this bar: previous ≤ and now > upward, previous ≥ and now < downward.

    False where either value is not known yet.
    """
    crossed = np.zeros(len(first), np.bool_)
    now = first > second if upward else first < second
    before = first <= second if upward else first >= second
    np.logical_and(now[1:], before[:-1], out=crossed[1:])
    return crossed


def _all_crossings(first: Floats, second: Floats | float, *, upward: bool) -> Any:
    """The flags of every row, for reading one by one."""
    return crossings(first, second, upward=upward).data


class _CrossingsNow:
    """`crossings` of two columns that end with the present row, of which only that one is asked for, row by row."""

    __slots__ = ("_columns", "_upward")

    def __init__(self, first: Floats, second: Floats | float, *, upward: bool) -> None:
        self._columns = first, second
        self._upward = upward

    def __getitem__(self, row: int) -> bool:
        first, second = self._columns
        if row < 1:
            return False
        level, before = (second[row], second[row - 1]) if isinstance(second, np.ndarray) else (second, second)
        if self._upward:
            return bool(first[row] > level and first[row - 1] <= before)
        return bool(first[row] < level and first[row - 1] >= before)


class Line:
    """One indicator of one symbol on the trading timeframe.

    ``line[-1]`` is the value now, ``line[-2]`` the one before; ``line[-20:]`` the last twenty as an array.

    Raises
    ------
    WarmupError
        When a value is read that does not exist yet.
    """

    __slots__ = (
        "_above",
        "_above_of",
        "_below",
        "_below_of",
        "_crossed",
        "_cursor",
        "_grows",
        "_values",
        "first_valid",
        "_by_row",
        "name",
        "symbol_number",
    )

    def __init__(self, name: str, values: Floats, cursor: Cursor, first_valid: int, symbol_number: int) -> None:
        self.name = name
        self.symbol_number = symbol_number
        self._by_row = values
        self.first_valid = first_valid
        self._values: Any = values.data
        self._cursor = cursor
        self._grows = False
        self._crossed: dict[tuple[Any, bool], Any] = {}
        # The partner asked for last is remembered apart: a strategy asks the same two questions on every bar.
        self._above_of: Any = _NOBODY
        self._below_of: Any = _NOBODY
        self._above: Any = None
        self._below: Any = None

    def ready_row(self, lookback: int) -> int:
        """First row in which the value that many bars ago exists; the number of rows when none does."""
        return self.first_valid + lookback

    def renew(self, longer: Line) -> None:
        """Take over the values of the same line of a market that has grown; whoever holds this one sees them."""
        self._by_row = longer._by_row
        self._values = longer._values
        self.first_valid = longer.first_valid
        self._grows = True
        self._crossed.clear()
        self._above_of = self._below_of = _NOBODY

    def lengthen(self, values: Floats, first_valid: int) -> None:
        """Take over the values of every row of a market that has grown."""
        self._by_row = values
        self._values = values.data
        self.first_valid = first_valid

    @property
    def value(self) -> float:
        """The value now."""
        value: float = self._values[self._cursor.row]
        if value != value:  # noqa: PLR0124 - NaN
            self._refuse(0)
        return value

    def __float__(self) -> float:
        return self.value

    @property
    def now(self) -> float:
        """The value now, NaN where there is none; for tests of many lines at once."""
        value: float = self._values[self._cursor.row]
        return value

    @property
    def is_ready(self) -> bool:
        """Whether there is a value now."""
        value: float = self._values[self._cursor.row]
        return value == value  # noqa: PLR0124 - NaN

    def ago(self, bars: int) -> float:
        """The value that many bars ago; 0 is now."""
        row = self._cursor.row - bars
        value: float = self._values[row] if row >= 0 and bars >= 0 else float("nan")
        if value != value:  # noqa: PLR0124 - NaN
            self._refuse(bars)
        return value

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> Floats: ...
    def __getitem__(self, index: int | slice) -> float | Floats:
        if isinstance(index, slice):
            return self._window(index)
        if index >= 0:
            raise StrategyError(
                f"{self.name}[{index}] counts from the start of history.", hint="Use [-1] for now and [-2] for before."
            )
        return self.ago(-index - 1)

    def _window(self, index: slice) -> Floats:
        past = self._past()
        if index.start is None or index.start >= 0 or (index.stop is not None and index.stop >= 0):
            raise StrategyError(f"A window of {self.name} is counted from now.", hint="Use [-20:] for the last twenty.")
        if -index.start > len(past) or np.isnan(past[index.start]):
            self._refuse(-index.start - 1)
        return past[index]

    def _past(self) -> Floats:
        """Values up to now, read-only."""
        return self._by_row[: self._cursor.row + 1]

    def crossed_above(self, other: Line | float) -> bool:
        """Whether the line rose through another line or a level with this bar: previous ≤ and now >."""
        if other is not self._above_of:
            self._above_of, self._above = other, self._crossings(other, upward=True)
        crossed: bool = self._above[self._cursor.row]
        return crossed

    def crossed_below(self, other: Line | float) -> bool:
        """Whether the line fell through another line or a level with this bar: previous ≥ and now <."""
        if other is not self._below_of:
            self._below_of, self._below = other, self._crossings(other, upward=False)
        crossed: bool = self._below[self._cursor.row]
        return crossed

    def _crossings(self, other: Line | float, *, upward: bool) -> Any:
        """Flags of every row, computed when a partner is first asked for and kept."""
        flags = self._crossed.get((other, upward))
        if flags is None:
            # Rows only rise, so that a first question after the warm-up speaks for all later ones.
            for line in (self, other):
                if isinstance(line, Line) and self._cursor.row < line.first_valid:
                    line.value  # noqa: B018 - raises, with the sentence of every early read
            level = other._by_row if isinstance(other, Line) else float(other)  # noqa: SLF001 - of its own kind
            both = _CrossingsNow if self._grows else _all_crossings
            flags = both(self._by_row, level, upward=upward)
            self._crossed[other, upward] = flags
        return flags

    def _refuse(self, bars: int) -> None:
        past = "" if bars == 0 else f" {bars} bars ago"
        raise WarmupError(
            f"{self.name} has no value{past} {self._cursor.when()}.",
            hint="It needs more history there: read it later, or return more from required_warmup_bars().",
        )

    def __repr__(self) -> str:
        return f"<Line {self.name} {self._cursor.when()}>"


class SparseLine(Line):
    """A line with values of its own pace: a longer timeframe, or a symbol without a bar in every row.

    Now is the last value that is complete; one ago is the value before it, however many rows that is.
    """

    __slots__ = ("_first_own", "_last", "_own")

    def __init__(self, name: str, own: Floats, last: Ints, cursor: Cursor, first_own: int, symbol_number: int) -> None:
        by_row = np.where(last < 0, np.nan, own[np.maximum(last, 0)])
        by_row.flags.writeable = False
        super().__init__(name, by_row, cursor, int(np.searchsorted(last, first_own)), symbol_number)
        self._own = own
        self._last = last
        self._first_own = first_own

    def renew(self, longer: Line) -> None:
        """Take over the values of the same line of a market that has grown."""
        super().renew(longer)
        if isinstance(longer, SparseLine):
            self._own, self._last, self._first_own = longer._own, longer._last, longer._first_own  # noqa: SLF001

    def lengthen_rows(self, by_row: Floats, own: Floats, last: Ints, first_own: int) -> None:
        """Take over the values of a market that has grown: by row, and by its own bars."""
        self.lengthen(by_row, self.first_valid)
        if len(self._own) <= self._first_own or self.first_valid >= len(self._last):
            self.first_valid = int(np.searchsorted(last, first_own))
        self._own, self._last, self._first_own = own, last, first_own

    @property
    def first_own(self) -> int:
        """The first of its own bars that has a value."""
        return self._first_own

    def ready_row(self, lookback: int) -> int:
        """First row in which its value that many of its own bars ago exists."""
        return int(np.searchsorted(self._last, self._first_own + lookback))

    def ago(self, bars: int) -> float:
        """The value that many of its own bars ago; 0 is now."""
        place = int(self._last[self._cursor.row]) - bars
        value = float(self._own[place]) if place >= 0 and bars >= 0 else float("nan")
        if value != value:  # noqa: PLR0124 - NaN
            self._refuse(bars)
        return value

    def _past(self) -> Floats:
        return self._own[: int(self._last[self._cursor.row]) + 1]


def whole_column(line: Line) -> Floats:
    """Every value of a line by bar of its own pace, later ones too: for indicators of indicators only."""
    # Private names keep them from strategies, not from this module.
    return line._own if isinstance(line, SparseLine) else line._by_row  # noqa: SLF001


def values_until(line: Line, row: int) -> Floats:
    """The values of a line that are known at a row, by bar of its own pace, oldest first."""
    if isinstance(line, SparseLine):
        return line._own[: int(line._last[row]) + 1]  # noqa: SLF001 - of its own kind
    return line._by_row[: row + 1]  # noqa: SLF001


def values_by_row(line: Line) -> Floats:
    """Every value of a line by row of the run, later ones too: for whoever checks it."""
    return line._by_row  # noqa: SLF001 - of its own kind


def row_of_value(line: Line, place: int) -> int:
    """The first row in which a value of its own pace is known."""
    return int(np.searchsorted(line._last, place)) if isinstance(line, SparseLine) else place  # noqa: SLF001
