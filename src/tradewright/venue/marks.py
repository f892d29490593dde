"""What every answer carries: nothing here is a market."""

from __future__ import annotations

from typing import Final

__all__ = ["MARK"]

MARK: Final = {"X-Tradewright-Venue": "SANDBOX"}
"""A header of every answer."""
