"""Bodies that differ between the tiers: where events are written, what a full book does, how several books meet.

They are compiled as parts of the twin, with the names of the rules around them; interpreted they are never called.
"""

from __future__ import annotations

__all__: list[str] = []
