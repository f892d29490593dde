"""The promise that both adapters keep: the right kind, the right labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.gauges import Gauge, GaugeKind

__all__ = ["PREFIX", "label_values"]

PREFIX = "tradewright_"
"""What every name begins with."""


def label_values(gauge: Gauge, kind: GaugeKind, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The values of the labels in the order of their names.

    Raises
    ------
    ValueError
        When the metric is of another kind or has other labels.
    """
    if gauge.kind is not kind:
        raise ValueError(f"{gauge.name} is a {gauge.kind}, not a {kind}.")
    if labels.keys() != set(gauge.labels):
        raise ValueError(f"{gauge.name} has the labels {gauge.labels}, not {tuple(sorted(labels))}.")
    return tuple(labels[name] for name in gauge.labels)
