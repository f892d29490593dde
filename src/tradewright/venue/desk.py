"""What every part of a server works on: the venue, its pace, and who listens to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .exchange import SandboxVenue
    from .pace import Drive

__all__ = ["SandboxDesk"]


@dataclass(slots=True)
class SandboxDesk:
    """One running sandbox."""

    venue: SandboxVenue
    drive: Drive
