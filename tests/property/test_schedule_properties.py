"""A month of schedules whose owners are killed, halted and taken over: every time at most once, by policy exactly once.

Processes are real turns and rounds over one real database; each is killed in the middle of a call, before or after it
took effect, or sleeps through minutes or days. Jobs are worked off at their own pace.
"""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.event import listens_for
from tests.job_desk import empty_database
from tests.schedule_desk import S, ScheduleStage

from tradewright.adapters.storage.sql.control_tables import installation
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.duties import SqlDuties
from tradewright.adapters.storage.sql.schema import METADATA
from tradewright.app.jobs.queue import JobQueue
from tradewright.app.schedules.rounds import ScheduleRounds
from tradewright.app.schedules.starting import JobStarter
from tradewright.app.turn import Turn
from tradewright.domain.control.duties import SCHEDULES
from tradewright.domain.control.schedules import FiringState
from tradewright.domain.control.timetable import read_when
from tradewright.domain.moments import utc

BEGIN = "2026-10-26 12:00"
"""Clocks go back in New York within the week, and Thanksgiving with its half day comes within the month."""
DAYS = 33
NIGHT, CLOSE = "30 1 * * *", "XNYS close + 15 m"
LATE_S = 300.0


class Died(BaseException):
    """A process is killed; nothing catches it."""


class Mortal:
    """What a process uses, until the call in which it dies: before or after that call took effect."""

    def __init__(self, inner: Any, life: Life) -> None:
        self._inner, self._life = inner, life

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        @functools.wraps(found)
        def call(*args: Any, **said: Any) -> Any:
            self._life.before()
            answer = found(*args, **said)
            self._life.after()
            return answer

        return call


class Life:
    """How many calls are left; of an immortal one more than there will be."""

    def __init__(self) -> None:
        self.left, self.takes_effect = 1 << 60, True

    def before(self) -> None:
        self.left -= 1
        if self.left <= 0 and not self.takes_effect:
            raise Died

    def after(self) -> None:
        if self.left <= 0:
            raise Died


class Process:
    """A server or a worker with the role."""

    def __init__(self, stage: ScheduleStage, duties: SqlDuties, name: str) -> None:
        self.life = Life()
        queue = JobQueue(stage.book, stage.queue.log, stage.queue.commands, stage.queue.new_id)
        store, jobs = Mortal(stage.store, self.life), Mortal(queue, self.life)
        starter = JobStarter(store, jobs, Mortal(stage.events, self.life))
        self.rounds = ScheduleRounds(starter, stage.times)
        self.turn = Turn(Mortal(duties, self.life), SCHEDULES, name, stage.watch)

    def step(self, now_ns: int) -> None:
        self.turn.look()
        if self.turn.is_mine:
            self.rounds.run_once(now_ns)


