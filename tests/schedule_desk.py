"""Schedules over a real database with a clock that is set by hand; jobs are ended by the test."""

from __future__ import annotations

import datetime as dt
from itertools import count
from pathlib import Path
from typing import Any

from tests.job_desk import Watch

from tradewright.adapters.cron_rules import read_crontab
from tradewright.adapters.storage.folder.job_logs import FolderJobLogs
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.events import SqlEvents
from tradewright.adapters.storage.sql.jobs import SqlJobs
from tradewright.adapters.storage.sql.schedules import SqlSchedules
from tradewright.app.jobs.book import JobBook
from tradewright.app.jobs.commands import JobCommands, Places
from tradewright.app.jobs.queue import JobQueue
from tradewright.app.schedules.desk import ScheduleDesk
from tradewright.app.schedules.rounds import ScheduleRounds
from tradewright.app.schedules.starting import JobStarter
from tradewright.app.schedules.times import DueTimes
from tradewright.domain.control.jobs import Job, JobQuery, JobState
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.schedules import Firing, MissedRuns, Schedule, Wish

S = 1_000_000_000
MINUTE = 60 * S


def ns(text: str) -> int:
    """An instant in UTC."""
    return int(dt.datetime.fromisoformat(f"{text}+00:00").timestamp()) * S


class ScheduleStage:
    """One database; rounds as many as there are processes."""

    def __init__(self, database: Database, folder: Path, begin: str = "2026-11-20 12:00") -> None:
        self.watch = Watch()
        self.watch.utc_ns = ns(begin)
        self.store, self.jobs, self.events = SqlSchedules(database), SqlJobs(database), SqlEvents(database)
        ids = count(1)
        commands = JobCommands(Places(set, folder))
        self.book = JobBook(self.jobs, self.events, self.watch)
        self.queue = JobQueue(self.book, FolderJobLogs(folder / "jobs"), commands, lambda: f"hand-{next(ids)}")
        self.starter = JobStarter(self.store, self.queue, self.events)
        self.times = DueTimes(read_crontab)
        self.desk = ScheduleDesk(self.starter, self.times, lambda: f"s{next(ids)}", self.watch.now_ns)
        self.rounds = ScheduleRounds(self.starter, self.times)

    def add(self, when: str = "0 * * * *", name: str = "hourly", **said: Any) -> Schedule:
        """A schedule of somebody's."""
        values = {"kind": "check", "request": {}, **said}
        values["missed"] = MissedRuns(values.get("missed", "once"))
        return self.desk.add(Wish(name=name, when=when, **values), "ada").schedule

    def at(self, text: str) -> None:
        """It is then, and who has the duty goes round."""
        self.watch.utc_ns = ns(text)
        self.rounds.run_once(self.watch.utc_ns)

    def made(self) -> list[Job]:
        """Every job that was ever put into the queue, oldest first."""
        return self.jobs.page(JobQuery(), Slice(1000)).items[::-1]

    def end(self, state: JobState = JobState.DONE) -> None:
        """What waits is worked off."""
        while (job := self.book.claim("w", frozenset({each.kind for each in self.made()}) or frozenset())) is not None:
            self.book.end(job, state, None, None)

    def firings(self, name: str = "hourly") -> list[Firing]:
        """Its times, oldest first."""
        return self.desk.firings(name, Slice(1000)).items[::-1]

    def told(self) -> list[str]:
        """Kinds of events."""
        return [each.kind for each in self.events.after("schedules", 0, 1000)]
