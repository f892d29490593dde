"""The sockets of the house: one Protocol for each thing that is plugged in at the edge.

A port speaks in values of the domain and states its promises, errors included, in its docstring. No implementation,
no library and no default enters here.
"""

from __future__ import annotations

__all__: list[str] = []
