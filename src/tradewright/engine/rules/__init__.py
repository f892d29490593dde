"""Rules that measure orders of the exchange against the limits of the gate.

They join two rooms of one floor that may not know each other; the discipline is that of the rules in either: records
and scalars, one text for both tiers.
"""

from __future__ import annotations

__all__: list[str] = []
