"""What is done about times that are due: one at a time, and of a pile what its schedule wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.control.schedules import Cause, Firing, FiringState, MissedRuns
from tradewright.domain.timeframe import NS_PER_SECOND

from .times import MOST_COUNTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.control.schedules import Schedule

__all__ = ["Decision", "decide"]


class Decision(NamedTuple):
    """What is written down.

    Parameters
    ----------
    firing : Firing
        A run that begins, or a pile that is passed over.
    cursor_ns : int
        Times up to it are dealt with.
    """

    firing: Firing
    cursor_ns: int


def decide(schedule: Schedule, due: Sequence[int], now_ns: int) -> Decision:
    """What becomes of the times that are due.

    Parameters
    ----------
    schedule : Schedule
    due : sequence of int
        Times behind its cursor and not later than now, rising; at least one.
    now_ns : int

    Returns
    -------
    Decision
        With ``skip`` the latest runs where it is in time, with ``once`` in any case; all others are passed over. With
        ``all`` the oldest of the latest `Schedule.most` runs, and the others wait for the next decision.
    """
    if schedule.missed is MissedRuns.ALL:
        pile = due[-schedule.most :]
        return Decision(_run(schedule, pile[0], len(due) - len(pile), now_ns), pile[0])
    latest = due[-1]
    if schedule.missed is MissedRuns.SKIP and not _is_in_time(schedule, latest, now_ns):
        return Decision(_firing(schedule, latest, Cause.MISSED, FiringState.SKIPPED, now_ns, len(due)), latest)
    return Decision(_run(schedule, latest, len(due) - 1, now_ns), latest)


def _is_in_time(schedule: Schedule, due_ns: int, now_ns: int) -> bool:
    return now_ns - due_ns <= schedule.grace_s * NS_PER_SECOND


def _run(schedule: Schedule, due_ns: int, missed: int, now_ns: int) -> Firing:
    cause = Cause.DUE if _is_in_time(schedule, due_ns, now_ns) else Cause.MISSED
    return _firing(schedule, due_ns, cause, FiringState.BEGUN, now_ns, missed)


def _firing(schedule: Schedule, due_ns: int, cause: Cause, state: FiringState, now_ns: int, missed: int) -> Firing:
    return Firing(
        schedule_id=schedule.id, due_ns=due_ns, cause=cause, state=state, at_ns=now_ns, missed=min(missed, MOST_COUNTED)
    )  # fmt: skip
