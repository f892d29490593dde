"""Schedules put together: the desk of people and programs, and the rounds of whoever has the duty."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tradewright.app.schedules.desk import ScheduleDesk
from tradewright.app.schedules.rounds import ScheduleRounds
from tradewright.app.schedules.starting import JobStarter
from tradewright.app.schedules.times import DueTimes
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.duties import rounds_kept
from tradewright.bootstrap.jobs import job_queue
from tradewright.domain.control.duties import SCHEDULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike

__all__ = ["due_times", "schedule_desk", "schedule_rounds", "schedules_kept"]

_DIGITS = 16


def schedule_desk(
    folder: str | PathLike[str] | None = None, now_ns: Callable[[], int] | None = None
) -> ScheduleDesk:  # fmt: skip
    """The schedules in the folder of all stores, or in another one.

    Parameters
    ----------
    folder : path, optional
    now_ns : callable, optional
        The time of day, UTC nanoseconds; that of this machine if not given.
    """
    from tradewright.adapters.drawn_ids import drawn_id
    from tradewright.adapters.system_clock import SystemClock

    return ScheduleDesk(_starter(folder), due_times(), lambda: drawn_id(_DIGITS), now_ns or SystemClock().now_ns)


def schedule_rounds(folder: str | PathLike[str] | None = None) -> ScheduleRounds:
    """The rounds over them; nothing is done until `ScheduleRounds.run_once` is called."""
    return ScheduleRounds(_starter(folder), due_times())


@contextmanager
def schedules_kept(
    folder: str | PathLike[str] | None = None, every_s: float = 1.0, first: Callable[[], None] | None = None
) -> Iterator[None]:
    """Go round in a thread beside, for as long as the block lasts; a store that is away is asked again a moment later.

    Of all processes that do so over one database one goes round at a time: where it ends another goes on at once, where
    it dies as soon as it is missed.

    Parameters
    ----------
    folder : path, optional
    every_s : float
        Between two rounds.
    first : callable, optional
        What this process does once before them, whoever goes round.
    """
    with rounds_kept(SCHEDULES, state_database(folder), schedule_rounds(folder).run_once, every_s, first):
        yield


def _starter(folder: str | PathLike[str] | None) -> JobStarter:
    from tradewright.adapters.storage.sql.schedules import SqlSchedules

    queue = job_queue(folder)
    return JobStarter(SqlSchedules(state_database(folder)), queue, queue.book.events)


def due_times() -> DueTimes:
    """What says when something is due."""
    from tradewright.adapters.cron_rules import read_crontab

    return DueTimes(read_crontab)
