"""Work that runs by itself, in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Job", "JobKind", "JobLimits", "JobProgress", "JobQuery", "JobState"]


class JobKind(StrEnum):
    """What is worked on."""

    BACKTEST = "backtest"
    OPTIMIZE = "optimize"
    WALK_FORWARD = "walk_forward"
    IMPORT_DATA = "import"
    FETCH_DATA = "fetch"
    CHECK_DATA = "check"
    COMPARE_DATA = "compare"
    ARCHIVE_DATA = "archive"
    RECONCILE = "reconcile"
    SUMMARY = "summary"
    PAPER = "paper"
    LIVE = "live"

    @property
    def is_session(self) -> bool:
        """Whether it trades until somebody ends it, instead of coming to an end by itself."""
        return self in {JobKind.PAPER, JobKind.LIVE}

    @property
    def is_told(self) -> bool:
        """Whether what it prints is all that is known of its result: it keeps no run."""
        return not self.is_session and self not in {JobKind.BACKTEST, JobKind.OPTIMIZE, JobKind.WALK_FORWARD}


class JobState(StrEnum):
    """How far it is."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing follows any more."""
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}

    @property
    def is_held(self) -> bool:
        """Whether a worker has it."""
        return self in {JobState.RUNNING, JobState.CANCELLING}


@dataclass(frozen=True, slots=True)
class JobLimits:
    """What a job may take; None is no limit.

    Parameters
    ----------
    seconds : float or None
    memory_mb : int or None
    """

    seconds: float | None = None
    memory_mb: int | None = None


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How much of the work is done.

    Parameters
    ----------
    done : float
        In units.
    total : float or None
        None where it is not known beforehand.
    unit : str
        Such as ``"bars"``.
    rate : float or None
        Units in a second.
    seconds_left : float or None
    at_ns : int
        UTC nanoseconds.
    search : str or None
        Id of the search whose trials are done.
    """

    done: float
    total: float | None
    unit: str
    rate: float | None
    seconds_left: float | None
    at_ns: int
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work, as it stands.

    Parameters
    ----------
    id : str
    kind : JobKind
    state : JobState
    owner : str
        Name of the user who asked for it.
    request : mapping
        What was asked for, plain values.
    limits : JobLimits
    created_ns : int
        UTC nanoseconds, as all instants here.
    attempts_most : int
        How often it may be begun: again where its worker was lost.
    started_ns, ended_ns : int or None
        Of the last attempt.
    worker : str or None
        Who has it, or had it last.
    pid : int or None
        Process of the last attempt.
    attempt : int
        How often it was begun. Who reports on a job names it, so that a worker that was given up cannot speak for the
        next one.
    heartbeat_ns : int or None
        When its worker was last heard of.
    progress : JobProgress or None
    run_id : str or None
        The run that it kept.
    error : mapping or None
        ``type``, ``sentence``, ``hint``, ``file``, ``line``.
    cancel_asked_ns : int or None
    """

    id: str
    kind: JobKind
    state: JobState
    owner: str
    request: Mapping[str, Any]
    limits: JobLimits
    created_ns: int
    attempts_most: int = 1
    started_ns: int | None = None
    ended_ns: int | None = None
    worker: str | None = None
    pid: int | None = None
    attempt: int = 0
    heartbeat_ns: int | None = None
    progress: JobProgress | None = None
    run_id: str | None = None
    error: Mapping[str, Any] | None = None
    cancel_asked_ns: int | None = None


@dataclass(frozen=True, slots=True)
class JobQuery:
    """Which jobs are asked for; what is None does not restrict.

    Parameters
    ----------
    states : frozenset of JobState, optional
    kinds : frozenset of JobKind, optional
    owner : str, optional
        Exactly.
    since_ns : int, optional
        Made at that instant or later, UTC nanoseconds.
    """

    states: frozenset[JobState] | None = None
    kinds: frozenset[JobKind] | None = None
    owner: str | None = None
    since_ns: int | None = None
