"""Bars as they were known at a time, and up to the end of what is traded no more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.actions import actions_of
from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import DataError, DataNotAvailableError
from tradewright.domain.listing import end_of
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.provenance import origin_after
from tradewright.marketdata.sessions import sessions_between

if TYPE_CHECKING:
    from tradewright.domain.bars import Bars

__all__ = ["as_known_on", "with_end"]

_LONGEST_PAUSE = 30


def as_known_on(bars: Bars, day: int) -> Bars:
    """What was known of unadjusted bars when a date ended in UTC: those that had closed, and what had been said.

    A split or dividend that was announced later is not seen, and one that was said otherwise as it was said then. Where
    nobody says when it was announced, it is known from its own session on.

    Parameters
    ----------
    bars : Bars
    day : int
        Days since 1970-01-01.

    Raises
    ------
    DataError
        When the prices contain actions already: nobody can tell what they were without those of later.
    DataNotAvailableError
        When no bar had closed.
    """
    date = str(np.datetime64(day, "D"))
    if bars.adjustment is not Adjustment.RAW:
        raise DataError(
            f"Prices of {bars.symbol} with adjustment='{bars.adjustment}' do not tell what was known on {date}.",
            hint="Start from the unadjusted prices and their actions.",
        )
    at_ns = (day + 1) * NS_PER_DAY
    stop = int(np.searchsorted(bars.close_time, at_ns, "right"))
    if stop == 0:
        raise DataNotAvailableError(f"No bar of {bars.symbol} had closed on {date}.", hint="Take a later date.")
    seen = bars.rows(0, stop)
    last = int(seen.sessions.labels[-1])
    said = bars.actions.announced
    actions = actions_of(said, bars.instrument.currency, at_ns, last) if said else bars.actions.until(last)
    return replace(seen, actions=actions, quality=None, origin=origin_after(bars, "as_of", date))


def with_end(bars: Bars, last_day: int) -> Bars:
    """The bars of an instrument whose end was said, with the instant of its last trade; others as they are.

    A run settles what is held of it then at its last close, as of everything that expires.

    Parameters
    ----------
    bars : Bars
    last_day : int
        Session of the last bar of the whole series.
    """
    end = end_of(bars.actions.announced)
    if end is None or end <= bars.sessions.labels[0] or bars.instrument.calendar is None:
        return bars
    day = min(end - 1, last_day)
    closes = sessions_between(bars.instrument.calendar, day - _LONGEST_PAUSE, day).closes
    return bars.with_instrument(replace(bars.instrument, expiry_ns=int(closes[-1])))
