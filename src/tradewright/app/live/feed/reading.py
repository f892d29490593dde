"""Reading history: bars of one symbol between two instants, placed and counted, and the bars to warm up on."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import CalendarError, DataNotAvailableError, ImpossibleRowsError, SymbolNotFoundError
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.open_hours import open_hours
from tradewright.marketdata.periods import padding_days, periods
from tradewright.marketdata.sessions import sessions_around

from .placing import Placer
from .status import FeedNote, NoteKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.bars import Bar
    from tradewright.domain.errors import DataError
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe
    from tradewright.marketdata.placement import Hours
    from tradewright.marketdata.sessions import SessionTable
    from tradewright.ports.bar_stream import BarHistory
    from tradewright.ports.clock import Clock

    from .placing import PlacedBar, Placing
    from .status import Tally

__all__ = ["Answer", "HistoryReader", "start_of"]

_AT_ONCE = 8
_SILENCE_NS = 40 * NS_PER_DAY  # no market that is still traded is silent for so long


@dataclass(frozen=True, slots=True)
class Answer:
    """What a history says of a stretch of time.

    Parameters
    ----------
    bars : list of PlacedBar
        Oldest first.
    left_out : tuple of (int or None, str)
        Bars that cannot be: when each would open (None where that cannot be read), and the sentence.
    is_lacking : bool
        Whether the venue says that it has no such data: then it has said nothing of the stretch.
    """

    bars: list[PlacedBar]
    left_out: tuple[tuple[int | None, str], ...] = ()
    is_lacking: bool = False


class HistoryReader:
    """The history of a feed's symbols, as placed bars.

    Parameters
    ----------
    history : BarHistory
    instruments : sequence of Instrument
    timeframe : Timeframe
    hours : Hours
    clock : Clock
    tally : Tally
        What cannot be is noted and counted there.
    """

    def __init__(
        self, history: BarHistory, instruments: Sequence[Instrument], timeframe: Timeframe, hours: Hours, *,
        clock: Clock, tally: Tally,
    ) -> None:  # fmt: skip
        self.placers: Mapping[str, Placer] = {each.symbol: Placer(each, timeframe, hours) for each in instruments}
        self.history = history
        self.timeframe = timeframe
        self.clock = clock
        self.tally = tally
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def place(self, symbol: str, bars: Sequence[Bar]) -> tuple[PlacedBar, ...]:
        """Place bars; what lies outside the hours or cannot be is counted."""
        return self._placing(symbol, bars).placed

    def _placing(self, symbol: str, bars: Sequence[Bar]) -> Placing:
        placing = self.placers[symbol].place(bars)
        self.tally.outside += placing.outside
        for bar, sentence in placing.refused:
            self.refuse(sentence, symbol, bar.close_time)
        return placing

    def refuse(self, sentence: str, symbol: str = "", close_ns: int | None = None) -> None:
        """Count and note a bar that cannot be."""
        self.tally.refused += 1
        self.tally.note(FeedNote(NoteKind.REFUSED, self.clock.now_ns(), sentence, symbol, close_ns))

    async def read(self, symbol: str, first_ns: int, last_ns: int) -> list[PlacedBar]:
        """The bars that close after one instant and until another, oldest first; none where the venue has none.

        Raises
        ------
        BrokerError
            When there was no complete answer, or rows of it cannot be.
        """
        try:
            bars = await self._asked(symbol, first_ns, last_ns)
        except (DataNotAvailableError, SymbolNotFoundError) as error:
            return self._lacking(error, symbol).bars
        return self._answer(symbol, bars, (first_ns, last_ns)).bars

    async def answer(self, symbol: str, first_ns: int, last_ns: int) -> Answer:
        """As `read`, but rows that cannot be leave the others alone: each is named.

        Raises
        ------
        BrokerError
            When there was no complete answer.
        """
        try:
            return self._answer(symbol, await self._asked(symbol, first_ns, last_ns), (first_ns, last_ns))
        except (DataNotAvailableError, SymbolNotFoundError) as error:
            return self._lacking(error, symbol)
        except ImpossibleRowsError as error:
            return self._answer(symbol, error.bars, (first_ns, last_ns), error.rows)

    async def _asked(self, symbol: str, first_ns: int, last_ns: int) -> Sequence[Bar]:
        # Venues may say that a day lasts from midnight to midnight: more is asked for than is taken.
        around = self.timeframe.nanoseconds + (0 if self.timeframe.is_intraday else NS_PER_DAY)
        async with self._turns:
            return await self.history.bars(symbol, self.timeframe, first_ns - around, last_ns + around)

    def _lacking(self, error: DataError, symbol: str) -> Answer:
        self.tally.note(FeedNote(NoteKind.HISTORY, self.clock.now_ns(), str(error), symbol))
        return Answer([], is_lacking=True)

    def _answer(
        self, symbol: str, bars: Sequence[Bar], between: tuple[int, int],
        rows: Sequence[tuple[int | None, str]] = (),
    ) -> Answer:  # fmt: skip
        first_ns, last_ns = between
        placing = self._placing(symbol, [bar for bar in bars if bar.open_time < last_ns])
        placed = [each for each in placing.placed if first_ns < each.bar.close_time <= last_ns]
        unplaced = [(bar.open_time, sentence) for bar, sentence in placing.refused if bar.open_time >= first_ns]
        impossible = [(at, _left_out(symbol, at, why)) for at, why in rows if at is None or first_ns <= at < last_ns]
        for at, sentence in impossible:
            self.refuse(sentence, symbol, at)
        return Answer(placed, (*impossible, *unplaced))

    async def last_bars(self, count: int, last_ns: int) -> list[PlacedBar]:
        """At least so many last bars of every symbol, all of them from one instant on; fewer where there are no more.

        Raises
        ------
        BrokerError
            When there was no complete answer.
        """
        found = await asyncio.gather(*(self._last_of(symbol, count, last_ns) for symbol in self.placers))
        starts = [bars[-count].bar.open_time for bars, _ in found if len(bars) >= count]
        common = min(starts, default=min((begin for _, begin in found), default=last_ns))
        whole = await asyncio.gather(
            *(self._back_to(common, *each, symbol) for symbol, each in zip(self.placers, found, strict=True))
        )
        for symbol, bars in zip(self.placers, whole, strict=True):
            if len(bars) < count:
                sentence = (
                    f"The history of {symbol} holds {len(bars)} bars of {self.timeframe} and {count} were asked for."
                )
                self.tally.note(FeedNote(NoteKind.SHORT, self.clock.now_ns(), sentence, symbol))
        return [each for bars in whole for each in bars]

    async def _last_of(self, symbol: str, count: int, last_ns: int) -> tuple[list[PlacedBar], int]:
        """The last bars of a symbol, asked for ever further back until there are enough, and from when on."""
        bars: list[PlacedBar] = []
        begin, wanted = last_ns, count
        while len(bars) < count:
            earlier = start_of(self.placers[symbol].calendar, self.timeframe, wanted, last_ns)
            found = await self.read(symbol, earlier, begin) if earlier < begin else []
            if not found and (earlier >= begin or begin - earlier >= _SILENCE_NS):
                break  # the calendar is known no further, or the source begins here
            bars, begin, wanted = [*found, *bars], earlier, wanted * 2
        return bars, begin

    async def _back_to(self, common_ns: int, bars: list[PlacedBar], begin: int, symbol: str) -> list[PlacedBar]:
        """The bars from an instant on, whichever of them have been read."""
        if common_ns < begin:
            bars = [*await self.read(symbol, common_ns, begin), *bars]
        return [each for each in bars if each.bar.open_time >= common_ns]


def _left_out(symbol: str, at: int | None, why: str) -> str:
    """The sentence for a row that is no bar."""
    if at is None:
        return f"A bar of {symbol} was left out: {why}."
    when = np.datetime_as_string(np.datetime64(at, "ns"), unit="s")
    return f"A bar of {symbol} that opens at {when}Z was left out: {why}."


def start_of(calendar: str, timeframe: Timeframe, count: int, last_ns: int) -> int:
    """When the first of so many bars opens that a calendar has room for before an instant (UTC nanoseconds).

    As early as the calendar is known where it is not known for as many.
    """
    days = math.ceil(count * timeframe.minutes / 1440) + padding_days(timeframe) + 10
    earliest = last_ns
    while True:
        try:
            table = sessions_around(calendar, last_ns, last_ns, pad_days=days)
        except CalendarError:
            return earliest
        found, before = _room(table, timeframe, count, last_ns)
        if before >= count or found >= earliest:
            return min(found, earliest)
        earliest, days = found, days * 2


def _room(table: SessionTable, timeframe: Timeframe, count: int, last_ns: int) -> tuple[int, int]:
    """Where the first of the last bars opens, and for how many there is room before an instant."""
    if timeframe.is_intraday:
        open_ = open_hours(table, timeframe.nanoseconds)
        before = int(open_.slot_of(np.array([last_ns], np.int64))[0])
        return open_.stamp_of(max(before - count, 0)), before
    grouped = periods(table, timeframe)
    before = int((grouped.closes <= last_ns).sum())
    return int(grouped.opens[max(before - count, 0)]), before
