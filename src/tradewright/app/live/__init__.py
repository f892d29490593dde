"""Live sessions: strategies on markets as they are now, on paper or with money."""

from __future__ import annotations

__all__: list[str] = []
