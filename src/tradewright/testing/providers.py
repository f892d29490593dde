"""The suite for providers of market data: what every one promises, checked on a source whose bars are known."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import SymbolNotFoundError, TimeframeError

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from tradewright.domain.bars import Bar
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.provider import BarProvider

__all__ = ["ProviderConformance", "ProviderStage", "ProviderTerms"]

_STARTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTerms:
    """What a stage has.

    Parameters
    ----------
    symbol : str
        Its bars are known; for the suite to bite there are several pages of them, a split among them and one bar that
        has begun and not closed.
    exchange, calendar, currency : str
        Of its instrument.
    timeframes : tuple of Timeframe
        Those of which there are bars.
    unserved : Timeframe
        One that the provider does not serve.
    unknown_symbol : str
        What it does not know.
    empty : (int, int)
        Two instants between which there is no bar.
    """

    symbol: str
    exchange: str
    calendar: str
    currency: str
    timeframes: tuple[Timeframe, ...]
    unserved: Timeframe
    unknown_symbol: str
    empty: tuple[int, int]


class ProviderStage(Protocol):
    """A provider, and the bars of the source that it stands on."""

    @property
    def terms(self) -> ProviderTerms:
        """What there is."""
        ...

    def open(self) -> BarProvider:
        """The provider, not connected yet; another one at each call."""
        ...

    async def truth(self, timeframe: Timeframe) -> Sequence[Bar]:
        """The bars that the source has, oldest first, raw or as the provider says its prices are adjusted.

        The last may not have closed.
        """
        ...

    def now_ns(self) -> int:
        """The instant at which the provider is asked, by the clock that it was given."""
        ...


class ProviderConformance(Conformance):
    """What every provider promises of its history and its instruments.

    Attributes
    ----------
    stage : callable
        ``stage()`` gives an asynchronous context manager whose value is a `ProviderStage`.
    run : callable
        ``run(coroutine)`` runs a check; `asyncio.run` by default.

    Examples
    --------
    A subclass under pytest::

        class TestMyProvider(ProviderConformance):
            stage = staticmethod(my_stage)
    """

    stage: Callable[[], AbstractAsyncContextManager[ProviderStage]]
    run = staticmethod(asyncio.run)

    def play(self, check: Callable[[ProviderStage, BarProvider], Awaitable[None]]) -> None:
        """Make a check on a stage of its own."""
        self.subject("run")(self._played(check))

    async def _played(self, check: Callable[[ProviderStage, BarProvider], Awaitable[None]]) -> None:
        async with self.subject("stage")() as stage:
            provider = stage.open()
            await provider.connect()
            try:
                await check(stage, provider)
            finally:
                await provider.close()

    def test_every_bar_comes_raw_and_as_it_is(self) -> None:
        """All pages of them, to the last digit; what has not closed is not among them."""
        self.play(_every_bar)

    def test_bars_lie_inside_of_what_was_asked_for(self) -> None:
        """None that opens before the first instant or closes after the last."""
        self.play(_inside)

    def test_the_same_dates_give_the_same_bars_whatever_the_start(self) -> None:
        """The end of a long answer is a short one."""
        self.play(_whatever_the_start)

    def test_bars_come_oldest_first_and_each_once(self) -> None:
        """None opens before the one before it has closed."""
        self.play(_in_order)

    def test_an_interval_without_bars_is_empty_and_no_error(self) -> None:
        """Nothing was traded there, or it has no length."""
        self.play(_empty)

    def test_a_timeframe_that_is_not_served_is_refused_in_a_sentence(self) -> None:
        """With what to do about it."""
        self.play(_unserved)

    def test_a_symbol_that_it_does_not_know_is_said_to_be_unknown(self) -> None:
        """By name."""
        self.play(_unknown)

    def test_its_symbols_are_instruments_of_the_house(self) -> None:
        """With exchange, calendar and currency in the words of the house."""
        self.play(_instrument)

    def test_it_says_what_it_is(self) -> None:
        """A name, which begins that of the source; made-up bars are called so."""
        self.play(_says_what_it_is)

    def test_closing_twice_is_harmless(self) -> None:
        """And so is closing what was never connected."""
        self.play(_closes)


async def _closed(stage: ProviderStage, timeframe: Timeframe) -> list[Bar]:
    """The bars of the truth that have closed; at least a few."""
    bars = [bar for bar in await stage.truth(timeframe) if bar.close_time <= stage.now_ns()]
    require(len(bars) > _STARTS, f"The stage has only {len(bars)} bars of {timeframe}.")
    return bars


async def _every_bar(stage: ProviderStage, provider: BarProvider) -> None:
    for timeframe in stage.terms.timeframes:
        truth = await _closed(stage, timeframe)
        later = stage.now_ns() + 10 * timeframe.nanoseconds
        found = await provider.history.bars(stage.terms.symbol, timeframe, truth[0].open_time, later)
        _require_equal(found, truth, f"{timeframe} bars")


async def _inside(stage: ProviderStage, provider: BarProvider) -> None:
    for timeframe in stage.terms.timeframes:
        truth = await _closed(stage, timeframe)
        middle, last = truth[len(truth) // 2], truth[-2]
        for start, end in (
            (middle.open_time, last.close_time),
            (middle.open_time + 1, last.close_time),
            (middle.open_time, last.close_time - 1),
        ):
            wanted = [bar for bar in truth if start <= bar.open_time and bar.close_time <= end]
            found = await provider.history.bars(stage.terms.symbol, timeframe, start, end)
            _require_equal(found, wanted, f"{timeframe} bars between {start} and {end}")


async def _whatever_the_start(stage: ProviderStage, provider: BarProvider) -> None:
    for timeframe in stage.terms.timeframes:
        truth = await _closed(stage, timeframe)
        end = truth[-1].close_time
        for place in range(0, len(truth), max(1, len(truth) // _STARTS)):
            found = await provider.history.bars(stage.terms.symbol, timeframe, truth[place].open_time, end)
            _require_equal(found, truth[place:], f"{timeframe} bars from the {place + 1}th on")


async def _in_order(stage: ProviderStage, provider: BarProvider) -> None:
    for timeframe in stage.terms.timeframes:
        truth = await _closed(stage, timeframe)
        found = await provider.history.bars(stage.terms.symbol, timeframe, truth[0].open_time, truth[-1].close_time)
        for before, bar in pairwise(found):
            require(
                before.close_time <= bar.open_time,
                f"A {timeframe} bar that opens at {bar.open_time} comes after one that closes at {before.close_time}.",
            )


async def _empty(stage: ProviderStage, provider: BarProvider) -> None:
    first, last = stage.terms.empty
    for timeframe in stage.terms.timeframes:
        for start, end in ((first, last), (last, last), (last, first)):
            found = await provider.history.bars(stage.terms.symbol, timeframe, start, end)
            require(not found, f"There are {len(found)} {timeframe} bars where there is none.")


async def _unserved(stage: ProviderStage, provider: BarProvider) -> None:
    first, last = stage.terms.empty
    try:
        await provider.history.bars(stage.terms.symbol, stage.terms.unserved, first, last)
    except TimeframeError as error:
        require(str(stage.terms.unserved) in str(error), f"The refusal does not name the timeframe: {error}")
        require(error.hint, f"The refusal does not say what to do: {error}")
        return
    require(False, f"Bars of {stage.terms.unserved} are not refused.")


async def _unknown(stage: ProviderStage, provider: BarProvider) -> None:
    name = stage.terms.unknown_symbol
    try:
        await provider.instruments.instrument(name)
    except SymbolNotFoundError as error:
        require(name in str(error), f"The refusal does not name the symbol: {error}")
        return
    require(False, f"{name} is an instrument.")


async def _instrument(stage: ProviderStage, provider: BarProvider) -> None:
    found = await provider.instruments.instrument(stage.terms.symbol)
    said = (found.symbol, found.exchange, str(found.calendar), found.currency)
    terms = stage.terms
    require(said == (terms.symbol, terms.exchange, terms.calendar, terms.currency), f"The instrument is {said}.")


async def _says_what_it_is(_: ProviderStage, provider: BarProvider) -> None:
    name, source = provider.name, provider.source
    require(name and name == name.strip() and " " not in name, f"The name is {name!r}.")
    is_called_so = "SYNTHETIC" in source
    require(provider.is_synthetic == is_called_so, f"The source is called '{source}', made up or not.")
    require(is_called_so or source.split()[0] == name, f"The source is called '{source}', and not after '{name}'.")
    require(provider.adjustment is not Adjustment.FULL, "Its prices contain dividends, and nobody knows which.")
    require(0 <= provider.delay_s < float("inf"), f"The delay is {provider.delay_s} s.")


async def _closes(stage: ProviderStage, provider: BarProvider) -> None:
    await provider.close()
    await provider.close()
    await stage.open().close()


def _require_equal(found: Sequence[Bar], wanted: Sequence[Bar], what: str) -> None:
    require(len(found) == len(wanted), f"Of {len(wanted)} {what} there came {len(found)}.")
    for number, (one, other) in enumerate(zip(found, wanted, strict=True), start=1):
        require(one == other, f"The {number}th of the {what} is {one}, and it should be {other}.")
