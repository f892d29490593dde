"""The risk gate: every order passes here, and comes out approved or refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tradewright.domain.approval import ApprovedOrder, RefusedOrder
from tradewright.domain.events import Reason
from tradewright.domain.minting import mint

from .rules.guard import APPROVED, refusal

if TYPE_CHECKING:
    from .limits import Limits

__all__ = ["Proposal", "RiskGate"]

T = TypeVar("T")


@dataclass(slots=True)
class Proposal:
    """What the gate needs to know of an order, in account currency; see `rules.guard.refusal`."""

    equity: float
    exposure: float
    opening: float
    risked: float
    held: float


class RiskGate:
    """The limits of one account at work.

    Parameters
    ----------
    limits : Limits
    equity : float
        Equity the account begins with.
    """

    __slots__ = ("guard", "is_open", "limits")

    def __init__(self, limits: Limits, equity: float) -> None:
        self.limits = limits
        self.guard = limits.guard(equity)
        self.is_open = not limits.is_active
        """True when no limit is on, so that a caller need not measure what nobody will compare."""

    def rearm(self, equity: float) -> None:
        """A person lifted the halt: the fall counts from this equity on; a pause stays until the next session."""
        self.guard.halted = 0
        self.guard.peak_equity = equity

    def pass_through(self, order: T) -> ApprovedOrder[T]:
        """Approve an order under no limits.

        Raises
        ------
        ValueError
            When limits are on: then `check_order` decides.
        """
        if not self.is_open:
            raise ValueError("limits are on")
        return mint(order)

    def check_order(self, order: T, proposal: Proposal) -> ApprovedOrder[T] | RefusedOrder[T]:
        """Approve the order, or refuse it with the reason."""
        code = refusal(self.guard, proposal.equity, proposal.exposure, proposal.opening, proposal.risked, proposal.held)
        return mint(order) if code == APPROVED else RefusedOrder(order, Reason(code))
