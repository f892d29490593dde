"""The curves of a result for drawing: columns on one time axis, gathered into buckets where there are too many rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import ConfigError, DataNotAvailableError
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe
from tradewright.quant import buckets
from tradewright.reporting import tables
from tradewright.reporting.drawn_indicators import indicator_line, is_indicator
from tradewright.reporting.figures.equity import benchmark_points

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars
    from tradewright.domain.record import RunRecord
    from tradewright.reporting.findings import Findings

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["BARS", "LINES", "SERIES", "DrawnSeries", "Window", "drawn_bars", "drawn_days", "drawn_rows", "drawn_series"]

LINES = ("equity", "drawdown", "benchmark", "exposure", "close", "volume")
"""Curves with one value a row."""

BARS = "bars"
"""Open, high, low, close and volume of the run's bars."""

SERIES = (*LINES, BARS)


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked for.

    Parameters
    ----------
    most : int
        Points at most, one to a bucket.
    first_ns, stop_ns : int, optional
        Half-open range, UTC nanoseconds; None where a side is open. It is widened to whole buckets.
    """

    most: int
    first_ns: int | None = None
    stop_ns: int | None = None


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """Columns to draw.

    Parameters
    ----------
    times : (k,) int64
        UTC nanoseconds, rising: a row's label, or where its bucket begins.
    lines : mapping of name to Sampled
        Where rows are drawn as they are, the four columns are the same one.
    bars : mapping of column to (k,) float64, or None
        Open, high, low, close, volume.
    level : int
        Buckets are ``timeframe × 2^level`` long.
    bucket_ns : int
    raw_points : int
        Rows in the range.
    is_raw : bool
        Whether rows are drawn as they are.
    """

    times: Ints
    lines: Mapping[str, buckets.Sampled]
    bars: Mapping[str, Floats] | None
    level: int
    bucket_ns: int
    raw_points: int
    is_raw: bool


@dataclass(slots=True)
class _Rows:
    """The rows of a range, and the buckets they are drawn in."""

    times: Ints
    width: int
    window: Window
    level: int = 0
    chosen: slice = field(default_factory=lambda: slice(0))
    starts: Ints | None = None

    def __post_init__(self) -> None:
        self.chosen = _between(self.times, self.window.first_ns, self.window.stop_ns)
        if self.count <= self.window.most:
            return
        asked = self.times[self.chosen]
        self.level = buckets.level_for(asked, self.width, self.window.most)
        self._widen()
        # The rows at the edges that were not asked for may make a bucket more.
        if self.starts is not None and len(self.starts) > self.window.most:
            self.level += 1
            self._widen()

    def _widen(self) -> None:
        """A bucket is drawn whole or not at all: what is asked of it from another side shows the same."""
        whole, first, stop = self.bucket, self.window.first_ns, self.window.stop_ns
        first = None if first is None else first // whole * whole
        stop = None if stop is None else -(-stop // whole) * whole
        self.chosen = _between(self.times, first, stop)
        self.starts = buckets.begins(self.times[self.chosen], whole)

    @property
    def count(self) -> int:
        """Rows in the range."""
        return int(self.chosen.stop - self.chosen.start)

    @property
    def bucket(self) -> int:
        """Length of a bucket, nanoseconds."""
        return self.width << self.level

    def stamps(self) -> Ints:
        """Where each point is drawn."""
        times = self.times[self.chosen]
        return times if self.starts is None else times[self.starts] // self.bucket * self.bucket

    def line(self, values: Floats) -> buckets.Sampled:
        """A column of rows as points."""
        chosen = values[self.chosen]
        return buckets.Sampled(*[chosen] * 4) if self.starts is None else buckets.sampled(chosen, self.starts)

    def total(self, values: Floats) -> Floats:
        """A column of amounts as points."""
        chosen = values[self.chosen]
        return chosen if self.starts is None else buckets.totals(chosen, self.starts)


def drawn_series(findings: Findings, names: Sequence[str], window: Window, symbol: str | None = None) -> DrawnSeries:
    """Curves of a result on one time axis: session dates of daily and longer bars, the open of shorter ones.

    Drawdown is computed from the equity of every row before rows are gathered, so that the deepest one is there.

    Parameters
    ----------
    findings : Findings
    names : sequence of str
        Of `SERIES`, or an indicator of the symbol's bars as ``name:period``.
    window : Window
    symbol : str, optional
        Whose bars; of a run with one symbol, that one.

    Raises
    ------
    ConfigError
        For a name that there is not, or a symbol that the run has not.
    DataNotAvailableError
        Where bars are asked for and gone.
    """
    record = findings.record
    unknown = next((name for name in names if name not in SERIES and not is_indicator(name)), None)
    if unknown is not None:
        raise ConfigError(f"There is no series '{unknown}'.", hint=f"Ask for {', '.join(SERIES)}, or sma:50.")
    width = Timeframe.parse(record.data[0].timeframe).nanoseconds if record.data else NS_PER_DAY
    rows = _Rows(record.timeline.labels()[record.timeline.first_row :], width, window)
    lines = {name: rows.line(_column(findings, name, symbol)) for name in names if name != BARS}
    bars = _ohlc(rows, _bar_columns(record, symbol)) if BARS in names else None
    return _drawn(rows, lines, bars)


def drawn_bars(bars: Bars, window: Window) -> DrawnSeries:
    """A series of bars, by session date or open; open, high, low, close and volume of each bucket."""
    daily = not bars.timeframe.is_intraday
    times = bars.sessions.row_labels(len(bars)) * NS_PER_DAY if daily else bars.open_time
    rows = _Rows(times, bars.timeframe.nanoseconds, window)
    return _drawn(rows, {}, _ohlc(rows, {name: getattr(bars, name) for name in _OHLC}))


def drawn_days(days: Ints, columns: Mapping[str, Floats], window: Window) -> DrawnSeries:
    """Lines that have one value a session, by its date; `days` since 1970, rising."""
    return drawn_rows(days * NS_PER_DAY, NS_PER_DAY, columns, window)


def drawn_rows(
    times: Ints, width: int, columns: Mapping[str, Floats], window: Window, bars: Mapping[str, Floats] | None = None
) -> DrawnSeries:
    """Lines, and bars where they are given, at times that rise.

    Parameters
    ----------
    times : (n,) int64
        UTC nanoseconds.
    width : int
        Length of the finest bucket, nanoseconds.
    columns : mapping of name to (n,) float64
    window : Window
    bars : mapping of name to (n,) float64, optional
        Open, high, low, close and volume.
    """
    rows = _Rows(times, width, window)
    lines = {name: rows.line(values) for name, values in columns.items()}
    return _drawn(rows, lines, None if bars is None else _ohlc(rows, bars))


_OHLC = ("open", "high", "low", "close", "volume")


def _drawn(rows: _Rows, lines: Mapping[str, buckets.Sampled], bars: Mapping[str, Floats] | None) -> DrawnSeries:
    return DrawnSeries(rows.stamps(), lines, bars, rows.level, rows.bucket, rows.count, rows.starts is None)


def _between(times: Ints, first: int | None, stop: int | None) -> slice:
    begin = 0 if first is None else int(np.searchsorted(times, first))
    end = len(times) if stop is None else int(np.searchsorted(times, stop))
    return slice(begin, max(begin, end))


def _ohlc(rows: _Rows, columns: Mapping[str, Floats]) -> dict[str, Floats]:
    return {
        "open": rows.line(columns["open"]).first,
        "high": rows.line(columns["high"]).high,
        "low": rows.line(columns["low"]).low,
        "close": rows.line(columns["close"]).last,
        "volume": rows.total(columns["volume"]),
    }


def _column(findings: Findings, name: str, symbol: str | None) -> Floats:
    """A curve by rows, from the first one that counts; NaN where it has no value."""
    record = findings.record
    if name in ("equity", "drawdown"):
        return tables.equity(record)[name]
    if name == "benchmark":
        return _benchmark(findings)
    if name == "exposure":
        return _scattered(record, record.timeline.session_closes(), record.exposure)
    if is_indicator(name):
        bars = _bars(record, _named(record, symbol))
        return _placed(record, bars, {name: indicator_line(bars, name)})[name]
    return _bar_columns(record, symbol)[name]


def _benchmark(findings: Findings) -> Floats:
    """The benchmark from the same starting cash; nowhere a value where there is none."""
    record = findings.record
    rows, values = benchmark_points(record, findings.metrics.benchmark)
    return _scattered(record, rows, values)


def _scattered(record: RunRecord, rows: Ints, values: Floats) -> Floats:
    column = np.full(len(record.timeline), np.nan)
    column[rows] = values
    return column[record.timeline.first_row :]


def _bar_columns(record: RunRecord, symbol: str | None) -> dict[str, Floats]:
    """The bars of a symbol by the rows of the run; NaN where it has none."""
    bars = _bars(record, _named(record, symbol))
    return _placed(record, bars, {name: getattr(bars, name) for name in _OHLC})


def _placed(record: RunRecord, bars: Bars, columns: Mapping[str, Floats]) -> dict[str, Floats]:
    line = record.timeline
    place = np.searchsorted(line.open_time, bars.open_time)
    known = (place < len(line)) & (line.open_time[np.minimum(place, len(line) - 1)] == bars.open_time)
    return {name: _scattered(record, place[known], column[known]) for name, column in columns.items()}


def _named(record: RunRecord, symbol: str | None) -> str:
    names = record.symbols
    if symbol is None and len(names) == 1:
        return names[0]
    if symbol not in names:
        asked = "Its bars are those of several symbols" if symbol is None else f"The run has no symbol '{symbol}'"
        raise ConfigError(f"{asked}.", hint=f"Name one of {', '.join(names[:6])} as symbol.")
    return symbol


def _bars(record: RunRecord, name: str) -> Bars:
    found: Bars | None = record.bars.get(name)
    if found is None:
        why = getattr(record.bars, "absence", "") or "they were not kept with it"
        raise DataNotAvailableError(f"The bars of {name} are not there: {why}.", hint="Put the data back as it was.")
    return found
