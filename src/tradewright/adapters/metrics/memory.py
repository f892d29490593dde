"""`tradewright.ports.metrics.Metrics` in memory: for tests, and where Prometheus' client is not installed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tradewright.domain.gauges import GaugeKind

from .checked import PREFIX, label_values

if TYPE_CHECKING:
    from tradewright.domain.gauges import Gauge

__all__ = ["HeldMetrics"]

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class HeldMetrics:
    """Holds the last value of each; of a histogram how many values there were and their sum.

    See `tradewright.ports.metrics.Metrics` for what the methods promise.
    """

    def __init__(self) -> None:
        self._values: dict[tuple[str, tuple[str, ...]], float] = {}
        self._sums: dict[tuple[str, tuple[str, ...]], float] = {}
        self._known: dict[str, Gauge] = {}
        self._lock = threading.Lock()

    def _key(self, gauge: Gauge, kind: GaugeKind, labels: dict[str, str]) -> tuple[str, tuple[str, ...]]:
        self._known[gauge.name] = gauge
        return gauge.name, label_values(gauge, kind, labels)

    def value(self, gauge: Gauge, **labels: str) -> float | None:
        """The value in force, None where none is; of a histogram how many there were."""
        return self._values.get(self._key(gauge, gauge.kind, labels))

    def count(self, gauge: Gauge, by: float = 1.0, **labels: str) -> None:
        """See `Metrics.count`."""
        if by < 0:
            raise ValueError(f"{gauge.name} only grows.")
        key = self._key(gauge, GaugeKind.COUNTER, labels)
        with self._lock:
            self._values[key] = self._values.get(key, 0.0) + by

    def set(self, gauge: Gauge, value: float | None, **labels: str) -> None:
        """See `Metrics.set`."""
        key = self._key(gauge, GaugeKind.GAUGE, labels)
        with self._lock:
            if value is None:
                self._values.pop(key, None)
            else:
                self._values[key] = value

    def observe(self, gauge: Gauge, value: float, **labels: str) -> None:
        """See `Metrics.observe`."""
        key = self._key(gauge, GaugeKind.HISTOGRAM, labels)
        with self._lock:
            self._values[key] = self._values.get(key, 0.0) + 1
            self._sums[key] = self._sums.get(key, 0.0) + value

    def forget(self, gauge: Gauge) -> None:
        """See `Metrics.forget`."""
        with self._lock:
            for key in [key for key in self._values if key[0] == gauge.name]:
                del self._values[key]

    def page(self) -> tuple[bytes, str]:
        """See `Metrics.page`."""
        with self._lock:
            lines = [line for key, value in sorted(self._values.items()) for line in self._lines(key, value)]
        return "".join(f"{line}\n" for line in lines).encode(), _TEXT

    def _lines(self, key: tuple[str, tuple[str, ...]], value: float) -> list[str]:
        gauge = self._known[key[0]]
        pairs = ",".join(f'{name}="{_quoted(each)}"' for name, each in zip(gauge.labels, key[1], strict=True))
        name, braces = PREFIX + gauge.name, f"{{{pairs}}}" if pairs else ""
        if gauge.kind is GaugeKind.HISTOGRAM:
            return [f"{name}_count{braces} {value}", f"{name}_sum{braces} {self._sums[key]}"]
        return [f"{name}{braces} {value}"]


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
