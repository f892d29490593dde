"""The pictures of a search as plain Plotly descriptions, in the colour tokens of the report; nothing here draws."""

from __future__ import annotations

__all__: list[str] = []
