"""Brokers: each venue in a room of its own, and here what they share.

`rate_limiter` keeps a venue's pace, `reading` asks again where nothing changes by asking, `gated_http` carries requests
whose first byte waits for a permit over the connections of `lines`, `instants` reads and writes RFC 3339. No venue is
known here.
"""

from __future__ import annotations

__all__: list[str] = []
