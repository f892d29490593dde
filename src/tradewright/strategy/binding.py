"""Binding: turn the indicators a strategy declares into lines over the run's market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import StrategyError, SymbolNotFoundError
from tradewright.domain.timeframe import Timeframe

from .lines import Cursor, Line, SparseLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.marketdata.market import Market

    from .lookback import HistoryRead

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Binder", "leading_gap"]

_COLUMNS = ("open", "high", "low", "close", "volume")


def leading_gap(values: Floats) -> int:
    """How many values are missing before the first one; the length when all are."""
    if len(values) and values[0] == values[0]:
        return 0
    known = ~np.isnan(values)
    return int(np.argmax(known)) if known.any() else len(values)


class Binder:
    """Declares indicators for one strategy: computes them over the market and remembers their warm-up.

    Parameters
    ----------
    market : Market
    cursor : Cursor
        Shared with the engine, which moves it.
    """

    def __init__(self, market: Market, cursor: Cursor) -> None:
        self.market = market
        self.cursor = cursor
        self.lines: list[Line] = []
        self._computed: dict[Any, Any] = {}

    def number(self, symbol: str) -> int:
        """Number of a symbol.

        Raises
        ------
        SymbolNotFoundError
            When the run has no such symbol.
        """
        try:
            return self.market.symbols.index(symbol)
        except ValueError:
            known = ", ".join(self.market.symbols[:10])
            raise SymbolNotFoundError(f"This run has no symbol '{symbol}'.", hint=f"It has {known}.") from None

    def use(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        symbol: str | None,
        timeframe: str | Timeframe | None,
    ) -> Any:
        """Evaluate an indicator for one symbol or for all; see `Strategy.use`."""
        pace = None if timeframe is None else Timeframe.parse(timeframe)
        if symbol is not None:
            return self._lines(function, arguments, keywords, self.number(symbol), pace)
        if len(self.market.symbols) == 1:
            return self._lines(function, arguments, keywords, 0, pace)
        numbered = enumerate(self.market.symbols)
        return {name: self._lines(function, arguments, keywords, number, pace) for number, name in numbered}

    def _lines(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        number: int,
        timeframe: Timeframe | None,
    ) -> Any:
        bars, last = self.market.pace(number, timeframe)
        outputs = self._evaluate(function, self._arguments(function, arguments, bars, number), keywords, bars)
        name = self._name(function, arguments, number, timeframe)
        if isinstance(outputs, tuple):
            fields = getattr(outputs, "_fields", range(len(outputs)))
            lines = [self._line(f"{name}.{f}", o, last, number) for f, o in zip(fields, outputs, strict=True)]
            return outputs._make(lines) if hasattr(outputs, "_make") else tuple(lines)
        return self._line(name, outputs, last, number)

    def _name(self, function: Callable[..., Any], arguments: tuple[Any, ...], number: int, pace: Any) -> str:
        words = [str(a) if isinstance(a, (str, int, float)) else getattr(a, "name", "array") for a in arguments]
        where = "" if len(self.market.symbols) == 1 else f" of {self.market.symbols[number]}"
        when = "" if pace is None else f" on {pace}"
        return f"{getattr(function, '__name__', 'indicator')}({', '.join(words)}){where}{when}"

    def _arguments(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], bars: Bars, number: int
    ) -> list[Any]:
        named = any(isinstance(a, (str, Line, np.ndarray, dict)) for a in arguments)
        if not named:
            arguments = (*getattr(function, "inputs", ("close",)), *arguments)
        return [self._argument(function, argument, bars, number) for argument in arguments]

    def _argument(self, function: Callable[..., Any], argument: Any, bars: Bars, number: int) -> Any:
        if isinstance(argument, str) and (argument in _COLUMNS or argument == "session"):
            return column(bars, argument)
        if isinstance(argument, dict):
            argument = argument[self.market.symbols[number]]
        if isinstance(argument, Line):
            return self._own_values(function, argument, bars)
        return argument

    def _own_values(self, function: Callable[..., Any], line: Line, bars: Bars) -> Floats:
        values = line.own_values
        if len(values) != len(bars):
            raise StrategyError(
                f"{getattr(function, '__name__', 'The indicator')} mixes {line.name} with bars of another pace.",
                hint="Give inputs of one symbol and one timeframe.",
            )
        return values

    def _evaluate(self, function: Callable[..., Any], values: list[Any], keywords: dict[str, Any], bars: Bars) -> Any:
        key = (function, *(id(v) if isinstance(v, np.ndarray) else v for v in values), *sorted(keywords.items()))
        try:
            found = self._computed.get(key)
        except TypeError:
            return self._call(function, values, keywords, bars)
        if found is None:
            # The inputs stay referenced, so that their identities in the key are never given to other arrays.
            found = self._computed[key] = (self._call(function, values, keywords, bars), values)
        return found[0]

    def _call(self, function: Callable[..., Any], values: list[Any], keywords: dict[str, Any], bars: Bars) -> Any:
        if "session" in getattr(function, "optional_inputs", ()) and "session" not in keywords:
            keywords = {**keywords, "session": column(bars, "session")}
        outputs = function(*values, **keywords)
        for output in outputs if isinstance(outputs, tuple) else (outputs,):
            if np.shape(output) != (len(bars),):
                name = getattr(function, "__name__", "The indicator")
                raise StrategyError(
                    f"{name} gave values of shape {np.shape(output)} for {len(bars)} bars.",
                    hint="An indicator gives one value per bar.",
                )
        return outputs

    def _line(self, name: str, output: Any, last: Ints | None, number: int) -> Line:
        values = np.ascontiguousarray(output, dtype=np.float64)
        values.flags.writeable = False
        gap = leading_gap(values)
        if last is None:
            line = Line(name, values, self.cursor, gap, number)
        else:
            line = SparseLine(name, values, last, self.cursor, gap, number)
        self.lines.append(line)
        return line

    def row_with_history(self, number: int, read: HistoryRead) -> int:
        """First row in which a symbol has that much history."""
        pace = None if read.timeframe is None else Timeframe.parse(read.timeframe)
        _, last = self.market.pace(number, pace)
        return read.bars - 1 if last is None else int(np.searchsorted(last, read.bars - 1))


def column(bars: Bars, name: str) -> NDArray[Any]:
    """A column of the bars by name; ``"session"`` is each row's session number."""
    if name == "session":
        return bars.sessions.row_labels(len(bars)).astype(np.float64)
    found: NDArray[Any] = getattr(bars, name)
    return found
