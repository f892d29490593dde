"""A synthetic market: bars that look like a market's, made from a seed.

The log price is a random walk whose drift and volatility follow a Markov chain of regimes, one state per session
(Hamilton, "A New Approach to the Economic Analysis of Nonstationary Time Series", Econometrica 57, 1989). Every bar is
walked in small steps, so that high and low are those of a path; sessions open with a gap; volume follows the U of a
day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.errors import CalendarError, ConfigError
from tradewright.marketdata.periods import padding_days, periods
from tradewright.marketdata.sessions import SessionTable, sessions_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["REGIMES", "Grid", "MarketModel", "Regime", "session_grid", "synthetic_market"]

# Bars are drawn in blocks of one size, so that a longer series begins with the shorter one of the same seed.
_BLOCK = 8192
_STEPS = 8
# A path seen in steps misses part of its extremes, on average 0.5826 standard deviations of a step (Broadie,
# Glasserman, Kou, "A Continuity Correction for Discrete Barrier Options", Mathematical Finance 7, 1997);
# here times |z| / E|z|.
_REACH = 0.5826 / 0.7979
_GAP, _VOLUME, _UP, _DOWN = range(_STEPS, _STEPS + 4)
_HIGHEST_PRICE = 1e8


@dataclass(frozen=True, slots=True)
class Regime:
    """A mood of the market: annual drift and volatility of the log price, and how long it lasts on average."""

    name: str
    drift: float
    volatility: float
    mean_sessions: float


REGIMES = (
    Regime("rising", 0.30, 0.15, 90.0),
    Regime("calm", 0.05, 0.10, 60.0),
    Regime("falling", -0.25, 0.24, 45.0),
    Regime("turbulent", -0.10, 0.45, 20.0),
)


@dataclass(frozen=True, slots=True)
class MarketModel:
    """What a synthetic market is like.

    Parameters
    ----------
    volatility : float
        Scales every move.
    correlation : float
        Between the moves of two symbols, 0 to 1.
    start_price : float
    overnight_share : float
        Part of a session's variance that falls between close and open; none where sessions follow without a break.
    session_volume : float
        Mean volume of a session.
    regimes : tuple of Regime

    Raises
    ------
    ConfigError
        When a value is impossible.
    """

    volatility: float = 1.0
    correlation: float = 0.4
    start_price: float = 100.0
    overnight_share: float = 0.2
    session_volume: float = 2_000_000.0
    regimes: tuple[Regime, ...] = REGIMES

    def __post_init__(self) -> None:
        for name in ("correlation", "overnight_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(
                    f"The {name} of a synthetic market lies between 0 and 1, not at {getattr(self, name)}."
                )
        for name in ("volatility", "start_price", "session_volume"):
            if not 0 < getattr(self, name) < _HIGHEST_PRICE:
                raise ConfigError(f"The {name} of a synthetic market must be positive, not {getattr(self, name)}.")


def synthetic_market(
    instruments: Sequence[Instrument],
    timeframe: Timeframe,
    span: tuple[int, int | None, int | None],
    *,
    rng: np.random.Generator,
    model: MarketModel | None = None,
    label: str = "SYNTHETIC",
) -> dict[str, Bars]:
    """Make the bars of a market.

    Parameters
    ----------
    instruments : sequence of Instrument
        Of one calendar; they share regimes and, by `model.correlation`, moves.
    timeframe : Timeframe
    span : (int, int or None, int or None)
        First day, last day (days since 1970-01-01, included), number of bars; one of the last two is None.
    rng : numpy.random.Generator
    model : MarketModel, optional
    label : str
        `Bars.source` of what is made.

    Returns
    -------
    dict of str to Bars
        By symbol; prices are multiples of each instrument's tick.

    Raises
    ------
    ConfigError
        When the span or the instruments are impossible.
    CalendarError
        When the calendar is unknown or does not reach so far.
    """
    chosen = model or MarketModel()
    calendars = {instrument.calendar for instrument in instruments}
    if len(calendars) != 1 or len({instrument.symbol for instrument in instruments}) != len(instruments):
        raise ConfigError("A synthetic market needs symbols that differ and share one calendar.")
    grid = _grid(calendars.pop() or "", timeframe, span)
    regime_seed, common_seed, *seeds = rng.integers(2**63, size=2 + len(instruments)).tolist()
    moods = _moods(grid, chosen, np.random.default_rng(regime_seed))
    return {
        instrument.symbol: _walk(instrument, timeframe, grid, _Draws(chosen, moods, common_seed, seed), label)
        for instrument, seed in zip(instruments, seeds, strict=True)
    }


@dataclass(frozen=True, slots=True)
class Grid:
    """When the bars open and close, in which session, and which part of a session each covers; all (n,)."""

    open_time: Ints
    close_time: Ints
    labels: Ints
    days: Floats
    first_of_session: NDArray[np.bool_]
    progress: Floats
    session: Ints
    gaps: bool
    sessions_per_year: int

    def cut(self, rows: int) -> Grid:
        """The first rows alone."""
        named = ("open_time", "close_time", "labels", "days", "first_of_session", "progress", "session")
        kept: dict[str, Any] = {name: getattr(self, name)[:rows] for name in named}
        return replace(self, **kept)


@dataclass(frozen=True, slots=True)
class _Moods:
    """Each bar's drift and volatility of the log price."""

    drift: Floats
    volatility: Floats


