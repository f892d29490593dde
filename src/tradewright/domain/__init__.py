"""The ground: values that every other room speaks in.

Instruments, timeframes, bars, orders with their state machine, fills, positions, events, errors and the run record live
here, each born valid or not at all. Nothing may enter that reads a clock, a file or another room; numpy is the only
library, and only `plugins` looks beyond the process, at what packages are installed, when a part is asked for by name.
"""

from __future__ import annotations

__all__: list[str] = []
