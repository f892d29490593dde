"""Whether a market trades now, and when that changes."""

from __future__ import annotations

import datetime as dt

import pytest

from tradewright.domain.moments import utc
from tradewright.marketdata.clock import market_hours


def at(text: str) -> int:
    """An instant of UTC in nanoseconds."""
    return int(dt.datetime.fromisoformat(f"{text}+00:00").timestamp()) * 1_000_000_000


@pytest.mark.parametrize(
    ("now", "opens", "closes"),
    [
        ("2024-11-29T14:29:59", "2024-11-29T14:30", None),
        ("2024-11-29T14:30:00", None, "2024-11-29T18:00"),  # a half day
        ("2024-11-29T18:00:00", "2024-12-02T14:30", None),
        ("2024-11-30T12:00:00", "2024-12-02T14:30", None),
    ],
)
def test_an_exchange_opens_and_closes_by_its_calendar(now: str, opens: str | None, closes: str | None) -> None:
    found = market_hours("XNYS", at(now))
    assert (found.is_open, found.zone) == (closes is not None, "America/New_York")
    told = [
        None if each is None else utc(each).strftime("%Y-%m-%dT%H:%M") for each in (found.opens_ns, found.closes_ns)
    ]
    assert told == [opens, closes]


def test_a_pause_at_noon_is_closed() -> None:
    found = market_hours("XHKG", at("2024-11-29T04:30:00"))
    assert (found.is_open, found.opens_ns) == (False, at("2024-11-29T05:00:00"))
    assert market_hours("XHKG", at("2024-11-29T03:30:00")).closes_ns == at("2024-11-29T04:00:00")


def test_a_market_around_the_clock_is_open() -> None:
    found = market_hours("24/7", at("2024-11-30T12:00:00"))
    assert (found.is_open, found.is_around_the_clock, found.opens_ns) == (True, True, None)
