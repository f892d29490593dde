"""One event loop and one order road for every mode, and the record of what happened on them.

What differs between modes is plugged in: the clock, the bars and the venue. No wall clock, no asyncio, no frame and
no mode flag enters; Numba is known to `compiled` alone.
"""

from __future__ import annotations

__all__: list[str] = []
