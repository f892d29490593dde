"""Bars in immutable Parquet files, named by content, under a catalogue in SQLite."""

from __future__ import annotations

__all__: list[str] = []
