"""Fetching one series: which days are missing, in which pieces they are asked for, and what is kept of each.

A day is asked for once and never again when its source has said everything of it: its session has closed, and what the
feed is late by design has passed. A piece is in the store before it counts as known, so that whatever ends the command,
the next one asks for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradewright.app.import_data import looked_over
from tradewright.app.live.feed.reading import HistoryReader
from tradewright.app.live.feed.status import Tally
from tradewright.domain.errors import DataError, SymbolNotFoundError
from tradewright.domain.spans import Spans
from tradewright.domain.stored import SeriesKey
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND
from tradewright.marketdata.placement import Hours
from tradewright.marketdata.sessions import sessions_between

from .union import bars_of, union

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.domain.bars import Bars
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.bar_store import BarStore
    from tradewright.ports.bar_stream import BarHistory
    from tradewright.ports.clock import Clock
    from tradewright.ports.coverage import CoverageBook

    from .union import Union

__all__ = ["FetchAsk", "Fetched", "Fetcher"]

_PIECE_BARS = 50_000
"""Bars of a market that never closes, in one piece: a few megabytes, and a few pages of any provider."""


@dataclass(frozen=True, slots=True)
class FetchAsk:
    """What is wanted of one series.

    Parameters
    ----------
    instrument : Instrument
    timeframe : Timeframe
        Shorter than a day, or a day.
    first, stop : int
        Sessions from a day up to, and without, another: days since 1970-01-01.
    refresh : bool
        Ask also for what is known; what the source says otherwise now makes a new version.
    """

    instrument: Instrument
    timeframe: Timeframe
    first: int
    stop: int
    refresh: bool = False

    @property
    def key(self) -> SeriesKey:
        """The series: raw, as histories are read."""
        return SeriesKey(self.instrument.id, self.timeframe)


@dataclass(slots=True)
class Fetched:
    """What became of one series.

    Parameters
    ----------
    key : SeriesKey
    missing : Spans
        Days that were asked for.
    pieces, came, new, revised, refused : int
        Pieces asked for; bars that came; of them those the store did not have, and those it had with other values;
        and bars that cannot be, which were left out.
    notes : list of str
        Why bars were left out, each once.
    """

    key: SeriesKey
    missing: Spans
    pieces: int = 0
    came: int = 0
    new: int = 0
    revised: int = 0
    refused: int = 0
    notes: list[str] = field(default_factory=list)


class Fetcher:
    """Fetches series out of one source.

    Parameters
    ----------
    history : BarHistory
    source : str
        How the source is called, with its feed: ``alpaca iex``.
    delay_s : float
        What the feed is late by design.
    store : BarStore
    book : CoverageBook
    clock : Clock
    """

    def __init__(
        self, history: BarHistory, source: str, delay_s: float, *, store: BarStore, book: CoverageBook, clock: Clock
    ) -> None:
        self._history = history
        self._source = source
        self._delay_ns = int(delay_s * NS_PER_SECOND)
        self._store = store
        self._book = book
        self._clock = clock

    async def fetch(self, ask: FetchAsk, progress: Callable[[int, int], None] | None = None) -> Fetched:
        """Fetch what is missing of a series.

        Parameters
        ----------
        ask : FetchAsk
        progress : callable, optional
            Called with how many days are done, and of how many.

        Raises
        ------
        DataError
            For a timeframe that is not fetched or not served.
        BrokerError
            When there was no complete answer; the pieces before it are kept.
        StorageError, ResourceError
            When the store cannot be used.
        """
        wanted = Spans.of([(ask.first, ask.stop)])
        missing = wanted if ask.refresh else wanted.without(self._known(ask.key))
        done, days = Fetched(ask.key, missing), 0
        reader = HistoryReader(
            self._history, [ask.instrument], ask.timeframe, Hours.REGULAR, clock=self._clock, tally=Tally()
        )
        for first, stop in missing.cut(_piece_days(ask.timeframe)):
            await self._piece(ask, reader, (first, stop), done)
            days += stop - first
            if progress is not None:
                progress(days, missing.days)
        done.refused = reader.tally.refused
        done.notes = list(dict.fromkeys(note.sentence for note in reader.tally.notes))
        return done

    def _known(self, key: SeriesKey) -> Spans:
        """What the source has said of a series that is in the store; of one that was taken out nothing counts."""
        if self._store.versions(key):
            return self._book.covered(self._source, key)
        self._book.forget(key)
        return Spans()

    async def _piece(self, ask: FetchAsk, reader: HistoryReader, days: tuple[int, int], done: Fetched) -> None:
        sessions = sessions_between(str(ask.instrument.calendar), days[0], days[1] - 1)
        said_until = self._clock.now_ns() - self._delay_ns
        begun = sessions.opens < said_until
        if begun.any():
            last = min(int(sessions.closes[begun][-1]), said_until)
            placed = await reader.read(ask.instrument.symbol, int(sessions.opens[0]), last)
            done.pieces += 1
            if placed:
                self._keep(ask.key, bars_of(placed, ask.instrument, ask.timeframe, self._source), done)
        self._mark(ask.key, days, sessions.labels[sessions.closes > said_until].tolist())

    def _keep(self, key: SeriesKey, came: Bars, done: Fetched) -> None:
        found = self._union(key, came)
        done.came += len(came)
        done.new += found.new
        done.revised += found.revised
        if found.changes:
            with self._store.writing(looked_over) as writer:
                writer.add(found.bars, found.mode)

    def _union(self, key: SeriesKey, came: Bars) -> Union:
        try:
            stored = self._store.read(key)
        except SymbolNotFoundError:
            return union(None, came)
        return union(stored, came)

    def _mark(self, key: SeriesKey, days: tuple[int, int], open_days: Sequence[int]) -> None:
        """Count the days up to the first whose session has not closed, and those in the future not at all."""
        today = (self._clock.now_ns() - self._delay_ns) // NS_PER_DAY
        stop = min(days[1], today, *open_days[:1])
        if stop > days[0]:
            self._book.mark(self._source, key, days[0], stop, self._clock.now_ns(), self._delay_ns / NS_PER_SECOND)


def _piece_days(timeframe: Timeframe) -> int:
    """Days of one piece.

    Raises
    ------
    DataError
        When it is longer than a day.
    """
    if timeframe.nanoseconds > NS_PER_DAY:
        raise DataError(f"Bars of {timeframe} are not fetched.", hint="Fetch 1d bars and resample them.")
    return max(1, _PIECE_BARS * timeframe.nanoseconds // NS_PER_DAY)
