"""The metrics of this process: Prometheus' client where it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.ports.metrics import Metrics

__all__ = ["open_metrics"]


def open_metrics() -> Metrics:
    """Metrics with nothing in them; those without the extra ``server`` lack the buckets of histograms."""
    if find_spec("prometheus_client") is None:
        from tradewright.adapters.metrics.memory import HeldMetrics

        return HeldMetrics()
    from tradewright.adapters.metrics.prometheus import PrometheusMetrics

    return PrometheusMetrics()
