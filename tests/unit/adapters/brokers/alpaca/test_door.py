"""The door: the address of new orders is put together once, and is the same each time."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tradewright.adapters.brokers.alpaca.door import Door
from tradewright.adapters.brokers.alpaca.table import AlpacaTerms
from tradewright.adapters.brokers.rate_limiter import TokenBucketRateLimiter
from tradewright.adapters.system_clock import SystemClock
from tradewright.domain.live.modes import PaperKeys


def test_the_address_of_new_orders_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    terms, clock = AlpacaTerms(), SystemClock()
    keys = PaperKeys("venue", {"key": "PK", "secret": "secret"})
    door = Door("https://venue.test/under", keys, terms, TokenBucketRateLimiter(terms.pace, clock), clock)
    merged: list[Any] = []
    real = httpx.AsyncClient._merge_url
    monkeypatch.setattr(
        httpx.AsyncClient, "_merge_url", lambda self, url: (merged.append(type(url)), real(self, url))[1]
    )
    made = [door._request("POST", "/v2/orders", {"qty": str(number)}) for number in range(3)]
    assert {str(each.url) for each in made} == {"https://venue.test/under/v2/orders"}
    assert [each.content for each in made] == [b'{"qty":"0"}', b'{"qty":"1"}', b'{"qty":"2"}']
    assert {each.headers["apca-api-key-id"] for each in made} == {"PK"}
    assert merged == [str, httpx.URL, httpx.URL]
