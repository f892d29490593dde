"""Providers of bars that are no brokers: files of a folder, and a market that is made up.

Each reads what it has as `tradewright.ports.provider` promises it: raw, in UTC, under the names of the house.
"""

from __future__ import annotations

__all__: list[str] = []
