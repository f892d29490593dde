"""The wiring: settings, discovery of plug-ins and the composition root.

It is the only room that sees both the adapters and the use cases. It builds and connects, and decides nothing about
markets.
"""

from __future__ import annotations

__all__: list[str] = []
