"""Checks for bias: whether a strategy decides at each bar by what was known there.

A strategy is run again and again, on histories that end earlier, go on otherwise, or begin later, and its decisions and
indicators are compared. Nothing is read off its text that a run can show. Clocks, files and frames may not enter.
"""

from __future__ import annotations

__all__: list[str] = []
