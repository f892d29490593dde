"""The metrics of this process: Prometheus' client where it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.app.metering.house import HouseMeter
    from tradewright.ports.metrics import Metrics

__all__ = ["open_meter", "open_metrics"]


def open_metrics() -> Metrics:
    """Metrics with nothing in them; those without the extra ``server`` lack the buckets of histograms."""
    if find_spec("prometheus_client") is None:
        from tradewright.adapters.metrics.memory import HeldMetrics

        return HeldMetrics()
    from tradewright.adapters.metrics.prometheus import PrometheusMetrics

    return PrometheusMetrics()


def open_meter(metrics: Metrics, folder: str | PathLike[str] | None = None) -> HouseMeter:
    """What reads sessions, jobs and the disk into metrics when it is asked to, before their page is shown.

    Parameters
    ----------
    metrics : Metrics
    folder : path, optional
        The folder of all stores, where it is another than that of the settings.
    """
    from tradewright.adapters.storage.sql.events import SqlEvents
    from tradewright.adapters.storage.sql.jobs import SqlJobs
    from tradewright.app.metering.house import HouseMeter
    from tradewright.app.projections.summary import ratios_of
    from tradewright.bootstrap.databases import state_database
    from tradewright.bootstrap.projections import trading_rows
    from tradewright.bootstrap.session_readings import SessionReadings, disk_readings

    readings, database = SessionReadings(folder), state_database(folder)
    rows = trading_rows(database)
    return HouseMeter(
        metrics, readings.all, readings.tally, SqlJobs(database), lambda: disk_readings(folder), SqlEvents(database),
        lambda session: ratios_of(rows, session),
    )  # fmt: skip
