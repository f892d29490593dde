"""The hours of the bars of a run: those of the exchange alone, or with those before the open and after the close."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import SessionIndex
from tradewright.domain.errors import ConfigError, DataNotAvailableError
from tradewright.marketdata.placement import Hours
from tradewright.marketdata.provenance import origin_after
from tradewright.marketdata.sessions import sessions_around

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradewright.domain.bars import Bars

__all__ = ["in_hours"]


def in_hours(bars: Bars, hours: Hours) -> Bars:
    """The bars of the hours that are asked for.

    Parameters
    ----------
    bars : Bars
        Shorter than a day, of an instrument with a calendar.
    hours : Hours
        With `Hours.REGULAR` the bars that lie inside of their session, the lunch break of some exchanges included; with
        `Hours.EXTENDED` all of them, of which some have to lie before an open or after a close.

    Returns
    -------
    Bars
        `bars` themselves where none is left out; else without a report on their quality, and with an origin that says
        what was done.

    Raises
    ------
    ConfigError
        For bars of a day or longer, which have no hours.
    DataNotAvailableError
        When no bar is left, or none lies outside of the hours of the exchange.
    """
    if not bars.timeframe.is_intraday or bars.instrument.calendar is None:
        raise ConfigError(
            f"The {bars.timeframe} bars of {bars.symbol} have no hours to choose from.", hint="Leave hours out."
        )
    inside = _inside(bars, bars.instrument.calendar)
    if hours is Hours.EXTENDED:
        _require_some_outside(bars, inside)
        return bars
    if inside.all():
        return bars
    if not inside.any():
        raise DataNotAvailableError(
            f"No bar of {bars.symbol} lies in the hours of {bars.instrument.calendar}.", hint="Take hours='extended'."
        )
    columns: dict[str, Any] = {name: column[inside] for name, column in bars.columns().items()}
    labels = bars.sessions.row_labels(len(bars))[inside]
    origin = origin_after(bars, "hours", str(hours))
    return replace(bars, sessions=SessionIndex.of_labels(labels), quality=None, origin=origin, **columns)


def _inside(bars: Bars, calendar: str) -> NDArray[np.bool_]:
    """Which bars open and close inside of their session."""
    table = sessions_around(calendar, int(bars.open_time[0]), int(bars.close_time[-1]))
    position = table.of_labels(bars.sessions.row_labels(len(bars)))
    found: NDArray[np.bool_] = (
        (position >= 0) & (bars.open_time >= table.opens[position]) & (bars.close_time <= table.closes[position])
    )
    return found


def _require_some_outside(bars: Bars, inside: NDArray[np.bool_]) -> None:
    if inside.all():
        raise DataNotAvailableError(
            f"All bars of {bars.symbol} lie in the hours of {bars.instrument.calendar}.",
            hint="Fetch the others with 'tradewright data fetch --hours extended', or leave hours out.",
        )
