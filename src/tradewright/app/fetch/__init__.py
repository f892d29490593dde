"""Bars out of a provider's history into the store: only what is missing, piece by piece, each kept as it comes."""

from __future__ import annotations

__all__: list[str] = []
