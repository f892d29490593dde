"""Sandboxes for tests: a venue over hand-made bars, its own calls, and the clients that others wrote."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import requests
from tests.alpaca_clients import TradingClient
from tests.markets import FREE, Row, daily, share

from tradewright.domain.bars import Bars
from tradewright.venue.exchange import SandboxVenue
from tradewright.venue.server import running
from tradewright.venue.terms import Terms

KEY, SECRET = "PKTEST", "secret"


def venue_over(bars: Bars | Mapping[str, Bars] | list[Row], **said: Any) -> SandboxVenue:
    """A venue over bars, or over daily rows of ACME; without costs unless told."""
    if isinstance(bars, list):
        bars = daily(bars)
    series = {bars.symbol: bars} if isinstance(bars, Bars) else bars
    policies = {"costs": FREE, **said.pop("policies", {})}
    return SandboxVenue(series, Terms(policies=policies, **said))


class Sandbox:
    """A running sandbox as a test uses it."""

    def __init__(self, venue: SandboxVenue, url: str) -> None:
        self.venue = venue
        self.url = url
        self.session = requests.Session()
        self.session.headers.update({"APCA-API-KEY-ID": KEY, "APCA-API-SECRET-KEY": SECRET})
        self.client = TradingClient(KEY, SECRET, url_override=url)
        self.client._retry = 0

    def advance(self, bars: int = 1) -> dict[str, Any]:
        """Let bars pass."""
        return self.control("POST", "/advance", {"bars": bars})

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One of the sandbox's own calls."""
        answer = self.session.request(method, f"{self.url}/sandbox{path}", json=body, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        """A call of Alpaca's, in its raw form."""
        return self.session.request(method, f"{self.url}{path}", json=body, timeout=60, **options)


@contextlib.contextmanager
def sandbox_over(
    bars: Bars | Mapping[str, Bars] | list[Row], speed: str = "lockstep", **said: Any
) -> Iterator[Sandbox]:
    """A running sandbox, and what a test needs of it; nothing is left of it afterwards."""
    venue = venue_over(bars, **said)
    with running(venue, speed) as url:
        sandbox = Sandbox(venue, url)
        try:
            yield sandbox
        finally:
            sandbox.session.close()
            sandbox.client._session.close()


def shares(*symbols: str, rows: list[Row]) -> dict[str, Bars]:
    """Several shares with the same daily rows."""
    return {symbol: daily(rows, share(symbol)) for symbol in symbols}
