"""Schedules in a file and on a server: each time is written down once, and only where its schedule stands as seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.schedule_desk import ScheduleStage

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schedules import SqlSchedules
from tradewright.app.schedules.declaring import Declaration
from tradewright.domain.control.jobs import JobKind
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.schedules import (
    Cause,
    Firing,
    FiringState,
    MissedRuns,
    Schedule,
    ScheduleChange,
    Wish,
)
from tradewright.domain.errors import ConflictError

NOW = 1_763_700_000_123_456_789


def made(name: str = "nightly", **said: Any) -> Schedule:
    values = {
        "id": f"id-{name}", "name": name, "when": "XNYS close + 15 m", "zone": "UTC", "kind": JobKind.CHECK_DATA,
        "request": {"symbols": ["ACME"], "deep": {"a": None}}, "missed": MissedRuns.ALL, "most": 7, "grace_s": 0.5,
        "owner": "ada", "created_ns": NOW, "cursor_ns": NOW,
    }  # fmt: skip
    return Schedule(**values | said)


def firing(due: int = 10, name: str = "nightly", **said: Any) -> Firing:
    values = {"schedule_id": f"id-{name}", "due_ns": NOW + due, "cause": Cause.DUE, "state": FiringState.BEGUN,
              "at_ns": NOW + due + 1, "missed": 3}  # fmt: skip
    return Firing(**values | said)


@pytest.fixture
def store(state: Database) -> SqlSchedules:
    return SqlSchedules(state)


def test_what_is_kept_is_read(store: SqlSchedules) -> None:
    assert (store.all(), store.get("id-nightly"), store.unsettled(), store.last_run("x")) == ([], None, [], None)
    kept = [made("b", paused_ns=NOW), made("a")]
    for each in kept:
        store.add(each)
    assert store.all() == [kept[1], kept[0]]
    assert store.get("id-b") == kept[0]


def test_a_name_is_given_once(store: SqlSchedules) -> None:
    store.add(made())
    with pytest.raises(ConflictError, match="nightly"):
        store.add(made(id="other"))
    assert [each.id for each in store.all()] == ["id-nightly"]


def test_a_time_and_the_cursor_are_written_together(store: SqlSchedules) -> None:
    store.add(made())
    assert store.move(made(), firing(), NOW + 10)
    assert store.all() == [made(cursor_ns=NOW + 10)]
    assert store.unsettled() == [firing()]
    assert store.page("id-nightly", Slice(5)) == ([firing()], 1)


@pytest.mark.parametrize(
    ("seen", "first"),
    [
        (made(cursor_ns=NOW - 1), "nothing"), (made(id="gone"), "nothing"), (made(), "paused"), (made(), "known"),
        (made(), "removed"),
    ],
)  # fmt: skip
def test_nothing_is_written_where_the_schedule_stands_otherwise(
    store: SqlSchedules, seen: Schedule, first: str
) -> None:
    store.add(made())
    if first == "paused":
        store.pause("id-nightly", NOW)
    if first == "known":
        store.put(firing())
    if first == "removed":
        store.remove("id-nightly")
    before = (store.all(), store.unsettled())
    assert not store.move(seen, firing(), NOW + 10)
    assert (store.all(), store.unsettled()) == before


def test_of_several_who_see_the_same_one_writes(store: SqlSchedules) -> None:
    store.add(made())
    with ThreadPoolExecutor(4) as threads:
        wrote = list(threads.map(lambda at: store.move(made(), firing(at_ns=at), NOW + 10), range(8)))
    assert wrote.count(True) == 1
    assert len(store.unsettled()) == 1


def test_a_time_by_hand_moves_no_cursor(store: SqlSchedules) -> None:
    store.add(made())
    by_hand = firing(cause=Cause.HAND)
    assert (store.put(by_hand), store.put(by_hand)) == (True, False)
    assert not store.put(firing(name="gone"))
    assert (store.all(), store.unsettled()) == ([made()], [by_hand])


def test_what_was_begun_is_settled_once(store: SqlSchedules) -> None:
    store.add(made())
    store.put(firing())
    assert store.settle(firing(), FiringState.REFUSED, "It is gone.")
    assert not store.settle(firing(), FiringState.STARTED)
    assert store.unsettled() == []
    assert store.last_run("id-nightly") == replace(firing(), state=FiringState.REFUSED, error="It is gone.")


def test_paused_it_stands_still_and_resumed_it_goes_on_from_now(store: SqlSchedules) -> None:
    store.add(made())
    assert store.pause("id-nightly", NOW + 5) == made(paused_ns=NOW + 5)
    assert store.pause("id-nightly", NOW + 6) == made(paused_ns=NOW + 5)
    assert store.resume("id-nightly", NOW + 7) == made(cursor_ns=NOW + 7)
    assert store.resume("id-nightly", NOW + 8) == made(cursor_ns=NOW + 7)
    assert (store.pause("gone", NOW), store.resume("gone", NOW)) == (None, None)


def test_the_last_run_is_none_that_was_passed_over(store: SqlSchedules) -> None:
    store.add(made())
    store.add(made("other"))
    for each in (firing(10), firing(20, state=FiringState.STARTED), firing(30, state=FiringState.SKIPPED)):
        store.put(each)
    store.put(firing(40, "other"))
    found = store.last_run("id-nightly")
    assert found is not None
    assert found.due_ns == NOW + 20
    page = store.page("id-nightly", Slice(2))
    assert ([each.due_ns - NOW for each in page.items], page.total) == ([30, 20], 3)


def test_a_change_is_written_over_what_was_seen_and_leaves_how_far_it_has_come(store: SqlSchedules) -> None:
    store.add(made())
    store.move(made(), firing(), NOW + 10)
    store.pause("id-nightly", NOW + 20)
    to = made("renamed", id="id-nightly", request={"symbols": []}, revision=1, changed_ns=NOW + 5, is_declared=True)
    assert store.change(made(), to)
    assert store.all() == [replace(to, cursor_ns=NOW + 10, paused_ns=NOW + 20)]
    assert store.page("id-nightly", Slice(5)).total == 1


def test_of_two_changes_of_what_was_seen_one_is_made(store: SqlSchedules) -> None:
    store.add(made())
    with ThreadPoolExecutor(4) as threads:
        kept = list(threads.map(lambda most: store.change(made(), made(most=most, revision=1)), range(20, 28)))
    assert kept.count(True) == 1
    assert not store.change(made("gone"), made("gone", revision=1))


def test_a_name_that_is_taken_is_no_change(store: SqlSchedules) -> None:
    store.add(made())
    store.add(made("other"))
    with pytest.raises(ConflictError, match="other"):
        store.change(made(), made("other", id="id-nightly", revision=1))
    assert [each.name for each in store.all()] == ["nightly", "other"]


def test_a_time_of_what_it_said_before_is_not_written(store: SqlSchedules) -> None:
    store.add(made())
    store.change(made(), made(zone="Europe/Berlin", revision=1))
    assert not store.move(made(), firing(), NOW + 10)
    assert store.unsettled() == []


def test_a_clock_that_is_behind_takes_no_schedule_back(store: SqlSchedules) -> None:
    store.add(made(paused_ns=NOW))
    assert store.resume("id-nightly", NOW - 10) == made()


def test_removed_it_takes_its_times_along_and_no_others(store: SqlSchedules) -> None:
    for name in ("nightly", "other"):
        store.add(made(name))
        store.put(firing(name=name))
    assert (store.remove("id-nightly"), store.remove("id-nightly")) == (True, False)
    assert [each.name for each in store.all()] == ["other"]
    assert store.unsettled() == [firing(name="other")]


def test_old_times_are_forgotten_but_for_those_that_nobody_settled(store: SqlSchedules) -> None:
    store.add(made())
    for each in (firing(10), firing(20, state=FiringState.STARTED), firing(30, state=FiringState.SKIPPED)):
        store.put(each)
    store.forget(NOW + 31)
    assert [each.due_ns - NOW for each in store.page("id-nightly", Slice(5)).items] == [30, 10]


def test_hosts_that_start_together_bring_in_what_the_settings_say_once(state: Database, tmp_path: Path) -> None:
    hosts = [ScheduleStage(state, tmp_path) for _ in range(4)]
    wishes = [Wish(name=name, when="0 * * * *", kind="check", request={}) for name in ("a", "b")]
    hosts[0].add(name="b")
    hosts[0].store.add(made("over", is_declared=True))

    def start(at: int) -> list[ScheduleChange]:
        ids = (f"{at}-{each}" for each in count())
        return Declaration(hosts[at].starter, lambda: next(ids)).bring_in(wishes, NOW)

    with ThreadPoolExecutor(4) as threads:
        done = [change for changes in threads.map(start, range(4)) for change in changes]
    assert sorted((each.verb, each.schedule.name) for each in done) == [
        ("added", "a"), ("changed", "b"), ("removed", "over")
    ]  # fmt: skip
    assert [(each.name, each.is_declared) for each in hosts[0].store.all()] == [("a", True), ("b", True)]