class House:
    """Processes that come and go."""

    def __init__(self, stage: ScheduleStage, database: Database) -> None:
        self.stage, self.duties = stage, SqlDuties(database)
        self.count = 0
        self.processes: list[Process] = []

    def starts(self) -> None:
        self.count += 1
        self.processes.append(Process(self.stage, self.duties, f"host:{self.count}:x"))

    def passes(self, seconds: float, *, halted: int | None = None) -> None:
        """Time passes; then everybody who is not halted looks."""
        self.stage.watch.go(seconds)
        for process in [each for at, each in enumerate(self.processes) if at != halted]:
            try:
                process.step(self.stage.watch.utc_ns)
            except Died:
                self.processes.remove(process)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """What happens until the month is over."""
    kill = st.tuples(st.just("dies"), st.integers(1, 9), st.booleans())
    halt = st.tuples(st.just("halts"), st.integers(0, 2), st.sampled_from([30.0, 3600.0]))
    wait = st.tuples(st.just("waits"), st.sampled_from([5.0, 61.0, 1800.0, 4 * 3600.0, 20 * 3600.0, 4 * 86_400.0]))
    start, work = st.just(("starts",)), st.just(("works",))
    return draw(st.lists(st.one_of(kill, halt, wait, wait, start, start, work, work), min_size=10, max_size=30))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """One that does not wait for the disk: it is processes that die here, not machines."""
    path = tmp_path_factory.mktemp("schedules") / "runs.db"
    path.write_bytes(empty_database())
    database = Database(path)
    listens_for(database._engine, "connect")(lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    return database


def lived(database: Database, folder: Path, history: list[tuple[Any, ...]], grace_s: float = LATE_S) -> House:
    """A month of one schedule for each policy; at its end somebody is there and everything is worked off."""
    with database.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table is not installation:
                connection.execute(delete(table))
    stage = ScheduleStage(database, folder, BEGIN)
    for policy, when in (("all", NIGHT), ("once", CLOSE), ("skip", CLOSE)):
        stage.add(when, policy, zone="America/New_York", missed=policy, most=100, grace_s=grace_s)
    house = House(stage, database)
    house.starts()
    until = stage.watch.utc_ns + DAYS * 86_400 * S
    for what, *args in history:
        happens(house, what, args, until)
    house.starts()
    stage.watch.utc_ns = until
    for _ in range(3):
        house.passes(10)
    while stage.store.unsettled() or pile(stage):
        stage.end()
        house.passes(2)
    stage.end()
    return house


def happens(house: House, what: str, args: list[Any], until: int) -> None:
    if what == "dies" and house.processes:
        life = house.processes[0].life
        life.left, life.takes_effect = args
    elif what == "waits":
        house.passes(min(args[0], max(0.0, (until - house.stage.watch.utc_ns) / S)))
        house.passes(2)
    elif what == "halts":
        house.passes(args[1], halted=args[0])
    elif what == "starts" and len(house.processes) < 3:
        house.starts()
    elif what == "works":
        house.stage.end()


def times(house: House, name: str) -> list[int]:
    """What was due within the month."""
    stage = house.stage
    kept = stage.desk.found(name).schedule
    return stage.times.latest(read_when(kept.when, kept.zone), kept.created_ns, stage.watch.utc_ns)


def pile(stage: ScheduleStage) -> bool:
    """Whether something is due that nobody has dealt with."""
    due = (stage.times.next(read_when(each.when, each.zone), each.cursor_ns) for each in stage.store.all())
    return any(each is not None and each <= stage.watch.utc_ns for each in due)


def require_once(house: House) -> None:
    """Of each time there is one row at most, and of each row that began one job."""
    stage = house.stage
    found = {name: stage.firings(name) for name in ("all", "once", "skip")}
    begun = [each.job_id for firings in found.values() for each in firings if each.job_id]
    assert Counter(each.id for each in stage.made()) == Counter(begun)
    assert max(Counter(begun).values(), default=1) == 1
    for name, firings in found.items():
        due = times(house, name)
        assert {each.due_ns for each in firings} <= set(due)
        assert {each.state for each in firings} <= {FiringState.STARTED, FiringState.SKIPPED}
        covered = sum(each.missed + (each.state is FiringState.STARTED) for each in firings)
        assert covered == len(due), "each time was begun or passed over, and none was both"


@settings(
    max_examples=6, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(history=histories())
def test_every_time_is_begun_once_or_passed_over_as_its_policy_says(
    database: Database, tmp_path: Path, history: list[tuple[Any, ...]]
) -> None:
    house = lived(database, tmp_path, history)
    require_once(house)
    everything, one, none_late = (house.stage.firings(name) for name in ("all", "once", "skip"))
    assert [each.due_ns for each in everything] == times(house, "all")
    assert {each.state for each in (*everything, *one)} == {FiringState.STARTED}
    assert one[-1].due_ns == times(house, "once")[-1], "what piled up last was made up for"
    for each in none_late:
        assert (each.state is FiringState.STARTED) is (each.at_ns - each.due_ns <= LATE_S * S)


def test_a_month_without_trouble_begins_every_time(database: Database, tmp_path: Path) -> None:
    """Nothing is passed over: half days, holidays and the night of the clock included."""
    six_h = 6 * 3600.0
    quiet = [each for _ in range(DAYS * 4) for each in (("waits", six_h), ("works",))]
    house = lived(database, tmp_path, quiet, grace_s=six_h + 10)
    require_once(house)
    for name in ("all", "once", "skip"):
        assert [each.due_ns for each in house.stage.firings(name)] == times(house, name)
    assert {f"{utc(each.due_ns):%m-%d %H:%M}" for each in house.stage.firings("once")} >= {"11-25 21:15", "11-27 18:15"}
    nights = [f"{utc(each.due_ns):%m-%d %H:%M}" for each in house.stage.firings("all")]
    assert [each for each in nights if each[:5] in {"10-31", "11-01", "11-02"}] == [
        "10-31 05:30", "11-01 05:30", "11-02 06:30",
    ]  # fmt: skip
