"""Jobs that are asked for once: who asks for the same while it is under way is told of the one that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.control.jobs import JobQuery, JobState
from tradewright.domain.control.paging import Slice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.bootstrap.control_room import ControlRoom
    from tradewright.domain.control.jobs import Job, JobKind

__all__ = ["submitted_once"]

_MOST_LOOKED_AT = 200


def submitted_once(room: ControlRoom, kind: JobKind, request: Mapping[str, Any], owner: str) -> Job:
    """The job of a request: the one of the same request that waits or runs, or a new one.

    Raises
    ------
    ConfigError
        When the request cannot be carried out.
    """
    query = JobQuery(states=frozenset({JobState.QUEUED, JobState.RUNNING}), kinds=frozenset({kind}))
    found = room.jobs.page(query, Slice(_MOST_LOOKED_AT)).items
    same = next((job for job in found if job.request == request), None)
    return same or room.jobs.submit(kind, request, owner=owner)
