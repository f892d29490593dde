"""Names that nothing else has, drawn by chance."""

from __future__ import annotations

import uuid

__all__ = ["drawn_id"]


def drawn_id(digits: int = 32) -> str:
    """Hexadecimal digits, at most 32; 16 of them are enough for names of which there are millions."""
    return uuid.uuid4().hex[:digits]
