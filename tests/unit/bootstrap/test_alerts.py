"""The watch and the meter as they are put together, over the stores of a folder."""

from __future__ import annotations

import threading

from tradewright.adapters.metrics.memory import HeldMetrics
from tradewright.adapters.storage.sql.events import SqlEvents
from tradewright.adapters.storage.sql.notices import SqlPlaces
from tradewright.app.alerts.channels import AlertPlan
from tradewright.app.alerts.watch import AlertWatch
from tradewright.bootstrap.alerts import alerts_watched, open_alert_desk, open_alert_watch
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.metering import open_meter
from tradewright.bootstrap.session_logs import session_logs
from tradewright.domain import gauges
from tradewright.domain.errors import StorageError

FAILED = {"id": "j1", "kind": "backtest", "owner": "ann", "state": "failed", "error": {"sentence": "It broke."}}
NOW = 1_763_719_200 * 10**9


def test_what_failed_between_two_looks_is_found_and_can_be_acknowledged(tmp_path):
    watch = open_alert_watch(HeldMetrics(), tmp_path)
    watch.run_once(NOW)
    database = state_database(tmp_path)
    SqlEvents(database).append("jobs", "state", FAILED, NOW)
    watch.run_once(NOW + 1)
    desk = open_alert_desk(AlertPlan(), database)
    (alert,) = desk.open().values()
    desk.acknowledge(alert.id, "ann", NOW + 2)
    assert desk.open() == {}


def test_the_meter_reads_sessions_jobs_and_the_disk(tmp_path):
    log = session_logs(tmp_path).create("alpha", {"mode": "paper"})
    log.measure({"state": "running", "equity": 5.0, "measured_ns": NOW})
    metrics = HeldMetrics()
    open_meter(metrics, tmp_path).refresh(NOW)
    assert metrics.value(gauges.EQUITY, session="alpha", mode="paper") == 5.0
    assert metrics.value(gauges.JOBS, kind="backtest", state="queued") == 0
    assert metrics.value(gauges.DISK_FREE) > 0
    log.close()


def within(seconds, holds):
    """Wait until something holds."""
    pause = threading.Event()
    for _ in range(int(seconds * 50)):
        if holds():
            return True
        pause.wait(0.02)
    return False


def test_a_thread_looks_again_and_again_until_the_block_ends(tmp_path):
    database = state_database(tmp_path)
    desk, places = open_alert_desk(AlertPlan(), database), SqlPlaces(database)
    with alerts_watched(HeldMetrics(), tmp_path, every_s=0.02):
        assert within(60, lambda: places.get("alerts/jobs") is not None)
        SqlEvents(database).append("jobs", "state", FAILED, NOW)
        assert within(60, desk.open)
    assert "alerts" not in {each.name for each in threading.enumerate()}


def test_a_store_that_is_away_for_a_moment_does_not_end_the_watch(tmp_path, monkeypatch, caplog):
    database = state_database(tmp_path)
    looks = []

    def look(self, now_ns):
        looks.append(now_ns)
        if len(looks) == 1:
            raise StorageError("The database is locked.")

    monkeypatch.setattr(AlertWatch, "run_once", look)
    with alerts_watched(HeldMetrics(), tmp_path, every_s=0.01):
        assert within(60, lambda: len(looks) > 2)
    assert "The database is locked." in caplog.text
    assert database.path.name == "runs.db"
