"""Alpaca's stream of quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.inbox import QuoteInbox
from tradewright.adapters.wire.quotes import quote_in
from tradewright.adapters.wire.shared_stream import SharedStream
from tradewright.domain.live.feed import QuoteEvent

from .data_socket import asked, instant_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.adapters.wire.shared_socket import SharedSocket
    from tradewright.domain.live.feed import FeedKind
    from tradewright.ports.clock import Clock

__all__ = ["AlpacaQuoteStream"]

_FIELDS = ("bp", "bs", "ap", "as")


class AlpacaQuoteStream(SharedStream[QuoteEvent]):
    """A `tradewright.ports.quote_stream.QuoteStream` of one feed.

    Parameters
    ----------
    socket : SharedSocket
        Of the feed: that of its bars.
    feed : FeedKind
    clock : Clock
    """

    def __init__(self, socket: SharedSocket, feed: FeedKind, clock: Clock) -> None:
        super().__init__(socket, feed, clock, QuoteInbox)

    async def subscribe(self, symbols: Sequence[str]) -> None:
        """Ask for the quotes of these symbols.

        Raises
        ------
        BrokerError
            When it was not granted.
        """
        wanted = list(symbols)
        await self.ask(asked(quotes=wanted), wanted)

    def take(self, said: dict[str, Any]) -> None:
        """A message of the socket."""
        kind = said.get("T")
        if kind == "q":
            self.inbox.put(quote_in(said, said.get("S"), instant_in, _FIELDS, "Alpaca"))
        elif kind == "subscription":
            self.grants.hold(said.get("quotes") or ())
