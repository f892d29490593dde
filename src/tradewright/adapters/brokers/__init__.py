"""Brokers: each venue in a room of its own. `windows` reads the windows of a venue; no venue is known here.

What they share with providers of data is in `tradewright.adapters.wire`.
"""

from __future__ import annotations

__all__: list[str] = []
