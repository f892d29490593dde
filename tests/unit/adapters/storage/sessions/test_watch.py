"""Which sessions changed is seen from outside, however many there are."""

from __future__ import annotations

import pytest

from tradewright.adapters.storage.sessions.logs import FileSessionLogs
from tradewright.adapters.storage.sessions.watch import FolderWatch
from tradewright.domain.live.session import Command


@pytest.fixture
def logs(tmp_path):
    return FileSessionLogs(tmp_path / "sessions")


def grow(log):
    log.take(Command("pause", "ada", "lunch", 1))


def seen(watch):
    """The sessions that changed, each done with."""
    found = watch.changed()
    for name, mark in found:
        watch.done(name, mark)
    return [name for name, _ in found]


def test_nothing_is_there_where_no_session_ever_was(logs):
    watch = FolderWatch(logs.folder)
    assert (watch.names(), watch.changed()) == ([], [])


def test_a_session_is_told_when_it_is_new_and_when_it_grows(logs):
    watch = FolderWatch(logs.folder)
    log = logs.create("alpha", {})
    assert seen(watch) == ["alpha"]
    assert seen(watch) == []
    grow(log)
    assert seen(watch) == ["alpha"]
    log.measure({"equity": 1.0})
    assert seen(watch) == ["alpha"]
    logs.create("beta", {})
    assert seen(watch) == ["beta"]


def test_what_is_not_done_with_is_told_again(logs):
    watch = FolderWatch(logs.folder)
    logs.create("alpha", {})
    assert watch.changed() == watch.changed() != []


def test_a_folder_that_is_no_session_yet_is_told_when_it_is_one(logs):
    watch = FolderWatch(logs.folder)
    (logs.folder / "alpha").mkdir(parents=True)
    assert seen(watch) == []
    logs.create("alpha", {})
    assert seen(watch) == ["alpha"]


def test_of_very_many_a_part_is_looked_at_in_each_turn_and_all_come_to_it(logs):
    every = [logs.create(f"s{number}", {}) for number in range(5)]
    first = FolderWatch(logs.folder)
    marks = dict(first.changed())
    watch = FolderWatch(logs.folder, at_once=2)
    watch.begin(marks)
    assert seen(watch) == []
    grow(every[4])
    looks = [seen(watch) for _ in range(3)]
    assert [name for look in looks for name in look] == ["s4"]
    # It moved: from now on it is looked at in every turn.
    for _ in range(3):
        grow(every[4])
        assert seen(watch) == ["s4"]
