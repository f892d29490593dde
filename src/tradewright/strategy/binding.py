"""Binding: turn the indicators a strategy declares into lines over the run's market."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import StrategyError
from tradewright.domain.timeframe import Timeframe

from .computed import Computed
from .lines import Cursor, Line, SparseLine, whole_column
from .reads import HistoryRead
from .studies import STUDIES
from .wide import WideLines, leading_gaps, wide_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.marketdata.market import Market

    from .reads import StudyRead

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Binder", "leading_gap", "lines_in"]

_COLUMNS = ("open", "high", "low", "close", "volume")
_FIRST_LOOK = 512


def leading_gap(values: Floats) -> int:
    """How many values are missing before the first one; the length when all are."""
    looked, width = 0, _FIRST_LOOK
    while looked < len(values):
        # Gaps are short and columns long: look at a little, then at more.
        known = ~np.isnan(values[looked : looked + width])
        if known.any():
            return looked + int(np.argmax(known))
        looked, width = looked + width, width * 8
    return len(values)


class Binder:
    """Declares indicators for one strategy: computes them over the market and remembers their warm-up.

    Parameters
    ----------
    market : Market
    cursor : Cursor
        Shared with the engine, which moves it.
    computed : Computed, optional
        What was evaluated over the same market before, by other strategies or with other parameters.
    """

    def __init__(self, market: Market, cursor: Cursor, computed: Computed | None = None) -> None:
        self.market = market
        self.cursor = cursor
        self.lines: list[Line] = []
        self._computed = Computed() if computed is None else computed

    def number(self, symbol: str) -> int:
        """Number of a symbol.

        Raises
        ------
        SymbolNotFoundError
            When the run has no such symbol, or several.
        """
        return self.market.number(symbol)

    def use(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        symbol: str | None,
        timeframe: str | Timeframe | None,
    ) -> Any:
        """Evaluate an indicator for one symbol or for all; see `Strategy.use`."""
        found = self.evaluated(function, arguments, keywords, symbol, timeframe)
        self.lines.extend(lines_in(found))
        return found

    def evaluated(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        symbol: str | None,
        timeframe: str | Timeframe | None,
    ) -> Any:
        """The lines of an indicator over the market as it is; `use` declares them besides."""
        pace = None if timeframe is None else Timeframe.parse(timeframe)
        if symbol is not None:
            return self._lines(function, arguments, keywords, self.number(symbol), pace)
        if len(self.market.symbols) == 1:
            return self._lines(function, arguments, keywords, 0, pace)
        return self._of_all(function, arguments, keywords, pace)

    def _of_all(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any], pace: Timeframe | None
    ) -> dict[str, Any]:
        market = self.market
        wide = (
            None
            if pace not in (None, market.timeframe)
            else wide_values(market, self._computed, function, arguments, keywords)
        )
        if wide is None:
            numbered = enumerate(market.symbols)
            return {name: self._lines(function, arguments, keywords, number, pace) for number, name in numbered}
        declared = _declared_gap(function, self._arguments(function, arguments, market.tracks[0].bars, 0), keywords)
        gaps = [gap if gap < len(market) else max(gap, declared) for gap in leading_gaps(wide, declared)]
        head = self._name(function, arguments, 0, pace).split(f" of {market.symbols[0]}")
        return WideLines(
            [f"{head[0]} of {symbol}{head[-1]}" for symbol in market.symbols], market, wide, gaps, self.cursor
        )

    def study(self, function: Callable[..., Any], arguments: tuple[Any, ...], number: int) -> Line:
        """An indicator of one symbol that nothing waits for: it is read while the run goes on."""
        line: Line = self._lines(function, arguments, {}, number, None)
        return line

    def _lines(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        number: int,
        timeframe: Timeframe | None,
    ) -> Any:
        bars, last = self.market.pace(number, timeframe)
        values = self._arguments(function, arguments, bars, number)
        outputs = self._evaluate(function, values, keywords, bars)
        name = self._name(function, arguments, number, timeframe)
        declared = functools.partial(_declared_gap, function, values, keywords)
        if isinstance(outputs, tuple):
            fields = getattr(outputs, "_fields", range(len(outputs)))
            lines = [self._line(f"{name}.{f}", o, last, number, declared) for f, o in zip(fields, outputs, strict=True)]
            return outputs._make(lines) if hasattr(outputs, "_make") else tuple(lines)
        return self._line(name, outputs, last, number, declared)

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
        if isinstance(argument, str):
            raise StrategyError(
                f"Bars have no column '{argument}' for {getattr(function, '__name__', 'an indicator')}.",
                hint=f"Use {', '.join(_COLUMNS)}, or pass texts by keyword.",
            )
        if isinstance(argument, dict):
            argument = argument[self.market.symbols[number]]
        if isinstance(argument, Line):
            return self._own_values(function, argument, bars)
        return argument

    def _own_values(self, function: Callable[..., Any], line: Line, bars: Bars) -> Floats:
        values = whole_column(line)
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
            found = self._call(function, values, keywords, bars)
            # The inputs stay referenced, so that their identities in the key are never given to other arrays.
            self._computed.keep(key, found, values)
        return found

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

    def _line(self, name: str, output: Any, last: Ints | None, number: int, declared: Callable[[], int]) -> Line:
        values = np.ascontiguousarray(output, dtype=np.float64)
        values.flags.writeable = False
        gap = leading_gap(values)
        if gap == len(values):
            # None has a value: what the indicator declares says how many bars would have been enough.
            gap = max(gap, declared())
        if last is None:
            return Line(name, values, self.cursor, gap, number)
        return SparseLine(name, values, last, self.cursor, gap, number)

    def row_with_history(self, number: int, read: HistoryRead) -> int:
        """First row in which a symbol has that much history."""
        pace = None if read.timeframe is None else Timeframe.parse(read.timeframe)
        _, last = self.market.pace(number, pace)
        return read.bars - 1 if last is None else int(np.searchsorted(last, read.bars - 1))

    def row_with_study(self, number: int, read: StudyRead) -> int:
        """First row in which an indicator read from the context has a value for a symbol."""
        first_valid = int(STUDIES[read.name].first_valid(period=read.period))  # type: ignore[attr-defined]
        return self.row_with_history(number, HistoryRead(first_valid + 1, None))


def _declared_gap(function: Callable[..., Any], values: list[Any], keywords: dict[str, Any]) -> int:
    """Bars without a value that an indicator declares for its arguments; 0 for a plain function."""
    declared = getattr(function, "first_valid", None)
    if declared is None:
        return 0
    given = inspect.signature(function).bind(*values, **keywords).arguments
    known = getattr(function, "parameters", {})
    return int(declared(**{name: value for name, value in given.items() if name in known}))


def column(bars: Bars, name: str) -> NDArray[Any]:
    """A column of the bars by name; ``"session"`` is each row's session number."""
    if name == "session":
        return bars.sessions.row_labels(len(bars)).astype(np.float64)
    found: NDArray[Any] = getattr(bars, name)
    return found


def lines_in(holder: Any) -> Iterator[Line]:
    """Every line in a value: the line itself, or those of a tuple, list or mapping."""
    if isinstance(holder, Line):
        yield holder
    elif isinstance(holder, (tuple, list)):
        for item in holder:
            yield from lines_in(item)
    elif isinstance(holder, dict):
        for item in holder.values():
            yield from lines_in(item)
