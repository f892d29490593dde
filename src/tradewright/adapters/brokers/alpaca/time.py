"""What time it is at Alpaca."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.adapters.wire.instants import instant_from
from tradewright.domain.errors import BrokerError

if TYPE_CHECKING:
    from .door import Door

__all__ = ["venue_time"]


async def venue_time(door: Door) -> int:
    """The venue's own clock, UTC nanoseconds.

    Raises
    ------
    BrokerError
        When it did not answer, or with something else.
    """
    said = await door.ask("/v2/clock")
    if not isinstance(said, dict) or not isinstance(said.get("timestamp"), str):
        raise BrokerError("Alpaca sent no time.")
    return instant_from(said["timestamp"])
