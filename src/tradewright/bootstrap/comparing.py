"""Comparing bars of the store and of providers that the settings describe."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.adapters.system_clock import SystemClock
from tradewright.adapters.venue_clock import VenueClock
from tradewright.app.compare import AskedSide, StoredSide, compare_sides
from tradewright.bootstrap.bar_store import bar_store
from tradewright.bootstrap.providers import open_provider
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import AuthenticationError, ConfigError, StorageError, TradewrightError
from tradewright.domain.stored import ALL_DAYS, DayRange
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.comparison import Tolerance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.app.compare import Compared, Side
    from tradewright.bootstrap.settings import Settings

__all__ = ["STORE", "ComparedSymbol", "ComparisonOrder", "compare_symbols"]

STORE = "store"
"""What the store is called where providers are named; ``store@`` and six digits or more name a version."""


@dataclass(frozen=True, slots=True)
class ComparisonOrder:
    """What is to be compared.

    Parameters
    ----------
    symbols : sequence of str
    sources : (str, str)
        Each the store, a version of it, or a provider.
    timeframe : str
    days : DayRange
    adjustment : str, optional
        Of what is stored, where there are several.
    tolerance : Tolerance
    """

    symbols: Sequence[str]
    sources: tuple[str, str]
    timeframe: str = "1d"
    days: DayRange = ALL_DAYS
    adjustment: str | None = None
    tolerance: Tolerance = field(default_factory=Tolerance)


@dataclass(frozen=True, slots=True)
class ComparedSymbol:
    """What became of one symbol: the comparison, or why there is none."""

    symbol: str
    compared: Compared | None = None
    error: TradewrightError | None = None


async def compare_symbols(
    order: ComparisonOrder, progress: Callable[[int, int, str], None] | None = None
) -> list[ComparedSymbol]:
    """Compare one symbol after the other; one that fails leaves the others alone.

    Parameters
    ----------
    order : ComparisonOrder
    progress : callable, optional
        Called with how many symbols of how many are done, and the last one.

    Raises
    ------
    AuthenticationError
        When credentials are refused: they would be for every symbol.
    ConfigError, MissingExtraError
        When the settings cannot be used, or there is no such source.
    StorageError
        When the store cannot be used.
    """
    if order.sources[0] == order.sources[1]:
        raise ConfigError(f"'{order.sources[0]}' would be compared with itself.", hint="Name two sources.")
    settings, clock = load_settings(Path.cwd(), os.environ), VenueClock(SystemClock())
    done: list[ComparedSymbol] = []
    async with AsyncExitStack() as stack:
        sides = [await _side(name, order, settings, clock, stack) for name in order.sources]
        for symbol in order.symbols:
            done.append(await _one((sides[0], sides[1]), symbol, order))
            if progress is not None:
                progress(len(done), len(order.symbols), symbol)
    return done


async def _side(
    name: str, order: ComparisonOrder, settings: Settings, clock: VenueClock, stack: AsyncExitStack
) -> Side:
    kept, _, version = name.partition("@")
    if kept == STORE:
        adjustment = None if order.adjustment is None else Adjustment(order.adjustment)
        return StoredSide(name, bar_store(), adjustment, version or None)
    provider = open_provider(name, settings, clock)
    stack.push_async_callback(provider.close)
    await provider.connect()
    return AskedSide(provider, clock)


async def _one(sides: tuple[Side, Side], symbol: str, order: ComparisonOrder) -> ComparedSymbol:
    timeframe = Timeframe.parse(order.timeframe)
    try:
        return ComparedSymbol(symbol, await compare_sides(sides, symbol, timeframe, order.days, order.tolerance))
    except (AuthenticationError, StorageError):
        raise
    except TradewrightError as error:
        return ComparedSymbol(symbol, error=error)
