"""From the record of a run to what people read: result, metrics table, trust states, JSON, HTML and plots.

Trust states and warnings are computed once, here, and read the same everywhere. Frames are known to `frames` and
Plotly to `plots` alone; nothing here may change a record or run a strategy.
"""

from __future__ import annotations

__all__: list[str] = []
