"""Providers of market data that are no brokers: vendors in a room each, files of a folder, a market that is made up.

Each gives what it has as `tradewright.ports.provider` promises it: raw, in UTC, under the names of the house. `asking`
puts questions to vendors with patience and reads answers strictly, `options` reads what the settings say; what a vendor
means by its words stays in its room.
"""

from __future__ import annotations

__all__: list[str] = []
