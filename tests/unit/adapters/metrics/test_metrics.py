"""Metrics, in memory and in Prometheus' client: the same promises, and a page that Prometheus reads."""

from __future__ import annotations

import math
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tradewright.adapters.metrics.memory import HeldMetrics
from tradewright.adapters.metrics.prometheus import PrometheusMetrics
from tradewright.bootstrap.metering import open_metrics
from tradewright.domain import gauges
from tradewright.domain.gauges import GaugeKind, all_gauges


@pytest.fixture(params=[HeldMetrics, PrometheusMetrics])
def metrics(request):
    return request.param()


def samples(metrics):
    """Every sample of the page by name and labels, as a parser of Prometheus reads it."""
    page, kind = metrics.page()
    assert kind.startswith("text/plain")
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value
        for family in text_string_to_metric_families(page.decode())
        for each in family.samples
    }


def test_a_counter_grows(metrics):
    metrics.count(gauges.API_ERRORS, route="/v1/runs")
    metrics.count(gauges.API_ERRORS, 2, route="/v1/runs")
    assert samples(metrics)["tradewright_api_errors_total", (("route", "/v1/runs"),)] == 3


def test_a_counter_does_not_shrink(metrics):
    with pytest.raises(ValueError, match=r"only\b|only grows|amount|increment"):
        metrics.count(gauges.API_ERRORS, -1, route="/v1/runs")


def test_a_gauge_says_how_it_stands(metrics):
    for value in (4.0, 2.0):
        metrics.set(gauges.JOBS, value, kind="backtest", state="queued")
    assert samples(metrics)["tradewright_jobs", (("kind", "backtest"), ("state", "queued"))] == 2


def test_what_is_not_known_is_no_number_and_not_zero(metrics):
    metrics.set(gauges.FEED_AGE, 1.5, session="a", mode="paper")
    metrics.set(gauges.FEED_AGE, None, session="a", mode="paper")
    metrics.set(gauges.FEED_AGE, None, session="never", mode="paper")
    metrics.set(gauges.DISK_FREE, None)
    found = {key: value for key, value in samples(metrics).items() if not math.isnan(value)}
    assert not [name for name, _ in found if "feed_age" in name or "disk_free" in name]


def test_all_values_of_a_gauge_are_forgotten_together(metrics):
    metrics.set(gauges.PNL, 1.0, session="a", mode="paper")
    metrics.set(gauges.PNL, 2.0, session="b", mode="live")
    metrics.set(gauges.EQUITY, 3.0, session="a", mode="paper")
    metrics.forget(gauges.PNL)
    names = [name for name, _ in samples(metrics)]
    assert "tradewright_session_pnl" not in names
    assert "tradewright_session_equity" in names


def test_a_histogram_counts_and_sums(metrics):
    for seconds in (0.02, 0.3):
        metrics.observe(gauges.API_SECONDS, seconds, method="GET", route="/v1/runs")
    found = samples(metrics)
    labels = (("method", "GET"), ("route", "/v1/runs"))
    assert found["tradewright_api_request_seconds_count", labels] == 2
    assert found["tradewright_api_request_seconds_sum", labels] == pytest.approx(0.32)


def test_prometheus_gets_buckets():
    metrics = PrometheusMetrics()
    metrics.observe(gauges.API_SECONDS, 0.02, method="GET", route="/v1/runs")
    below = (("le", "0.025"), ("method", "GET"), ("route", "/v1/runs"))
    assert samples(metrics)["tradewright_api_request_seconds_bucket", below] == 1


@pytest.mark.parametrize(
    ("method", "gauge", "labels"),
    [
        ("count", gauges.JOBS, {"kind": "backtest", "state": "done"}),
        ("set", gauges.API_ERRORS, {"route": "/"}),
        ("observe", gauges.JOBS, {"kind": "backtest", "state": "done"}),
        ("set", gauges.JOBS, {"kind": "backtest"}),
        ("set", gauges.JOBS, {"kind": "backtest", "state": "done", "job": "17"}),
    ],
)
def test_another_kind_or_other_labels_are_a_mistake(metrics, method, gauge, labels):
    with pytest.raises(ValueError, match=gauge.name):
        getattr(metrics, method)(gauge, 1.0, **labels)


@pytest.mark.parametrize("hostile", ['a"b', "a\\b", "a\nb", 'x"} 1\ntradewright_jobs 9'])
def test_a_label_cannot_write_other_lines(metrics, hostile):
    metrics.set(gauges.PNL, 1.0, session=hostile, mode="paper")
    found = samples(metrics)
    assert found["tradewright_session_pnl", (("mode", "paper"), ("session", hostile))] == 1
    assert ("tradewright_jobs", ()) not in found


def test_every_name_is_one_that_prometheus_takes():
    names = [each.name for each in all_gauges()]
    assert len(set(names)) == len(names) > 25
    assert all(each.name.endswith("_total") == (each.kind is GaugeKind.COUNTER) for each in all_gauges())
    assert all(bool(each.buckets) == (each.kind is GaugeKind.HISTOGRAM) for each in all_gauges())


def test_without_the_client_metrics_are_held_in_memory(monkeypatch):
    assert isinstance(open_metrics(), PrometheusMetrics)
    monkeypatch.setattr("tradewright.bootstrap.metering.find_spec", lambda name: None)
    assert isinstance(open_metrics(), HeldMetrics)


def test_the_client_is_loaded_when_metrics_are_opened_and_not_before():
    import subprocess

    told = "import sys, tradewright.bootstrap.metering; print('prometheus_client' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
