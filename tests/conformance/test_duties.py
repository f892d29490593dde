"""A duty is written where it stands as it was seen, so that of several who reach for it one gets it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tradewright.adapters.storage.sql.duties import SqlDuties
from tradewright.domain.control.duties import Duty


@pytest.fixture
def duties(state):
    return SqlDuties(state)


def test_what_is_written_is_read(duties):
    assert duties.get("alerts") is None
    assert duties.move(None, Duty("alerts", "a", 1))
    assert duties.get("alerts") == Duty("alerts", "a", 1)
    assert duties.get("other") is None


def test_only_what_was_seen_is_moved(duties):
    duties.move(None, Duty("alerts", "a", 1))
    assert not duties.move(None, Duty("alerts", "b", 2))
    assert not duties.move(Duty("alerts", "a", 0), Duty("alerts", "b", 2))
    assert not duties.move(Duty("alerts", "b", 1), Duty("alerts", "b", 2))
    assert duties.move(Duty("alerts", "a", 1), Duty("alerts", "b", 2))
    assert duties.get("alerts") == Duty("alerts", "b", 2)


def test_of_several_at_once_one_gets_it(duties):
    seen = Duty("alerts", "a", 1)
    duties.move(None, seen)
    with ThreadPoolExecutor(6) as threads:
        taken = list(threads.map(lambda number: duties.move(seen, Duty("alerts", f"b{number}", 2)), range(12)))
    assert taken.count(True) == 1


def test_only_the_holder_leaves(duties):
    duties.move(None, Duty("alerts", "a", 1))
    duties.leave(Duty("alerts", "b", 1))
    assert duties.get("alerts") is not None
    duties.leave(Duty("alerts", "a", 1))
    assert duties.get("alerts") is None
