"""How far bars lie behind is counted in sessions that have closed."""

from __future__ import annotations

import datetime as dt

import pytest

from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.freshness import sessions_behind


def ns(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()) * 10**9


@pytest.mark.parametrize(
    ("timeframe", "last", "now", "behind"),
    [
        ("1d", "2024-01-19T00:00", "2024-01-22T20:59", 0),
        ("1d", "2024-01-19T00:00", "2024-01-22T21:00", 1),
        ("1d", "2024-01-19T00:00", "2024-01-19T00:00", 0),
        ("1m", "2024-01-19T20:59", "2024-01-22T21:00", 1),
        ("1m", "2024-01-19T15:00", "2024-01-19T22:00", 0),
        ("1d", "2024-01-19T00:00", "2024-01-10T00:00", 0),
        ("1w", "2024-01-19T00:00", "2024-03-22T21:00", None),
    ],
)
def test_only_closed_sessions_after_the_last_bar_count(timeframe: str, last: str, now: str, behind: int | None) -> None:
    assert sessions_behind("XNYS", Timeframe.parse(timeframe), ns(last), ns(now)) == behind


def test_nobody_knows_behind_a_calendar_that_there_is_not() -> None:
    assert sessions_behind("NOWHERE", Timeframe.parse("1d"), ns("2024-01-19"), ns("2024-01-22")) is None
