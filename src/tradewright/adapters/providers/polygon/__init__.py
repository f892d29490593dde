"""Polygon, which is called Massive now: US shares over its REST interface. What its words mean stays in this room."""

from __future__ import annotations

__all__: list[str] = []
