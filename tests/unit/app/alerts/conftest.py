"""A house with real stores, channels that can be told what to do, and sessions that stand as the test says."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete

from tradewright.adapters.metrics.memory import HeldMetrics
from tradewright.adapters.storage.sql.alerts import SqlAlerts, SqlDeliveries
from tradewright.adapters.storage.sql.audit import SqlAudit
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.events import SqlEvents
from tradewright.adapters.storage.sql.jobs import SqlJobs
from tradewright.adapters.storage.sql.notices import SqlNotices, SqlPlaces
from tradewright.adapters.storage.sql.schema import METADATA
from tradewright.app.alerts.channels import AlertPlan, Channel
from tradewright.app.alerts.desk import AlertDesk
from tradewright.app.alerts.post_room import PostRoom
from tradewright.app.alerts.watch import AlertWatch, Sight
from tradewright.domain.control.alerts import AlertQuery, Severity
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.readings import DiskReading, SessionReading
from tradewright.domain.errors import NotifyError

S = 1_000_000_000
NOW = 1_763_719_200 * S
"""21 November 2025, 10:00 UTC."""

FEED = {"is_market_open": True, "is_connected": True, "is_behind": False}
ACCOUNT = {"is_latched": False, "is_paused": False, "is_halted": False, "frozen": {}, "unknown_orders": 0}


class Line:
    """A channel's line: it keeps what it is given, or fails."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.error: NotifyError | None = None
        self.attempts = 0

    def send(self, notice: Any) -> None:
        self.attempts += 1
        if self.error is not None:
            raise self.error
        self.taken.append(notice)

    @property
    def sentences(self) -> list[str]:
        return [f"{each.kind}: {each.alerts[0].sentence}" for each in self.taken]


class House:
    """The stores, and a watch that can be begun anew over them."""

    def __init__(self, database: Database) -> None:
        self.alerts, self.log = SqlAlerts(database), SqlDeliveries(database)
        self.events, self.jobs = SqlEvents(database), SqlJobs(database)
        self.queue, self.places = SqlNotices(database), SqlPlaces(database)
        self.audit, self.metrics = SqlAudit(database), HeldMetrics()
        self.line = Line()
        self.plan = AlertPlan(channels=(Channel("desk", lambda: self.line),))
        self.sessions: list[SessionReading] = []
        self.disks = [DiskReading("the stores", 500 * 10**9, 10**12)]
        self.placed = 0
        self.now = NOW
        self.begin()

    def begin(self) -> AlertWatch:
        """A process that has just started."""
        self.desk = AlertDesk(self.alerts, self.queue, self.events, self.plan)
        post_room = PostRoom(self.queue, self.alerts, self.log, self.plan, self.metrics)
        sight = Sight(
            events=self.events, places=self.places, jobs=self.jobs, audit=self.audit, sessions=lambda: self.sessions,
            rate=lambda session, within_s, now_ns: self.placed, disks=lambda: self.disks,
        )  # fmt: skip
        self.watch = AlertWatch(sight, self.desk, post_room, self.metrics)
        return self.watch

    def look(self, after_s: float = 0.0) -> None:
        """A look, so many seconds later."""
        self.now += int(after_s * S)
        self.watch.run_once(self.now)

    def stands(self, name: str = "alpha", *, alive: bool | None = True, **said: Any) -> None:
        """A session stands so from now on."""
        standing = {"state": "running", "measured_ns": self.now, "feed": FEED, "account": ACCOUNT, **said}
        self.sessions = [SessionReading(name, {"mode": "live"}, standing, alive)]

    def account(self, **said: Any) -> None:
        self.stands(account={**ACCOUNT, **said})

    def job_failed(self, sentence: str = "It broke.", owner: str = "ann", kind: str = "backtest") -> None:
        body = {"id": "j1", "kind": kind, "owner": owner, "state": "failed", "error": {"sentence": sentence}}
        self.events.append("jobs", "state", body, self.now)

    def open(self) -> list[Any]:
        return self.alerts.page(AlertQuery(is_resolved=False), Slice(100)).items

    def rules(self) -> list[str]:
        return sorted(each.rule for each in self.open())


@pytest.fixture(scope="module")
def _database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return Database(tmp_path_factory.mktemp("alerts") / "runs.db")


@pytest.fixture
def house(_database: Database) -> House:
    with _database.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(delete(table))
    house = House(_database)
    house.look()
    return house


__all__ = ["ACCOUNT", "FEED", "NOW", "House", "Line", "S", "Severity", "SimpleNamespace", "replace"]
