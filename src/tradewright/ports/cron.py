"""The socket for the arithmetic of cron, on a wall whose clock is never moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["CronReader", "CronRule"]


class CronRule(Protocol):
    """An expression that was understood."""

    @property
    def is_hourly(self) -> bool:
        """Whether it names no hours of the day, so that it means a rhythm rather than a time of day."""
        ...

    def after(self, wall: dt.datetime) -> dt.datetime | None:
        """The first time later than another one, both without a zone; None where none comes before the year 2200."""
        ...


class CronReader(Protocol):
    """Reads expressions."""

    def __call__(self, expression: str) -> CronRule:
        """Understand five fields: minute, hour, day of the month, month, day of the week.

        Raises
        ------
        ConfigError
            When they are no such expression.
        """
        ...
