"""The socket for schedules: what is to happen when, and what became of each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.control.paging import Page, Slice
    from tradewright.domain.control.schedules import Firing, FiringState, Schedule

__all__ = ["ScheduleStore"]


class ScheduleStore(Protocol):
    """Schedules and their times.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def add(self, schedule: Schedule) -> None:
        """Keep a schedule.

        Raises
        ------
        ConflictError
            When there is one of that name.
        """
        ...

    def all(self) -> list[Schedule]:
        """Every schedule, by name."""
        ...

    def get(self, schedule_id: str) -> Schedule | None:
        """The schedule with that id."""
        ...

    def pause(self, schedule_id: str, now_ns: int) -> Schedule | None:
        """It is not due until it is resumed; one that is paused stays as it is. None where there is none."""
        ...

    def resume(self, schedule_id: str, now_ns: int) -> Schedule | None:
        """It is due again from now on: times while it was paused are not missed. None where there is none."""
        ...

    def change(self, seen: Schedule, to: Schedule) -> bool:
        """Have it say something else; how far it has come and whether it is paused stay where the two agree on that.

        Only where nobody has changed or removed it since it was seen: of several who try at once one does it, the
        others get False.

        Raises
        ------
        ConflictError
            When another one has the name.
        """
        ...

    def remove(self, schedule_id: str) -> bool:
        """Take it away with what is known of its times; jobs stay. False where there is none."""
        ...

    def move(self, seen: Schedule, firing: Firing, cursor_ns: int) -> bool:
        """Write one time down and deal with all up to a cursor, both or neither.

        Only where the schedule still stands where it was seen, says what it said, is not paused, and has nothing at
        that time: of several who try at once one does it, the others get False.
        """
        ...

    def put(self, firing: Firing) -> bool:
        """Write a time down that moves no cursor; False where the schedule is gone or has something at that time."""
        ...

    def settle(self, firing: Firing, state: FiringState, error: str | None = None) -> bool:
        """Say what became of one that was begun; False where somebody else has said it."""
        ...

    def unsettled(self) -> list[Firing]:
        """Those that were begun and of which nobody has said more, oldest first."""
        ...

    def last_run(self, schedule_id: str) -> Firing | None:
        """The latest of a schedule that was not passed over."""
        ...

    def page(self, schedule_id: str, piece: Slice) -> Page[Firing]:
        """What became of the times of a schedule, latest first."""
        ...

    def forget(self, before_ns: int) -> None:
        """Take away what was written down before an instant and is settled."""
        ...
