"""The routes, a file for each subject."""

from __future__ import annotations

__all__: list[str] = []
