"""The quotes of some symbols, kept as they come: on a line of their own, so that no bar waits for them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError, DataError
from tradewright.domain.live.feed import RefusedQuote
from tradewright.domain.quote import Quote

from .line import FeedLine
from .line_parts import QuoteSubscription
from .settings import FeedSettings
from .status import FeedNote, NoteKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.domain.live.feed import QuoteEvent
    from tradewright.ports.clock import Clock
    from tradewright.ports.quote_stream import QuoteStream
    from tradewright.risk.quotes import QuoteBook

    from .line_parts import OpenHours

__all__ = ["QuoteFeed", "QuoteStatus"]


@dataclass(slots=True)
class QuoteStatus:
    """How quotes are doing.

    Parameters
    ----------
    feed : str
    is_connected : bool
    delay_s : float
        What the feed is late by design.
    taken, late, refused, reconnects : int
        Quotes that were the latest of their symbol; that came after a later one, or from the future; that are none;
        connections after the first.
    trouble : str
        Why it is not connected; empty where it is, or never was.
    """

    feed: str
    is_connected: bool = False
    delay_s: float = 0.0
    taken: int = 0
    late: int = 0
    refused: int = 0
    reconnects: int = 0
    trouble: str = ""


class QuoteFeed:
    """Keeps a book of quotes up to date for as long as it runs.

    Parameters
    ----------
    stream : QuoteStream
    symbols : sequence of str
    book : QuoteBook
    hours : OpenHours
        When silence means something.
    clock : Clock
    settings : FeedSettings, optional
        How long it waits before it connects again.
    tell : callable, optional
        Called with each `FeedNote`.
    each : callable, optional
        Called with each quote that is the latest of its symbol.
    """

    def __init__(  # noqa: PLR0913 - the parts of a feed, most by keyword
        self, stream: QuoteStream, symbols: Sequence[str], book: QuoteBook, hours: OpenHours, *, clock: Clock,
        settings: FeedSettings | None = None, tell: Callable[[FeedNote], None] | None = None,
        each: Callable[[Quote], None] | None = None,
    ) -> None:  # fmt: skip
        self.symbols = tuple(symbols)
        self.book = book
        self.clock = clock
        self.status = QuoteStatus(stream.feed.name, delay_s=stream.feed.delay_s)
        self._opened = 0
        self._tell = tell
        self._each = each
        self._line: FeedLine[QuoteEvent] = FeedLine(
            (stream,), QuoteSubscription(self.symbols), hours, clock=clock, settings=settings or FeedSettings(),
            listener=self,
        )  # fmt: skip

    async def run(self) -> None:
        """Keep the quotes up to date until cancelled.

        Raises
        ------
        AuthenticationError
            When the first attempt is refused for its credentials.
        DataError
            For symbols that the feed does not have.
        """
        await self._line.run()

    async def run_beside(self) -> None:
        """As `run`, beside something that goes on without quotes: what ends them is said in the status."""
        try:
            await self.run()
        except (BrokerError, DataError) as error:
            self.status.trouble = str(error)

    def standing(self) -> Mapping[str, Any]:
        """The status and the last quotes, in plain words."""
        last = (self.book.last(symbol) for symbol in self.symbols)
        return {**asdict(self.status), "last": [asdict(each) for each in last if each is not None]}

    # What the line says.

    def heard(self, event: QuoteEvent) -> None:
        """Take in what the stream says."""
        if isinstance(event, Quote):
            self._take(event)
        elif isinstance(event, RefusedQuote):
            self.book.drop(event.symbol)
            self.refused(event.sentence)

    def _take(self, quote: Quote) -> None:
        if quote.symbol not in self.symbols:
            self.refused(f"The feed sent a quote of {quote.symbol}, which was not asked for.")
        elif self.book.take(quote, self.clock.now_ns()):
            self.status.taken += 1
            if self._each is not None:
                self._each(quote)
        else:
            self.status.late += 1

    def opened(self, *, is_deaf: bool) -> None:  # noqa: ARG002 - a line of quotes hears what it asks for
        """A stream is open."""
        self._opened += 1
        self.status.is_connected, self.status.trouble = True, ""
        self.status.reconnects = self._opened - 1

    def lost(self, since_ns: int) -> None:
        """It is no longer: its quotes go stale by themselves."""
        del since_ns
        self.status.is_connected = False

    def noted(self, note: FeedNote) -> None:
        """Something worth a line in the log."""
        if note.kind is NoteKind.LOST:
            self.status.trouble = note.sentence
        if self._tell is not None:
            self._tell(note)

    def refused(self, sentence: str) -> None:
        """Something came that is no quote."""
        self.status.refused += 1
        self.noted(FeedNote(NoteKind.REFUSED, self.clock.now_ns(), sentence))
