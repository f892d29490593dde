"""Questions to a vendor in virtual time: its pace, its waits, and how long is long enough."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tradewright.adapters.providers.asking import Asker, AskingTerms
from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.domain.errors import ConnectionError as VendorConnectionError
from tradewright.domain.errors import RateLimitError
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

GOOD = httpx.Response(200, json={"status": "OK"})


def asked(*answers: httpx.Response | Exception, times: int = 1, pace: Pace | None = None) -> tuple[Any, list[float]]:
    """What came of questions that are answered so, one after the other, and when each left."""
    loop, left, given = VirtualTimeLoop(), list[float](), iter(answers)
    asker = Asker("Quay", "http://127.0.0.1:9", {}, AskingTerms(pace=pace or Pace(per_s=1e3, burst=1e3)),
                  VirtualClock(loop), secrets=("s3cret",))  # fmt: skip

    class Client:
        async def get(self, path: str, params: Any) -> httpx.Response:
            left.append(round(loop.time(), 6))
            answer = next(given)
            if isinstance(answer, Exception):
                raise answer
            return answer

    asker._client = Client()  # type: ignore[assignment]

    async def run() -> Any:
        return [await asker.ask("/bars", {}) for _ in range(times)][-1]

    try:
        return loop.run(run()), left
    except (VendorConnectionError, RateLimitError) as error:
        return error, left


def limited(**headers: str) -> httpx.Response:
    return httpx.Response(429, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_a_wait_that_is_named_is_kept() -> None:
    said, left = asked(limited(retry_after="7"), GOOD)
    assert (said.status, left) == (200, [0.0, 7.0])


def test_without_one_the_waits_grow_until_a_minute_has_passed() -> None:
    said, left = asked(*[limited()] * 6, GOOD)
    assert (said.status, left) == (200, [0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 61.0])


def test_a_limit_that_stays_is_said() -> None:
    error, left = asked(*[limited()] * 9)
    assert isinstance(error, RateLimitError)
    assert len(left) == 7


def test_a_wait_that_would_be_too_long_is_not_begun() -> None:
    error, left = asked(limited(retry_after="3600"))
    assert (getattr(error, "retry_after_s", None), left) == (3600.0, [0.0])


def test_requests_keep_the_pace_of_the_vendor() -> None:
    assert asked(*[GOOD] * 4, times=4, pace=Pace(per_s=0.1, burst=2))[1] == pytest.approx([0.0, 0.0, 10.0, 20.0])


def test_a_page_of_somebody_else_is_asked_for_again() -> None:
    said, left = asked(httpx.Response(200, text="<html>"), httpx.Response(200, json=[1]), GOOD)
    assert (said.body, len(left)) == ({"status": "OK"}, 3)


def test_a_refusal_without_words_is_a_refusal() -> None:
    said, _ = asked(httpx.Response(403, text="<html>no</html>"))
    assert (said.status, said.body) == (403, {})


def test_a_line_that_breaks_is_told_without_secrets() -> None:
    error, _ = asked(*[httpx.ConnectError("no way to s3cret")] * 9)
    assert isinstance(error, VendorConnectionError)
    assert "no way to …" in str(error)
    assert "s3cret" not in str(error)
