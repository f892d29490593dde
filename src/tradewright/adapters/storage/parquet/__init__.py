"""Bars in immutable Parquet files, named by content, under a catalogue in SQLite.

The catalogue is the commit point: a file that it does not name is not there. A version is a list of segments of a
fixed number of rows, so that versions share what they have in common and an append rewrites one segment at most.
"""

from __future__ import annotations

__all__: list[str] = []
