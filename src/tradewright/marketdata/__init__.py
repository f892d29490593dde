"""Bars made fit for use: resampled, adjusted, checked for quality, placed in sessions; and a synthetic market.

Every function takes bars as columns and gives new ones back, never in place and never from a source. Exchange
calendars are known to the sessions alone; files, frames and neighbouring rooms stay out.
"""

from __future__ import annotations

__all__: list[str] = []
