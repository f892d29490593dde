"""Messages are queued once, begun once, and never begun again by mistake; readers never go back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from tradewright.adapters.storage.sql.notices import SqlNotices, SqlPlaces
from tradewright.domain.control.alerts import Severity
from tradewright.domain.control.outbox import NoticeState, QueuedNotice
from tradewright.domain.errors import StorageError
from tradewright.domain.notice import NoticeKind

NOW = 1_763_700_000_123_456_789
NOTICE = QueuedNotice(
    "n1", NoticeKind.RAISED, "desk", Severity.WARNING, ("a1", "a2"), NoticeState.DUE, made_ns=NOW, next_ns=NOW
)


@pytest.fixture
def queue(state):
    return SqlNotices(state)


@pytest.fixture
def places(state):
    return SqlPlaces(state)


def test_a_message_comes_back_as_it_was_put(queue):
    assert queue.put(NOTICE)
    assert queue.get("n1") == NOTICE
    assert queue.get("n2") is None


def test_the_same_message_is_not_queued_twice(queue):
    queue.put(NOTICE)
    queue.end("n1", NoticeState.SENT, NOW, None)
    assert not queue.put(NOTICE)
    assert queue.get("n1").state is NoticeState.SENT


def test_what_is_due_comes_oldest_first_and_not_before_its_time(queue):
    for number, wait in enumerate((0, 5, 0)):
        queue.put(replace(NOTICE, id=f"n{number}", made_ns=NOW - number, next_ns=NOW + wait))
    assert [each.id for each in queue.due(NOW, 10)] == ["n2", "n0"]
    assert [each.id for each in queue.due(NOW + 5, 2)] == ["n2", "n1"]


def test_an_attempt_is_begun_by_one_of_many(queue):
    queue.put(NOTICE)
    with ThreadPoolExecutor(8) as pool:
        taken = [each for each in pool.map(lambda _: queue.take("n1", NOW + 1), range(8)) if each]
    assert len(taken) == 1
    assert (taken[0].state, taken[0].attempts) == (NoticeState.SENDING, 1)
    assert queue.due(NOW + 9, 10) == []


def test_an_attempt_that_failed_is_due_again_later(queue):
    queue.put(NOTICE)
    queue.take("n1", NOW)
    queue.end("n1", NoticeState.DUE, NOW + 30, "It is away.")
    assert queue.due(NOW + 29, 10) == []
    (again,) = queue.due(NOW + 30, 10)
    assert (again.attempts, again.error) == (1, "It is away.")


def test_what_nobody_ended_becomes_unknown_and_not_due(queue):
    queue.put(NOTICE)
    queue.put(replace(NOTICE, id="n2"))
    queue.take("n1", NOW)
    queue.take("n2", NOW + 50)
    assert [each.id for each in queue.give_up(NOW + 50)] == ["n1"]
    assert queue.get("n1").state is NoticeState.UNKNOWN
    assert queue.get("n2").state is NoticeState.SENDING
    assert queue.due(NOW + 99, 10) == []
    assert queue.give_up(NOW + 50) == []


def test_a_digest_takes_the_place_of_what_was_held_back(queue):
    for number in (1, 2):
        queue.put(replace(NOTICE, id=f"n{number}", state=NoticeState.HELD))
    queue.put(replace(NOTICE, id="n3", state=NoticeState.HELD, channel="other"))
    digest = replace(NOTICE, id="d1", kind=NoticeKind.DIGEST)
    queue.gather(digest, [each.id for each in queue.held("desk")])
    assert queue.held("desk") == []
    assert [each.id for each in queue.held("other")] == ["n3"]
    assert [each.id for each in queue.due(NOW, 10)] == ["d1"]
    assert queue.get("n1").state is NoticeState.GATHERED


def test_a_digest_that_is_there_leaves_everything_as_it_was(queue):
    queue.put(replace(NOTICE, id="n1", state=NoticeState.HELD))
    queue.put(replace(NOTICE, id="d1"))
    with pytest.raises(StorageError):
        queue.gather(replace(NOTICE, id="d1"), ["n1"])
    assert [each.id for each in queue.held("desk")] == ["n1"]


def test_only_what_is_over_is_forgotten(queue):
    for number, state in enumerate(NoticeState):
        queue.put(replace(NOTICE, id=f"n{number}", state=state))
    queue.put(replace(NOTICE, id="late", state=NoticeState.SENT, made_ns=NOW + 1))
    queue.forget(NOW + 1)
    left = [state for number, state in enumerate(NoticeState) if queue.get(f"n{number}")]
    assert left == [NoticeState.HELD, NoticeState.DUE, NoticeState.SENDING]
    assert queue.get("late") is not None


def test_a_message_of_a_newer_version_is_refused(queue, state):
    queue.put(NOTICE)
    with state.writing() as connection:
        connection.execute(text("update notices set kind = 'hologram'"))
    with pytest.raises(StorageError, match="hologram"):
        queue.get("n1")


def test_a_reader_goes_forward_only(places):
    assert places.get("alerts/jobs") is None
    for number in (7, 9, 8):
        places.move("alerts/jobs", number)
    assert places.get("alerts/jobs") == 9
    assert places.get("alerts/runs") is None
