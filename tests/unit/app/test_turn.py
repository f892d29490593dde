"""One process at a time has a duty: it goes over when its holder leaves or is silent, and no sooner."""

from __future__ import annotations

import pytest

from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.duties import SqlDuties
from tradewright.app.turn import Turn
from tradewright.domain.errors import StorageError

SECOND = 1_000_000_000


class Clock:
    """A host's own time; wall clocks of hosts differ."""

    def __init__(self, ahead_s: float = 0.0) -> None:
        self.seconds, self._ahead_s = 100.0, ahead_s

    def now_ns(self) -> int:
        return int((self.seconds + self._ahead_s) * SECOND)

    def monotonic_ns(self) -> int:
        return int(self.seconds * SECOND)


class Stage:
    """Two hosts, and the seconds that go by on both."""

    def __init__(self, folder) -> None:
        self.duties = SqlDuties(Database(folder / "runs.db"))
        self.clocks = [Clock(), Clock(ahead_s=-3600)]
        self.hosts = [
            Turn(self.duties, "alerts", name, clock, 8.0) for name, clock in zip("ab", self.clocks, strict=True)
        ]

    def wait(self, seconds: float) -> None:
        for clock in self.clocks:
            clock.seconds += seconds

    @property
    def owners(self) -> list[bool]:
        return [host.is_mine for host in self.hosts]


@pytest.fixture
def stage(tmp_path) -> Stage:
    return Stage(tmp_path)


def test_who_comes_first_has_it_and_keeps_it(stage):
    for _ in range(30):
        for host in stage.hosts:
            host.look()
        assert stage.owners == [True, False]
        stage.wait(1)


def test_a_silent_holder_is_missed_after_its_time_and_not_before(stage):
    first, second = stage.hosts
    first.look()
    second.look()
    stage.wait(7.9)
    second.look()
    assert not second.is_mine
    stage.wait(0.1)
    second.look()
    assert stage.owners == [False, True]


def test_a_holder_that_was_away_learns_that_it_has_it_no_more(stage):
    first, second = stage.hosts
    first.look()
    second.look()
    stage.wait(60)
    second.look()
    assert stage.owners == [False, True]
    first.look()
    assert stage.owners == [False, True]
    for _ in range(10):
        stage.wait(1)
        first.look()
        second.look()
        assert stage.owners == [False, True]


def test_it_is_never_held_twice_even_where_the_store_was_away(stage, monkeypatch):
    """A holder that cannot give a sign of life stops by itself before another may begin."""
    first, second = stage.hosts
    first.look()
    second.look()
    with monkeypatch.context() as away:
        away.setattr(SqlDuties, "move", lambda *_: (_ for _ in ()).throw(StorageError("away")))
        for _ in range(9):
            stage.wait(1)
            with pytest.raises(StorageError):
                first.look()
        assert stage.owners == [False, False]
    second.look()
    assert stage.owners == [False, True]


def test_who_leaves_is_followed_at_once(stage):
    first, second = stage.hosts
    first.look()
    second.look()
    first.leave()
    assert not first.is_mine
    second.look()
    assert stage.owners == [False, True]


def test_a_place_that_another_took_meanwhile_is_not_given_up_for_it(stage):
    first, second = stage.hosts
    first.look()
    second.look()
    stage.wait(60)
    second.look()
    first.leave()
    assert stage.duties.get("alerts").holder == "b"


def test_leaving_while_the_store_is_away_is_silence(stage, monkeypatch):
    first, _ = stage.hosts
    first.look()
    monkeypatch.setattr(SqlDuties, "leave", lambda *_: (_ for _ in ()).throw(StorageError("away")))
    first.leave()
    assert not first.is_mine


def test_signs_of_life_rise_where_a_clock_is_set_back(stage):
    first, _ = stage.hosts
    first.look()
    before = stage.duties.get("alerts").beat_ns
    stage.clocks[0]._ahead_s = -7200
    first.look()
    assert stage.duties.get("alerts").beat_ns == before + 1
