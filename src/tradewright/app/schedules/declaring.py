"""Schedules that the settings say, brought into the store: what they say is so, what they say no more is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.control.schedules import Schedule, ScheduleChange
from tradewright.domain.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.domain.control.schedules import Wish

    from .starting import JobStarter

__all__ = ["OWNER", "Declaration"]

OWNER = "settings"
"""Whose jobs those of declared schedules are."""


@dataclass(frozen=True)
class Declaration:
    """Brings schedules in that are said elsewhere.

    Whoever starts does so; of several who do it at once each change is made, and told, by one of them. What is paused
    stays so: that is no part of what is said.

    Parameters
    ----------
    starter : JobStarter
    new_id : callable
        Gives an id that nothing else has.
    """

    starter: JobStarter
    new_id: Callable[[], str]

    def bring_in(self, wishes: Iterable[Wish], now_ns: int) -> list[ScheduleChange]:
        """Make and change what is not as it is said, and remove what was declared and is said no more.

        A schedule that a person made is taken over where its name is said, with its times.

        Parameters
        ----------
        wishes : iterable of Wish
            Sound ones, each name once.
        now_ns : int

        Returns
        -------
        list of ScheduleChange
            What was done here; nothing of what others did meanwhile.
        """
        wanted = {each.name: each for each in wishes}
        made = [found for each in wanted.values() if (found := self._say(each, now_ns)) is not None]
        over = [each for each in self.starter.store.all() if each.is_declared and each.name not in wanted]
        gone = [ScheduleChange("removed", each) for each in over if self.starter.store.remove(each.id)]
        return [self.starter.tell_change(each, now_ns) for each in (*made, *gone)]

    def _say(self, wish: Wish, now_ns: int) -> ScheduleChange | None:
        # Where another one was faster, what is there now is looked at once more.
        while True:
            before = next((each for each in self.starter.store.all() if each.name == wish.name), None)
            if before is None:
                if (made := self._add(wish, now_ns)) is not None:
                    return ScheduleChange("added", made)
                continue
            after = before.saying(wish, OWNER, now_ns, is_declared=True)
            if after == before:
                return None
            if self.starter.store.change(before, after):
                return ScheduleChange.between(before, after)

    def _add(self, wish: Wish, now_ns: int) -> Schedule | None:
        made = Schedule(
            id=self.new_id(), **wish.said, owner=OWNER, created_ns=now_ns, cursor_ns=now_ns, is_declared=True
        )  # fmt: skip
        try:
            self.starter.store.add(made)
        except ConflictError:
            return None
        return made
