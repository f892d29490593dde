"""The socket for live quotes: what is bid and asked, as it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tradewright.domain.live.feed import FeedKind, QuoteEvent

__all__ = ["QuoteStream"]


class QuoteStream(Protocol):
    """Quotes as they come. It shares its connection with the bars of the same source where that allows one only.

    Raises
    ------
    BrokerError
        From `connect`, `subscribe` and `events`; `AuthenticationError` and `ConnectionError` where it is known why.
    """

    @property
    def feed(self) -> FeedKind:
        """Which feed it is, and how late by design."""
        ...

    @property
    def heartbeat_s(self) -> float:
        """Longest silence of a healthy stream: with no quote there is a `Pulse`, so that mute is told from quiet."""
        ...

    async def connect(self) -> None:
        """Open the stream; whoever comes back to one it had wants another connection."""
        ...

    async def subscribe(self, symbols: Sequence[str]) -> None:
        """Ask for the quotes of these symbols besides those asked for before; again after every `connect`.

        Raises
        ------
        DataError
            For a symbol that the feed does not have, where it says so.
        """
        ...

    def events(self) -> AsyncIterator[QuoteEvent]:
        """Quotes and pulses as they come: some twice, late, or never. It ends with the connection.

        Of the quotes of one symbol that wait to be read, the latest is given. What came and is no quote is said
        (`RefusedQuote`), and the stream goes on.
        """
        ...

    async def disconnect(self) -> None:
        """Close the stream; harmless where it is closed."""
        ...
