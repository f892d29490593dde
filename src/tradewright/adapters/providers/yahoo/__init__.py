"""Yahoo: the chart interface behind its finance pages, without a key. What its words mean stays in this room.

Its prices have later splits in them; here they are taken out again, for everything above is raw.
"""

from __future__ import annotations

__all__: list[str] = []
