"""What goes on while the database of the journal is away: cancels, the kill switch and what only reduces.

Its records go into a log on this host and are brought to the database when it is back.
"""

from __future__ import annotations

__all__: list[str] = []
