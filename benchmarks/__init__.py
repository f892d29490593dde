"""Workloads that say how fast Tradewright is beside its peers, as commands and never as timed tests.

Each workload has its own module with its data, the Tradewright run through the public face and the same work in every
peer that is installed. Nothing here is shipped or imported by the package; a peer is imported only inside the child
process that measures it.
"""

from __future__ import annotations

__all__: list[str] = []
