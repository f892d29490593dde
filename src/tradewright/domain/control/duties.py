"""Work for all that one process at a time does."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ALERTS", "SCHEDULES", "SESSION_EVENTS", "Duty"]

ALERTS = "alerts"
"""To look after alerts: to find what people must know, and to tell them."""

SCHEDULES = "schedules"
"""To go round the schedules: to begin what is due."""

SESSION_EVENTS = "session_events"
"""To tell what sessions do, so that nothing is told twice."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Who has a duty.

    Parameters
    ----------
    name : str
    holder : str
        A name that no other process has or had.
    beat_ns : int
        UTC nanoseconds of the holder's last sign of life, on its own clock; each is larger than the one before.
    """

    name: str
    holder: str
    beat_ns: int

    @property
    def place(self) -> str:
        """Host and process of the holder, such as ``desk-1, process 421``.

        Examples
        --------
        >>> Duty("alerts", "desk-1:421:ab", 0).place
        'desk-1, process 421'
        """
        host, _, rest = self.holder.partition(":")
        return f"{host}, process {rest.partition(':')[0]}"
