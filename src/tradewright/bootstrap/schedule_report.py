"""The schedules of the settings as rows, looked at as who brings them in will look at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings

__all__ = ["ScheduleRow", "schedule_rows"]


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule: when its job begins, of which kind it is, and what is wrong with it, with file and line."""

    name: str
    when: str
    kind: str
    problem: str | None

    @property
    def state(self) -> str:
        """In words."""
        return self.problem or f"{self.kind}, {self.when}"


def schedule_rows(settings: Settings) -> list[ScheduleRow]:
    """Every schedule, in order; nothing is brought in."""
    if not settings.schedules:
        return []
    from tradewright.bootstrap.declared import problems_of

    rows = []
    for name, declared in settings.schedules.items():
        found = [f"{each.where}: {each.what} {each.hint or ''}".rstrip() for each in problems_of(declared)]
        rows.append(ScheduleRow(name, declared.wish.when, declared.wish.kind, " ".join(found) or None))
    return rows
