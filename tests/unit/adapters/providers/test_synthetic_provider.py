"""The synthetic market as a provider: made up, called so, and closed bars only."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.feed_stage import at
from tests.risk_desk import HandClock

from tradewright.adapters.providers.synthetic import KIND
from tradewright.domain.credentials import Credentials
from tradewright.domain.errors import SymbolNotFoundError, TimeframeError
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.provider import BarProvider, ProviderAccess

MONDAY, NOON = at("2020-01-06T00:00:00"), at("2020-01-08T17:00:00")


def provider(now: int = NOON) -> BarProvider:
    keys = Credentials("credentials for synthetic", "providers.synthetic", {})
    return KIND.open(ProviderAccess(name="synthetic", clock=HandClock(now), keys=keys, folder=Path()))


def test_it_says_what_it_is() -> None:
    made = provider()
    assert (made.name, made.source, made.is_synthetic, made.actions) == ("synthetic", "SYNTHETIC", True, None)
    share = asyncio.run(made.instruments.instrument("AAPL"))
    assert (share.id, share.calendar) == ("SYNTHETIC:AAPL", "XNYS")


@pytest.mark.parametrize("symbol", ["", "A B", "../x", "A" * 40])
def test_what_is_no_symbol_is_refused(symbol: str) -> None:
    with pytest.raises(SymbolNotFoundError, match="no symbol of the synthetic market"):
        asyncio.run(provider().instruments.instrument(symbol))


def test_bars_have_closed_and_lie_between_the_instants() -> None:
    bars = asyncio.run(provider().history.bars("AAPL", Timeframe.parse("1h"), MONDAY, NOON * 2))
    assert {bar.symbol for bar in bars} == {"AAPL"}
    assert max(bar.close_time for bar in bars) == at("2020-01-08T16:30:00")
    part = asyncio.run(provider().history.bars("AAPL", Timeframe.parse("1h"), bars[3].open_time, bars[9].close_time))
    assert part == bars[3:10]


def test_weeks_and_times_before_it_began_are_not_there() -> None:
    with pytest.raises(TimeframeError, match="no bars of 1w"):
        asyncio.run(provider().history.bars("AAPL", Timeframe.parse("1w"), MONDAY, NOON))
    assert asyncio.run(provider().history.bars("AAPL", Timeframe.parse("1d"), 0, at("1990-01-01T00:00:00"))) == []
