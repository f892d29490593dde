"""Work that begins by itself."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from tradewright.domain.control.jobs import JobKind, JobState
from tradewright.domain.control.schedules import Cause, FiringState, MissedRuns

from .base import Instant, Request, Schema

__all__ = [
    "DueTimesDocument",
    "Schedule",
    "ScheduleFiring",
    "SchedulePatch",
    "ScheduleWish",
    "TimesQuery",
]

_WHEN = "Five fields of cron, or a session of a calendar: `XNYS close + 15 m`, `XNYS open - 5 m`, `24/7 close`."
_ZONE = "Time zone of a cron expression; a calendar has its own."


class ScheduleFiring(Schema):
    """One time of a schedule, and what became of it."""

    due_at: Instant = Field(description="Of a run by hand, when it was asked for.")
    at: Instant = Field(description="When it was begun or passed over.")
    cause: Cause = Field(description="`hand` where a person asked for it.")
    state: FiringState = Field(description="`started` where its job is in the queue, runs, or is over.")
    missed: int = Field(description="Times passed over with it; 1,000 stands for that many or more.")
    job_id: str | None = Field(description="Null where it was passed over.")
    job_state: JobState | None
    run_id: str | None = Field(description="The run that its job kept.")
    error: str | None = Field(description="Why it was refused, or why its job failed.")


class Schedule(Schema):
    """A request for a job, and when it is made."""

    id: str
    name: str
    when: str = Field(description=_WHEN, examples=["XNYS close + 15 m"])
    zone: str = Field(description=_ZONE)
    kind: JobKind
    request: dict[str, Any] = Field(description="Of the job.")
    missed: MissedRuns = Field(description="What becomes of times at which nobody could begin it.")
    most: int = Field(description="Of a pile, as many `all` makes up for.")
    grace_s: float = Field(description="How late a time may be begun and is not missed.")
    owner: str = Field(description="Whose jobs they are.")
    created_at: Instant
    paused_at: Instant | None
    revision: int = Field(description="How often it was changed; who changes it says which one was seen.")
    changed_at: Instant | None = Field(description="When that was last: times before it were of what it said before.")
    declared: bool = Field(description="Whether the settings say it: then it is changed and removed there alone.")
    next_at: Instant | None = Field(description="Null while it is paused, or where its calendar ends.")
    last: ScheduleFiring | None = Field(description="Its last run.")
    seq: int = Field(default=0, description="Number of the last event of schedules that the answer contains.")


class ScheduleWish(Request):
    """What is to happen by itself."""

    name: str = Field(max_length=64, examples=["nightly-check"])
    when: str = Field(max_length=200, description=_WHEN, examples=["XNYS close + 15 m"])
    zone: str = Field(default="UTC", max_length=64, description=_ZONE)
    kind: str = Field(max_length=40, description="Of the job; a session is none.", examples=["check"])
    request: dict[str, Any] = Field(default_factory=dict, description="Of the job.", examples=[{"symbols": ["ACME"]}])
    missed: MissedRuns = MissedRuns.ONCE
    most: int = Field(default=10, ge=1, le=100)
    grace_s: float = Field(default=300.0, ge=0, le=604_800)
    paused: bool = False


class SchedulePatch(ScheduleWish):
    """What is to be otherwise, a field that is left out stays; or whether it is paused, which is said alone."""

    name: str = Field(default="", max_length=64)
    when: str = Field(default="", max_length=200, description=_WHEN)
    kind: str = Field(default="", max_length=40, description="Of the job; its request has to fit it.")
    paused: bool = Field(default=False, description="Resumed it goes on from now on: times meanwhile are not missed.")
    revision: int | None = Field(
        default=None, ge=0, description="Of the schedule as it was seen: 409 where it was changed meanwhile."
    )

    @property
    def values(self) -> dict[str, Any]:
        """What is to be otherwise, by name."""
        return self.model_dump(exclude_unset=True, exclude={"paused", "revision"})

    @property
    def is_pause(self) -> bool:
        """Whether it is about pausing."""
        return "paused" in self.model_fields_set

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.is_pause == bool(self.values):
            raise ValueError("say whether it is paused, or what is to be otherwise")
        return self


class TimesQuery(Request):
    """Of which expression, and how many."""

    when: str = Field(max_length=200, description=_WHEN, examples=["30 18 * * mon-fri"])
    zone: str = Field(default="UTC", max_length=64, description=_ZONE)
    count: int = Field(default=5, ge=1, le=50)


class DueTimesDocument(Schema):
    """The next times of an expression."""

    items: list[Instant]
