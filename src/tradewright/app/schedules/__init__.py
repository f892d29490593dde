"""Work that begins by itself: when it is due, what becomes of times that were missed, and who begins it.

Jobs are what is begun: a schedule is a request for one, kept. Nothing here asks for the time or waits.
"""

from __future__ import annotations

__all__: list[str] = []
