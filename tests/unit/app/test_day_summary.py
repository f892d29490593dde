"""The day in words and as values: each mode and currency by itself, jobs, and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.job_desk import empty_database
from tests.unit.app.projections.test_summary import NOW, S, day, session

from tradewright.adapters.storage.sql.alerts import SqlAlerts
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.jobs import SqlJobs
from tradewright.app.day_summary import DaySummary, summary_finding, summary_of_the_day, summary_words
from tradewright.app.projections.summary import Period, summaries
from tradewright.domain.control.alerts import Alert, Severity
from tradewright.domain.control.jobs import Job, JobKind, JobLimits, JobState
from tradewright.domain.control.paging import Page


class NoTrading:
    """Rows of an installation in which nothing was traded."""

    def days(self, *_):
        return []

    def sessions(self, *_):
        return Page([], 0)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    (tmp_path / "runs.db").write_bytes(empty_database())
    return Database(tmp_path / "runs.db")


def summed(sessions, days, **said):
    groups = tuple(summaries(sessions, days, Period.DAY, NOW))
    return DaySummary(NOW, groups, {"done": 3, "failed": 1}, {"info": 0, "warning": 2, "critical": 1}, **said)


def test_every_group_is_told_by_itself_with_its_gain_and_its_drawdown():
    running = session("a", equity=95_000.0, positions=(), orders=())
    days = [day(0, 100_000.0, 95_000.0, "a", placed=4, trades=2), day(0, 50.0, 51.0, "b")]
    words = summary_words(summed([running, session("b", "live", "EUR")], days))
    assert words == (
        "live EUR on 2026-05-27, day +1.00 (+2.00%), drawdown 0.00%, 0 orders, 0 trades, 0 running; "
        "paper USD on 2026-05-27, equity 95,000.00, day -5,000.00 (-5.00%), drawdown 5.00%, 4 orders, 2 trades, "
        "1 running. "
        "Jobs of 24 h: 3 done, 1 failed. Open alerts: 2 warning, 1 critical."
    )


def test_what_is_undefined_is_left_out_of_words_and_has_its_reason_as_a_value():
    summary = summed([session("a", equity=None)], [])
    assert summary_words(summary).startswith("paper USD, 0 orders, 0 trades, 1 running. ")
    [group] = summary.to_dict()["groups"]
    assert (group["day"], group["metrics"]["day_pnl"]) == (None, None)
    assert group["reasons"]["day_pnl"] == "No session had a bar within the period."


def test_jobs_are_those_of_a_day_and_alerts_those_that_are_open(database):
    jobs, alerts = SqlJobs(database), SqlAlerts(database)
    for number, (age_h, state) in enumerate([(1, JobState.DONE), (23, JobState.FAILED), (25, JobState.DONE)]):
        made = NOW - age_h * 3600 * S
        jobs.add(Job(f"j{number}", JobKind.CHECK_DATA, state, "ada", {}, JobLimits(), made, ended_ns=made))
    for number, resolved in enumerate([None, NOW]):
        alerts.raise_(Alert(f"a{number}", "disk_low", f"disk {number}", Severity.CRITICAL, "Full.", None, NOW, NOW))
        if resolved:
            alerts.resolve("disk_low", f"disk {number}", NOW)
    found = summary_of_the_day(NoTrading(), jobs, alerts, NOW)
    assert found.jobs == {"done": 1, "failed": 1, "cancelled": 0}
    assert found.alerts == {"info": 0, "warning": 0, "critical": 1}
    assert summary_words(found).startswith("Nothing is traded. ")


def test_what_people_are_told_has_its_day_and_is_known_by_its_job():
    found = summary_finding(summed([], []), "j1")
    assert (found.rule, found.subject, found.source) == ("daily_summary", "the day until 2026-05-27", "jobs/j1")
    assert found.sentence.startswith("Summary of 2026-05-27. Nothing is traded. ")
    assert summary_finding(summed([], []), None).source is None
