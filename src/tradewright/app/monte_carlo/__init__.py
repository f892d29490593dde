"""How else a run could have gone: its trades or returns drawn again, or its strategy run over redrawn bars."""

from __future__ import annotations

__all__: list[str] = []
