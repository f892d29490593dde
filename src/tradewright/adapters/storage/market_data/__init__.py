"""Bars as rows of PostgreSQL: the table ``market_data.bars``, cut by time, under a catalogue beside it.

What a store of segments does alike wherever it lies is in `tradewright.adapters.storage.segmented`.
"""

from __future__ import annotations

__all__: list[str] = []
