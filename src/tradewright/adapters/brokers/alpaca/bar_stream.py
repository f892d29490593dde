"""Alpaca's stream of one-minute bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.shared_stream import SharedBarStream
from tradewright.domain.bars import Bar
from tradewright.domain.errors import BrokerError, DataError
from tradewright.domain.live.feed import StreamBar
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe, TimeUnit

from .data_socket import asked, instant_in

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["AlpacaBarStream"]

_MINUTE = Timeframe(1, TimeUnit.MINUTE)


class AlpacaBarStream(SharedBarStream):
    """A `tradewright.ports.bar_stream.BarStream` of one feed.

    Parameters
    ----------
    socket : SharedSocket
        Of the feed.
    feed : FeedKind
    clock : Clock
    """

    async def subscribe(self, symbols: Sequence[str], timeframe: Timeframe) -> None:
        """Ask for the bars of these symbols, and for corrections of them.

        Raises
        ------
        DataError
            For every timeframe but one minute.
        BrokerError
            When it was not granted.
        """
        if timeframe != _MINUTE:
            raise DataError(f"Alpaca streams bars of 1m, not of {timeframe}.", hint="Stream 1m bars and resample them.")
        wanted = list(symbols)
        await self.ask(asked(bars=wanted, updatedBars=wanted), wanted)

    def take(self, said: dict[str, Any]) -> None:
        """A message of the socket."""
        kind = said.get("T")
        if kind in ("b", "u"):
            self.inbox.put(_bar_from(said))
        elif kind == "subscription":
            self.grants.hold(said.get("bars") or ())


def _bar_from(said: dict[str, Any]) -> StreamBar | BrokerError:
    """The bar of a message, or why there is none: one bad bar does not end the stream of the others."""
    try:
        opened = instant_in(said)
        prices = [float(said[name]) for name in "ohlcv"]
        bar = Bar(str(said["S"]), opened, opened + NS_PER_MINUTE, *prices)
    except (KeyError, TypeError, ValueError, AttributeError, DataError) as error:
        return BrokerError(f"A bar of Alpaca's stream cannot be used: {error}")
    return StreamBar(bar, is_correction=said["T"] == "u")
