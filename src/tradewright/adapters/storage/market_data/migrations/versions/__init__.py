"""The migrations in order: each names the one before it."""

from __future__ import annotations

__all__: list[str] = []
