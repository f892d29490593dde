"""Where metrics are held: in Prometheus' client, or, where that is not installed, in memory.

Both implement `tradewright.ports.metrics.Metrics`. What is measured stands in `tradewright.domain.gauges`; who measures
knows neither of them. Nothing here asks a session, a job or a request for anything.
"""

from __future__ import annotations

__all__: list[str] = []
