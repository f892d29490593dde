"""What a paper or live session came to, read off its record: money, bars, and what became of each order."""

from __future__ import annotations

__all__: list[str] = []
