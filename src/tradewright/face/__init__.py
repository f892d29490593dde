"""What users call from Python: reading bars, backtests and what comes back from them.

Every name here is a promise, documented with shapes, units and errors, and loads its libraries at first use. It takes
arguments apart, hands them to the wiring and returns; no rule and no formula lives here.
"""

from __future__ import annotations

__all__: list[str] = []
