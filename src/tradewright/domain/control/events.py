"""What happened, by topic and in order, so that a reader who was away can go on where it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BusStanding", "TopicEvent", "topic_of"]


@dataclass(frozen=True, slots=True)
class TopicEvent:
    """One event of a topic.

    Parameters
    ----------
    topic : str
        ``"jobs"``, ``"jobs/{id}"``, ``"runs"``, ``"sessions"``, ``"sessions/{id}"``, ``"alerts"``, ``"controls"`` or
        ``"schedules"``.
    seq : int
        1, 2, … within the topic, without a gap.
    at_ns : int
        UTC nanoseconds.
    kind : str
        What kind of thing happened.
    body : mapping
        Plain values.
    """

    topic: str
    seq: int
    at_ns: int
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BusStanding:
    """How what wakes the readers of events stands.

    Parameters
    ----------
    is_up : bool
    sentence : str
        Without secrets.
    """

    is_up: bool
    sentence: str


def topic_of(kind: str, subject: str) -> str:
    """The topic of one thing among many.

    Examples
    --------
    >>> topic_of("jobs", "a1")
    'jobs/a1'
    """
    return f"{kind}/{subject}"
