"""Ground-floor mathematics: arrays in, arrays or numbers out.

Indicators, returns, drawdowns, ratios and the statistics behind them live here, each a pure function whose conventions
are arguments. Frames, clocks, files, orders and anything that knows of a run may not enter; TA-Lib is reached through
``talib_gateway`` alone.
"""

from __future__ import annotations

__all__: list[str] = []
