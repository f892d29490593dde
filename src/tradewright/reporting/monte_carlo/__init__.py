"""What a Monte Carlo study shows: how else a run could have gone, beside how it went.

Paths, quantiles and shares come as values, for drawing them belongs to research; here they are put into words and
pictures. None of them tells of markets that were not in the data, and every view says so.
"""

from __future__ import annotations

from tradewright.reporting.monte_carlo.result import MonteCarloResult

__all__ = ["MonteCarloResult"]
