"""Fetching one series: which days are missing, in which pieces they are asked for, and what is kept of each.

A day is asked for once and never again when its source has said everything of it: its session has closed, what the feed
is late by design has passed, the source did not say that it has no such data, and no bar of it was left out. A piece is
in the store before it counts as known, so that whatever ends the command, the next one asks for the rest.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tradewright.app.live.feed.reading import HistoryReader
from tradewright.app.live.feed.status import Tally
from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import BrokerError, DataError, ImpossibleRowsError
from tradewright.domain.spans import Spans
from tradewright.domain.stored import DayRange, SeriesKey
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND
from tradewright.marketdata.placement import Hours

from .hearing import Heard, Hearing
from .keeping import Keeper
from .pieces import asked_piece
from .turns import turn_name
from .union import bars_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.app.live.feed.placing import PlacedBar
    from tradewright.domain.bars import Bars
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.quality import QualityFinding
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.bar_store import BarStore
    from tradewright.ports.clock import Clock
    from tradewright.ports.coverage import CoverageBook
    from tradewright.ports.provider import BarProvider

    from .pieces import Piece
    from .turns import SeriesTurn, SeriesTurns

    Progress = Callable[[int, str], None]

__all__ = ["FetchAsk", "FetchDesk", "Fetched", "Fetcher", "piece_days"]

_LOG = logging.getLogger("tradewright.fetch")
_RESTATED = 0.02
"""By how much a price may have been corrected; a split changes it by a third or more."""
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
    adjustment : Adjustment
        What the prices of the source contain.
    """

    instrument: Instrument
    timeframe: Timeframe
    first: int
    stop: int
    refresh: bool = False
    hours: Hours = Hours.REGULAR
    adjustment: Adjustment = Adjustment.RAW

    @property
    def key(self) -> SeriesKey:
        """The series, as the source has its prices."""
        return SeriesKey(self.instrument.id, self.timeframe, self.adjustment)


@dataclass(slots=True)
class Fetched:
    """What became of one series.

    Parameters
    ----------
    key : SeriesKey
    missing : Spans
        Days that were asked for here; not those that were known, or that somebody else brought meanwhile.
    pieces, came, new, revised, refused : int
        Pieces asked for; bars that came; of them those the store did not have, and those it had with other values;
        and bars that cannot be, which were left out.
    told : int
        Statements about splits, dividends and names that are new: revisions and withdrawals among them.
    notes : list of str
        Why bars were left out, each once, and what else should be looked at.
    findings : list of QualityFinding
        Bars that were left out, for the report of the series.
    lacking, incomplete : Spans
        Days of which the source said that it has no such data, and days of which bars were left out. They do not count
        as known: the next fetch asks for them again.
    is_whole : bool
        Whether every day was known or asked for.
    """

    key: SeriesKey
    missing: Spans = field(default_factory=Spans)
    pieces: int = 0
    came: int = 0
    new: int = 0
    revised: int = 0
    refused: int = 0
    told: int = 0
    notes: list[str] = field(default_factory=list)
    findings: list[QualityFinding] = field(default_factory=list)
    lacking: Spans = field(default_factory=Spans)
    incomplete: Spans = field(default_factory=Spans)
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class FetchDesk:
    """What fetching stands on.

    Parameters
    ----------
    store : BarStore
    book : CoverageBook
    turns : SeriesTurns
    clock : Clock
    """

    store: BarStore
    book: CoverageBook
    turns: SeriesTurns
    clock: Clock


