"""What goes over the wire: one model for each document, requests refused where they say what nothing reads."""

from __future__ import annotations

__all__: list[str] = []
