"""Events reach readers in order and each once; states may be left out, facts never; a slow reader costs nobody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.api.conftest import NOW, person

from tradewright.api.stream.hub import Hub
from tradewright.api.stream.reader import STATES, Reader, without_superfluous
from tradewright.api.stream.tickets import Tickets
from tradewright.domain.control.events import TopicEvent
from tradewright.domain.control.users import Role


class Log:
    """A log of events in memory."""

    def __init__(self) -> None:
        self.events: dict[str, list[TopicEvent]] = {}

    def append(self, topic: str, kind: str, body: Mapping[str, Any], at_ns: int = NOW) -> TopicEvent:
        kept = self.events.setdefault(topic, [])
        kept.append(TopicEvent(topic, kept[-1].seq + 1 if kept else 1, at_ns, kind, body))
        return kept[-1]

    def after(self, topic: str, seq: int, limit: int) -> list[TopicEvent]:
        return [event for event in self.events.get(topic, []) if event.seq > seq][:limit]

    def head(self, topic: str) -> int:
        return self.heads([topic])[topic]

    def heads(self, topics: Any) -> dict[str, int]:
        return {topic: self.events[topic][-1].seq if self.events.get(topic) else 0 for topic in topics}

    def oldest(self, topic: str) -> int | None:
        return self.events[topic][0].seq if self.events.get(topic) else None

    def forget(self, before_ns: int) -> None:
        raise NotImplementedError


class Room:
    """A hub with one reader, stepped by hand."""

    def __init__(self, log: Log, held: int = 100) -> None:
        self.log, self.hub = log, Hub(log, held=held)
        self.sent: list[dict[str, Any]] = []
        self.reader = Reader(self.hub, self._take, lambda: NOW, beat_s=3600)

    async def _take(self, text: str) -> None:
        self.sent.append(json.loads(text))

    async def say(self, **words: Any) -> None:
        async def texts() -> AsyncIterator[str]:
            yield json.dumps(words)

        await self.reader.listen(texts())

    async def step(self) -> list[dict[str, Any]]:
        """Everything that is due now, without heartbeats."""
        await self.hub.look()
        before = len(self.sent)
        while await self.reader._send_due():
            pass
        return self.sent[before:]


def follow(log: Log, after: int | None, then: Any = None, held: int = 100) -> list[dict[str, Any]]:
    """What a reader of ``jobs`` is sent."""

    async def run() -> list[dict[str, Any]]:
        room = Room(log, held)
        await room.say(subscribe=[{"topic": "jobs", "after": after}])
        found = await room.step()
        if then is not None:
            then()
            found += await room.step()
        return found

    return asyncio.run(run())


def seqs(messages: list[dict[str, Any]]) -> list[int]:
    """The numbers of the events among messages."""
    return [each["event"]["seq"] for each in messages if "event" in each]


def facts(count: int) -> Log:
    """A log of so many facts."""
    log = Log()
    for number in range(count):
        log.append("jobs", "state", {"id": str(number)})
    return log


def test_a_reader_goes_on_where_it_stopped() -> None:
    assert seqs(follow(facts(10), 4)) == [5, 6, 7, 8, 9, 10]


def test_a_reader_without_a_number_begins_with_what_comes() -> None:
    log = facts(5)
    assert seqs(follow(log, None, lambda: log.append("jobs", "state", {}))) == [6]


def test_each_event_says_which_came_before_it() -> None:
    events = [each["event"] for each in follow(facts(6), 2)]
    assert [(each["prev"], each["seq"]) for each in events] == [(2, 3), (3, 4), (4, 5), (5, 6)]


def test_a_reader_too_far_behind_is_reset_to_the_head() -> None:
    messages = follow(facts(500), 3, held=100)
    assert messages == [{"reset": {"topic": "jobs", "head": 500}}]


def test_a_reader_ahead_of_the_log_is_reset() -> None:
    assert follow(facts(5), 9) == [{"reset": {"topic": "jobs", "head": 5}}]


def test_a_reader_of_forgotten_events_is_reset() -> None:
    log = facts(50)
    log.events["jobs"] = log.events["jobs"][20:]
    assert follow(log, 3) == [{"reset": {"topic": "jobs", "head": 50}}]


def test_after_a_reset_a_reader_follows_on() -> None:
    log = facts(500)
    assert seqs(follow(log, 3, lambda: log.append("jobs", "state", {}))) == [501]


def test_of_states_only_the_latest_is_sent_and_of_facts_all() -> None:
    log = Log()
    for number in range(1, 8):
        log.append("jobs", "progress", {"id": "a", "done": number})
    log.append("jobs", "state", {"id": "a", "state": "done"})
    log.append("jobs", "progress", {"id": "b", "done": 1})
    events = [each["event"] for each in follow(log, 0)]
    assert [(each["prev"], each["seq"], each["kind"]) for each in events] == [
        (0, 7, "progress"), (7, 8, "state"), (8, 9, "progress"),
    ]  # fmt: skip


KINDS = st.sampled_from([*sorted(STATES), "state", "fill", "order"])


@settings(max_examples=60)
@given(st.lists(st.tuples(KINDS, st.sampled_from("ab")), max_size=80))
def test_no_fact_is_ever_left_out_and_the_last_of_each_state_stays(said: list[tuple[str, str]]) -> None:
    events = [TopicEvent("jobs", at, NOW, kind, {"id": subject}) for at, (kind, subject) in enumerate(said, 1)]
    kept = without_superfluous(events)
    assert [event for event in kept if event.kind not in STATES] == [e for e in events if e.kind not in STATES]
    last = {(event.kind, event.body["id"]): event.seq for event in events}
    assert {(e.kind, e.body["id"]): e.seq for e in kept} == last
    assert [event.seq for event in kept] == sorted(event.seq for event in kept)


def test_what_a_reader_says_that_is_no_message_is_told() -> None:
    async def run() -> list[dict[str, Any]]:
        room = Room(Log())
        await room.say(subscribe=[{"topic": "secrets"}])
        await room.say(unsubscribe="jobs", more=1)
        return room.sent

    assert [list(each) for each in asyncio.run(run())] == [["problem"], ["problem"]]


def test_a_reader_that_leaves_takes_its_topics_along() -> None:
    async def run() -> None:
        room = Room(facts(3))
        await room.say(subscribe=[{"topic": "jobs"}, {"topic": "runs"}])
        await room.say(unsubscribe=["runs"])
        assert set(room.hub._topics) == {"jobs"}
        room.reader.leave()
        assert not room.hub._topics

    asyncio.run(run())


class Socket:
    """The far end of a reader: takes everything, or nothing."""

    def __init__(self, *, takes: bool, wanted: int = 0) -> None:
        self.takes, self.wanted = takes, wanted
        self.taken: list[int] = []
        self.done, self.never = asyncio.Event(), asyncio.Event()

    async def send(self, text: str) -> None:
        if not self.takes:
            await self.never.wait()
        self.taken += seqs([json.loads(text)])
        if len(self.taken) >= self.wanted:
            self.done.set()


def test_a_reader_that_takes_nothing_holds_nobody_up() -> None:
    async def run() -> list[int]:
        log = Log()
        hub = Hub(log)
        sockets = [Socket(takes=False), Socket(takes=True, wanted=200)]
        readers = [Reader(hub, socket.send, lambda: NOW) for socket in sockets]
        for reader in readers:
            await reader._take(json.dumps({"subscribe": [{"topic": "jobs"}]}))
        tasks = [asyncio.create_task(reader.tell()) for reader in readers]
        for number in range(200):
            log.append("jobs", "state", {"id": str(number)})
            await hub.look()
        await asyncio.wait_for(sockets[1].done.wait(), 60)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return sockets[1].taken

    assert asyncio.run(run()) == list(range(1, 201))


def test_a_ticket_is_good_once_and_for_seconds() -> None:
    now = [NOW]
    tickets = Tickets(lambda: now[0], most=3)
    caller = person(Role.VIEWER)
    ticket = tickets.draw(caller)
    assert tickets.take(ticket) == caller
    assert tickets.take(ticket) is None
    late = tickets.draw(caller)
    now[0] += 31 * 1_000_000_000
    assert tickets.take(late) is None
    first = [tickets.draw(caller) for _ in range(4)]
    assert [tickets.take(each) is not None for each in first] == [False, True, True, True]
