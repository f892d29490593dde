"""Curves of a run: equity with its starting cash, session returns, months, the benchmark, and fewer points to draw."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.bars import Bars
from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe, TimeUnit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = [
    "Candles",
    "Year",
    "benchmark_closes",
    "candle_size",
    "candles",
    "keep_extremes",
    "marked_equity",
    "marked_times",
    "months",
    "months_of",
    "own_closes",
    "periods_of",
    "periods_per_year",
    "session_equity",
]

_PERIODS = {TimeUnit.WEEK: 52.0, TimeUnit.MONTH: 12.0}


class Year(NamedTuple):
    """One line of the monthly table: simple returns as fractions, None for a month outside the run.

    A month or a year that began without equity has no return: NaN.
    """

    year: int
    months: tuple[float | None, ...]
    total: float


def marked_equity(record: RunRecord) -> Floats:
    """Equity at every close from the first traded row on, the starting cash before it; (n + 1,) float64."""
    return np.concatenate(([record.config.cash], record.equity[record.timeline.first_row :]))


def marked_times(record: RunRecord) -> Ints:
    """The instants of `marked_equity`: the first open, then every close; (n + 1,) int64 nanoseconds UTC."""
    line, first = record.timeline, record.timeline.first_row
    return np.concatenate((line.open_time[first : first + 1], line.close_time[first:]))


def session_equity(record: RunRecord) -> Floats:
    """Equity at every session close, the starting cash before it; (s + 1,) float64.

    Bars longer than a day are sessions of their own.
    """
    return np.concatenate(([record.config.cash], record.equity[record.timeline.session_closes()]))


def periods_per_year(record: RunRecord) -> float:
    """How many of the run's return periods make a year: sessions up to daily bars, else 52 weeks or 12 months."""
    sessions = float(record.timeline.sessions_per_year)
    if not record.data:
        return sessions
    return periods_of(sessions, Timeframe.parse(record.data[0].timeframe))


def periods_of(sessions_per_year: float, timeframe: Timeframe) -> float:
    """How many return periods make a year for bars of a timeframe; see `periods_per_year`."""
    if timeframe.is_intraday:
        return sessions_per_year
    return _PERIODS.get(timeframe.unit, sessions_per_year) / timeframe.count


def own_closes(record: RunRecord) -> Floats | None:
    """The closes of the run's one symbol by row; None with several symbols or when the record carries no prices."""
    if len(record.symbols) != 1:
        return None
    only = next(iter(record.bars.values()), None) if len(record.bars) == 1 else None
    held = record.bars.get(record.symbols[0], only)
    closes: Any = getattr(held, "close", held)
    return closes if closes is not None and len(closes) == len(record.timeline) else None


def benchmark_closes(record: RunRecord, benchmark: Bars | Floats | None) -> Floats | None:
    """Benchmark prices at the start and at every session close; (s + 1,) float64, None where there is none.

    Without one it is buying and holding the run's single symbol at the first close at which the run could decide.
    Bars are matched by session label, the last one known where a session is missing.

    Raises
    ------
    DataError
        When the benchmark does not cover the run.
    """
    closes = record.timeline.session_closes()
    if benchmark is None:
        own = own_closes(record)
        if own is None or not len(closes):
            return None
        return np.concatenate(([own[record.timeline.first_row]], own[closes]))
    prices = _matched(record, benchmark) if isinstance(benchmark, Bars) else np.asarray(benchmark, np.float64)
    if len(closes) and prices.shape == (len(closes) + 1,):
        # As this function gave them: the benchmark of a run that was kept.
        return prices
    if prices.shape != closes.shape:
        raise DataError(
            f"The benchmark has {prices.size} values for the {len(closes)} session closes of the run.",
            hint="Give bars, or one value for every session close.",
        )
    return np.concatenate((prices[:1], prices))


