"""When an account's day begins, and what its loss counts from."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import tradewright as tw
from tradewright.app.live.feed.hours import MarketHours
from tradewright.app.live.valuing import Valuer
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.placement import Hours
from tradewright.risk.watch import AccountWatch


def at(text: str) -> int:
    return int(np.datetime64(text, "ns").astype(np.int64))


class Desk:
    """An account whose worth is what a test says, and who looks at it."""

    def __init__(self) -> None:
        self.now, self.worth = 0, 100_000.0
        self.trips: list[str] = []
        self.watch = AccountWatch("bold", lambda _: None, lambda trip: self.trips.append(trip.limit))
        office: Any = SimpleNamespace(watch=self.watch)
        clock: Any = SimpleNamespace(now_ns=lambda: self.now)
        self.valuer = Valuer(self, None, None, office, clock)  # type: ignore[arg-type]

    async def account(self) -> Any:
        return SimpleNamespace(equity=Decimal(self.worth))

    def look(self, when: str, worth: float) -> bool:
        """Whether the account is paused once it was looked at."""
        self.now, self.worth = at(when), worth
        asyncio.run(self.valuer.account(always=True))
        return self.watch.is_paused


def hours(calendar: str, kind: Hours = Hours.REGULAR) -> MarketHours:
    share = tw.Equity("ACME", calendar)
    return MarketHours([share], Timeframe.parse("1m"), kind, at("2024-01-10"))


def test_a_pause_ends_with_the_markets_day_and_not_at_midnight_in_greenwich() -> None:
    desk = Desk()
    desk.valuer.day_of = hours("XASX").day
    assert not desk.look("2024-01-15T23:10", 100_000.0)
    assert desk.look("2024-01-15T23:30", 96_000.0)
    assert desk.look("2024-01-16T00:30", 96_000.0)
    assert desk.look("2024-01-16T22:30", 96_000.0)
    assert not desk.look("2024-01-16T23:05", 96_000.0)


def test_a_pause_of_friday_holds_over_the_week_end() -> None:
    desk = Desk()
    desk.valuer.day_of = hours("XNYS").day
    desk.look("2024-01-12T14:40", 100_000.0)
    assert desk.look("2024-01-12T15:00", 96_000.0)
    assert desk.look("2024-01-14T12:00", 96_000.0)
    assert not desk.look("2024-01-16T14:31", 96_000.0)  # Monday is a holiday


def test_without_a_market_the_day_is_that_of_greenwich() -> None:
    desk = Desk()
    desk.look("2024-01-12T14:40", 100_000.0)
    assert desk.look("2024-01-12T15:00", 96_000.0)
    assert not desk.look("2024-01-13T00:00", 96_000.0)


def test_a_loss_over_night_is_one_of_the_new_day() -> None:
    desk = Desk()
    desk.valuer.day_of = hours("XNYS").day
    desk.look("2024-01-11T20:59", 100_000.0)
    assert desk.look("2024-01-12T14:31", 96_000.0)
    assert desk.trips == ["day_loss"]


@pytest.mark.parametrize(
    ("calendar", "kind", "when", "day"),
    [
        ("XNYS", Hours.REGULAR, "2024-03-11T13:29", "2024-03-08"),
        ("XNYS", Hours.REGULAR, "2024-03-11T13:30", "2024-03-11"),
        ("XNYS", Hours.REGULAR, "2024-03-09T01:00", "2024-03-08"),
        ("XNYS", Hours.EXTENDED, "2024-03-11T08:30", "2024-03-11"),
        ("XNYS", Hours.EXTENDED, "2024-03-09T04:59", "2024-03-08"),
        ("24/7", Hours.REGULAR, "2024-03-09T23:59", "2024-03-09"),
    ],
)
def test_the_session_date_of_an_instant(calendar: str, kind: Hours, when: str, day: str) -> None:
    share = tw.Equity("ACME", "XNYS", calendar=calendar)
    found = MarketHours([share], Timeframe.parse("1m"), kind, at("2024-03-01")).day(at(when))
    assert np.datetime64(found, "D") == np.datetime64(day)
