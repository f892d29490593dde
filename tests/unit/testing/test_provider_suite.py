"""The suite for providers notices what it is there for: each planted fault fails the checks that speak of it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.vendor_stages import terms_of
from tests.vendor_truth import DAILY, MINUTES, NEW_YORK

from tradewright.domain.bars import Bar
from tradewright.domain.errors import SymbolNotFoundError, TimeframeError
from tradewright.domain.instrument import Equity, Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.provider import BarProvider, Provider
from tradewright.testing import ProviderConformance

TERMS = terms_of(NEW_YORK, "XNAS", "USD", "7m", "NOSUCH")
SHARE = Equity("ACME", "XNAS", calendar="XNYS")
Bars = Sequence[Bar]


class Source:
    """A provider as it should be; faults are laid over it."""

    name = "quay"
    source = "quay slow"
    delay_s = 0.0
    is_synthetic = False

    def instrument_of(self, symbol: str) -> Instrument:
        if symbol != "ACME":
            raise SymbolNotFoundError(f"Quay does not know {symbol}.")
        return SHARE

    def bars_of(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        if timeframe not in (DAILY, MINUTES):
            raise TimeframeError(f"Quay has no bars of {timeframe}.", hint="It has 5m and 1d.")
        found = NEW_YORK.closed(timeframe)
        return [bar for bar in found if start <= bar.open_time and bar.close_time <= end]

    async def instrument(self, symbol: str) -> Instrument:
        return self.instrument_of(symbol)

    async def bars(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        return self.bars_of(symbol, timeframe, start, end)

    async def close(self) -> None:
        return None


class _Stage:
    terms = TERMS

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def now_ns(self) -> int:
        return NEW_YORK.now_ns

    async def truth(self, timeframe: Timeframe) -> Bars:
        return NEW_YORK.bars(timeframe)

    def open(self) -> BarProvider:
        made = self._make()
        return Provider(
            name=made.name, source=made.source, history=made, instruments=made, delay_s=made.delay_s,
            is_synthetic=made.is_synthetic, closing=made.close,
        )  # fmt: skip


def suite_of(make: Callable[[], Any]) -> type[ProviderConformance]:
    @contextlib.asynccontextmanager
    async def stage() -> AsyncIterator[_Stage]:
        yield _Stage(make)

    return ProviderConformance.of(stage=stage)


def changed(change: Callable[[Bars], Bars]) -> type[Source]:
    """A source whose answers are changed on their way out."""

    class Changed(Source):
        def bars_of(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
            return change(super().bars_of(symbol, timeframe, start, end))

    return Changed


class Generous(Source):
    """It gives the whole last day of bars that begin before, and one that has not closed."""

    def bars_of(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        super().bars_of(symbol, timeframe, start, end)
        return [bar for bar in NEW_YORK.bars(timeframe) if bar.close_time > start and bar.open_time < end]


class Premature(Source):
    """It shows the bar that has not closed."""

    def bars_of(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        super().bars_of(symbol, timeframe, start, end)
        return [bar for bar in NEW_YORK.bars(timeframe) if start <= bar.open_time and bar.close_time <= end]


class ByStart(Source):
    """What a price is depends on where one begins to look."""

    def bars_of(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        found = super().bars_of(symbol, timeframe, start, end)
        whole = super().bars_of(symbol, timeframe, 0, end)
        scale = 1.0 if len(found) == len(whole) else 2.0
        return [scaled(bar, scale) for bar in found]


class Anything(Source):
    """It serves whatever it is asked for."""

    def bars_of(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        return super().bars_of(symbol, timeframe if timeframe in (DAILY, MINUTES) else MINUTES, start, end)


class Curt(Source):
    """It refuses without a word about what to do."""

    def bars_of(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        if timeframe not in (DAILY, MINUTES):
            raise TimeframeError(f"No bars of {timeframe}.")
        return super().bars_of(symbol, timeframe, start, end)


class Credulous(Source):
    def instrument_of(self, symbol: str) -> Instrument:
        return replace(SHARE, symbol=symbol)


class Foreign(Source):
    def instrument_of(self, symbol: str) -> Instrument:
        return replace(super().instrument_of(symbol), exchange="NMS")


class Secretive(Source):
    is_synthetic = True


class Misnamed(Source):
    source = "somebody else"


class Fragile(Source):
    """It can be closed once."""

    closed = 0

    async def close(self) -> None:
        Fragile.closed += 1
        assert Fragile.closed % 3 != 2


def scaled(bar: Bar, by: float) -> Bar:
    return replace(bar, open=bar.open * by, high=bar.high * by, low=bar.low * by, close=bar.close * by)


def adjusted(bars: Bars) -> Bars:
    return [scaled(bar, 0.25) if bar.open > 200 else bar for bar in bars]


PLANTED: dict[str, tuple[Callable[[], Any], str]] = {
    "only the first page": (changed(lambda bars: bars[:20]), "test_every_bar_comes_raw_and_as_it_is"),
    "adjusted for splits": (changed(adjusted), "test_every_bar_comes_raw_and_as_it_is"),
    "one bar lost": (changed(lambda bars: [*bars[:4], *bars[5:]]), "test_every_bar_comes_raw_and_as_it_is"),
    "the bar of the moment": (Premature, "test_every_bar_comes_raw_and_as_it_is"),
    "more than was asked for": (Generous, "test_bars_lie_inside_of_what_was_asked_for"),
    "prices by the start": (ByStart, "test_the_same_dates_give_the_same_bars_whatever_the_start"),
    "newest first": (changed(lambda bars: bars[::-1]), "test_bars_come_oldest_first_and_each_once"),
    "each twice": (changed(lambda bars: [b for bar in bars for b in (bar, bar)]),
                   "test_bars_come_oldest_first_and_each_once"),
    "an error for nothing": (changed(lambda bars: [bars[0], *bars[1:]]),
                             "test_an_interval_without_bars_is_empty_and_no_error"),
    "any timeframe": (Anything, "test_a_timeframe_that_is_not_served_is_refused_in_a_sentence"),
    "a curt refusal": (Curt, "test_a_timeframe_that_is_not_served_is_refused_in_a_sentence"),
    "any symbol": (Credulous, "test_a_symbol_that_it_does_not_know_is_said_to_be_unknown"),
    "words of its own": (Foreign, "test_its_symbols_are_instruments_of_the_house"),
    "made up in secret": (Secretive, "test_it_says_what_it_is"),
    "a name of somebody else": (Misnamed, "test_it_says_what_it_is"),
    "closed only once": (Fragile, "test_closing_twice_is_harmless"),
}  # fmt: skip


def test_a_provider_as_it_should_be_passes() -> None:
    suite_of(Source).check()


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    make, check = PLANTED[fault]
    with pytest.raises((AssertionError, IndexError)):
        suite_of(make).check(check)


def test_every_check_finds_a_fault() -> None:
    assert {check for _, check in PLANTED.values()} == set(ProviderConformance.checks())
