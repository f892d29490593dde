"""Bars in segments under a catalogue, wherever both lie: as files with SQLite, or as rows of PostgreSQL.

A version is a list of segments of a fixed number of rows, so that versions share what they have in common and an append
rewrites one segment at most. The catalogue is the commit point: a segment that it does not name is not there.
"""

from __future__ import annotations

__all__: list[str] = []
