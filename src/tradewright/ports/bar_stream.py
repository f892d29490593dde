"""The sockets for live bars: a stream of bars as they close, the history before it, and what the symbols are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.live.feed import FeedEvent, FeedKind
    from tradewright.domain.timeframe import Timeframe

__all__ = ["BarHistory", "BarStream", "InstrumentSource", "TellsAtOnce"]

E_co = TypeVar("E_co", covariant=True)


class BarStream(Protocol):
    """Bars as they close.

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
        """Longest silence of a healthy stream: with no bar there is a `Pulse`, so that mute is told from quiet."""
        ...

    async def connect(self) -> None:
        """Open the stream; what comes from now on is kept until `events` gives it."""
        ...

    async def subscribe(self, symbols: Sequence[str], timeframe: Timeframe) -> None:
        """Ask for the bars of these symbols besides those asked for before; again after every `connect`.

        Raises
        ------
        DataError
            For a timeframe that the feed does not have; the sentence names those it has.
        """
        ...

    def events(self) -> AsyncIterator[FeedEvent]:
        """Bars and pulses as they come: some twice, late, in another order, or never. It ends with the connection."""
        ...

    async def disconnect(self) -> None:
        """Close the stream; harmless where it is closed."""
        ...


@runtime_checkable
class TellsAtOnce(Protocol[E_co]):
    """A stream that can hand on a bar in the very call that reads it, with no turn of the loop between."""

    def tell(self, hear: Callable[[E_co], None]) -> None:
        """Call `hear` with what comes, behind all that waits for `events`, which still gives what waits, and the end.

        It is asked again after every `connect`: until then everything waits. What `hear` raises, `events` raises.
        """
        ...


class BarHistory(Protocol):
    """Bars that have closed.

    Raises
    ------
    BrokerError
        When there was no complete answer; reads are tried again by the adapter, a bounded number of times.
    """

    async def bars(self, symbol: str, timeframe: Timeframe, start_ns: int, end_ns: int) -> Sequence[Bar]:
        """The closed bars with ``start_ns <= open`` and ``close <= end_ns``, oldest first, every page of them; raw.

        Raises
        ------
        SymbolNotFoundError, DataNotAvailableError
            Where the venue says so: that is no answer about what it has.
        ImpossibleRowsError
            When rows of the answer cannot be bars; it carries them, and the bars of the others.
        """
        ...


class InstrumentSource(Protocol):
    """What a venue's symbols are."""

    async def instrument(self, symbol: str) -> Instrument:
        """The instrument: exchange, calendar, currency, lot and tick as the venue trades it.

        Raises
        ------
        SymbolNotFoundError
            When the venue does not know it, or does not trade it.
        BrokerError
            When it did not answer.
        """
        ...
