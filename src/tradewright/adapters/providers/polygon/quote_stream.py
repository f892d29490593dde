"""Polygon's stream of quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.inbox import QuoteInbox
from tradewright.adapters.wire.quotes import quote_in
from tradewright.adapters.wire.shared_stream import SharedStream
from tradewright.domain.live.feed import QuoteEvent

from .data_socket import asked, hold_granted, instant_in
from .words import ticker_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.adapters.wire.shared_socket import SharedSocket
    from tradewright.domain.live.feed import FeedKind
    from tradewright.ports.clock import Clock

__all__ = ["PolygonQuoteStream"]

_FIELDS = ("bp", "bs", "ap", "as")


class PolygonQuoteStream(SharedStream[QuoteEvent]):
    """A `tradewright.ports.quote_stream.QuoteStream` of US shares.

    Parameters
    ----------
    socket : SharedSocket
        That of the bars.
    feed : FeedKind
    clock : Clock
    """

    def __init__(self, socket: SharedSocket, feed: FeedKind, clock: Clock) -> None:
        super().__init__(socket, feed, clock, QuoteInbox)

    async def subscribe(self, symbols: Sequence[str]) -> None:
        """Ask for the quotes of these symbols.

        Raises
        ------
        SymbolNotFoundError
            For what is no ticker of a share.
        BrokerError
            When it was not granted.
        """
        topics = [f"Q.{ticker_of(symbol)}" for symbol in symbols]
        await self.ask(asked(topics), topics)

    def take(self, said: dict[str, Any]) -> None:
        """A message of the socket."""
        kind = said.get("ev")
        if kind == "Q":
            self.inbox.put(quote_in(said, said.get("sym"), instant_in, _FIELDS, "Polygon"))
        elif kind == "status":
            hold_granted(said, self.grants)
