"""What a vendor has: the raw bars of one instrument, with a split among them, up to an instant inside of a session."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from tradewright.domain.bars import Bar
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe
from tradewright.marketdata.sessions import sessions_between

DAILY, MINUTES = Timeframe.parse("1d"), Timeframe.parse("5m")
_EPOCH = dt.date(1970, 1, 1)


def day(text: str) -> int:
    """Days since 1970-01-01."""
    return (dt.date.fromisoformat(text) - _EPOCH).days


@dataclass(frozen=True)
class Truth:
    """The bars of one instrument.

    Parameters
    ----------
    symbol, calendar : str
    first, last : str
        Dates of the first and the last session; in the middle of the last it is now.
    intraday_sessions : int
        How many of the last sessions have bars of five minutes.
    split : (str, float), optional
        The session from which on there are so many new shares for an old one.
    """

    symbol: str
    calendar: str
    first: str
    last: str
    intraday_sessions: int = 4
    split: tuple[str, float] | None = None

    @cached_property
    def sessions(self) -> Any:
        return sessions_between(self.calendar, day(self.first), day(self.last))

    @cached_property
    def now_ns(self) -> int:
        opened, closed = int(self.sessions.opens[-1]), int(self.sessions.closes[-1])
        return opened + (closed - opened) // 2 + 17 * NS_PER_MINUTE

    def bars(self, timeframe: Timeframe) -> list[Bar]:
        """Every bar that has begun, oldest first; the last is not over."""
        return _bars(self, timeframe)

    def closed(self, timeframe: Timeframe) -> list[Bar]:
        """Those that are over."""
        return [bar for bar in self.bars(timeframe) if bar.close_time <= self.now_ns]

    def ratio_after(self, day_: int) -> float:
        """By how much later splits have changed what a share of a day is."""
        return self.split[1] if self.split is not None and day_ < day(self.split[0]) else 1.0

    @property
    def clock(self) -> StoppedClock:
        return StoppedClock(self.now_ns)


@lru_cache(maxsize=32)
def _bars(truth: Truth, timeframe: Timeframe) -> list[Bar]:
    table = truth.sessions
    spans = list(zip(table.labels.tolist(), table.opens.tolist(), table.closes.tolist(), strict=True))
    if timeframe.is_intraday:
        step = timeframe.nanoseconds
        spans = [
            (label, at, min(at + step, closes))
            for label, opens, closes in spans[-truth.intraday_sessions :]
            for at in range(opens, closes, step)
        ]
    # One bar in seven is missing: nothing was traded in it.
    rows = [(number, span) for number, span in enumerate(spans) if number % 7 != 3 and span[1] <= truth.now_ns]
    return [_bar(truth, number, *span) for number, span in rows]


def _bar(truth: Truth, number: int, label: int, opened: int, closed: int) -> Bar:
    # In cents of the share of today, so that a split of four leaves whole cents.
    cents = 4 * (2_500 + number * 37 % 400)
    ratio = truth.ratio_after(label)
    shape = (cents, cents + 48, cents - 60, cents + 4 * (number % 11 - 5))
    prices = [round(each * ratio / 100, 2) for each in shape]
    return Bar(truth.symbol, opened, closed, *prices, float((1000 + number * 13 % 700) * 10))


class StoppedClock:
    """It is one instant; what must never run backwards is this machine's."""

    def __init__(self, at_ns: int) -> None:
        self.at_ns = at_ns

    def now_ns(self) -> int:
        return self.at_ns

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


NEW_YORK = Truth("ACME", "XNYS", "2023-11-01", "2024-01-10", split=("2023-12-14", 4.0))
MUMBAI = Truth("INFY", "XBOM", "2023-11-01", "2024-01-10")
COIN = Truth("BTC/USDT", "24/7", "2023-12-20", "2024-01-10", intraday_sessions=2)


def as_floats32(value: float) -> float:
    """A number as somebody writes it who keeps 32 bits."""
    return float(np.float32(value))


def label_of(bar: Bar, truth: Truth) -> int:
    """The session of a bar."""
    place = int(np.searchsorted(truth.sessions.opens, bar.open_time, "right")) - 1
    return int(truth.sessions.labels[place])


__all__ = ["COIN", "DAILY", "MINUTES", "MUMBAI", "NEW_YORK", "StoppedClock", "Truth", "label_of"]
