"""Alpaca: its trading and market-data interfaces, spoken to directly over HTTP and WebSocket."""

from __future__ import annotations

__all__: list[str] = []
