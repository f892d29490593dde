"""The hours of bars: those of the exchange alone, or with those around them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.feed_stage import at
from tests.timed_bars import dates, sessions_of, spans, timed

from tradewright.domain.bars import Bars
from tradewright.domain.errors import ConfigError, DataNotAvailableError
from tradewright.domain.instrument import Crypto, Equity
from tradewright.domain.timeframe import NS_PER_MINUTE
from tradewright.marketdata.hours import in_hours
from tradewright.marketdata.placement import Hours

APPLE = Equity("AAPL", "XNAS")


def long_days(first: int = 0, stop: int = 32) -> Bars:
    """Half-hours from 04:00 to 20:00 in New York, before and after the change of the clock."""
    begins = ["2024-03-08T09:00", "2024-03-11T08:00"]
    numbers = np.arange(first, stop)
    stamps = np.concatenate([at(f"{begin}:00") + numbers * 30 * NS_PER_MINUTE for begin in begins])
    return replace(timed(APPLE, "30m", stamps, Hours.EXTENDED), origin={"kind": "store"})


def test_regular_hours_leave_out_what_lies_around_them() -> None:
    found = in_hours(long_days(), Hours.REGULAR)
    assert [*spans(found)[:1], *spans(found)[-1:]] == ["2024-03-08T14:30 15:00", "2024-03-11T19:30 20:00"]
    assert dates(found) == ["2024-03-08"] * 13 + ["2024-03-11"] * 13
    assert found.volume.tolist() == [*range(12, 25), *range(44, 57)]
    assert found.origin == {"kind": "store", "then": [{"hours": "regular"}]}


def test_bars_of_regular_hours_alone_stay_what_they_are() -> None:
    bars = sessions_of(APPLE, "30m", "2024-03-07", "2024-03-12")
    assert in_hours(bars, Hours.REGULAR) is bars


def test_extended_hours_are_all_that_there_is() -> None:
    bars = long_days()
    assert in_hours(bars, Hours.EXTENDED) is bars


def test_extended_hours_are_refused_where_nothing_lies_outside() -> None:
    with pytest.raises(DataNotAvailableError, match="All bars of AAPL lie in the hours of XNAS") as caught:
        in_hours(sessions_of(APPLE, "30m", "2024-03-07", "2024-03-12"), Hours.EXTENDED)
    assert "--hours extended" in str(caught.value.hint)


def test_regular_hours_are_refused_where_nothing_lies_inside() -> None:
    with pytest.raises(DataNotAvailableError, match="No bar of AAPL lies in the hours of XNAS"):
        in_hours(long_days(0, 5), Hours.REGULAR)


@pytest.mark.parametrize("timeframe", ["1d"])
def test_days_have_no_hours(timeframe: str) -> None:
    with pytest.raises(ConfigError, match="The 1d bars of AAPL have no hours to choose from"):
        in_hours(sessions_of(APPLE, timeframe, "2024-03-07", "2024-03-12"), Hours.REGULAR)


def test_a_market_around_the_clock_is_in_its_hours() -> None:
    bars = sessions_of(Crypto("BTC"), "30m", "2024-03-09", "2024-03-10")
    assert in_hours(bars, Hours.REGULAR) is bars
