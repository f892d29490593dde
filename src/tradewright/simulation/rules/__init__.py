"""The rules of the simulated exchange, each written once.

A rule file imports `math`, the constants and other rules, and nothing else; it never raises a number to a power, sums a
sequence or sees an array, so that the same text gives the same bits interpreted and compiled.
"""

from __future__ import annotations

__all__: list[str] = []
