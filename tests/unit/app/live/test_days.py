"""A session's rows and closes end the day of an account's orders."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tradewright.adapters.system_clock import SystemClock
from tradewright.app.live.session import LiveSession
from tradewright.domain.live.session import Command, Input, Row, SessionClosed


class Days:
    """Writes down which days it is told to end, and to begin."""

    def __init__(self) -> None:
        self.told: list[tuple[str, tuple[str, ...], int]] = []

    def closed(self, symbols: tuple[str, ...], at_ns: int) -> None:
        self.told.append(("closed", symbols, at_ns))

    def opened(self, symbols: tuple[str, ...], at_ns: int) -> None:
        self.told.append(("opened", symbols, at_ns))


def row(*ends: str) -> Row:
    return Row(open_ns=1, close_ns=9, bars=(), day=0, days=(), ends=ends)


def told(given: Input) -> list[tuple[str, tuple[str, ...], int]]:
    """What the keeper of the account's days hears once a session has carried an input out."""
    days, heard = Days(), []
    account = SimpleNamespace(road=SimpleNamespace(day=days), valuer=SimpleNamespace())
    feed = SimpleNamespace(is_stale=lambda _: False, hours=SimpleNamespace(day=lambda _: 5))
    parts: Any = SimpleNamespace(
        account=account, log=None, make_core=lambda: None, clock=SystemClock(), feed=feed, host_ns=None
    )  # fmt: skip
    session = LiveSession(parts, lambda *said: heard.append(said))
    session.runner._tell(given, ())
    assert heard == [(given, ())]
    return days.told


@pytest.mark.parametrize("given", [row("ACME", "BOLT"), SessionClosed(("ACME", "BOLT"), 9)])
def test_orders_for_the_day_end_with_it_and_no_night_begins_in_which_orders_are_taken_back(given: Input) -> None:
    symbols = ("ACME", "BOLT")
    assert told(given) == [("closed", symbols, 9), ("opened", symbols, 9)]


@pytest.mark.parametrize("given", [row(), Command("pause", "ann", "", 9)])
def test_in_the_middle_of_a_session_no_day_ends(given: Input) -> None:
    assert told(given) == []


def test_the_day_of_the_accounts_limits_is_that_of_the_sessions_market() -> None:
    valuer = SimpleNamespace(day_of=None)
    feed = SimpleNamespace(is_stale=lambda _: False, hours=SimpleNamespace(day=lambda _: 5))
    account = SimpleNamespace(valuer=valuer)
    parts: Any = SimpleNamespace(
        account=account, log=None, make_core=lambda: None, clock=SystemClock(), feed=feed, host_ns=None
    )  # fmt: skip
    LiveSession(parts)
    assert valuer.day_of is feed.hours.day
