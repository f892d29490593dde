"""Runs that are kept: put away, found again, run again and forgotten.

Stores come in through their ports; where bars come from is asked through a callable. Nothing here knows a database, a
file or a clock.
"""

from __future__ import annotations

__all__: list[str] = []
