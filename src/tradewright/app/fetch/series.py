"""Fetching one series: which days are missing, in which pieces they are asked for, and what is kept of each.

A day is asked for once and never again when its source has said everything of it: its session has closed, and what the
feed is late by design has passed. A piece is in the store before it counts as known, so that whatever ends the command,
the next one asks for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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

from .hearing import Heard, Hearing
from .union import bars_of, retold, union

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.app.live.feed.placing import PlacedBar
    from tradewright.domain.bars import Bars
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.bar_store import BarStore
    from tradewright.ports.clock import Clock
    from tradewright.ports.coverage import CoverageBook
    from tradewright.ports.provider import BarProvider

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
    hours : Hours
        Regular ones, or those before the open and after the close as well.
    """

    instrument: Instrument
    timeframe: Timeframe
    first: int
    stop: int
    refresh: bool = False
    hours: Hours = Hours.REGULAR

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
    told : int
        Statements about splits, dividends and names that are new: revisions and withdrawals among them.
    notes : list of str
        Why bars were left out, each once, and what else should be looked at.
    """

    key: SeriesKey
    missing: Spans
    pieces: int = 0
    came: int = 0
    new: int = 0
    revised: int = 0
    refused: int = 0
    told: int = 0
    notes: list[str] = field(default_factory=list)


class Fetcher:
    """Fetches series out of one source.

    Parameters
    ----------
    provider : BarProvider
    store : BarStore
    book : CoverageBook
    clock : Clock
    """

    def __init__(self, provider: BarProvider, *, store: BarStore, book: CoverageBook, clock: Clock) -> None:
        self._history = provider.history
        self._source = provider.source
        self._delay_ns = int(provider.delay_s * NS_PER_SECOND)
        self._hearing = Hearing(provider, store, clock)
        self._store = store
        self._book = book
        self._clock = clock

    async def instrument(self, symbol: str) -> Instrument:
        """What a symbol is: as the provider says, or where it is traded no more, as the store does.

        Raises
        ------
        SymbolNotFoundError
            When neither knows it; says under which name it is known now, where that can be told.
        BrokerError
            When there was no answer.
        """
        return await self._hearing.instrument(symbol)

    async def fetch(self, ask: FetchAsk, progress: Callable[[int, int], None] | None = None) -> Fetched:
        """Fetch what is missing of a series, and what is said of its splits, dividends and names.

        What is not traded any more is not asked for after its end.

        Parameters
        ----------
        ask : FetchAsk
        progress : callable, optional
            Called with how many days are done, and of how many.

        Raises
        ------
        DataError
            For a timeframe that is not fetched or not served.
        SymbolNotFoundError
            When the instrument has another name by now; says which.
        BrokerError
            When there was no complete answer; the pieces before it are kept.
        StorageError, ResourceError
            When the store cannot be used.
        """
        pieces = _piece_days(ask.timeframe)
        missing, heard = self._missing(ask, self._hearing.stored(ask.key)), Heard()
        if missing.days or ask.refresh:
            heard = await self._hearing.hear(ask.instrument, ask.key, (ask.first, ask.stop))
            missing = self._missing(ask, heard)
        done, days = Fetched(ask.key, missing, told=heard.new, notes=list(heard.notes)), 0
        reader = self._reader(ask, heard)
        for first, stop in missing.cut(pieces):
            await self._piece(ask, reader, heard, (first, stop), done)
            days += stop - first
            if progress is not None:
                progress(days, missing.days)
        done.refused = reader.tally.refused
        done.notes += list(dict.fromkeys(note.sentence for note in reader.tally.notes))
        return done

    def _missing(self, ask: FetchAsk, heard: Heard) -> Spans:
        stop = ask.stop if heard.end is None else min(ask.stop, heard.end)
        wanted = Spans.of([(ask.first, stop)] if ask.first < stop else [])
        return wanted if ask.refresh else wanted.without(self._known(ask))

    def _known(self, ask: FetchAsk) -> Spans:
        """What the source has said of a series that is in the store; of one that was taken out nothing counts."""
        if self._store.versions(ask.key):
            return self._book.covered(self._named(ask), ask.key)
        self._book.forget(ask.key)
        return Spans()

    def _named(self, ask: FetchAsk) -> str:
        """The source as the book knows it: what it was asked for in longer hours is known for itself."""
        return self._source if ask.hours is Hours.REGULAR else f"{self._source} {ask.hours}"

    def _reader(self, ask: FetchAsk, heard: Heard) -> HistoryReader:
        names = [ask.instrument.symbol, *heard.former(ask.instrument.symbol)]
        borne = [replace(ask.instrument, symbol=name) for name in names]
        return HistoryReader(self._history, borne, ask.timeframe, ask.hours, clock=self._clock, tally=Tally())

    async def _piece(
        self, ask: FetchAsk, reader: HistoryReader, heard: Heard, days: tuple[int, int], done: Fetched
    ) -> None:
        said_until = self._clock.now_ns() - self._delay_ns
        sessions = sessions_between(str(ask.instrument.calendar), days[0], days[1] - 1)
        opens, closes = sessions.extended if ask.hours is Hours.EXTENDED else (sessions.opens, sessions.closes)
        begun = opens < said_until
        if begun.any():
            placed: list[PlacedBar] = []
            for name, first, stop in heard.parts(ask.instrument.symbol, *days):
                mine = begun & (sessions.labels >= first) & (sessions.labels < stop)
                if mine.any():
                    last = min(int(closes[mine][-1]), said_until)
                    placed += await reader.read(name, int(opens[mine][0]), last)
            done.pieces += 1
            self._keep(ask, placed, heard, done)
        self._mark(ask, days, sessions.labels[closes > said_until].tolist())

    def _keep(self, ask: FetchAsk, placed: Sequence[PlacedBar], heard: Heard, done: Fetched) -> None:
        came = bars_of(placed, ask.instrument, ask.timeframe, self._source) if placed else None
        found = self._union(ask.key, came, heard)
        done.came += len(placed)
        if found is None or not found.changes:
            return
        done.new += found.new
        done.revised += found.revised
        with self._store.writing(looked_over) as writer:
            writer.add(found.bars, found.mode)

    def _union(self, key: SeriesKey, came: Bars | None, heard: Heard) -> Union | None:
        """What is to be written; None where there is nothing to put anything to."""
        try:
            stored = self._store.read(key)
        except SymbolNotFoundError:
            return None if came is None else union(None, came, heard.actions)
        if came is not None:
            return union(stored, came, heard.actions)
        return None if heard.actions is None else retold(stored, heard.actions)

    def _mark(self, ask: FetchAsk, days: tuple[int, int], open_days: Sequence[int]) -> None:
        """Count the days up to the first whose session has not closed, and those in the future not at all."""
        today = (self._clock.now_ns() - self._delay_ns) // NS_PER_DAY
        stop = min(days[1], today, *open_days[:1])
        if stop > days[0]:
            late_s = self._delay_ns / NS_PER_SECOND
            self._book.mark(self._named(ask), ask.key, days[0], stop, self._clock.now_ns(), late_s)


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
