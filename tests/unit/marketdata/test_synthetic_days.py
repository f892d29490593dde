"""A synthetic market seen from anywhere: a symbol's day is always the same, and its short bars make the long ones."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.instrument import Crypto, Equity
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.resample import resample
from tradewright.marketdata.synthetic_days import BEGINS, SyntheticDays

MONDAY = 18_267  # 2020-01-06
COLUMNS = ("open_time", "close_time", "open", "high", "low", "close", "volume")


def share(symbol: str = "ACME") -> SyntheticDays:
    return SyntheticDays(Equity(symbol, "SYNTHETIC", calendar="XNYS"))


def coin(symbol: str = "COIN") -> SyntheticDays:
    return SyntheticDays(Crypto(symbol, "SYNTHETIC", tick=0.01))


@pytest.mark.parametrize("timeframe", ["1m", "30m", "1h", "1d"])
def test_a_day_is_the_same_whatever_was_asked_for(timeframe: str) -> None:
    length = Timeframe.parse(timeframe)
    whole = share().bars(length, MONDAY, MONDAY + 20)
    market = share()
    market.bars(length, MONDAY + 40, MONDAY + 60)
    part = market.bars(length, MONDAY + 7, MONDAY + 10)
    first = int(np.searchsorted(whole.open_time, part.open_time[0]))
    for name in COLUMNS:
        assert getattr(part, name).tolist() == getattr(whole, name)[first : first + len(part)].tolist()


def test_symbols_are_markets_of_their_own() -> None:
    one, other = (share(name).bars(Timeframe.parse("1d"), MONDAY, MONDAY + 100) for name in ("ACME", "OTHER"))
    assert not np.array_equal(one.close, other.close)


@pytest.mark.parametrize("market", [share, coin])
@pytest.mark.parametrize("timeframe", ["5m", "1h", "4h"])
def test_short_bars_make_the_long_ones(market: type, timeframe: str) -> None:
    minutes = market().bars(Timeframe.parse("1m"), MONDAY, MONDAY + 6)
    longer = market().bars(Timeframe.parse(timeframe), MONDAY, MONDAY + 6)
    made = resample(minutes, timeframe)
    for name in COLUMNS:
        assert getattr(longer, name).tolist() == getattr(made, name).tolist()
    days = market().bars(Timeframe.parse("1d"), MONDAY, MONDAY + 6)
    made = resample(minutes, "1d")
    for name in COLUMNS:
        assert getattr(days, name).tolist() == getattr(made, name).tolist()


def test_a_half_day_has_half_the_minutes() -> None:
    eve = 20_081  # 2024-12-24, closes at 13:00
    assert len(share().bars(Timeframe.parse("1m"), eve, eve)) == 210


def test_prices_move_inside_a_day_and_keep_to_ticks() -> None:
    minutes = share().bars(Timeframe.parse("1m"), MONDAY, MONDAY)
    assert len(np.unique(minutes.close)) > 50
    assert np.abs(minutes.close * 100 - np.rint(minutes.close * 100)).max() < 1e-6
    assert minutes.volume.min() > 0


def test_what_is_made_says_so() -> None:
    made = coin().bars(Timeframe.parse("1h"), MONDAY, MONDAY)
    assert (made.synthetic, made.source) == (True, "SYNTHETIC")


def test_before_it_began_and_on_days_without_sessions_there_is_nothing() -> None:
    with pytest.raises(DataNotAvailableError, match="begins on 2000-01-01"):
        share().bars(Timeframe.parse("1d"), BEGINS - 30, BEGINS - 20)
    with pytest.raises(DataNotAvailableError, match="no session"):
        share().bars(Timeframe.parse("1d"), MONDAY - 2, MONDAY - 1)


def test_weeks_are_left_to_resampling() -> None:
    with pytest.raises(DataNotAvailableError, match="no bars of 1w"):
        share().bars(Timeframe.parse("1w"), MONDAY, MONDAY + 20)
