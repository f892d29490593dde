"""What the kill switch is told."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LatchOrder"]


@dataclass(frozen=True, slots=True)
class LatchOrder:
    """Send nothing new, and end what rests.

    Parameters
    ----------
    reason, who : str
    flatten : bool
        Close what our orders made of the positions.
    cancel_all : bool
        End protecting orders too; they stay otherwise.
    """

    reason: str
    who: str
    flatten: bool = False
    cancel_all: bool = False
