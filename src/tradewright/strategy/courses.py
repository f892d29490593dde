"""Courses: what an indicator gives over one symbol's bars, evaluated again as the bars go on.

An indicator keeps one contract: a value depends on bars up to its own only, gaps aside. So where its columns have no
gap, what was checked when it was declared holds for every later row, and only its numbers are asked for again.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.marketdata.growing import Column
from tradewright.quant.indicators.contract import specification_of

from .lines import Line, SparseLine, whole_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.marketdata.market import Market

    Floats = NDArray[np.float64]

__all__ = ["Course", "Courses", "Declaration", "Shown"]

_COLUMNS = ("open", "high", "low", "close", "volume")
_PLAIN = (int, float, str, bool)


class Declaration:
    """An indicator as a strategy declared it for one symbol.

    Parameters
    ----------
    function : callable
    arguments : tuple
    keywords : dict
    number : int
        Of the symbol.
    """

    __slots__ = ("arguments", "columns", "function", "keywords", "number")

    def __init__(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any], number: int
    ) -> None:
        self.function = function
        self.keywords = keywords
        self.number = number
        self.columns, self.arguments = _divided(function, arguments)

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for declarations that mean the same."""
        return self.function, self.columns, self.arguments, *sorted(self.keywords.items()), self.number

    @property
    def is_direct(self) -> bool:
        """Whether it is an indicator of price columns and plain parameters, and of nothing else."""
        function: Any = self.function
        if not hasattr(function, "of_each"):
            return False
        known = specification_of(function)
        named = {*known.inputs, *known.optional_inputs}
        return (
            not known.optional_inputs
            and len(self.columns) == len(known.inputs)
            and not named.intersection(self.keywords)
            and all(isinstance(each, _PLAIN) for each in (*self.arguments, *self.keywords.values()))
        )


def _divided(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Names of the columns, and what follows them."""
    if all(isinstance(each, (int, float)) for each in arguments):
        arguments = (*getattr(function, "inputs", ()), *arguments)
    count = next((at for at, each in enumerate(arguments) if not isinstance(each, str)), len(arguments))
    columns = arguments[:count]
    return (columns if all(each in _COLUMNS for each in columns) else ()), arguments[count:]


class Course:
    """One direct declaration over a market that grows.

    Parameters
    ----------
    market : Market
    declared : Declaration
    lines : sequence of Line
        What it gave over the market as it is; they are this object's own from now on, and are what `lines` gives.
    """

    def __init__(self, market: Market, declared: Declaration, lines: Sequence[Line]) -> None:
        self._track = market.tracks[declared.number]
        self._names = declared.columns
        self._lines = list(lines)
        self._rows = [_Rows(line) for line in lines]
        self._length = 0
        self._outputs: Iterator[Any] | None = None
        if self._take_in(self._track.bars):
            # The columns are the same object each time; what it shows is of the row that is asked for.
            given = Shown(self._columns)
            self._outputs = declared.function.of_each(given, *declared.arguments, **declared.keywords)  # type: ignore[attr-defined]

    def _columns(self) -> tuple[Floats, ...]:
        bars = self._track.bars
        return tuple(getattr(bars, name) for name in self._names)

    def _take_in(self, bars: Bars) -> bool:
        """Whether the bars since the last look have no gap."""
        begin, self._length = self._length, len(bars)
        return all(bool(np.isfinite(getattr(bars, name)[begin:]).all()) for name in self._names)

    def lines(self) -> list[Line] | None:
        """The lines up to the last row; None where they cannot be had this way any more."""
        bars = self._track.bars
        if self._outputs is None:
            return None
        if len(bars) > self._length and not self._renewed(bars):
            self._outputs = None
            return None
        for rows in self._rows:
            rows.show(self._track.bar_of_row)
        return self._lines

    def _renewed(self, bars: Bars) -> bool:
        if self._outputs is None or not self._take_in(bars):
            return False
        try:
            found = next(self._outputs)
        except Exception:  # noqa: BLE001 - asked in the usual way next, where it is raised again
            return False
        outputs = found if isinstance(found, tuple) else (found,)
        if any(np.shape(each) != (len(bars),) for each in outputs):
            return False
        for rows, values in zip(self._rows, outputs, strict=True):
            rows.take(values)
        return True

    @property
    def is_steady(self) -> bool:
        """Whether every line has its first value, behind which the rows in which it is ready do not change."""
        return self._outputs is not None and all(rows.has_begun for rows in self._rows)


class Shown:
    """Histories for `of_each` of an indicator: the same columns again and again, as they are when they are asked for.

    Parameters
    ----------
    columns : callable
        Gives them.
    """

    def __init__(self, columns: Callable[[], tuple[Floats, ...]]) -> None:
        self._columns = columns

    def __getitem__(self, place: int) -> tuple[Floats, ...]:
        return self._columns()

    def __iter__(self) -> Iterator[tuple[Floats, ...]]:
        return (show() for show in repeat(self._columns))


class _Rows:
    """One line of a course, made longer: values that are known stay where they are, and only new ones are added."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._own = Column(whole_column(line))
        self._first = line.first_own if isinstance(line, SparseLine) else line.first_valid
        self._by_row: Column | None = None
        self.has_begun = self._first < len(self._own)

    def take(self, values: Any) -> None:
        """More values of its own pace, behind those that are known."""
        own, known = self._own, len(self._own)
        for value in np.asarray(values, dtype=np.float64)[known:].tolist():
            if not self.has_begun and value == value:  # noqa: PLR0124 - NaN
                self.has_begun, self._first = True, len(own)
            own.append(value)
        if not self.has_begun:
            self._first = max(len(own), self._first)

    def show(self, last: NDArray[np.int64] | None) -> None:
        """Let the line end with the last row."""
        line, own = self._line, self._own.values
        if last is None or not isinstance(line, SparseLine):
            line.lengthen(own, self._first)
        else:
            line.lengthen_rows(self._spread(own, last), own, last, self._first)

    def _spread(self, own: Floats, last: NDArray[np.int64]) -> Floats:
        """The values by row; where every row has had a bar, they are those of its own pace."""
        if self._by_row is None:
            if len(own) == len(last):
                return own
            self._by_row = Column(np.where(last < 0, np.nan, own[np.maximum(last, 0)]))
        for row in range(len(self._by_row), len(last)):
            place = int(last[row])
            self._by_row.append(float(own[place]) if place >= 0 else np.nan)
        return self._by_row.values


class Courses:
    """The courses of one market, each shared by all who declare the same."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], Course | None] = {}

    def of(self, market: Market, declared: Declaration, evaluate: Callable[[], Sequence[Line]]) -> Course | None:
        """The course of a declaration, or None where it has none; `evaluate` gives lines that are nobody else's."""
        if not declared.is_direct:
            return None
        key = declared.key
        if key not in self._found:
            self._found[key] = Course(market, declared, evaluate())
        return self._found[key]
