"""Fetching bars from the broker that the settings describe, into the store that they name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.adapters.system_clock import SystemClock
from tradewright.adapters.venue_clock import VenueClock
from tradewright.app.fetch.series import FetchAsk, Fetched, Fetcher
from tradewright.bootstrap.bar_store import bar_store
from tradewright.bootstrap.brokers import PROCESS, open_venue
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.errors import AuthenticationError, ConfigError, StorageError, TradewrightError
from tradewright.domain.live.modes import Mode
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.stored import DayRange
    from tradewright.ports.bar_stream import BarHistory, BarStream
    from tradewright.ports.broker_kind import VenueParts
    from tradewright.ports.clock import Clock
    from tradewright.ports.coverage import CoverageBook

__all__ = ["FetchOrder", "FetchedSymbol", "fetch"]


@dataclass(frozen=True, slots=True)
class FetchOrder:
    """What is to be fetched.

    Parameters
    ----------
    broker : str
        Whose history, by the name in the settings; with its credentials of paper, which read and cannot trade live.
    symbols : sequence of str
    timeframe : str
    days : DayRange
        A side that is open: one year back, up to now.
    refresh : bool
        Ask also for what is known.
    """

    broker: str
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
        When the settings cannot be used, or the broker has no history.
    StorageError
        When the store cannot be used.
    """
    settings, clock = load_settings(Path.cwd(), os.environ), VenueClock(SystemClock())
    parts = open_venue(order.broker, Mode.PAPER, settings, PROCESS, clock)
    try:
        await _set(clock, parts, settings, order.broker)
        history, stream = _bars_of(parts, order.broker)
        fetcher = Fetcher(
            history, f"{order.broker} {stream.feed.name}", stream.feed.delay_s,
            store=bar_store(), book=_book(), clock=clock,
        )  # fmt: skip
        return [await _one(fetcher, parts, order, symbol, clock, progress) for symbol in order.symbols]
    finally:
        await parts.broker.disconnect()


async def _set(clock: VenueClock, parts: VenueParts, settings: Settings, broker: str) -> None:
    """Go by the venue's time where the settings say that it lives in one of its own."""
    said = settings.brokers.get(broker)
    if parts.time is not None and said is not None and said.table(Mode.PAPER, "options").get("time") == "venue":
        clock.set(await parts.time())


def _bars_of(parts: VenueParts, broker: str) -> tuple[BarHistory, BarStream]:
    if parts.history is None or parts.stream is None:
        raise ConfigError(f"The broker '{broker}' has no history of bars.", hint="Name another one with --from.")
    return parts.history, parts.stream


async def _one(
    fetcher: Fetcher, parts: VenueParts, order: FetchOrder, symbol: str, clock: Clock,
    progress: Callable[[int, int, str], None] | None,
) -> FetchedSymbol:  # fmt: skip
    def told(done: int, total: int) -> None:
        if progress is not None:
            progress(done, total, symbol)

    try:
        instrument = await parts.instruments.instrument(symbol)
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


def _book() -> CoverageBook:
    from tradewright.adapters.storage.sql.coverage import SqlCoverageBook

    return SqlCoverageBook(state_database())
