"""The engine on real time: rows come one by one, fills come from the simulated venue or from a broker.

The same loop, gate, books and contexts as a backtest's; what differs is filled in at three places: the market grows,
the schedule is told by the rows instead of known from the data, and a strategy that raises stops alone.
"""

from __future__ import annotations

__all__: list[str] = []
