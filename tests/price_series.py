"""Series of plausible prices on real calendars, into which tests plant one fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.instrument import Equity, Instrument
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, Timeframe
from tradewright.marketdata.placement import Hours, place_instants, place_labels
from tradewright.marketdata.sessions import sessions_between

SHARE = Equity("ACME", "XNYS")


def instants(*texts: str) -> np.ndarray:
    """UTC nanoseconds of ISO texts."""
    return np.array(texts, "datetime64[ns]").astype(np.int64)


def minutes(start: str, stop: str, step: int = 1) -> np.ndarray:
    """Every so many minutes from an instant up to another."""
    return np.arange(*instants(start, stop), step * NS_PER_MINUTE)


def dates(first: str, last: str, calendar: str = "XNYS") -> np.ndarray:
    """The sessions of a calendar as midnights."""
    days = [int(np.datetime64(text, "D").astype(int)) for text in (first, last)]
    return sessions_between(calendar, *days).labels * NS_PER_DAY


def placed(
    stamps: np.ndarray, timeframe: str = "1d", instrument: Instrument = SHARE, hours: Hours = Hours.STRICT
) -> Bars:
    """Bars that rise by a cent a bar, at those stamps of the instrument's calendar."""
    frame, calendar = Timeframe.parse(timeframe), instrument.calendar or ""
    if frame.is_intraday:
        rows = place_instants(calendar, frame, stamps, hours)
    else:
        rows = place_labels(calendar, frame, stamps // NS_PER_DAY)
    assert not rows.outside.any()
    price = 100 + 0.01 * np.arange(len(stamps))
    return Bars(
        instrument,
        frame,
        rows.open_time,
        rows.close_time,
        price,
        price + 0.5,
        price - 0.5,
        price + 0.01,
        np.full(len(stamps), 1e6),
        SessionIndex.of_labels(rows.labels),
    )


def walk(
    seed: int, sessions: int = 500, *, volatility: float = 0.02, tails: float | None = None, **changes: Any
) -> Bars:
    """A random walk of daily bars on the sessions of New York, with fat tails (Student's t) where asked for."""
    rng = np.random.default_rng(seed)
    bars = placed(dates("2000-01-03", "2012-12-31")[:sessions], **changes)
    shocks = rng.standard_normal((2, sessions)) if tails is None else rng.standard_t(tails, (2, sessions)) / 1.7
    night, day = shocks * volatility * np.array([[0.5], [0.85]])
    close = 100 * np.exp(np.cumsum(night + day))
    opening = close / np.exp(day)
    reach = 1 + volatility * np.abs(rng.standard_normal((2, sessions))) / 3
    high, low = np.maximum(opening, close) * reach[0], np.minimum(opening, close) / reach[1]
    volume = np.round(1e6 * np.exp(0.4 * rng.standard_normal(sessions)))
    return replace(bars, open=opening, high=high, low=low, close=close, volume=volume)


def scaled(bars: Bars, row: int, ratio: float) -> Bars:
    """The prices from a row on divided by a ratio, as a split leaves them."""
    factor = np.where(np.arange(len(bars)) < row, 1.0, ratio)
    prices = {name: getattr(bars, name) / factor for name in ("open", "high", "low", "close")}
    return replace(bars, **prices, volume=bars.volume * factor)


def without(bars: Bars, *rows: int) -> Bars:
    """The bars with some rows taken out."""
    columns: dict[str, Any] = {name: np.delete(column, rows) for name, column in bars.columns().items()}
    labels = np.delete(bars.sessions.row_labels(len(bars)), rows)
    return replace(bars, **columns, sessions=SessionIndex.of_labels(labels))


def changed(bars: Bars, row: int, **values: float) -> Bars:
    """The bars with some values of one row replaced."""
    columns = {name: np.array(getattr(bars, name)) for name in values}
    for name, value in values.items():
        columns[name][row] = value
    return replace(bars, **columns)
