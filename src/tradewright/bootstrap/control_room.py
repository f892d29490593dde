"""The control room: everything the HTTP door asks, over the stores of one installation."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.home import storage_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.adapters.storage.sql.database import Database
    from tradewright.app.access.auditing import Auditor
    from tradewright.app.alerts.desk import AlertDesk
    from tradewright.app.approve import ApprovalDesk
    from tradewright.app.jobs.queue import JobQueue
    from tradewright.app.live.books import SessionBooks
    from tradewright.app.metering.house import HouseMeter
    from tradewright.app.projections.projector import Projector
    from tradewright.app.recipes import BarsAgain
    from tradewright.app.runs.archive import RunArchive
    from tradewright.app.runs.loaded import LoadedRuns
    from tradewright.app.runs.studies import KeptStudies
    from tradewright.app.schedules.desk import ScheduleDesk
    from tradewright.bootstrap.access import Access
    from tradewright.bootstrap.catalogue import Catalogue
    from tradewright.bootstrap.desk_acts import DeskActs
    from tradewright.bootstrap.session_starts import SessionStarts
    from tradewright.domain.control.alerts import Delivery
    from tradewright.ports.alerts import AlertStore
    from tradewright.ports.bar_store import BarStore
    from tradewright.ports.coverage import CoverageBook
    from tradewright.ports.duties import Duties
    from tradewright.ports.events import EventBus, EventLog
    from tradewright.ports.keyed_requests import KeyedRequestStore
    from tradewright.ports.metrics import Metrics
    from tradewright.ports.request_box import RequestBox
    from tradewright.ports.session_log import SessionLogs
    from tradewright.ports.trading_rows import TradingRows
    from tradewright.ports.trial_ledger import TrialLedger

__all__ = ["ControlRoom", "control_room"]


@dataclass(frozen=True)
class ControlRoom:
    """What a server serves. Stores are opened when something is first asked of them, and are safe for many threads.

    Parameters
    ----------
    named : Path or None
        The folder of all stores where it is named; else it is found, and the database is that of the settings.
    project : Path
        From which settings and catalogue are found upward.
    version : str
        Of the program.
    reader : callable
        Makes what reads the bars of a kept run again.
    now_ns : callable
        The time of day, UTC nanoseconds.
    """

    named: Path | None
    project: Path
    version: str
    reader: Callable[[], BarsAgain]
    now_ns: Callable[[], int]

    @cached_property
    def folder(self) -> Path:
        """The folder of all stores."""
        return storage_folder() if self.named is None else self.named

    @cached_property
    def archive(self) -> RunArchive:
        """The kept runs."""
        from tradewright.bootstrap.run_archive import run_archive

        return run_archive(self.named)

    @cached_property
    def loaded(self) -> LoadedRuns:
        """Results of kept runs, held ready."""
        from tradewright.app.runs.loaded import LoadedRuns

        return LoadedRuns(self.archive, self.reader)

    @cached_property
    def studies(self) -> KeptStudies:
        """Searches and walks that runs came from, held ready."""
        from tradewright.app.runs.studies import KeptStudies

        return KeptStudies(self.archive)

    @cached_property
    def trials(self) -> TrialLedger:
        """Every trial that was made."""
        from tradewright.bootstrap.trial_ledger import trial_ledger

        return trial_ledger(self.named)

    @cached_property
    def bars(self) -> BarStore:
        """The stored bars."""
        from tradewright.bootstrap.bar_store import bar_store

        return bar_store(self.named)

    @cached_property
    def coverage(self) -> CoverageBook:
        """What sources of bars were asked for."""
        from tradewright.bootstrap.coverage import coverage_book

        return coverage_book(self.named)

    @cached_property
    def sessions(self) -> SessionLogs:
        """The records of paper and live sessions."""
        from tradewright.bootstrap.session_logs import session_logs

        return session_logs(self.named)

    @cached_property
    def session_books(self) -> SessionBooks:
        """What sessions came to, read off their records as far as they have grown."""
        from tradewright.app.live.books import SessionBooks

        return SessionBooks(self.sessions)

    @cached_property
    def trading(self) -> TradingRows:
        """What the sessions did, in rows that can be listed."""
        from tradewright.bootstrap.projections import trading_rows

        return trading_rows(self.database)

    def trading_now(self) -> TradingRows:
        """The same, with what sessions did just now; as they were where they cannot be read or written."""
        from tradewright.domain.errors import StorageError

        with suppress(StorageError):
            self.projector.catch_up()
        return self.trading

    @cached_property
    def projector(self) -> Projector:
        """What makes those rows."""
        from tradewright.bootstrap.projections import open_projector

        return open_projector(self.folder, self.database)

    @cached_property
    def approvals(self) -> ApprovalDesk:
        """Where persons approve."""
        from tradewright.bootstrap.approval_desk import approval_desk

        return approval_desk(self.now_ns, self.named)

    @cached_property
    def database(self) -> Database:
        """The database of everything that is no bulk."""
        from tradewright.bootstrap.databases import state_database

        return state_database(self.named)

    @cached_property
    def events(self) -> EventLog:
        """What happened, by topic."""
        from tradewright.bootstrap.events import event_log

        return event_log(self.database)

    @cached_property
    def bus(self) -> EventBus | None:
        """What wakes readers of events on other hosts, where the settings name it."""
        from tradewright.bootstrap.events import event_bus

        return event_bus()

    @cached_property
    def duties(self) -> Duties:
        """What one process at a time does for all, and which."""
        from tradewright.adapters.storage.sql.duties import SqlDuties

        return SqlDuties(self.database)

    @cached_property
    def alerts(self) -> AlertStore:
        """What a person has to know."""
        from tradewright.adapters.storage.sql.alerts import SqlAlerts

        return SqlAlerts(self.database)

    @cached_property
    def alert_desk(self) -> AlertDesk:
        """Where alerts are acknowledged, by the rules that the settings say."""
        from tradewright.bootstrap.alerts import open_alert_desk, said_plan

        return open_alert_desk(said_plan(), self.database)

    def told(self, alert_id: str) -> list[Delivery]:
        """Whom an alert reached, oldest first."""
        from tradewright.adapters.storage.sql.alerts import SqlDeliveries

        return SqlDeliveries(self.database).of(alert_id)

    @cached_property
    def keyed_requests(self) -> KeyedRequestStore:
        """Requests that act once."""
        from tradewright.adapters.storage.sql.keyed_requests import SqlKeyedRequests

        return SqlKeyedRequests(self.database)

    def request_box(self, session: str) -> RequestBox:
        """Where a session is asked something."""
        from tradewright.bootstrap.session_logs import request_box

        return request_box(session, self.named)

    @property
    def desk(self) -> DeskActs:
        """Where a person acts on accounts and sessions."""
        from tradewright.bootstrap.desk_acts import DeskActs

        return DeskActs(self.folder, self.project)

    @cached_property
    def starts(self) -> SessionStarts:
        """Where sessions begin."""
        from tradewright.bootstrap.session_starts import SessionStarts

        return SessionStarts(self.folder, self.project, self.jobs, self.approvals, self.sessions)

    @cached_property
    def auditor(self) -> Auditor:
        """Who writes down what was done."""
        from tradewright.app.access.auditing import Auditor

        return Auditor(self.access.audit, self.now_ns)

    @cached_property
    def access(self) -> Access:
        """Who gets in."""
        from tradewright.bootstrap.access import access_desks

        return access_desks(self.now_ns, secrets.token_bytes, self.named)

    @cached_property
    def jobs(self) -> JobQueue:
        """Work that runs by itself."""
        from tradewright.bootstrap.jobs import job_queue

        return job_queue(self.named)

    @cached_property
    def schedules(self) -> ScheduleDesk:
        """What is to happen by itself."""
        from tradewright.bootstrap.schedules import schedule_desk

        return schedule_desk(self.named, self.now_ns)

    @property
    def upload_folder(self) -> Path:
        """Where files that somebody sent wait to be imported."""
        from tradewright.bootstrap.jobs import upload_folder

        return upload_folder(self.named)

    @cached_property
    def metrics(self) -> Metrics:
        """What is measured of this process."""
        from tradewright.bootstrap.metering import open_metrics

        return open_metrics()

    @cached_property
    def meter(self) -> HouseMeter:
        """What reads sessions, jobs and the disk into the metrics."""
        from tradewright.bootstrap.metering import open_meter

        return open_meter(self.metrics, self.named)

    def close(self) -> None:
        """Let go of what is held open between requests."""
        if "database" in self.__dict__:
            self.database.close()

    def new_id(self) -> str:
        """An id that nothing else has."""
        return secrets.token_hex(8)

    def catalogue(self) -> Catalogue:
        """The strategies that can be named, as their files are now.

        Raises
        ------
        ConfigError
            When the catalogue is broken.
        """
        from tradewright.bootstrap.catalogue import find_catalogue

        return find_catalogue(self.project)


def control_room(
    version: str,
    reader: Callable[[], BarsAgain],
    *,
    folder: Path | None = None,
    project: Path | None = None,
    now_ns: Callable[[], int] = time.time_ns,
) -> ControlRoom:
    """The control room over the folder of all stores and the project of the working folder, or over others."""
    return ControlRoom(folder, project or Path.cwd(), version, reader, now_ns)
