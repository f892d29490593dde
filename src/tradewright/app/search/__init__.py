"""Searching parameters: trials over the same bars, counted, and told apart from luck."""

from __future__ import annotations

__all__: list[str] = []
