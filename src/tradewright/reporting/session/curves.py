"""The curves of sessions for drawing: one session's money and bars, and what several are worth together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.reporting.series import drawn_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tradewright.reporting.series import DrawnSeries, Window

    from .book import SessionBook

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["MONEY", "Course", "course_of", "drawn_courses", "drawn_session"]

MONEY = ("equity", "drawdown", "realised", "unrealised", "costs", "exposure")
"""Lines of a session."""

BARS = "bars"
_OHLC = ("open", "high", "low", "close", "volume")


class Course(NamedTuple):
    """What a session has earned since its start, row by row.

    Parameters
    ----------
    times : (n,) int64
        UTC nanoseconds, rising.
    earned : (n,) float64
    """

    times: Ints
    earned: Floats


def course_of(book: SessionBook) -> Course:
    """The course of a session from its first decision on."""
    times, equity = _column(book, "open_ns"), _column(book, "equity")
    began = ~np.isnan(equity)
    return Course(times[began].astype(np.int64), equity[began] - book.start)


def drawn_courses(groups: Mapping[str, tuple[float, Sequence[Course]]], width: int, window: Window) -> DrawnSeries:
    """What groups of sessions were worth: each ends at what it is worth now, and goes back by what it earned.

    Parameters
    ----------
    groups : mapping of name to (worth now, courses)
    width : int
        Length of the finest bucket, nanoseconds.
    window : Window
    """
    every = [course.times for _, courses in groups.values() for course in courses if len(course.times)]
    times = np.unique(np.concatenate(every)) if every else np.zeros(0, dtype=np.int64)
    lines = {name: _worth(times, now, courses) for name, (now, courses) in groups.items()}
    return drawn_rows(times, width, lines, window)


def _worth(times: Ints, now: float, courses: Sequence[Course]) -> Floats:
    known = [course for course in courses if len(course.times)]
    total = np.full(len(times), now)
    for course in known:
        place = np.searchsorted(course.times, times, "right") - 1
        total -= course.earned[-1] - np.where(place < 0, 0.0, course.earned[np.maximum(place, 0)])
    if known:
        total[times < min(int(course.times[0]) for course in known)] = np.nan
    return total


def drawn_session(
    book: SessionBook, names: Sequence[str], width: int, window: Window, symbol: str | None = None
) -> DrawnSeries:
    """Lines of a session's money and bars of one of its symbols, by the open of the rows.

    Raises
    ------
    ConfigError
        For a name that there is not, or a symbol that the session has not.
    """
    unknown = next((name for name in names if name not in (*MONEY, BARS)), None)
    if unknown is not None:
        raise ConfigError(f"There is no series '{unknown}'.", hint=f"Ask for {', '.join((*MONEY, BARS))}.")
    times = _column(book, "open_ns").astype(np.int64)
    lines = {name: _line(book, name) for name in names if name != BARS}
    bars = _bars(book, times, symbol) if BARS in names else None
    return drawn_rows(times, width, lines, window, bars)


def _line(book: SessionBook, name: str) -> Floats:
    equity = _column(book, "equity")
    if name == "exposure":
        share: Floats = np.divide(_column(book, "gross"), equity, out=np.full(len(equity), np.nan), where=equity > 0.0)
        return share
    if name != "drawdown":
        return _column(book, name)
    peaks = np.fmax.accumulate(np.fmax(equity, book.start))
    below: Floats = equity / peaks - 1.0
    return below


def _column(book: SessionBook, name: str) -> Floats:
    return np.array([getattr(row, name) for row in book.money], dtype=np.int64 if name == "open_ns" else np.float64)


def _named(book: SessionBook, symbol: str | None) -> str:
    if symbol is None and len(book.bars) == 1:
        return next(iter(book.bars))
    if symbol not in book.bars:
        asked = "Its bars are those of several symbols" if symbol is None else f"The session has no bar of '{symbol}'"
        raise ConfigError(f"{asked}.", hint=f"Name one of {', '.join(sorted(book.bars)[:6])} as symbol.")
    return symbol


def _bars(book: SessionBook, times: Ints, symbol: str | None) -> dict[str, Floats]:
    """The bars of a symbol by the rows of the session; NaN where it has none."""
    # Before the first row there is no bar of any symbol, whatever the session is called to trade.
    rows = book.bars[_named(book, symbol)] if book.money else []
    place = np.searchsorted(times, [int(row[0]) for row in rows])
    known = [(at, row) for at, row in zip(place, rows, strict=True) if at < len(times) and times[at] == row[0]]
    columns = {name: np.full(len(times), np.nan) for name in _OHLC}
    for at, row in known:
        for number, name in enumerate(_OHLC, start=1):
            columns[name][at] = row[number]
    return columns
