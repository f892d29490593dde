"""News of the log of events, told to readers on other hosts: a wake-up, while the log itself stays in the database.

What may not enter: what an event says.
"""

from __future__ import annotations

__all__: list[str] = []
