"""Following the live quotes of a provider that the settings describe."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.adapters.system_clock import SystemClock
from tradewright.adapters.venue_clock import VenueClock
from tradewright.app.live.feed.quotes import QuoteFeed
from tradewright.app.live.venue_time import TimedQuotes
from tradewright.bootstrap.provider_report import provider_rows
from tradewright.bootstrap.providers import open_provider
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.errors import ConfigError, DataNotAvailableError
from tradewright.risk.collars import Collars
from tradewright.risk.quotes import QuoteBook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.app.live.feed.status import FeedNote
    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.quote import Quote
    from tradewright.ports.clock import Clock
    from tradewright.ports.provider import BarProvider
    from tradewright.ports.quote_stream import QuoteStream

__all__ = ["QuoteOrder", "follow_quotes"]


@dataclass(frozen=True, slots=True)
class QuoteOrder:
    """Whose quotes are followed.

    Parameters
    ----------
    source : str
        A provider, or a broker of the settings.
    symbols : sequence of str
    once_within_s : float, optional
        End with the first quote of each symbol, and give up after so long; without it there is no end.
    """

    source: str
    symbols: Sequence[str]
    once_within_s: float | None = None


class _Always:
    """Hours of whoever looks: silence means something at any time."""

    def open_since(self, at_ns: int) -> int | None:
        """Since ever."""
        return min(0, at_ns)


async def follow_quotes(
    order: QuoteOrder, each: Callable[[Quote], None], tell: Callable[[FeedNote], None] | None = None
) -> None:
    """Hand on the latest quote of each symbol as it comes, over lost connections, until cancelled or all are there.

    Raises
    ------
    ConfigError
        When there is no such provider, or it streams no quotes.
    AuthenticationError
        When the credentials are refused.
    DataNotAvailableError
        When a first quote did not come in time.
    """
    settings, clock = load_settings(Path.cwd(), os.environ), VenueClock(SystemClock())
    provider = open_provider(order.source, settings, clock)
    stream = TimedQuotes(_quotes_of(provider, settings), clock.hear)
    await provider.connect()
    try:
        await _follow(order, stream, clock, each, tell)
    finally:
        await provider.close()


def _quotes_of(provider: BarProvider, settings: Settings) -> QuoteStream:
    quotes = getattr(provider, "quotes", None)
    if quotes is None:
        others = [row.name for row in provider_rows(settings, os.environ) if "quotes" in row.live]
        raise ConfigError(
            f"The provider '{provider.name}' streams no quotes.",
            hint=f"These do: {', '.join(others)}." if others else None,
        )
    found: QuoteStream = quotes
    return found


async def _follow(
    order: QuoteOrder, stream: QuoteStream, clock: Clock, each: Callable[[Quote], None],
    tell: Callable[[FeedNote], None] | None,
) -> None:  # fmt: skip
    missing, is_complete = set(order.symbols), asyncio.Event()

    def heard(quote: Quote) -> None:
        if order.once_within_s is None or quote.symbol in missing:
            each(quote)
        missing.discard(quote.symbol)
        if not missing:
            is_complete.set()

    feed = QuoteFeed(stream, order.symbols, QuoteBook(Collars()), _Always(), clock=clock, tell=tell, each=heard)
    running = asyncio.create_task(feed.run())
    waiting = asyncio.create_task(is_complete.wait())
    ends = [running] if order.once_within_s is None else [running, waiting]
    try:
        await asyncio.wait(ends, timeout=order.once_within_s, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        for task in (running, waiting):
            task.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)
    if missing:
        raise DataNotAvailableError(
            f"No quote of {', '.join(sorted(missing))} came within {order.once_within_s:g} s.",
            hint="Nobody may be quoting now: ask while the market is open.",
        )
