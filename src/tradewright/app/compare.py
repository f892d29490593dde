"""The use case: the same bars of two sources side by side, whether they are stored or asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from tradewright.app.fetch.series import piece_days
from tradewright.app.fetch.union import bars_of
from tradewright.app.live.feed.reading import HistoryReader
from tradewright.app.live.feed.status import Tally
from tradewright.app.stored_bars import Wanted, find, load
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.spans import Spans
from tradewright.domain.stored import DayRange
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_SECOND
from tradewright.marketdata.comparison import compare
from tradewright.marketdata.placement import Hours
from tradewright.marketdata.sessions import sessions_between

if TYPE_CHECKING:
    from tradewright.app.live.feed.placing import PlacedBar
    from tradewright.domain.bars import Adjustment, Bars
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe
    from tradewright.marketdata.comparison import Comparison, Tolerance
    from tradewright.ports.bar_store import BarStore
    from tradewright.ports.clock import Clock
    from tradewright.ports.provider import BarProvider

__all__ = ["AskedSide", "Compared", "Side", "StoredSide", "compare_sides"]

_YEAR = 365


class Side(Protocol):
    """Where bars of one side come from."""

    @property
    def name(self) -> str:
        """What it is called in sentences."""
        ...

    def extent(self, symbol: str, timeframe: Timeframe) -> tuple[int, int]:
        """The days that it can have bars of, as far as that is known without asking: from one up to, without, another.

        Days are counted since 1970-01-01.
        """
        ...

    async def bars(self, symbol: str, timeframe: Timeframe, days: tuple[int, int]) -> Bars:
        """Its bars of the days from one up to, and without, another.

        Raises
        ------
        SymbolNotFoundError, DataNotAvailableError
            When it has none.
        BrokerError
            When there was no complete answer.
        """
        ...


class StoredSide:
    """Bars of the store.

    Parameters
    ----------
    name : str
    store : BarStore
    adjustment : Adjustment, optional
        Where several are stored.
    version : str, optional
        Its first digits; the current one if not given.
    """

    def __init__(
        self, name: str, store: BarStore, adjustment: Adjustment | None = None, version: str | None = None
    ) -> None:
        self.name = name
        self._store = store
        self._adjustment = adjustment
        self._version = version

    def extent(self, symbol: str, timeframe: Timeframe) -> tuple[int, int]:
        """From its first to its last bar."""
        found = find(self._store, symbol, Wanted(timeframe, self._adjustment, self._version))
        return found.first_ns // NS_PER_DAY, found.last_ns // NS_PER_DAY + 1

    async def bars(self, symbol: str, timeframe: Timeframe, days: tuple[int, int]) -> Bars:
        """What is stored."""
        wanted = Wanted(timeframe, self._adjustment, self._version, DayRange(*days))
        return load(self._store, find(self._store, symbol, wanted), wanted)


class AskedSide:
    """Bars that a provider is asked for, and that are kept nowhere.

    Parameters
    ----------
    provider : BarProvider
        Connected.
    clock : Clock
    """

    def __init__(self, provider: BarProvider, clock: Clock) -> None:
        self._provider = provider
        self._clock = clock

    @property
    def name(self) -> str:
        """With its feed."""
        return self._provider.source

    def extent(self, symbol: str, timeframe: Timeframe) -> tuple[int, int]:  # noqa: ARG002 - nobody knows unasked
        """A year back, up to now."""
        today = self._now_ns() // NS_PER_DAY
        return today - _YEAR, today + 1

    async def bars(self, symbol: str, timeframe: Timeframe, days: tuple[int, int]) -> Bars:
        """What it says, piece by piece: bars of the hours of the exchange that have closed."""
        instrument = await self._provider.instruments.instrument(symbol.rpartition(":")[2])
        reader = HistoryReader(
            self._provider.history, [instrument], timeframe, Hours.REGULAR, clock=self._clock, tally=Tally()
        )
        stop = min(days[1], self._now_ns() // NS_PER_DAY + 1)
        placed: list[PlacedBar] = []
        for begin, end in Spans.of([(days[0], stop)]).cut(piece_days(timeframe)):
            placed += await self._piece(reader, instrument, begin, end)
        if not placed:
            raise DataNotAvailableError(f"{self.name} has no {timeframe} bars of {symbol} in that time.")
        return replace(bars_of(placed, instrument, timeframe, self.name), adjustment=self._provider.adjustment)

    async def _piece(self, reader: HistoryReader, instrument: Instrument, first: int, stop: int) -> list[PlacedBar]:
        sessions = sessions_between(str(instrument.calendar), first, stop - 1)
        begun = sessions.opens < self._now_ns()
        if not begun.any():
            return []
        last = min(int(sessions.closes[begun][-1]), self._now_ns())
        return await reader.read(instrument.symbol, int(sessions.opens[0]), last)

    def _now_ns(self) -> int:
        """The present, less what it is late by."""
        return self._clock.now_ns() - int(self._provider.delay_s * NS_PER_SECOND)


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one symbol: both sides' bars, and the comparison."""

    first: Bars
    second: Bars
    comparison: Comparison


async def compare_sides(
    sides: tuple[Side, Side], symbol: str, timeframe: Timeframe, days: DayRange, tolerance: Tolerance
) -> Compared:
    """Put the bars of two sides beside each other.

    Parameters
    ----------
    sides : (Side, Side)
    symbol : str
    timeframe : Timeframe
    days : DayRange
        A side that is open is that of the days which both can have.
    tolerance : Tolerance

    Raises
    ------
    SymbolNotFoundError, DataNotAvailableError, ConfigError
        When one has none, or the name stands for several series.
    BrokerError
        When there was no complete answer.
    """
    extents = [side.extent(symbol, timeframe) for side in sides]
    first = max(begin for begin, _ in extents) if days.first is None else days.first
    stop = min(end for _, end in extents) if days.stop is None else days.stop
    if stop <= first:
        raise DataNotAvailableError(
            f"{sides[0].name} and {sides[1].name} have no days of {symbol} in common.", hint="Say --start and --end."
        )
    one, other = [await side.bars(symbol, timeframe, (first, stop)) for side in sides]
    return Compared(one, other, compare(one, other, tolerance, names=(sides[0].name, sides[1].name)))
