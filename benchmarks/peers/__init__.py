"""The same workloads in other engines and as bare loops, each in its fastest reasonable set-up.

One module per peer. A function here prepares a trial from a market; the peer is imported inside it, so that an absent
one costs nothing.
"""

from __future__ import annotations

__all__: list[str] = []
