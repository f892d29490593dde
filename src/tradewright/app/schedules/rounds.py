"""The rounds of who has the duty: what is due is written down and begun."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tradewright.domain.control.schedules import FiringState
from tradewright.domain.control.timetable import read_when
from tradewright.domain.errors import CalendarError, ConfigError
from tradewright.domain.timeframe import NS_PER_DAY

from .policy import decide

if TYPE_CHECKING:
    from tradewright.domain.control.schedules import Schedule
    from tradewright.domain.control.timetable import When

    from .starting import JobStarter
    from .times import DueTimes

__all__ = ["KEPT_NS", "ScheduleRounds"]

KEPT_NS = 400 * NS_PER_DAY
"""How long it is known what became of a time."""
_LOG = logging.getLogger("tradewright.schedules")


class ScheduleRounds:
    """Goes round the schedules, again and again.

    Two at once do no harm: what is due is written down where nobody else has, and a job that is there is not put into
    the queue again. Who is stopped anywhere is followed by one who begins what was written down.

    Parameters
    ----------
    starter : JobStarter
    times : DueTimes
    """

    def __init__(self, starter: JobStarter, times: DueTimes) -> None:
        self._starter, self._times = starter, times
        self._next: dict[tuple[str, int, int], int | None] = {}
        self._forgot_ns: int | None = None

    def run_once(self, now_ns: int) -> None:
        """One round.

        Raises
        ------
        StorageError
            When a store cannot be used; the next round takes up what this one left.
        """
        store = self._starter.store
        known = {each.id: each for each in store.all()}
        for firing in store.unsettled():
            if firing.schedule_id in known:
                self._starter.start(known[firing.schedule_id], firing)
        going = [each for each in known.values() if each.paused_ns is None]
        self._next = {key: self._next[key] for key in map(_key, going) if key in self._next}
        for schedule in going:
            self._look(schedule, now_ns)
        self._forget(now_ns)

    def _look(self, schedule: Schedule, now_ns: int) -> None:
        try:
            when = read_when(schedule.when, schedule.zone)
            if self._is_due(schedule, when, now_ns) and not self._starter.is_busy(schedule):
                self._begin(schedule, when, now_ns)
        except (ConfigError, CalendarError) as error:
            # What was understood when it was made is not now: the library, the calendar or the zone has changed.
            self._next[_key(schedule)] = None
            _LOG.error("the schedule '%s' is never due: %s", schedule.name, error)

    def _is_due(self, schedule: Schedule, when: When, now_ns: int) -> bool:
        key = _key(schedule)
        if key not in self._next:
            self._next[key] = self._times.next(when, schedule.cursor_ns)
        due_ns = self._next[key]
        return due_ns is not None and due_ns <= now_ns

    def _begin(self, schedule: Schedule, when: When, now_ns: int) -> None:
        decision = decide(schedule, self._times.latest(when, schedule.cursor_ns, now_ns), now_ns)
        firing = decision.firing
        if not self._starter.store.move(schedule, firing, decision.cursor_ns):
            return
        if firing.state is FiringState.BEGUN:
            self._starter.start(schedule, firing)
        else:
            self._starter.tell("skipped", schedule, now_ns, due_ns=firing.due_ns, missed=firing.missed)

    def _forget(self, now_ns: int) -> None:
        if self._forgot_ns is None or now_ns - self._forgot_ns >= NS_PER_DAY:
            self._forgot_ns = now_ns
            self._starter.store.forget(now_ns - KEPT_NS)


def _key(schedule: Schedule) -> tuple[str, int, int]:
    return schedule.id, schedule.revision, schedule.cursor_ns
