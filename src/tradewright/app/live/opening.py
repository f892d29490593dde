"""How a session's engine is opened: strategies made afresh, policies, and the rows before the first decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.errors import DataNotAvailableError
from tradewright.engine.live.session import BROKER, SIMULATED, SessionEngine
from tradewright.engine.plan import RunPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.live.session import Row
    from tradewright.domain.timeframe import Timeframe
    from tradewright.strategy.base import Strategy

__all__ = ["Opening", "series_of"]

_COLUMNS = ("open_time", "close_time", "open", "high", "low", "close", "volume")


@dataclass(frozen=True)
class Opening:
    """Everything that an engine is opened with, besides the history.

    Parameters
    ----------
    make : callable
        Gives the strategies, new ones each time: what they remember is of one engine.
    instruments : tuple of Instrument
        In the order of their numbers.
    timeframe : Timeframe
    policies : mapping
        Of `RunPlan`, by name: cash, costs, limits, margin, seed, …
    at_broker : bool
        Whether a broker fills; else the simulated venue does.
    source : str
        Where the bars come from, for results.
    """

    make: Callable[[], Sequence[Strategy]]
    instruments: tuple[Instrument, ...]
    timeframe: Timeframe
    policies: Mapping[str, Any]
    at_broker: bool
    source: str = "live"

    def is_possible(self, history: Sequence[Row]) -> bool:
        """Whether every symbol has had a bar."""
        return {each.symbol for each in self.instruments} <= {bar.symbol for row in history for bar in row.bars}

    def engine(self, history: Sequence[Row], *, remembers: bool = False) -> SessionEngine:
        """The engine, before its first decision; `remembers` as of `SessionEngine`.

        Raises
        ------
        DataNotAvailableError
            When a symbol has no bar in the history.
        ConfigError, StrategyError
            As `SessionEngine`.
        """
        series = series_of(history, self.instruments, self.timeframe, self.source)
        plan = RunPlan(strategies=list(self.make()), series=series, **self.policies)
        return SessionEngine(plan, BROKER if self.at_broker else SIMULATED, remembers=remembers)


def series_of(
    rows: Sequence[Row], instruments: Sequence[Instrument], timeframe: Timeframe, source: str
) -> dict[str, Bars]:
    """The bars of rows by symbol.

    Raises
    ------
    DataNotAvailableError
        When a symbol has none.
    """
    bars: dict[str, list[tuple[Bar, int]]] = {each.symbol: [] for each in instruments}
    for row in rows:
        for bar, day in zip(row.bars, row.days, strict=True):
            bars[bar.symbol].append((bar, day))
    missing = next((symbol for symbol, found in bars.items() if not found), None)
    if missing is not None:
        raise DataNotAvailableError(
            f"There is no bar of {missing} before the session begins.", hint="Ask for more warm-up, or leave it out."
        )
    return {each.symbol: _series(each, timeframe, bars[each.symbol], source) for each in instruments}


def _series(instrument: Instrument, timeframe: Timeframe, bars: list[tuple[Bar, int]], source: str) -> Bars:
    columns: dict[str, Any] = {name: np.array([getattr(bar, name) for bar, _ in bars]) for name in _COLUMNS}
    sessions = SessionIndex.of_labels(np.array([day for _, day in bars], np.int64))
    return Bars(instrument, timeframe, **columns, sessions=sessions, source=source)
