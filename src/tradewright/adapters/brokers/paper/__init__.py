"""A broker without a market of its own: the simulated exchange, trading on the bars that it is given.

The rules of filling are those of backtests. It holds its account in memory, needs no credentials, and moves no money.
"""

from __future__ import annotations

__all__: list[str] = []
