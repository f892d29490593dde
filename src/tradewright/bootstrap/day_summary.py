"""The summary of the day put together: out of the stores of this installation, and to whom alerts go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.app.day_summary import summary_finding, summary_of_the_day
from tradewright.bootstrap.alerts import open_alert_desk, said_plan
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.projections import open_projector, trading_rows

if TYPE_CHECKING:
    from tradewright.app.day_summary import DaySummary
    from tradewright.domain.control.alerts import Alert

__all__ = ["sum_up", "tell_summary"]


def sum_up(now_ns: int) -> DaySummary:
    """The day until now, with what sessions did a moment ago.

    Raises
    ------
    StorageError
    """
    from tradewright.adapters.storage.sql.alerts import SqlAlerts
    from tradewright.adapters.storage.sql.jobs import SqlJobs

    database = state_database()
    open_projector(database=database).catch_up()
    return summary_of_the_day(trading_rows(database), SqlJobs(database), SqlAlerts(database), now_ns)


def tell_summary(summary: DaySummary, job_id: str | None) -> Alert | None:
    """Queue it for the channels of the settings; None where the rule ``daily_summary`` is switched off.

    Parameters
    ----------
    summary : DaySummary
    job_id : str or None
        The job that tells it: begun twice, it is told once.

    Raises
    ------
    ConfigError
        When what the settings say of alerts cannot be used.
    StorageError
    """
    desk = open_alert_desk(said_plan(), state_database())
    return desk.raise_(summary_finding(summary, job_id), summary.at_ns)
