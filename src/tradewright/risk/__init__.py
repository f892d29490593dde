"""The risk gate: limits, and the one place that approves or refuses an order.

Limits are scalar rules over one small state object, written like the rules of the exchange so that they can run
compiled. Nothing here sends an order, reads a clock or knows a strategy; only this room may mint an approved order.
"""

from __future__ import annotations

__all__: list[str] = []
