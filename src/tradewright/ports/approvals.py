"""The socket for approvals: append-only, the last word on a strategy and stage counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradewright.domain.stage import Approval, Stage, StrategyIdentity

__all__ = ["ApprovalStore"]


class ApprovalStore(Protocol):
    """What persons said.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def add(self, said: Approval) -> Approval:
        """Keep a verdict, which gets the next number whatever number it comes with; durable when this returns."""
        ...

    def of(self, strategy: StrategyIdentity, stage: Stage) -> Approval | None:
        """The last word on a strategy and stage, or None where nobody said anything."""
        ...

    def all(self) -> list[Approval]:
        """Everything that was said, oldest first."""
        ...
