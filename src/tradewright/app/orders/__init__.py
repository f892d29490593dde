"""The road of live orders: from a decision in the journal to a venue, exactly once, and back after any crash.

Asynchronous code over ports, with clock and ids passed in, so that it runs in virtual time. Each file holds one
algorithm of `docs/reference/live-orders.md`, whose step numbers it carries; the state machine is a table. No venue, no
file and no strategy is known here.
"""

from __future__ import annotations

__all__: list[str] = []
