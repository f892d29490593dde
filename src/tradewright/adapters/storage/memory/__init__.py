"""What is kept for as long as the process lives, where nothing shall be written."""

from __future__ import annotations

__all__: list[str] = []
