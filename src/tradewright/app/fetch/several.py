"""Fetching several symbols out of one source, or out of several in the order in which one stands in for another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import (
    AuthenticationError,
    ConfigError,
    ConnectionError,  # noqa: A004 - the field's name for it
    DataNotAvailableError,
    MissingExtraError,
    RateLimitError,
    ResourceError,
    StorageError,
    SymbolNotFoundError,
    TimeframeError,
    TradewrightError,
)
from tradewright.domain.stored import ALL_DAYS
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.placement import Hours

from .series import FetchAsk, Fetched, Fetcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.domain.instrument import Instrument
    from tradewright.domain.stored import DayRange
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.provider import BarProvider

    from .series import FetchDesk

    Progress = Callable[[int, int, str], None]

__all__ = ["FetchedSymbol", "SourceOrder", "SymbolAsk"]

_A_YEAR = 365
_LACKS = (SymbolNotFoundError, DataNotAvailableError, TimeframeError)
_AWAY = (ConnectionError, RateLimitError)
_FOR_ALL = (AuthenticationError, ConfigError, MissingExtraError, ResourceError, StorageError)
"""What would be the same with every symbol."""


@dataclass(frozen=True, slots=True)
class SymbolAsk:
    """What is wanted of every symbol.

    Parameters
    ----------
    timeframe : Timeframe
    days : DayRange
        A side that is open: one year back, up to today.
    refresh : bool
        Ask also for what is known.
    hours : Hours
        Of an exchange: its regular ones, or those before the open and after the close as well.
    """

    timeframe: Timeframe
    days: DayRange = ALL_DAYS
    refresh: bool = False
    hours: Hours = Hours.REGULAR

    def of(self, instrument: Instrument, today: int, adjustment: Adjustment = Adjustment.RAW) -> FetchAsk:
        """The same of one instrument, on a day, of a source whose prices contain so much."""
        days = self.days
        stop = today + 1 if days.stop is None else min(days.stop, today + 1)
        first = stop - _A_YEAR if days.first is None else days.first
        return FetchAsk(instrument, self.timeframe, first, max(first, stop), self.refresh, self.hours, adjustment)


@dataclass(slots=True)
class FetchedSymbol:
    """What became of one symbol: what was fetched and where, or why not.

    Parameters
    ----------
    symbol : str
    source : str
        Of whose bars it is, with its feed; empty where there is none.
    synthetic : bool
        Whether that source makes its bars up.
    passed : list of str
        Why sources before it were passed over, one sentence for each.
    fetched : Fetched, optional
    error : TradewrightError, optional
    """

    symbol: str
    source: str = ""
    synthetic: bool = False
    passed: list[str] = field(default_factory=list)
    fetched: Fetched | None = None
    error: TradewrightError | None = None


@dataclass(slots=True)
class _Plan:
    """A symbol on its way."""

    told: FetchedSymbol
    place: int = 0
    ask: FetchAsk | None = None
    days: int = 0
    """Days that were missing when it was planned."""


class SourceOrder:
    """Sources in their order; the later ones are asked where those before lack a series or cannot be reached.

    Credentials that are refused are an error, whoever comes after.

    Parameters
    ----------
    providers : sequence of BarProvider
        At least one. They are connected when they are first asked, and closed by whoever opened them.
    desk : FetchDesk
    """

    def __init__(self, providers: Sequence[BarProvider], desk: FetchDesk) -> None:
        self._providers = providers
        self._desk = desk
        self._connected: set[int] = set()

    async def fetch(
        self, symbols: Sequence[str], ask: SymbolAsk, progress: Progress | None = None
    ) -> list[FetchedSymbol]:
        """Fetch one symbol after the other; one that fails leaves the others alone.

        Parameters
        ----------
        symbols : sequence of str
        ask : SymbolAsk
        progress : callable, optional
            Called with how many of the missing days of all symbols were asked for, of how many, and a word on where it
            is.

        Raises
        ------
        AuthenticationError
            When credentials are refused: they would be for every symbol.
        ConfigError, MissingExtraError
            When a source cannot be used as it is configured.
        StorageError, ResourceError
            When the store cannot be used.
        """
        plans = [await self._planned(symbol, ask) for symbol in symbols]
        total, before = sum(plan.days for plan in plans), 0
        for plan in plans:

            def told(days: int, why: str, plan: _Plan = plan, before: int = before) -> None:
                if progress is not None:
                    progress(before + min(days, plan.days), total, f"{plan.told.symbol}{why and f': {why}'}")

            while plan.ask is not None and plan.told.fetched is None:
                await self._fetched(plan, ask, told)
            before += plan.days
            told(0, "", before=before)
        return [plan.told for plan in plans]

    async def _planned(self, symbol: str, ask: SymbolAsk) -> _Plan:
        plan = _Plan(FetchedSymbol(symbol))
        if self._is_known(plan.told, ask):
            return plan
        await self._choose(plan, ask)
        if plan.ask is not None:
            plan.days = self._fetcher(plan).missing(plan.ask).days
        return plan

    def _is_known(self, told: FetchedSymbol, ask: SymbolAsk) -> bool:
        """Whether the first source has said everything already: then nobody is even connected."""
        if ask.refresh:
            return False
        fetcher, today = self._fetcher(_Plan(told)), self._desk.clock.now_ns() // NS_PER_DAY
        for stored in self._desk.store.series(told.symbol):
            asked = ask.of(stored.instrument, today, self._providers[0].adjustment)
            if stored.key == asked.key and not fetcher.missing(asked).days:
                told.fetched, told.source, told.synthetic = Fetched(asked.key), stored.source, stored.synthetic
                told.fetched.is_whole = True
                return True
        return False

    async def _choose(self, plan: _Plan, ask: SymbolAsk) -> None:
        """Find the first source, from the plan's place on, that knows the symbol; leave the error where none does."""
        plan.ask = None
        while plan.ask is None and plan.told.error is None:
            provider = self._providers[plan.place]
            try:
                await self._ready(plan.place)
                instrument = await self._fetcher(plan).instrument(plan.told.symbol)
            except _FOR_ALL:
                raise
            except TradewrightError as error:
                self._pass_over(plan, error)
            else:
                plan.ask = ask.of(instrument, self._desk.clock.now_ns() // NS_PER_DAY, provider.adjustment)
                plan.told.source, plan.told.synthetic = provider.source, provider.is_synthetic

    async def _ready(self, place: int) -> None:
        if place not in self._connected:
            await self._providers[place].connect()
            self._connected.add(place)

    async def _fetched(self, plan: _Plan, ask: SymbolAsk, told: Callable[[int, str], None]) -> None:
        if plan.ask is None:
            return
        try:
            fetched = await self._fetcher(plan).fetch(plan.ask, told)
        except _FOR_ALL:
            raise
        except TradewrightError as error:
            self._pass_over(plan, error)
        else:
            if self._is_there(plan.ask) or plan.place + 1 == len(self._providers):
                plan.told.fetched = fetched
                return
            why = fetched.notes[0] if fetched.notes else f"{plan.told.source} has no bars of {plan.ask.key}."
            self._pass_over(plan, DataNotAvailableError(why))
        await self._choose(plan, ask)

    def _is_there(self, ask: FetchAsk) -> bool:
        """Whether the series has come to the store, now or before: then its source does have it."""
        return bool(self._desk.store.versions(ask.key))

    def _pass_over(self, plan: _Plan, error: TradewrightError) -> None:
        """Go on to the next source where this one lacks the series or is away; else keep the error."""
        if not isinstance(error, (*_LACKS, *_AWAY)) or plan.place + 1 == len(self._providers):
            plan.told.error, plan.ask = error, None
            plan.told.source, plan.told.synthetic = "", False
            return
        plan.told.passed.append(f"{self._providers[plan.place].source}: {error.message}")
        plan.place += 1

    def _fetcher(self, plan: _Plan) -> Fetcher:
        others = [each.source for each in self._providers if each is not self._providers[plan.place]]
        return Fetcher(self._providers[plan.place], self._desk, others)