@dataclass(frozen=True, slots=True)
class _Draws:
    """Where one symbol's randomness comes from."""

    model: MarketModel
    moods: _Moods
    common_seed: int
    own_seed: int


def _grid(calendar: str, timeframe: Timeframe, span: tuple[int, int | None, int | None]) -> Grid:
    first_day, last_day, count = span
    if last_day is not None:
        if last_day < first_day:
            raise ConfigError("A synthetic market ends before it starts.", hint="Choose an end after the start.")
        return _some(_bars_of(calendar, timeframe, first_day, last_day))
    if count is None or count < 1:
        raise ConfigError(f"A synthetic market has at least one bar, not {count}.")
    days = max(31, int(count * timeframe.minutes / 1440 * 1.6))
    while True:
        grid = _bars_of(calendar, timeframe, first_day, first_day + days)
        if grid is not None and len(grid.open_time) >= count:
            return grid.cut(count)
        # Markets are open for part of a day only: widen by what is still missing.
        found = 0 if grid is None else len(grid.open_time)
        days = int(days * min(8.0, max(1.1, 1.1 * count / max(found, 1))))


def _some(grid: Grid | None) -> Grid:
    if grid is None:
        raise CalendarError("There is no session between the start and the end of this synthetic market.")
    return grid


def _bars_of(calendar: str, timeframe: Timeframe, first_day: int, last_day: int) -> Grid | None:
    pad = padding_days(timeframe)
    table = sessions_between(calendar, first_day - pad, last_day + pad)
    if timeframe.is_intraday:
        return session_grid(table, timeframe)
    begin = int(np.searchsorted(table.labels, first_day))
    grouped = periods(table, timeframe)
    # Whole weeks and months only: one that the span cuts is left out.
    within = (grouped.labels <= last_day) & (grouped.opens >= table.opens[min(begin, len(table) - 1)])
    opens, closes, labels = grouped.opens[within], grouped.closes[within], grouped.labels[within]
    if len(opens) == 0:
        return None
    ends = np.searchsorted(table.labels, labels, "right")
    days = np.diff(ends, prepend=np.searchsorted(table.opens, opens[0])).astype(np.float64)
    ones = np.ones(len(opens), np.bool_)
    progress = np.full(len(opens), np.nan)
    return Grid(opens, closes, labels, days, ones, progress, ends - 1, *_character(table))


