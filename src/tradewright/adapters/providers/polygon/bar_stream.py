"""Polygon's stream of one-minute bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.rows import number_in
from tradewright.adapters.wire.shared_stream import SharedBarStream
from tradewright.domain.bars import Bar
from tradewright.domain.errors import BrokerError, DataError
from tradewright.domain.live.feed import StreamBar
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe, TimeUnit

from .data_socket import asked, hold_granted, instant_in
from .words import ticker_of

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["PolygonBarStream"]

_MINUTE = Timeframe(1, TimeUnit.MINUTE)


class PolygonBarStream(SharedBarStream):
    """A `tradewright.ports.bar_stream.BarStream` of US shares: its minutes, as they close.

    Parameters
    ----------
    socket : SharedSocket
    feed : FeedKind
    clock : Clock
    """

    async def subscribe(self, symbols: Sequence[str], timeframe: Timeframe) -> None:
        """Ask for the bars of these symbols.

        Raises
        ------
        DataError
            For every timeframe but one minute.
        SymbolNotFoundError
            For what is no ticker of a share.
        BrokerError
            When it was not granted.
        """
        if timeframe != _MINUTE:
            raise DataError(
                f"Polygon's bars are streamed in 1m, not in {timeframe}.", hint="Stream 1m bars and resample them."
            )
        topics = [f"AM.{ticker_of(symbol)}" for symbol in symbols]
        await self.ask(asked(topics), topics)

    def take(self, said: dict[str, Any]) -> None:
        """A message of the socket."""
        kind = said.get("ev")
        if kind == "AM":
            self.inbox.put(_bar_from(said))
        elif kind == "status":
            hold_granted(said, self.grants)


def _bar_from(said: dict[str, Any]) -> StreamBar | BrokerError:
    """The bar of a message, or why there is none: one bad bar does not end the stream of the others."""
    try:
        opened = instant_in(said, "s")
        prices = [number_in(said, name) for name in "ohlcv"]
        bar = Bar(str(said.get("sym")), opened, opened + NS_PER_MINUTE, *prices)
    except DataError as error:
        return BrokerError(f"A bar of Polygon's stream cannot be used: {error}")
    return StreamBar(bar)
