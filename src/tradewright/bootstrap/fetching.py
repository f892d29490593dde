"""Fetching bars from a provider that the settings describe, into the store that they name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.adapters.system_clock import SystemClock
from tradewright.adapters.venue_clock import VenueClock
from tradewright.app.fetch.series import FetchDesk
from tradewright.app.fetch.several import FetchedSymbol, SourceOrder, SymbolAsk
from tradewright.bootstrap.bar_store import bar_store
from tradewright.bootstrap.coverage import coverage_book
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.bootstrap.settings import load_settings
from tradewright.bootstrap.sources import opened_sources
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.placement import Hours

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from tradewright.domain.stored import DayRange

__all__ = ["FetchOrder", "FetchedSymbol", "fetch"]


@dataclass(frozen=True, slots=True)
class FetchOrder:
    """What is to be fetched.

    Parameters
    ----------
    source : str
        Whose history: a provider, a broker of the settings, or ``"auto"`` for every configured one in its order.
    symbols : sequence of str
    timeframe : str
    days : DayRange
        A side that is open: one year back, up to now.
    refresh : bool
        Ask also for what is known.
    hours : str
        ``"regular"`` or ``"extended"``.
    """

    source: str
    symbols: Sequence[str]
    timeframe: str
    days: DayRange
    refresh: bool = False
    hours: str = "regular"


async def fetch(
    order: FetchOrder,
    progress: Callable[[int, int, str], None] | None = None,
    folder: str | PathLike[str] | None = None,
) -> list[FetchedSymbol]:
    """Fetch one symbol after the other; one that fails leaves the others alone.

    Parameters
    ----------
    order : FetchOrder
    progress : callable, optional
        Called with how many of the days that are missing were asked for, of how many, and a word on where it is.
    folder : path, optional
        Of the stores; that of the settings when left out.

    Raises
    ------
    AuthenticationError
        When the credentials are refused: they would be for every symbol.
    ConfigError, MissingExtraError
        When the settings cannot be used, or there is no such provider.
    StorageError, ResourceError
        When the store cannot be used.
    """
    clock = VenueClock(SystemClock())
    providers = opened_sources(order.source, load_settings(Path.cwd(), os.environ), clock)
    desk = FetchDesk(bar_store(folder), coverage_book(folder), DutyTurns(state_database(folder)), clock)
    ask = SymbolAsk(Timeframe.parse(order.timeframe), order.days, order.refresh, Hours(order.hours))
    try:
        return await SourceOrder(providers, desk).fetch(order.symbols, ask, progress)
    finally:
        for each in providers:
            await each.close()
