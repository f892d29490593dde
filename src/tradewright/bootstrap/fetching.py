"""Fetching bars from a provider that the settings describe, into the store that they name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.adapters.system_clock import SystemClock
from tradewright.adapters.venue_clock import VenueClock
from tradewright.app.fetch.series import FetchAsk, Fetched, Fetcher
from tradewright.bootstrap.bar_store import bar_store
from tradewright.bootstrap.coverage import coverage_book
from tradewright.bootstrap.providers import open_provider
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.errors import AuthenticationError, ConfigError, StorageError, TradewrightError
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.domain.stored import DayRange
    from tradewright.ports.clock import Clock

__all__ = ["FetchOrder", "FetchedSymbol", "fetch"]


@dataclass(frozen=True, slots=True)
class FetchOrder:
    """What is to be fetched.

    Parameters
    ----------
    source : str
        Whose history: a provider, or a broker of the settings.
    symbols : sequence of str
    timeframe : str
    days : DayRange
        A side that is open: one year back, up to now.
    refresh : bool
        Ask also for what is known.
    """

    source: str
    symbols: Sequence[str]
    timeframe: str
    days: DayRange
    refresh: bool = False


@dataclass(frozen=True, slots=True)
class FetchedSymbol:
    """What became of one symbol: what was fetched, or why not."""

    symbol: str
    fetched: Fetched | None = None
    error: TradewrightError | None = None


async def fetch(order: FetchOrder, progress: Callable[[int, int, str], None] | None = None) -> list[FetchedSymbol]:
    """Fetch one symbol after the other; one that fails leaves the others alone.

    Parameters
    ----------
    order : FetchOrder
    progress : callable, optional
        Called with how many days of how many are done, and the symbol.

    Raises
    ------
    AuthenticationError
        When the credentials are refused: they would be for every symbol.
    ConfigError, MissingExtraError
        When the settings cannot be used, or there is no such provider.
    StorageError
        When the store cannot be used.
    """
    clock = VenueClock(SystemClock())
    provider = open_provider(order.source, load_settings(Path.cwd(), os.environ), clock)
    try:
        await provider.connect()
        fetcher = Fetcher(provider, store=bar_store(), book=coverage_book(), clock=clock)
        return [await _one(fetcher, order, symbol, clock, progress) for symbol in order.symbols]
    finally:
        await provider.close()


async def _one(
    fetcher: Fetcher, order: FetchOrder, symbol: str, clock: Clock,
    progress: Callable[[int, int, str], None] | None,
) -> FetchedSymbol:  # fmt: skip
    def told(done: int, total: int) -> None:
        if progress is not None:
            progress(done, total, symbol)

    try:
        instrument = await fetcher.instrument(symbol)
        first, stop = _days(order.days, clock)
        ask = FetchAsk(instrument, Timeframe.parse(order.timeframe), first, stop, order.refresh)
        return FetchedSymbol(symbol, await fetcher.fetch(ask, told))
    except (AuthenticationError, ConfigError, StorageError):
        raise
    except TradewrightError as error:
        return FetchedSymbol(symbol, error=error)


def _days(days: DayRange, clock: Clock) -> tuple[int, int]:
    today = clock.now_ns() // NS_PER_DAY
    stop = today + 1 if days.stop is None else min(days.stop, today + 1)
    return (stop - 365 if days.first is None else days.first), stop
