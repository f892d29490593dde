"""What goes over the socket, both ways."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ..schemas.base import Instant, Request, Schema

__all__ = [
    "ClientMessage",
    "Heartbeat",
    "Reset",
    "ServerMessage",
    "StreamEvent",
    "StreamProblem",
    "Subscription",
    "Ticket",
    "TopicName",
]

TopicName = Annotated[
    str,
    Field(pattern=r"^(jobs|runs|sessions|alerts|controls|schedules)$|^(jobs|sessions)/[A-Za-z0-9._:-]{1,128}$"),
    Field(description="One of jobs, jobs/{id}, runs, sessions, sessions/{id}, alerts, controls, schedules."),
    Field(examples=["jobs"]),
]

MOST_AT_ONCE = 200


class Ticket(Schema):
    """What opens the socket once: ``/v1/ws?ticket=…``."""

    ticket: str
    expires_in: int = Field(description="Seconds.")


class Subscription(Request):
    """A topic to follow."""

    topic: TopicName
    after: int | None = Field(
        default=None,
        ge=0,
        lt=1 << 62,
        description="Number of the last known event; null begins with what comes.",
    )


class ClientMessage(Request):
    """What a reader says."""

    subscribe: list[Subscription] = Field(default=[], max_length=MOST_AT_ONCE)
    unsubscribe: list[TopicName] = Field(default=[], max_length=MOST_AT_ONCE)


class StreamEvent(Schema):
    """One event of a topic."""

    topic: str
    seq: int = Field(description="1, 2, … within the topic.")
    prev: int = Field(
        description="Number of the event before it for this reader: what lies between are states that a later one "
        "made superfluous. A reader whose last number is another one has missed something."
    )
    at: Instant
    kind: str = Field(examples=["state"])
    body: dict[str, Any]


class Reset(Schema):
    """The reader is too far behind: it asks for the whole anew, and goes on from the head."""

    topic: str
    head: int


class Heartbeat(Schema):
    """The server lives; how far its topics are."""

    at: Instant
    heads: dict[str, int]


class StreamProblem(Schema):
    """What was said could not be followed."""

    detail: str
    hint: str | None = None


class ServerMessage(Schema):
    """What the server says: exactly one of its fields is there."""

    event: StreamEvent | None = None
    reset: Reset | None = None
    heartbeat: Heartbeat | None = None
    problem: StreamProblem | None = None

    def text(self) -> str:
        """The message as it is sent."""
        return self.model_dump_json(exclude_none=False, exclude_unset=True)
