"""How a worker works: how many jobs at once, how often it looks, how long it waits."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradewright.domain.control.jobs import Job, JobKind, JobLimits
from tradewright.domain.errors import ConfigError

__all__ = ["ROLES", "WorkerRules", "limits_of"]

ROLES: tuple[JobKind, ...] = tuple(JobKind)
"""Kinds of jobs that a worker may be given."""


@dataclass(frozen=True, slots=True)
class WorkerRules:
    """A worker's own rules.

    Parameters
    ----------
    kinds : frozenset of JobKind
        What it takes; where there is none it only takes up what others lost.
    most : int
        Jobs at the same time, sessions apart.
    sessions : int
        Paper and live sessions at the same time: they mostly wait, and must not wait for a search.
    ceilings : JobLimits
        For jobs that name no limit of their own, and the most for those that do.
    beat_s : float
        Seconds between two signs of life, at which it also hears that a job is to be cancelled.
    grace_s : float
        Seconds from an interrupt to the kill. With the one above: a cancel acts within 2 s.
    settle_s : float
        The same for a session, which works what it was given and lets go of its account before it ends.
    lost_after_s : float
        Seconds without a sign of life after which another worker is taken for gone.
    claim_every_s, tick_s, memory_every_s : float
        How often it asks for work, looks at its processes, and weighs them.
    """

    kinds: frozenset[JobKind] = frozenset(ROLES)
    most: int = 2
    sessions: int = 16
    ceilings: JobLimits = field(default_factory=JobLimits)
    beat_s: float = 0.5
    grace_s: float = 1.2
    settle_s: float = 60.0
    lost_after_s: float = 10.0
    claim_every_s: float = 0.25
    tick_s: float = 0.1
    memory_every_s: float = 0.25

    def __post_init__(self) -> None:
        if self.most < 1:
            raise ConfigError(f"A worker runs one job or more at a time, not {self.most}.")

    def kill_after_s(self, kind: JobKind) -> float:
        """Seconds from an interrupt to the kill."""
        return self.settle_s if kind.is_session else self.grace_s


def limits_of(job: Job, ceilings: JobLimits) -> JobLimits:
    """What a job may take here: its own wish, at most the worker's ceiling; a session is bounded by neither."""
    if job.kind.is_session:
        return JobLimits()
    return JobLimits(
        _least(job.limits.seconds, ceilings.seconds),
        None if (memory := _least(job.limits.memory_mb, ceilings.memory_mb)) is None else int(memory),
    )


def _least(*bounds: float | None) -> float | None:
    said = [bound for bound in bounds if bound is not None]
    return min(said) if said else None
