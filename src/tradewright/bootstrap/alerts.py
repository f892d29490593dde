"""Alerts put together: the desk, and the watch over everything that is kept and running."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.app.alerts.channels import AlertPlan
from tradewright.app.alerts.desk import AlertDesk
from tradewright.app.alerts.post_room import PostRoom
from tradewright.app.alerts.watch import AlertWatch, Sight
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.duties import rounds_kept
from tradewright.bootstrap.events import event_log
from tradewright.bootstrap.session_readings import SessionReadings, disk_readings
from tradewright.bootstrap.settings import said_settings
from tradewright.domain.control.duties import ALERTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from tradewright.adapters.storage.sql.database import Database
    from tradewright.ports.metrics import Metrics

__all__ = ["alerts_watched", "open_alert_desk", "open_alert_watch", "said_plan"]


def open_alert_desk(plan: AlertPlan, database: Database) -> AlertDesk:
    """Where alerts are raised and acknowledged.

    Parameters
    ----------
    plan : AlertPlan
        What the settings say: `said_plan`.
    database : Database
    """
    from tradewright.adapters.storage.sql.alerts import SqlAlerts
    from tradewright.adapters.storage.sql.notices import SqlNotices

    return AlertDesk(SqlAlerts(database), SqlNotices(database), event_log(database), plan)


def said_plan() -> AlertPlan:
    """The rules and channels of the settings that are in force here; all rules and no channel where nothing is said.

    Raises
    ------
    ConfigError
        When what is said cannot be used.
    """
    settings = said_settings(Path.cwd(), os.environ)
    if settings is None or settings.alerts is None:
        return AlertPlan()
    from tradewright.bootstrap.alert_settings import alert_plan

    return alert_plan(settings.alerts, os.environ)


def open_alert_watch(
    metrics: Metrics, folder: str | PathLike[str] | None = None, plan: AlertPlan | None = None
) -> AlertWatch:
    """A watch over jobs, sessions, log-ins and the disk; it does nothing until `AlertWatch.run_once` is called.

    Parameters
    ----------
    metrics : Metrics
        Where deliveries and open alerts are counted.
    folder : path, optional
        The folder of all stores, where it is another than that of the settings.
    plan : AlertPlan, optional
        What the settings say without it.

    Raises
    ------
    ConfigError
        When what the settings say cannot be used.
    """
    from tradewright.adapters.storage.sql.alerts import SqlAlerts, SqlDeliveries
    from tradewright.adapters.storage.sql.audit import SqlAudit
    from tradewright.adapters.storage.sql.jobs import SqlJobs
    from tradewright.adapters.storage.sql.notices import SqlNotices, SqlPlaces

    plan = said_plan() if plan is None else plan
    database = state_database(folder)
    readings = SessionReadings(folder)
    sight = Sight(
        events=event_log(database), places=SqlPlaces(database), jobs=SqlJobs(database), audit=SqlAudit(database),
        sessions=readings.all, rate=readings.rate, disks=lambda: disk_readings(folder),
    )  # fmt: skip
    queue, alerts = SqlNotices(database), SqlAlerts(database)
    post_room = PostRoom(queue, alerts, SqlDeliveries(database), plan, metrics)
    return AlertWatch(sight, open_alert_desk(plan, database), post_room, metrics)


@contextmanager
def alerts_watched(metrics: Metrics, folder: str | PathLike[str] | None = None, every_s: float = 2.0) -> Iterator[None]:
    """Watch in a thread beside, for as long as the block lasts; a store that is away is asked again at the next look.

    Of all processes that do so over one database one looks at a time: where it ends another goes on at once, where it
    dies as soon as it is missed.

    Parameters
    ----------
    metrics : Metrics
    folder : path, optional
        As of `open_alert_watch`.
    every_s : float
        Between two looks.

    Raises
    ------
    ConfigError
        When what the settings say cannot be used.
    """
    watch = open_alert_watch(metrics, folder)
    with rounds_kept(ALERTS, state_database(folder), watch.run_once, every_s):
        yield
