"""The journal and the lease of an account on a PostgreSQL server, for two hosts of which one trades.

The server decides who writes: every append and every renewal is conditional on the number of the present holder.
"""

from __future__ import annotations

__all__: list[str] = []
