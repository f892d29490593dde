"""Where people say what is to happen by itself, look at it, stop it, and ask for it now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.paging import FIRST_PAGE
from tradewright.domain.control.schedules import Cause, Firing, FiringState, Schedule, ScheduleChange, ScheduleView
from tradewright.domain.control.timetable import read_when
from tradewright.domain.errors import CalendarError, ConfigError, ConflictError, NotFoundError

from .wishes import WishReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.control.jobs import Job
    from tradewright.domain.control.paging import Page, Slice
    from tradewright.domain.control.schedules import Wish

    from .starting import JobStarter
    from .times import DueTimes

__all__ = ["ScheduleDesk"]


@dataclass(frozen=True)
class ScheduleDesk:
    """What may be asked of schedules.

    Parameters
    ----------
    starter : JobStarter
    times : DueTimes
    new_id : callable
        Gives an id that nothing else has.
    now_ns : callable
        The time of day, UTC nanoseconds.
    """

    starter: JobStarter
    times: DueTimes
    new_id: Callable[[], str]
    now_ns: Callable[[], int]

    @property
    def reader(self) -> WishReader:
        """What says whether a wish can be kept."""
        return WishReader(self.starter.queue.commands, self.times)

    def add(self, wish: Wish, owner: str) -> ScheduleView:
        """Keep a wish; times before now do not count as missed.

        Raises
        ------
        ConfigError, CalendarError
            When name, time or request do not fit, it would never be due, or it is a session, which a person begins.
        ConflictError
            When there is one of that name.
        """
        now = self.now_ns()
        self.reader.require_sound(wish, now)
        schedule = Schedule(
            id=self.new_id(), **wish.said, owner=owner, created_ns=now, cursor_ns=now,
            paused_ns=now if wish.is_paused else None,
        )  # fmt: skip
        self.starter.store.add(schedule)
        self.starter.tell_change(ScheduleChange("added", schedule), now)
        return self._view(schedule)

    def change(self, named: str, values: Mapping[str, Any], by: str, seen: int | None = None) -> ScheduleChange:
        """Have a schedule say something else; see `tradewright.domain.control.schedules.Schedule.saying`.

        What became of its times stays with it. A job that runs goes on as it was begun.

        Parameters
        ----------
        named : str
        values : mapping
            By the names of `tradewright.domain.control.schedules.SAID`; what is not named stays.
        by : str
            Who changes it.
        seen : int, optional
            The revision that whoever changes it saw.

        Raises
        ------
        NotFoundError
        ConfigError, CalendarError
            When it would not fit; nothing is changed then.
        ConflictError
            When the settings say it, somebody changed it since it was seen, or another one has the name.
        """
        before, now = self._named(named), self.now_ns()
        _require_own(before)
        if seen is not None and seen != before.revision:
            raise _changed_meanwhile(before)
        wish = replace(before.wish, **values)
        self.reader.require_sound(wish, now)
        after = before.saying(wish, by, now)
        change = ScheduleChange.between(before, after)
        if not change.values:
            return change
        if not self.starter.store.change(before, after):
            raise _changed_meanwhile(before)
        return self.starter.tell_change(change, now)

    def all(self) -> list[ScheduleView]:
        """Every schedule as it stands, by name."""
        return [self._view(each) for each in self.starter.store.all()]

    def found(self, named: str) -> ScheduleView:
        """The schedule of that id or name, as it stands.

        Raises
        ------
        NotFoundError
            When there is none.
        """
        return self._view(self._named(named))

    def pause(self, named: str) -> ScheduleView:
        """It is not due until it is resumed.

        Raises
        ------
        NotFoundError
        """
        return self._changed("paused", self._named(named), self.starter.store.pause)

    def resume(self, named: str) -> ScheduleView:
        """It is due again, from now on: times while it was paused are not missed.

        Raises
        ------
        NotFoundError
        """
        return self._changed("resumed", self._named(named), self.starter.store.resume)

    def remove(self, named: str) -> Schedule:
        """Take it away; its jobs stay, and one that runs goes on.

        Raises
        ------
        NotFoundError
        ConflictError
            When the settings say it.
        """
        schedule = self._named(named)
        _require_own(schedule)
        if self.starter.store.remove(schedule.id):
            self.starter.tell_change(ScheduleChange("removed", schedule), self.now_ns())
        return schedule

    def run(self, named: str) -> Job:
        """Begin it now, paused or not; when it is due next stays as it is.

        Raises
        ------
        NotFoundError
        ConflictError
            While its last job waits or runs: a schedule has one at a time.
        ConfigError
            When its request cannot be carried out any more.
        """
        schedule, now = self._named(named), self.now_ns()
        self.starter.queue.commands.words(str(schedule.kind), schedule.request)
        firing = Firing(
            schedule_id=schedule.id, due_ns=now, cause=Cause.HAND, state=FiringState.BEGUN, at_ns=now
        )  # fmt: skip
        if self.starter.is_busy(schedule) or not self.starter.store.put(firing):
            raise ConflictError(
                f"The last job of the schedule '{schedule.name}' is not over.", hint="Wait for its end, or cancel it."
            )
        job = self.starter.start(schedule, firing)
        if job is None:
            raise ConflictError(f"The schedule '{schedule.name}' could not begin its job.", hint="Ask once more.")
        return job

    def firings(self, named: str, piece: Slice = FIRST_PAGE) -> Page[Firing]:
        """What became of its times, latest first.

        Raises
        ------
        NotFoundError
        """
        return self.starter.store.page(self._named(named).id, piece)

    def job_of(self, firing: Firing) -> Job | None:
        """The job of a time, as it stands."""
        return None if firing.job_id is None else self.starter.queue.book.store.get(firing.job_id)

    def upcoming(self, when: str, zone: str, count: int) -> list[int]:
        """The next times of an expression.

        Raises
        ------
        ConfigError, CalendarError
            When it cannot be read.
        """
        return self.times.first(read_when(when, zone), self.now_ns(), count)

    def _named(self, named: str) -> Schedule:
        store = self.starter.store
        found = store.get(named) or next((each for each in store.all() if each.name == named), None)
        if found is None:
            raise NotFoundError(f"There is no schedule '{named:.64}'.", hint="Look at: tradewright schedule list")
        return found

    def _changed(
        self, what: str, before: Schedule, change: Callable[[str, int], Schedule | None]
    ) -> ScheduleView:  # fmt: skip
        now = self.now_ns()
        after = change(before.id, now)
        if after is None:
            raise NotFoundError(f"The schedule '{before.name}' is there no more.")
        if after != before:
            self.starter.tell(what, after, now)
        return self._view(after)

    def _view(self, schedule: Schedule) -> ScheduleView:
        return ScheduleView(schedule, self._next(schedule), *self.starter.last(schedule))

    def _next(self, schedule: Schedule) -> int | None:
        if schedule.paused_ns is not None:
            return None
        try:
            return self.times.next(read_when(schedule.when, schedule.zone), schedule.cursor_ns)
        except (ConfigError, CalendarError):
            # Whoever has the duty says so in the log; the others are listed all the same.
            return None


def _require_own(schedule: Schedule) -> None:
    if schedule.is_declared:
        raise ConflictError(
            f"The schedule '{schedule.name}' is said by the settings.",
            hint="Change it under 'schedules' in tradewright.yaml: who serves or works reads that as it starts.",
        )


def _changed_meanwhile(schedule: Schedule) -> ConflictError:
    return ConflictError(
        f"The schedule '{schedule.name}' was changed meanwhile.", hint="Read it again, and look at yours."
    )