def _matched(record: RunRecord, benchmark: Bars) -> Floats:
    """The benchmark's last close in or before each session of the run."""
    line = record.timeline
    wanted = line.sessions.row_labels(len(line))[line.session_closes()]
    place = np.searchsorted(benchmark.sessions.labels, wanted, "right") - 1
    if len(place) and place[0] < 0:
        first = np.datetime64(int(benchmark.sessions.labels[0]), "D")
        raise DataError(f"The benchmark {benchmark.symbol} begins on {first}, after the run does.")
    return np.asarray(benchmark.close[benchmark.sessions.last_rows(len(benchmark))[place]], np.float64)


def months(record: RunRecord) -> list[Year]:
    """Simple return of every calendar month of the run, by year, from one month's last session close to the next's."""
    closes = record.timeline.session_closes()
    return months_of(record, np.concatenate(([record.config.cash], record.equity[closes])))


def months_of(record: RunRecord, values: Floats) -> list[Year]:
    """The same of any values at the start and at every session close of the run; (s + 1,) float64."""
    line = record.timeline
    rows = line.session_closes()
    if not len(rows):
        return []
    label = (line.sessions.row_labels(len(line))[rows] * NS_PER_DAY).astype("datetime64[ns]")
    month = label.astype("datetime64[M]").astype(np.int64)
    last = np.append(np.flatnonzero(np.diff(month)), len(month) - 1)
    ends = values[np.concatenate(([0], last + 1))]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(ends[:-1] > 0.0, ends[1:] / ends[:-1] - 1.0, np.nan)
    found = {int(month[at]): float(value) for at, value in zip(last, change, strict=True)}
    levels = {int(month[at]): float(value) for at, value in zip(last, ends[1:], strict=True)}
    years, base = [], float(ends[0])
    for year in range(min(found) // 12, max(found) // 12 + 1):
        own = [number for number in range(year * 12, year * 12 + 12) if number in found]
        final = levels[own[-1]] if own else base
        total = final / base - 1.0 if base > 0.0 else float("nan")
        years.append(Year(1970 + year, tuple(found.get(year * 12 + number) for number in range(12)), total))
        base = final
    return years


def keep_extremes(columns: tuple[Floats, ...], limit: int) -> Ints:
    """Rows to draw so that no extreme of any column is lost: first, last, lowest and highest of every bucket.

    Parameters
    ----------
    columns : tuple of (n,) float64
    limit : int
        Most rows to keep; at least twice the number of columns plus two.

    Returns
    -------
    (m,) int64
        Rising row numbers, all of them when they fit.
    """
    rows = len(columns[0])
    if rows <= limit:
        return np.arange(rows, dtype=np.int64)
    edges = np.linspace(0, rows, max(1, limit // (2 + 2 * len(columns))) + 1).astype(np.int64)
    kept = [edges[:-1], edges[1:] - 1]
    for column in columns:
        for first, stop in pairwise(edges.tolist()):
            piece = column[first:stop]
            kept.append(np.array([first + np.argmin(piece), first + np.argmax(piece)], np.int64))
    return np.unique(np.concatenate(kept)).astype(np.int64)


class Candles(NamedTuple):
    """Bars put together: open of the first, highest, lowest, close of the last; stamped by the first bar.

    `time` is its open instant and `label` its session's day; all (m,).
    """

    time: Ints
    label: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats


def candle_size(rows: int, limit: int) -> int:
    """Bars put together in one candle, a power of two, so that at most `limit` candles are drawn.

    Examples
    --------
    >>> candle_size(500, 500), candle_size(501, 500), candle_size(1_000_000, 500)
    (1, 2, 2048)
    """
    size = 1
    while size * limit < rows:
        size *= 2
    return size


def candles(bars: Bars, first: int, limit: int) -> Candles:
    """Bars from row `first` on as at most `limit` candles of 1, 2, 4, 8 … bars on one grid, no extreme lost."""
    size = candle_size(len(bars) - first, limit)
    starts = np.arange(first, len(bars), size)
    stops = np.minimum(starts + size, len(bars)) - 1
    return Candles(
        bars.open_time[starts],
        bars.sessions.row_labels(len(bars))[starts],
        bars.open[starts],
        np.maximum.reduceat(bars.high, starts) if len(starts) else bars.high[:0],
        np.minimum.reduceat(bars.low, starts) if len(starts) else bars.low[:0],
        bars.close[stops],
    )
