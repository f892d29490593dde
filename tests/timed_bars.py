"""Bars at stated times, placed in real sessions, for tests of time."""

from __future__ import annotations

import numpy as np

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe
from tradewright.marketdata.placement import Hours, place_instants, place_labels
from tradewright.marketdata.sessions import sessions_between


def instants(*texts: str) -> np.ndarray:
    """ISO texts as UTC nanoseconds."""
    return np.array(texts, "datetime64[ns]").astype(np.int64)


def day(text: str) -> int:
    """A date as days since 1970-01-01."""
    return int(np.datetime64(text, "D").astype(np.int64))


def times(column: np.ndarray) -> list[str]:
    """UTC nanoseconds as texts to the minute."""
    return [str(value)[:16] for value in column.view("datetime64[ns]")]


def spans(bars: Bars) -> list[str]:
    """Each bar as ``"open close"``; the close to the minute, with its date only where it is another one."""
    pairs = zip(times(bars.open_time), times(bars.close_time), strict=True)
    return [f"{begin} {end[11:] if end[:10] == begin[:10] else end}" for begin, end in pairs]


def dates(bars: Bars) -> list[str]:
    """Session dates of the bars."""
    return bars.sessions.row_labels(len(bars)).astype("datetime64[D]").astype(str).tolist()


def timed(instrument: Instrument, timeframe: str, stamps: np.ndarray, hours: Hours = Hours.STRICT) -> Bars:
    """Bars whose open, close and volume count the rows."""
    frame, calendar = Timeframe.parse(timeframe), instrument.calendar or ""
    placed = (
        place_instants(calendar, frame, stamps, hours)
        if frame.is_intraday
        else place_labels(calendar, frame, stamps // (1440 * NS_PER_MINUTE))
    )
    assert not placed.outside.any()
    count = np.arange(1.0, len(stamps) + 1)
    columns = (count, count + 0.5, count - 0.5, count, count)
    return Bars(instrument, frame, placed.open_time, placed.close_time, *columns, SessionIndex.of_labels(placed.labels))


def sessions_of(instrument: Instrument, timeframe: str, first: str, last: str) -> Bars:
    """A bar in every place of every session from one date to another, none during lunch."""
    table = sessions_between(instrument.calendar or "", day(first), day(last))
    frame = Timeframe.parse(timeframe)
    if not frame.is_intraday:
        return timed(instrument, timeframe, table.labels * 1440 * NS_PER_MINUTE)
    pause, resumed = table.breaks or (table.closes, table.closes)
    stretches = [(begin, end) for k in range(len(table)) for begin, end in _stretches(table, pause, resumed, k)]
    stamps = [np.arange(begin, end, frame.nanoseconds) for begin, end in stretches]
    return timed(instrument, timeframe, np.concatenate(stamps))


def _stretches(table, pause, resumed, k):
    return [(table.opens[k], pause[k]), (resumed[k], table.closes[k])]
