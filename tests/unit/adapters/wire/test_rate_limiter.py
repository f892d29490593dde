"""A venue's pace is kept, the reserve is kept back, and nobody waits past a deadline."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewright.adapters.wire.rate_limiter import Pace, TokenBucketRateLimiter
from tradewright.domain.errors import ConfigError, RateLimitError
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop


def limited(per_s=1.0, burst=3, reserve=0):
    loop = VirtualTimeLoop()
    return loop, TokenBucketRateLimiter(Pace(per_s=per_s, burst=burst, reserve=reserve), VirtualClock(loop))


def test_a_full_bucket_lets_its_burst_through_at_once():
    loop, limiter = limited(burst=3)

    async def three():
        for _ in range(3):
            await limiter.take(0.0)

    loop.run(three())
    assert loop.time() == 0.0


def test_an_empty_bucket_lets_one_through_for_each_token_that_comes_back():
    loop, limiter = limited(per_s=2.0, burst=1)

    async def five():
        for _ in range(5):
            await limiter.take(10.0)

    loop.run(five())
    assert loop.time() == pytest.approx(2.0, abs=1e-6)


def test_who_would_wait_past_the_deadline_is_told_at_once_and_when():
    loop, limiter = limited(per_s=0.5, burst=1)

    async def two():
        await limiter.take(0.0)
        with pytest.raises(RateLimitError) as refused:
            await limiter.take(1.9)
        return refused.value.retry_after_s

    assert loop.run(two()) == pytest.approx(2.0)
    assert loop.time() == 0.0


def test_the_reserve_is_for_urgent_requests_alone():
    loop, limiter = limited(burst=3, reserve=2)

    async def four():
        await limiter.take(0.0)
        with pytest.raises(RateLimitError):
            await limiter.take(0.5)
        await limiter.take(0.0, is_urgent=True)
        await limiter.take(0.0, is_urgent=True)
        with pytest.raises(RateLimitError):
            await limiter.take(0.5, is_urgent=True)

    loop.run(four())
    assert loop.time() == 0.0


def test_a_rest_that_the_venue_asks_for_holds_everybody():
    loop, limiter = limited(burst=3, reserve=1)

    async def rested():
        limiter.rest(5.0)
        with pytest.raises(RateLimitError):
            await limiter.take(1.0, is_urgent=True)
        await limiter.take(6.0)

    loop.run(rested())
    assert loop.time() == pytest.approx(5.0)


def test_a_shorter_rest_does_not_end_a_longer_one():
    loop, limiter = limited()

    async def rested():
        limiter.rest(5.0)
        limiter.rest(1.0)
        await limiter.take(6.0)

    loop.run(rested())
    assert loop.time() == pytest.approx(5.0)


@given(
    per_s=st.floats(0.1, 50.0),
    burst=st.integers(1, 20),
    gaps=st.lists(st.floats(0.0, 3.0), min_size=2, max_size=30),
)
@settings(deadline=None, max_examples=60)
def test_no_window_sees_more_than_a_burst_and_what_came_back_in_it(per_s, burst, gaps):
    loop, limiter = limited(per_s=per_s, burst=burst)
    left: list[float] = []

    async def ask():
        await limiter.take(1e9)
        left.append(loop.time())

    async def all_of_them():
        asked = []
        for gap in gaps:
            await asyncio.sleep(gap)
            asked.append(asyncio.ensure_future(ask()))
        for each in asked:
            await each

    loop.run(all_of_them())
    for first in range(len(left)):
        for last in range(first, len(left)):
            assert last - first + 1 <= burst + per_s * (left[last] - left[first]) + 1e-6


@pytest.mark.parametrize("said", [{"per_s": 0.0}, {"burst": 0.5}, {"burst": 3.0, "reserve": 2.5}, {"reserve": -1.0}])
def test_an_impossible_pace_is_refused(said):
    with pytest.raises(ConfigError, match="pace"):
        Pace(**{"per_s": 1.0, "burst": 3.0, **said})