class Fetcher:
    """Fetches series out of one source; several at once, in one process or in several, fetch a series once.

    Parameters
    ----------
    provider : BarProvider
        Connected.
    desk : FetchDesk
    others : sequence of str
        Sources whose word counts as well: what they have said of a day is known.
    """

    def __init__(self, provider: BarProvider, desk: FetchDesk, others: Sequence[str] = ()) -> None:
        self._provider = provider
        self._source = provider.source
        self._sources = (provider.source, *others)
        self._delay_ns = int(provider.delay_s * NS_PER_SECOND)
        self._hearing = Hearing(provider, desk.store, desk.clock)
        self._turns = desk.turns
        self._keeper = Keeper(desk.store)
        self._store, self._book, self._clock = desk.store, desk.book, desk.clock

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

    def missing(self, ask: FetchAsk) -> Spans:
        """The days that would be asked for, as far as is known without asking."""
        return self._missing(ask, self._hearing.stored(ask.key))

    async def fetch(self, ask: FetchAsk, progress: Progress | None = None) -> Fetched:
        """Fetch what is missing of a series, and what is said of its splits, dividends and names.

        What is not traded any more is not asked for after its end.

        Parameters
        ----------
        ask : FetchAsk
        progress : callable, optional
            Called with how many days were asked for, and with a sentence where there is one to say.

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
        piece_days(ask.timeframe)
        done = Fetched(ask.key)
        if ask.refresh or self.missing(ask).days:
            try:
                await self._asked_for(ask, done, progress or _to_nobody)
            except BrokerError:
                self._look_over(done)
                raise
            self._look_over(done)
        done.is_whole = True
        done.notes = list(dict.fromkeys(done.notes))
        return done

    async def _asked_for(self, ask: FetchAsk, done: Fetched, told: Progress) -> None:
        is_whole = False
        while not is_whole:
            async with self._turns.taken(turn_name(ask.key), lambda why: told(done.missing.days, why)) as turn:
                is_whole = await self._rest(ask, turn, done, told)

    def _look_over(self, done: Fetched) -> None:
        """Look the series over once, not after each piece: it would take longer with every one of them."""
        self._keeper.look_over(done.key, done.findings)
        if done.findings:
            said = "%s from %s: %d bars were left out; the first: %s"
            _LOG.warning(said, done.key, self._source, len(done.findings), done.findings[0].sentence)

    async def _rest(self, ask: FetchAsk, turn: SeriesTurn, done: Fetched, told: Progress) -> bool:
        """Ask for what is missing still, as long as it is this process's turn; whether nothing is left.

        What is missing is looked at anew with every turn: whoever had it before may have brought it.
        """
        if not self._store.versions(ask.key):
            self._book.forget(ask.key)
        missing, heard = self.missing(ask), Heard()
        if missing.days or ask.refresh:
            heard = await self._hearing.hear(ask.instrument, ask.key, (ask.first, ask.stop))
            missing = self._missing(ask, heard)
        if missing.days and await self._is_restated(ask):
            why = "than before, as after a split: all of it comes anew"
            done.notes.append(f"{self._source} has other prices of {ask.key} {why}.")
            first = self._store.versions(ask.key)[0].first_ns // NS_PER_DAY
            ask = replace(ask, first=min(ask.first, first), refresh=True)
            missing = self._missing(ask, heard)
        reader = self._reader(ask, heard)
        done.told += heard.new
        done.notes += heard.notes
        try:
            for days in missing.without(done.missing).cut(piece_days(ask.timeframe)):
                if not turn.is_mine:
                    return False
                await self._piece(ask, reader, heard, days, done)
                done.missing = done.missing.joined(Spans.of([days]))
                told(done.missing.days, "")
        finally:
            done.refused += reader.tally.refused
            done.notes += [note.sentence for note in reader.tally.notes]
        return True

    async def _is_restated(self, ask: FetchAsk) -> bool:
        """Whether a source whose prices contain splits has the last stored bar at another price by now."""
        if ask.adjustment is Adjustment.RAW or ask.refresh or not self._store.versions(ask.key):
            return False
        tail = self._store.read(ask.key, DayRange(first=self._store.versions(ask.key)[0].last_ns // NS_PER_DAY - 1))
        mine = tail.bar(len(tail) - 1)
        try:
            found = await self._provider.history.bars(
                ask.instrument.symbol, ask.timeframe, mine.open_time, mine.close_time
            )
        except ImpossibleRowsError:
            return False
        return bool(found) and not math.isclose(found[-1].close, mine.close, rel_tol=_RESTATED)

    def _missing(self, ask: FetchAsk, heard: Heard) -> Spans:
        stop = ask.stop if heard.end is None else min(ask.stop, heard.end)
        wanted = Spans.of([(ask.first, stop)] if ask.first < stop else [])
        return wanted if ask.refresh else wanted.without(self._known(ask))

    def _known(self, ask: FetchAsk) -> Spans:
        """What the sources have said of a series that is in the store; of one that was taken out nothing counts."""
        if not self._store.versions(ask.key):
            return Spans()
        return Spans.of(pair for each in self._sources for pair in self._book.covered(_named(each, ask), ask.key))

    def _reader(self, ask: FetchAsk, heard: Heard) -> HistoryReader:
        names = [ask.instrument.symbol, *heard.former(ask.instrument.symbol)]
        borne = [replace(ask.instrument, symbol=name) for name in names]
        return HistoryReader(self._provider.history, borne, ask.timeframe, ask.hours, clock=self._clock, tally=Tally())

    async def _piece(
        self, ask: FetchAsk, reader: HistoryReader, heard: Heard, days: tuple[int, int], done: Fetched
    ) -> None:
        piece = await asked_piece(ask, reader, heard, days, self._clock.now_ns() - self._delay_ns)
        if piece.is_asked:
            done.pieces += 1
            self._keep(ask, piece, heard, done)
        self._mark(ask, piece)
        done.findings += piece.findings
        done.lacking = done.lacking.joined(piece.lacking)
        done.incomplete = done.incomplete.joined(piece.incomplete)

    def _keep(self, ask: FetchAsk, piece: Piece, heard: Heard, done: Fetched) -> None:
        came = self._bars(ask, piece.placed) if piece.placed else None
        found = self._keeper.keep(ask.key, came, heard.actions)
        done.came += len(piece.placed)
        if found is not None:
            done.new += found.new
            done.revised += found.revised

    def _bars(self, ask: FetchAsk, placed: Sequence[PlacedBar]) -> Bars:
        made = bars_of(placed, ask.instrument, ask.timeframe, _named(self._source, ask))
        return replace(made, synthetic=self._provider.is_synthetic, adjustment=ask.adjustment)

    def _mark(self, ask: FetchAsk, piece: Piece) -> None:
        """Count the days of which everything was said, up to the first whose session has not closed."""
        now_ns, late_s = self._clock.now_ns(), self._delay_ns / NS_PER_SECOND
        for first, stop in piece.said_before((now_ns - self._delay_ns) // NS_PER_DAY):
            self._book.mark(_named(self._source, ask), ask.key, first, stop, now_ns, late_s)


def _named(source: str, ask: FetchAsk) -> str:
    """A source as the book knows it: what it was asked for in longer hours is known for itself."""
    return source if ask.hours is Hours.REGULAR else f"{source} {ask.hours}"


def _to_nobody(_: int, __: str) -> None:
    """Nobody wants to hear how far it is."""


def piece_days(timeframe: Timeframe) -> int:
    """Days that are asked for at once.

    Raises
    ------
    DataError
        When it is longer than a day.
    """
    if timeframe.nanoseconds > NS_PER_DAY:
        raise DataError(f"Bars of {timeframe} are not fetched.", hint="Fetch 1d bars and resample them.")
    return max(1, _PIECE_BARS * timeframe.nanoseconds // NS_PER_DAY)
