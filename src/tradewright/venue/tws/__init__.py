"""Interactive Brokers' socket protocol over the simulated exchange: what TWS and its gateway say to a client.

Messages are fields of text that end in a zero byte, behind a length of four bytes; which field stands where is in
`layouts`. One gateway has one account; its clients are told apart by the number each says of itself, and only the
client that placed an order may change or cancel it, as at the real one. What can go wrong here and nowhere else (a line
to the broker that is cut while the gateway stays up, numbers that roll back after a restart, executions that are
corrected) is switched in `gateway`; everything else in `tradewright.venue.faults`.
"""

from __future__ import annotations

__all__: list[str] = []
