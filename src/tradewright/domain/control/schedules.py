"""Work that begins by itself at times that somebody named once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

from .jobs import JobKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .jobs import Job

__all__ = [
    "SAID", "Cause", "Firing", "FiringState", "MissedRuns", "Schedule", "ScheduleChange", "ScheduleView", "Wish",
    "job_id_of",
]  # fmt: skip

SAID = ("name", "when", "zone", "kind", "request", "missed", "most", "grace_s")
"""What a wish says of a schedule, and what can be changed of one."""
_MOST_MADE_UP = 100
_LONGEST_GRACE_S = 7 * 86_400
_DIGITS = 16


class MissedRuns(StrEnum):
    """What becomes of times at which nobody could begin the work."""

    SKIP = "skip"
    """They are passed over; the next one in time is as ever."""
    ONCE = "once"
    """One run makes up for all that piled up."""
    ALL = "all"
    """Each is made up for, the oldest first; of a long pile only the latest."""


class Cause(StrEnum):
    """Why a run was begun, or was not."""

    DUE = "due"
    """Its time had come."""
    MISSED = "missed"
    """Its time had passed when somebody could begin it."""
    HAND = "hand"
    """A person asked for it."""


class FiringState(StrEnum):
    """What became of a time."""

    BEGUN = "begun"
    """It is written down, and its job is about to be put into the queue."""
    STARTED = "started"
    """Its job is in the queue, runs, or is over."""
    SKIPPED = "skipped"
    """It was passed over."""
    REFUSED = "refused"
    """Its job cannot be put into the queue any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants to happen, and when.

    Parameters
    ----------
    name : str
        By which people know it.
    when : str
        As `tradewright.domain.control.timetable.read_when` reads it.
    zone : str
        Time zone of a cron expression; a calendar has its own.
    kind : str
        As `tradewright.domain.control.jobs.JobKind`.
    request : mapping
        Of the job.
    missed : MissedRuns
    most : int
        How many missed times ``all`` makes up for, 1 to 100.
    grace_s : float
        How late a time may be begun and still counts as in time, 0 to a week.
    is_paused : bool
        Whether it begins paused.

    Raises
    ------
    ConfigError
        When a number does not fit.
    """

    name: str
    when: str
    kind: str
    request: Mapping[str, Any]
    zone: str = "UTC"
    missed: MissedRuns = MissedRuns.ONCE
    most: int = 10
    grace_s: float = 300.0
    is_paused: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.most <= _MOST_MADE_UP:
            raise ConfigError(f"most={self.most} does not fit.", hint=f"Give a number from 1 to {_MOST_MADE_UP}.")
        if not 0 <= self.grace_s <= _LONGEST_GRACE_S:
            raise ConfigError(
                f"grace_s={self.grace_s:g} does not fit.", hint=f"Give seconds from 0 to {_LONGEST_GRACE_S:,}."
            )

    @property
    def said(self) -> dict[str, Any]:
        """The values of `SAID` as a schedule keeps them; the kind has to be one."""
        said = {name: getattr(self, name) for name in SAID}
        return said | {"when": " ".join(self.when.split()), "kind": JobKind(self.kind), "request": dict(self.request)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A wish that is kept, and how far it has come.

    Parameters
    ----------
    id : str
    name, when, zone : str
        As of `Wish`.
    kind : JobKind
    request : mapping
    missed : MissedRuns
    most : int
    grace_s : float
    owner : str
        Name of the user who said last what its job does; its jobs are theirs.
    created_ns : int
        UTC nanoseconds, as all instants here.
    cursor_ns : int
        Times up to this one are dealt with.
    paused_ns : int or None
        Since when it is paused.
    revision : int
        How often it was changed.
    changed_ns : int or None
        When that was last; times before it were of what it said before.
    is_declared : bool
        Whether the settings say it; then nothing else changes it.
    """

    id: str
    name: str
    when: str
    zone: str
    kind: JobKind
    request: Mapping[str, Any]
    missed: MissedRuns
    most: int
    grace_s: float
    owner: str
    created_ns: int
    cursor_ns: int
    paused_ns: int | None = None
    revision: int = 0
    changed_ns: int | None = None
    is_declared: bool = False

    @property
    def wish(self) -> Wish:
        """What it says."""
        return Wish(**{name: getattr(self, name) for name in SAID})

    def saying(self, wish: Wish, by: str, now_ns: int, *, is_declared: bool = False) -> Schedule:
        """It with another wish; the same where that says nothing else.

        Where it is due at other times, it is so from now on: what was missed of the times before is let go. Else it
        goes on from where it has come to, and what is left of missed times is dealt with by what it says now. Who
        changes what its job does owns its jobs from then on.

        Parameters
        ----------
        wish : Wish
        by : str
            Who changes it.
        now_ns : int
        is_declared : bool
            Whether the settings say it from now on.
        """
        before, after = self.wish.said, wish.said
        if before == after and self.is_declared == is_declared:
            return self
        is_moved = any(before[name] != after[name] for name in ("when", "zone"))
        is_other_work = any(before[name] != after[name] for name in ("kind", "request"))
        return replace(
            self,
            **after,
            owner=by if is_other_work or self.is_declared != is_declared else self.owner,
            # Never back: a clock that is behind another's would have it begin what has begun.
            cursor_ns=max(self.cursor_ns, now_ns) if is_moved else self.cursor_ns,
            revision=self.revision + 1,
            changed_ns=now_ns,
            is_declared=is_declared,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """One time of a schedule, and what became of it; of each schedule and time there is one.

    Parameters
    ----------
    schedule_id : str
    due_ns : int
        The time; of a run by hand the instant at which it was asked for.
    cause : Cause
    state : FiringState
    at_ns : int
        When it was written down.
    missed : int
        Times that were passed over with this one: those before it that no run was begun for, and of a skipped one
        itself; 1,000 stands for that many or more.
    error : str or None
        Why it was refused.
    """

    schedule_id: str
    due_ns: int
    cause: Cause
    state: FiringState
    at_ns: int
    missed: int = 0
    error: str | None = None

    @property
    def job_id(self) -> str | None:
        """The job that it is; made of schedule and time, so that whoever begins it again finds it begun."""
        return None if self.state is FiringState.SKIPPED else job_id_of(self.schedule_id, self.due_ns)


def job_id_of(schedule_id: str, due_ns: int) -> str:
    """The id of the job of a schedule's time.

    Examples
    --------
    >>> job_id_of("nightly", 0) == job_id_of("nightly", 0) != job_id_of("nightly", 1)
    True
    """
    return hashlib.sha256(f"schedule\0{schedule_id}\0{due_ns}".encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """What was done with a schedule.

    Parameters
    ----------
    verb : str
        ``added``, ``changed`` or ``removed``.
    schedule : Schedule
        As it stands now, or stood last.
    values : mapping
        What it says otherwise, then and now, by name.
    """

    verb: str
    schedule: Schedule
    values: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    @classmethod
    def between(cls, before: Schedule, after: Schedule) -> ScheduleChange:
        """From one to the other."""
        then, now = before.wish.said, after.wish.said
        return cls("changed", after, {name: (then[name], now[name]) for name in SAID if then[name] != now[name]})


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule as it stands.

    Parameters
    ----------
    schedule : Schedule
    next_ns : int or None
        When it is due next; None where it is paused, or its calendar is not known that far.
    last : Firing or None
        Its last run.
    job : Job or None
        What became of that.
    """

    schedule: Schedule
    next_ns: int | None
    last: Firing | None
    job: Job | None
