"""The door: requests that change something are written down whole, at the address of the venue and with the keys."""

from __future__ import annotations

import pytest

from tradewright.adapters.brokers.alpaca.door import Door
from tradewright.adapters.brokers.alpaca.table import AlpacaTerms
from tradewright.adapters.system_clock import SystemClock
from tradewright.adapters.wire.rate_limiter import TokenBucketRateLimiter
from tradewright.domain.live.modes import PaperKeys


@pytest.fixture
def door() -> Door:
    terms, clock = AlpacaTerms(), SystemClock()
    keys = PaperKeys("venue", {"key": "PK", "secret": "secret"})
    return Door("https://venue.test/under", keys, terms, TokenBucketRateLimiter(terms.pace, clock), clock)


def test_an_order_is_written_down_with_address_keys_and_content(door: Door) -> None:
    head, _, body = door.letter("POST", "/v2/orders", {"qty": "1"}).content.partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    assert (first, body) == (b"POST /under/v2/orders HTTP/1.1", b'{"qty":"1"}')
    assert dict(line.lower().split(b": ") for line in headers) == {
        b"host": b"venue.test", b"accept": b"*/*", b"apca-api-key-id": b"pk", b"apca-api-secret-key": b"secret",
        b"content-type": b"application/json", b"content-length": b"11",
    }  # fmt: skip


def test_a_cancel_has_no_content(door: Door) -> None:
    content = door.letter("DELETE", "/v2/orders/1").content
    assert content.startswith(b"DELETE /under/v2/orders/1 HTTP/1.1\r\n")
    assert (content.endswith(b"\r\n\r\n"), b"content-" in content.lower()) == (True, False)


def test_an_id_of_the_venues_stays_one_part_of_the_address(door: Door) -> None:
    content = door.letter("DELETE", "/v2/orders/a b?c#d").content
    assert content.startswith(b"DELETE /under/v2/orders/a%20b%3Fc%23d HTTP/1.1\r\n")