def session_grid(table: SessionTable, timeframe: Timeframe) -> Grid | None:
    """When the bars of a timeframe shorter than a day open and close in sessions; None where there is no session."""
    if len(table) == 0:
        return None
    step, (opens, closes, owner) = timeframe.nanoseconds, _stretches(table)
    counts = -(-(closes - opens) // step)
    stretch = np.repeat(np.arange(len(opens)), counts)
    number = np.arange(len(stretch)) - (np.cumsum(counts) - counts)[stretch]
    session = owner[stretch]
    open_time = opens[stretch] + number * step
    close_time = np.minimum(open_time + step, closes[stretch])
    days = (close_time - open_time) / np.bincount(owner, closes - opens)[session]
    begin, length = table.opens[session], (table.closes - table.opens)[session]
    progress = ((open_time + close_time) / 2 - begin) / length
    return Grid(
        open_time, close_time, table.labels[session], days, open_time == begin, progress, session, *_character(table)
    )


def _stretches(table: SessionTable) -> tuple[Ints, Ints, Ints]:
    """Hours of trade without a pause: opens, closes, and the number of the session; each in order of time."""
    number = np.arange(len(table))
    if table.breaks is None:
        return table.opens, table.closes, number
    pause, resumed = table.breaks
    goes_on = resumed < table.closes
    opens = np.concatenate((table.opens, resumed[goes_on]))
    order = np.argsort(opens)
    closes, owner = np.concatenate((pause, table.closes[goes_on])), np.concatenate((number, number[goes_on]))
    return opens[order], closes[order], owner[order]


def _character(table: SessionTable) -> tuple[bool, int]:
    return (not table.is_around_the_clock, 365 if table.is_around_the_clock else 252)


def _moods(grid: Grid, model: MarketModel, rng: np.random.Generator) -> _Moods:
    """Draw a regime for every session and give each bar that of its session."""
    sessions = int(grid.session[-1]) + 1
    state, states = 0, np.empty(sessions, np.int64)
    filled = 0
    while filled < sessions:
        length = int(rng.geometric(1 / model.regimes[state].mean_sessions))
        states[filled : filled + length] = state
        filled += length
        state = (state + int(rng.integers(1, max(2, len(model.regimes))))) % len(model.regimes)
    drift = np.array([regime.drift for regime in model.regimes])
    volatility = np.array([regime.volatility for regime in model.regimes])
    per_bar = states[grid.session]
    year = grid.sessions_per_year
    scale = model.volatility
    return _Moods(drift[per_bar] * grid.days / year * scale, volatility[per_bar] * np.sqrt(grid.days / year) * scale)


def _walk(instrument: Instrument, timeframe: Timeframe, grid: Grid, draws: _Draws, label: str) -> Bars:
    rows = len(grid.open_time)
    common, own = np.random.default_rng(draws.common_seed), np.random.default_rng(draws.own_seed)
    prices, volume = np.empty((4, rows)), np.empty(rows)
    level = float(np.log(draws.model.start_price))
    for first in range(0, rows, _BLOCK):
        block = slice(first, min(first + _BLOCK, rows))
        size = block.stop - block.start
        # Always whole blocks, cut afterwards: see the note at _BLOCK.
        shared, alone = (source.standard_normal((_BLOCK, _STEPS + 4))[:size] for source in (common, own))
        weight = np.sqrt(draws.model.correlation)
        normals = shared * weight
        normals += alone * np.sqrt(1 - draws.model.correlation)
        level = _fill_prices(prices[:, block], normals, grid, (block, draws), level)
        volume[block] = _volume(normals, grid, (block, draws))
    return _as_bars(instrument, timeframe, grid, (prices, volume), label)


def _fill_prices(out: Floats, normals: Floats, grid: Grid, context: tuple[slice, _Draws], level: float) -> float:
    """Write open, high, low, close of one block; return the log price after it."""
    block, draws = context
    moods = draws.moods
    volatility, drift = moods.volatility[block], moods.drift[block]
    overnight = draws.model.overnight_share if grid.gaps else 0.0
    if grid.gaps:
        # The gap belongs to the whole session, whatever the length of its bars.
        nightly = volatility / np.sqrt(grid.days[block]) * np.sqrt(overnight)
        gap = np.where(grid.first_of_session[block], nightly * normals[:, _GAP], 0.0)
    else:
        gap = np.zeros(len(volatility))
    steps = normals[:, :_STEPS] * (volatility * np.sqrt((1 - overnight) / _STEPS))[:, None]
    steps += ((drift - volatility**2 / 2) / _STEPS)[:, None]
    path = np.cumsum(steps, axis=1)
    total = gap + path[:, -1]
    ends = np.clip(level + np.cumsum(total), -20.0, np.log(_HIGHEST_PRICE))
    opens = ends - path[:, -1]
    out[0], out[3] = opens, ends
    reach = volatility * np.sqrt((1 - overnight) / _STEPS) * _REACH
    out[1] = opens + np.maximum(path.max(axis=1), 0.0) + reach * np.abs(normals[:, _UP])
    out[2] = opens + np.minimum(path.min(axis=1), 0.0) - reach * np.abs(normals[:, _DOWN])
    return float(ends[-1])


def _volume(normals: Floats, grid: Grid, context: tuple[slice, _Draws]) -> Floats:
    """Log-normal volume: more in turbulence, and more at the open and the close than at noon."""
    block, draws = context
    days = grid.days[block]
    mean = draws.model.session_volume * days
    if grid.gaps:
        progress = grid.progress[block]
        mean = mean * np.where(np.isnan(progress), 1.0, 0.6 + 1.2 * (2 * progress - 1) ** 2)
    mood = draws.moods.volatility[block] / np.sqrt(days / grid.sessions_per_year) / draws.model.volatility
    drawn: Floats = np.maximum(np.round(mean * np.sqrt(mood / 0.15) * np.exp(0.35 * normals[:, _VOLUME])), 1.0)
    return drawn


def _as_bars(
    instrument: Instrument, timeframe: Timeframe, grid: Grid, values: tuple[Floats, Floats], label: str
) -> Bars:
    prices, volume = values
    tick = instrument.tick
    # Rounding keeps order, so high and low still enclose; decimals of the tick make 0.07 print as 0.07.
    ticks = np.maximum(np.round(np.exp(prices) / tick), 1.0)
    per_unit = round(1 / tick)
    rounded = ticks / per_unit if abs(per_unit * tick - 1) < 1e-12 and per_unit else ticks * tick
    high = np.maximum(rounded[1], np.maximum(rounded[0], rounded[3]))
    low = np.minimum(rounded[2], np.minimum(rounded[0], rounded[3]))
    return Bars(
        instrument=instrument,
        timeframe=timeframe,
        open_time=grid.open_time,
        close_time=grid.close_time,
        open=rounded[0],
        high=high,
        low=low,
        close=rounded[3],
        volume=volume,
        sessions=SessionIndex.of_labels(grid.labels),
        source=label,
        synthetic=True,
    )
