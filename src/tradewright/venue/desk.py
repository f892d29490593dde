"""What every part of a server works on: the venue, its pace, what is broken, and who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .barrier import Barrier
from .faults.lines import OpenLines
from .faults.switchboard import Switchboard
from .hub import Hub
from .pace import Drive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .exchange import SandboxVenue
    from .faults.kinds import Fault
    from .pace import Pace

__all__ = ["SandboxDesk"]


class SandboxDesk:
    """One running sandbox.

    Parameters
    ----------
    venue : SandboxVenue
    pace : Pace
    faults : iterable of Fault
        On from the beginning.
    """

    def __init__(self, venue: SandboxVenue, pace: Pace, faults: Iterable[Fault] = ()) -> None:
        self.venue = venue
        self.drive = Drive(venue, pace, lambda: self.hub.backlog)
        self.barrier = Barrier(self.drive.acknowledged)
        self.lines = OpenLines()
        self.switchboard = Switchboard(venue, faults)
        self.hub = Hub(venue, self.switchboard, lambda line: self.lines.cut(line.socket.scope))
