"""Readings: how sessions, jobs and disks stand, made into metrics.

Everything comes by ports, and `tradewright.domain.gauges` has the names. Nothing is counted here that a request or a
job counts by itself.
"""

from __future__ import annotations

__all__: list[str] = []
