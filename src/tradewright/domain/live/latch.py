"""What the kill switch is told."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    foreign : bool
        End the orders of others in the account too.
    """

    reason: str
    who: str
    flatten: bool = False
    cancel_all: bool = False
    foreign: bool = False

    def asks_more_than(self, other: LatchOrder) -> bool:
        """Whether it wants something that another one does not."""
        mine = (self.flatten, self.cancel_all, self.foreign)
        return any(
            wanted > had for wanted, had in zip(mine, (other.flatten, other.cancel_all, other.foreign), strict=True)
        )

    def and_also(self, other: LatchOrder) -> LatchOrder:
        """The same, with what another one wants besides: a later word never takes an earlier one back."""
        return replace(
            self,
            flatten=self.flatten or other.flatten,
            cancel_all=self.cancel_all or other.cancel_all,
            foreign=self.foreign or other.foreign,
        )
