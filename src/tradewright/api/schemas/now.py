"""What goes on at this moment, in short."""

from __future__ import annotations

from pydantic import Field

from .base import Schema
from .money import MarketHours

__all__ = ["Now", "RunningJobs", "RunningSession", "RunningSessions", "UnseenAlerts"]


class RunningJobs(Schema):
    """Jobs that run, those that are told to stop among them."""

    ids: list[str] = Field(description="The latest first, 1,000 at most.")
    total: int
    seq: int = Field(description="Number of the last event of jobs that the answer contains.")


class RunningSession(Schema):
    """A session that runs: whose money it is."""

    id: str
    mode: str = Field(examples=["paper"])
    fills: str = Field(description="simulated or venue.")
    broker: str


class RunningSessions(Schema):
    """Sessions that run."""

    items: list[RunningSession] = Field(description="The newest first, 1,000 at most.")
    total: int


class UnseenAlerts(Schema):
    """Critical alerts that go on and that nobody has acknowledged."""

    total: int
    seq: int = Field(description="Number of the last event of alerts that the answer contains.")


class Now(Schema):
    """What goes on at this moment; each part says how far its topic was when it was read."""

    jobs: RunningJobs
    sessions: RunningSessions
    alerts: UnseenAlerts
    market: MarketHours | None = Field(
        description="Of the newest session, New York's where none trades; null where its calendar is not known, or is "
        "still being read."
    )
