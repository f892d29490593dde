"""What becomes of an engine's outputs outside of it: nothing on simulated fills, orders on the road at a broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.live.session import Ended, Placed, Replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.app.orders.office import Approver
    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.clock import Clock

    from .wires import WireForms

__all__ = ["Carrier", "DryCarrier", "SimulatedCarrier"]


class Carrier(Protocol):
    """Carries outputs out, and gives inputs back through what it was made with."""

    async def carry_out(self, sequence: int, given: Input, outputs: Sequence[Output]) -> None:
        """Do what the engine said to an input of that number."""
        ...

    def remember(self, sequence: int, given: Input, outputs: Sequence[Output]) -> None:
        """The engine said so before the process came to its end, and it was carried out or is on the road."""
        ...

    async def catch_up(self) -> None:
        """After a restart: give what happened meanwhile."""
        ...

    def compare(self, standings: Mapping[str, Any]) -> None:
        """Hold how the engine stands against what is known outside of it; it has taken everything it was given."""
        ...


class SimulatedCarrier:
    """On simulated fills the engine has done everything itself."""

    async def carry_out(self, sequence: int, given: Input, outputs: Sequence[Output]) -> None:
        """Nothing is left to do."""

    def remember(self, sequence: int, given: Input, outputs: Sequence[Output]) -> None:
        """Nothing is to be remembered."""

    async def catch_up(self) -> None:
        """Nothing happens without the engine."""

    def compare(self, standings: Mapping[str, Any]) -> None:
        """Nothing is known outside of the engine."""


class DryCarrier(SimulatedCarrier):
    """A dry run: what was decided goes through the risk office and is said to have ended there; nothing is sent.

    Parameters
    ----------
    forms : WireForms
    approver : Approver
    clock : Clock
    put : callable
        Takes the inputs that follow.
    """

    def __init__(self, forms: WireForms, approver: Approver, clock: Clock, put: Callable[[Input], None]) -> None:
        self._forms = forms
        self._approver = approver
        self._clock = clock
        self._put = put

    async def carry_out(self, sequence: int, given: Input, outputs: Sequence[Output]) -> None:  # noqa: ARG002 - the port's shape
        """Ask the gate for each order, and end it."""
        for output in outputs:
            order = output.order if isinstance(output, Replaced) else output
            if isinstance(order, Placed):
                answer = self._approver.approve(self._forms.wire(order))
                approved = isinstance(answer, ApprovedOrder)
                status, why = (
                    ("cancelled", "A dry run sends nothing.") if approved else ("rejected", "The gate refused.")
                )
                self._put(Ended(order.order_id, status, why, self._clock.now_ns()))
