"""One event loop and one order road for every mode, and the record of what happened on them.

The engine moves the cursor over the market, lets the venue work the open orders, delivers fills and calls strategies;
orders come back over the desk, through the risk gate. No file, frame, wall clock or socket may enter: what differs
between modes is plugged in from above.
"""

from __future__ import annotations

__all__: list[str] = []
