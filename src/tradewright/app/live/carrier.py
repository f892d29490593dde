"""What becomes of an engine's outputs outside of it: nothing on simulated fills, orders on the road at a broker."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Protocol

from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import BrokerError, OrderError
from tradewright.domain.live.session import Ended, Placed, Replaced, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.clock import Clock
    from tradewright.risk.office import RiskOffice

    from .valuing import Valuer
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
    risk : RiskOffice
    valuer : Valuer
        Tells the risk office what the account is worth, and what the market has now.
    clock : Clock
    put : callable
        Takes the inputs that follow.
    """

    def __init__(
        self, forms: WireForms, risk: RiskOffice, valuer: Valuer, clock: Clock, put: Callable[[Input], None]
    ) -> None:
        self._forms = forms
        self._risk = risk
        self._valuer = valuer
        self._clock = clock
        self._put = put

    async def carry_out(self, sequence: int, given: Input, outputs: Sequence[Output]) -> None:  # noqa: ARG002 - the port's shape
        """Ask the gate for each order, and end it."""
        for bar in given.bars if isinstance(given, Row) else ():
            await self._valuer.see(bar)
        orders = [each.order if isinstance(each, Replaced) else each for each in outputs]
        wanted = [each for each in orders if isinstance(each, Placed)]
        if wanted:
            with contextlib.suppress(BrokerError):
                await self._valuer.account()
        for order in wanted:
            why = self._refusal(order)
            status, said = ("cancelled", "A dry run sends nothing.") if why is None else ("rejected", why)
            self._put(Ended(order.order_id, status, said, self._clock.now_ns()))

    def _refusal(self, order: Placed) -> str | None:
        """Why an order would not be sent, or None; what was approved counts no longer."""
        try:
            wire = self._forms.wire(order)
        except OrderError as error:
            return str(error)
        answer = self._risk.approve(wire, stop=order.stop_loss)
        if not isinstance(answer, ApprovedOrder):
            return answer.sentence
        self._risk.release(wire)
        return None
