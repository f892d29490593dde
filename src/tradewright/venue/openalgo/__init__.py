"""OpenAlgo's protocol, as its own client speaks it: every call a POST, every answer a status and its data."""

from __future__ import annotations

__all__: list[str] = []
