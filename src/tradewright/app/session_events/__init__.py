"""What running sessions did, told as events: read off their records after the fact, never on the way of an order."""

from __future__ import annotations

__all__: list[str] = []
