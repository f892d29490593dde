"""Practice: the road is walked to its last step while a bar is due, and nothing of it is kept, sent or heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.markets import FREE, share

from tradewright.adapters.storage.journal.sink import SinkJournal
from tradewright.adapters.storage.memory.latch import MemoryLatch
from tradewright.adapters.storage.sessions.sink import sink_log
from tradewright.app.live.core import LocalCore
from tradewright.app.live.feed.live import FeedSources
from tradewright.app.live.opening import Opening
from tradewright.app.live.poise import Poise, Practising
from tradewright.app.live.practice import Nowhere, Practice, practice_opening
from tradewright.app.live.practice_venue import RefusingVenue
from tradewright.domain.errors import StrategyHungError
from tradewright.domain.live.feed import FeedKind
from tradewright.domain.live.venue import AnswerKind, Capabilities, DedupeClass
from tradewright.domain.minting import mint
from tradewright.domain.timeframe import Timeframe
from tradewright.risk.limits import Limits

MS = 1_000_000
CAN = Capabilities(dedupe=DedupeClass.FOR_EVER)


class CountingVenue(RefusingVenue):
    """Counts how often a permit was given."""

    permits = 0

    async def submit(self, approved: Any, cid: str, permit: Callable[[], bool]) -> Any:
        def counted() -> bool:
            given = permit()
            self.permits += given
            return given

        return await super().submit(approved, cid, counted)


def opening(limits: str = "standard") -> Opening:
    policies = {"cash": 1.0, "costs": FREE, "limits": Limits.of(limits)}
    return Opening(list, (share(),), Timeframe.parse("1d"), policies, at_broker=True)


def practice(venue: CountingVenue, limits: str = "standard") -> Practice:
    made, stream = practice_opening(opening(limits)), SimpleNamespace(feed=FeedKind("iex"))
    nowhere = Nowhere(sink_log(), SinkJournal(), MemoryLatch())
    return Practice(made, lambda: LocalCore(made), nowhere, venue, FeedSources(stream, None))  # type: ignore[arg-type]


@pytest.mark.parametrize("limits", ["none", "cautious", "standard", "bold"])
def test_each_walk_leads_one_order_to_its_permit_however_long_it_is_practised(limits: str) -> None:
    venue = CountingVenue(CAN, [share()])

    async def work() -> list[int]:
        one, permits = practice(venue, limits), []
        await one.open()
        for _ in range(120):
            await one.walk()
            permits.append(venue.permits)
        one.close()
        return permits

    permits = asyncio.run(work())
    began = permits.count(0)
    assert (began < 3, permits[began:]) == (True, list(range(1, 121 - began)))


def test_a_practised_order_is_refused_where_bytes_would_leave() -> None:
    venue, order = RefusingVenue(CAN, [share()]), mint(object())
    answers = [asyncio.run(venue.submit(order, "cid", lambda given=given: given)) for given in (True, False)]  # type: ignore[arg-type,misc]
    assert [each.kind for each in answers] == [AnswerKind.REFUSED, AnswerKind.NOT_SENT]


def test_what_is_practised_leaves_nothing_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    async def work() -> None:
        one = practice(CountingVenue(CAN, [share()]))
        await one.open()
        await one.walk()
        one.close()

    asyncio.run(work())
    assert list(tmp_path.iterdir()) == []


# When.


class Stage:
    """A feed, a runner and a clock of which a test says how they stand, and a practice that counts."""

    def __init__(self) -> None:
        self.due_ns: int | None = 60_000 * MS
        self.is_busy = False
        self.at_ns = self.walks = self.opened = self.closed = 0
        self.takes_ns = MS // 2
        self.fails = False
        self.has_room = True
        self.core = None
        practising = Practising(lambda _: self, lambda: self.has_room)  # type: ignore[arg-type,return-value]
        self.poise = Poise(practising, self, self, self)  # type: ignore[arg-type]

    def due_in_ns(self) -> int | None:
        return self.due_ns

    def monotonic_ns(self) -> int:
        return self.at_ns

    async def open(self) -> None:
        self.opened += 1

    async def walk(self) -> None:
        self.walks += 1
        self.at_ns += self.takes_ns
        if self.fails:
            raise StrategyHungError("It is gone.", strategy=-1)

    def close(self) -> None:
        self.closed += 1

    def turns(self, *dues_ns: int | None) -> list[float]:
        """What is said at each of these instants before a bar is due."""

        async def work() -> list[float]:
            found = []
            for self.due_ns in dues_ns:
                found.append(await self.poise.turn())
            return found

        return asyncio.run(work())


def test_it_is_practised_from_just_before_a_bar_is_due_until_it_is_long_overdue() -> None:
    stage = Stage()
    stage.turns(60_000 * MS, 20 * MS, 9 * MS, 0, -500 * MS, -2_900 * MS, -3_100 * MS, None)
    assert (stage.opened, stage.walks) == (1, 4)


def test_it_is_looked_at_again_when_the_bar_is_due_and_practised_every_two_milliseconds_then() -> None:
    assert Stage().turns(60_000 * MS, 20 * MS, 5 * MS) == [0.05, 0.02, 0.002]


def test_nothing_is_practised_while_the_session_works() -> None:
    stage = Stage()
    stage.turns(60_000 * MS)
    stage.is_busy = True
    assert (stage.turns(0, 0), stage.walks) == ([0.05, 0.05], 0)


def test_nothing_is_practised_where_no_processor_is_to_spare() -> None:
    stage = Stage()
    stage.has_room = False
    assert (stage.turns(60_000 * MS, 0, 0), stage.walks) == ([0.05, 0.05, 0.05], 0)


def test_practice_rests_where_others_need_the_processor() -> None:
    stage = Stage()
    stage.takes_ns = 5 * MS
    assert stage.turns(60_000 * MS, 0) == [0.05, 0.05]


def test_practice_begins_anew_after_many_walks_but_not_while_a_bar_is_due() -> None:
    stage = Stage()
    stage.turns(60_000 * MS, *[0] * 600)
    assert (stage.opened, stage.walks) == (1, 600)
    stage.turns(50_000 * MS)
    assert (stage.opened, stage.closed) == (2, 1)


def test_practice_in_a_process_that_is_gone_ends_and_begins_anew_before_the_next_bar() -> None:
    stage = Stage()
    stage.turns(60_000 * MS)
    stage.fails = True
    stage.turns(0, 0)
    assert (stage.walks, stage.closed) == (1, 1)
    stage.fails = False
    stage.turns(60_000 * MS, 0)
    assert (stage.opened, stage.walks) == (2, 2)
