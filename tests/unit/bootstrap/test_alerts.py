"""The watch and the meter as they are put together, over the stores of a folder."""

from __future__ import annotations

from tradewright.adapters.metrics.memory import HeldMetrics
from tradewright.adapters.storage.sql.events import SqlEvents
from tradewright.app.alerts.channels import AlertPlan
from tradewright.bootstrap.alerts import open_alert_desk, open_alert_watch
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.metering import open_meter
from tradewright.bootstrap.session_logs import session_logs
from tradewright.domain import gauges

NOW = 1_763_719_200 * 10**9


def test_what_failed_between_two_looks_is_found_and_can_be_acknowledged(tmp_path):
    watch = open_alert_watch(HeldMetrics(), tmp_path)
    watch.run_once(NOW)
    database = state_database(tmp_path)
    body = {"id": "j1", "kind": "backtest", "owner": "ann", "state": "failed", "error": {"sentence": "It broke."}}
    SqlEvents(database).append("jobs", "state", body, NOW)
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
