"""Where the practice of a session is put together: real parts that write nowhere and lead nowhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tradewright.app.live.about import opening_again
from tradewright.app.live.core import LocalCore
from tradewright.app.live.poise import Practising

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.app.live.feed.live import FeedSources
    from tradewright.app.live.practice import Practice
    from tradewright.ports.broker_kind import VenueParts
    from tradewright.ports.session_core import SessionCore

__all__ = ["practising"]


def practising(about: Mapping[str, Any], sources: FeedSources, parts: VenueParts) -> Practising:
    """How a session practises.

    Parameters
    ----------
    about : mapping
        What the session was started with.
    sources : FeedSources
    parts : VenueParts
    """

    def make(far: Callable[[], SessionCore] | None) -> Practice:
        from tradewright.adapters.storage.journal.sink import SinkJournal
        from tradewright.adapters.storage.memory.latch import MemoryLatch
        from tradewright.adapters.storage.sessions.sink import sink_log
        from tradewright.app.live.practice import Nowhere, Practice, practice_opening
        from tradewright.app.live.practice_venue import RefusingVenue

        opening = practice_opening(opening_again(about, list))
        venue = RefusingVenue(parts.broker.capabilities, opening.instruments)
        nowhere = Nowhere(sink_log(), SinkJournal(), MemoryLatch())
        return Practice(opening, far or (lambda: LocalCore(opening)), nowhere, venue, sources)

    return Practising(make, _has_room)


def _has_room() -> bool:
    """Whether fewer processes want a processor than there are; systems that do not say so have none to spare."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] < (os.cpu_count() or 1)
