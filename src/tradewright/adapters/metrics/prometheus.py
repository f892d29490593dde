"""`tradewright.ports.metrics.Metrics` over Prometheus' own client, with a registry of its own."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client import Gauge as PrometheusGauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from tradewright.domain.gauges import GaugeKind, all_gauges

from .checked import PREFIX, label_values

if TYPE_CHECKING:
    from tradewright.domain.gauges import Gauge

__all__ = ["PrometheusMetrics"]


class PrometheusMetrics:
    """Every metric of the house, and memory, processor time and open files of this process.

    See `tradewright.ports.metrics.Metrics` for what the methods promise.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(namespace=PREFIX.rstrip("_"), registry=self._registry)
        self._held: dict[str, Any] = {each.name: self._made(each) for each in all_gauges()}

    def _made(self, gauge: Gauge) -> Any:
        name, words, registry = PREFIX + gauge.name, gauge.meaning, self._registry
        if gauge.kind is GaugeKind.HISTOGRAM:
            return Histogram(name, words, gauge.labels, buckets=gauge.buckets, registry=registry)
        made = Counter if gauge.kind is GaugeKind.COUNTER else PrometheusGauge
        return made(name, words, gauge.labels, registry=registry)

    def _of(self, gauge: Gauge, kind: GaugeKind, labels: dict[str, str]) -> Any:
        values = label_values(gauge, kind, labels)
        held = self._held[gauge.name]
        return held.labels(*values) if values else held

    def count(self, gauge: Gauge, by: float = 1.0, **labels: str) -> None:
        """See `Metrics.count`."""
        self._of(gauge, GaugeKind.COUNTER, labels).inc(by)

    def set(self, gauge: Gauge, value: float | None, **labels: str) -> None:
        """See `Metrics.set`."""
        if value is not None:
            self._of(gauge, GaugeKind.GAUGE, labels).set(value)
            return
        values = label_values(gauge, GaugeKind.GAUGE, labels)
        if not values:
            # One without labels always has a value; what is not known is not a number.
            self._held[gauge.name].set(float("nan"))
            return
        with contextlib.suppress(KeyError):
            self._held[gauge.name].remove(*values)

    def observe(self, gauge: Gauge, value: float, **labels: str) -> None:
        """See `Metrics.observe`."""
        self._of(gauge, GaugeKind.HISTOGRAM, labels).observe(value)

    def forget(self, gauge: Gauge) -> None:
        """See `Metrics.forget`."""
        if gauge.labels:
            self._held[gauge.name].clear()

    def page(self) -> tuple[bytes, str]:
        """See `Metrics.page`."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST
