"""Stores: one folder for each kind of thing that is kept, behind the port that says what keeping it means.

Foreign errors of files and databases are translated here, one function for each kind. No rule about orders, money or
metrics is taken here.
"""

from __future__ import annotations

__all__: list[str] = []
