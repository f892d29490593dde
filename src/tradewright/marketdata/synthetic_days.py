"""A synthetic market that may be looked at from any day: what a symbol did on a day is the same whatever was asked for.

Days are those of `synthetic_market`, walked from one fixed date on, from a seed that is made of the symbol. Inside a
day the price goes from its open over its high and its low to its close by Brownian bridges that are folded back where
they would leave them. Every shorter bar is cut from that one path, so that minutes make the hours and hours the day.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe

from .sessions import sessions_between
from .synthetic import session_grid, synthetic_market

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.instrument import Instrument

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["BEGINS", "LABEL", "SyntheticDays"]

LABEL = "SYNTHETIC"
"""How bars of this market name their source."""
BEGINS = 10_957
"""The market's first day, 2000-01-01: days since 1970-01-01."""

_DAY = Timeframe.parse("1d")
_MINUTE = Timeframe.parse("1m")
_STEPS = 4
"""Steps of a minute; its high and low are those of the path."""
_ROUGHNESS = 0.6
"""Standard deviation of the bridges at the end of a day, in ranges of the day."""


class SyntheticDays:
    """One symbol of the market.

    Parameters
    ----------
    instrument : Instrument
        Its symbol alone decides what happens; calendar and tick say when and in which steps.

    Examples
    --------
    >>> from tradewright.domain.instrument import Crypto
    >>> coin = SyntheticDays(Crypto("BTCUSD", "SYNTHETIC", tick=0.01))
    >>> month, day = (coin.bars(Timeframe.parse("1d"), 18_000, last) for last in (18_030, 18_000))
    >>> len(month), day.close[0] == month.close[0]
    (31, True)
    """

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._seed = int.from_bytes(hashlib.sha256(instrument.symbol.encode()).digest()[:8])
        self._days: Bars | None = None
        self._until_day = BEGINS

    def bars(self, timeframe: Timeframe, first: int, last: int) -> Bars:
        """The bars of the sessions from one day to another, both included.

        Parameters
        ----------
        timeframe : Timeframe
            Shorter than a day, or a day.
        first, last : int
            Days since 1970-01-01.

        Raises
        ------
        DataNotAvailableError
            For longer bars, and where there is no session in these days.
        CalendarError
            When the calendar is unknown or does not reach so far.
        """
        if timeframe.nanoseconds > NS_PER_DAY:
            raise DataNotAvailableError(
                f"The synthetic market has no bars of {timeframe}.", hint="Take 1d bars and resample them."
            )
        days = self._until(last)
        labels = days.sessions.labels
        begin, stop = int(np.searchsorted(labels, first)), int(np.searchsorted(labels, last, "right"))
        if begin >= stop:
            raise DataNotAvailableError(f"{self._instrument.calendar} has no session in these days.")
        return self._inside(days.rows(begin, stop), timeframe)

    def _until(self, last: int) -> Bars:
        """All days of the market up to one, the same ones however far."""
        if last < BEGINS:
            raise DataNotAvailableError("The synthetic market begins on 2000-01-01.", hint="Ask for later days.")
        if self._days is None or self._until_day < last:
            rng = np.random.default_rng(self._seed)
            made = synthetic_market([self._instrument], _DAY, (BEGINS, last, None), rng=rng, label=LABEL)
            self._days, self._until_day = made[self._instrument.symbol], last
        return self._days

    def _inside(self, days: Bars, timeframe: Timeframe) -> Bars:
        if not timeframe.is_intraday:
            return days
        labels = days.sessions.labels
        table = sessions_between(str(self._instrument.calendar), int(labels[0]), int(labels[-1]))
        minutes, bars = session_grid(table, _MINUTE), session_grid(table, timeframe)
        if minutes is None or bars is None:
            raise DataNotAvailableError(f"{self._instrument.calendar} has no hours in these days.")
        columns = self._minutes(days, minutes.session)
        begins = np.searchsorted(minutes.open_time, bars.open_time)
        prices: dict[str, Any] = {
            "open": columns["open"][begins],
            "high": np.maximum.reduceat(columns["high"], begins),
            "low": np.minimum.reduceat(columns["low"], begins),
            "close": columns["close"][np.append(begins[1:], len(minutes.open_time)) - 1],
            "volume": np.add.reduceat(columns["volume"], begins),
        }
        return Bars(
            instrument=self._instrument,
            timeframe=timeframe,
            open_time=bars.open_time,
            close_time=bars.close_time,
            sessions=SessionIndex.of_labels(bars.labels),
            source=LABEL,
            synthetic=True,
            **prices,
        )

    def _minutes(self, days: Bars, session: Ints) -> dict[str, Floats]:
        """The minutes of all days; `session` is the number of each minute's day."""
        counts = np.bincount(session, minlength=len(days)).tolist()
        per_unit = round(1 / self._instrument.tick)
        parts: list[tuple[Ints, Floats]] = []
        for row, (label, count) in enumerate(zip(days.sessions.labels.tolist(), counts, strict=True)):
            rng = np.random.default_rng([self._seed, label])
            four = (getattr(days, name)[row] for name in ("open", "high", "low", "close"))
            path = _path(rng, count * _STEPS, *(round(price * per_unit) for price in four))
            parts.append((path, _volumes(rng, count, days.volume[row])))
        paths = [_cut(path) for path, _ in parts]
        found = {
            name: np.concatenate([each[at] for each in paths]) / per_unit
            for at, name in enumerate(("open", "high", "low", "close"))
        }
        return {**found, "volume": np.concatenate([volumes for _, volumes in parts])}


def _path(rng: np.random.Generator, steps: int, opens: int, high: int, low: int, closes: int) -> Ints:
    """Prices in ticks at the ends of all steps, from open to close, that touch high and low and stay between them."""
    turns = np.sort(rng.choice(np.arange(1, steps), 2, replace=False))
    extremes = (high, low) if rng.random() < 0.5 else (low, high)
    at, through = np.array([0, *turns, steps]), np.array([opens, *extremes, closes])
    every, span = np.arange(steps + 1), high - low
    walk = np.append(0.0, np.cumsum(rng.standard_normal(steps))) * (span * _ROUGHNESS / np.sqrt(steps))
    bridge = walk - np.interp(every, at, walk[at])
    free = np.rint(np.interp(every, at, through) + bridge).astype(np.int64)
    if span == 0:
        return np.full(steps + 1, low)
    folded = (free - low) % (2 * span)
    path: Ints = low + np.minimum(folded, 2 * span - folded)
    return path


def _cut(path: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Open, high, low and close of the minutes of a path."""
    begins, ends = path[:-1:_STEPS], path[_STEPS::_STEPS]
    steps = path[1:].reshape(-1, _STEPS)
    return begins, np.maximum(begins, steps.max(axis=1)), np.minimum(begins, steps.min(axis=1)), ends


def _volumes(rng: np.random.Generator, count: int, whole: float) -> Floats:
    """The volume of a day by its minutes, in whole units that add up to it: most at the open and the close."""
    progress = (np.arange(count) + 0.5) / count
    shares = (0.6 + 1.2 * (2 * progress - 1) ** 2) * np.exp(0.35 * rng.standard_normal(count))
    marks = np.rint(whole * np.cumsum(shares) / shares.sum())
    found: Floats = np.diff(marks, prepend=0.0)
    return found
