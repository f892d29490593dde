"""Projections: what sessions did, made of their records into rows that can be listed and added up.

The record of a session is the truth. Nothing here is asked on the road of an order, and everything here can be thrown
away and made again.
"""

from __future__ import annotations

__all__: list[str] = []
