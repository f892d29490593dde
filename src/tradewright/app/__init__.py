"""The use cases: each takes a request, plays the engine and the policies, and hands back a result.

It reaches the world through ports alone. No adapter, no library of the edge and no terminal may be imported.
"""

from __future__ import annotations

__all__: list[str] = []
