"""What became of each order of a session, by its record: decided, acknowledged, filled, ended."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tradewright.domain.live.session import Ended, Filled, Happened, Placed, Replaced, Row, Standing

if TYPE_CHECKING:
    from tradewright.domain.live.session import Input, Output

__all__ = ["Execution", "OrderTickets", "Ticket"]

_ENDINGS = {"cancelled", "expired", "rejected", "replaced"}


@dataclass(frozen=True, slots=True)
class Execution:
    """A fill.

    Parameters
    ----------
    at_ns : int
    order_id, strategy : int
    symbol : str
    quantity : float
        Signed units.
    price, fee : float
    reference : float or None
        Close of the bar on which the order was decided; None where no order of a strategy's filled.
    half_spread : float or None
        What crossing from the middle to one side cost, in price, by the quote on which the order was sent; None where
        there was none.
    """

    at_ns: int
    order_id: int
    strategy: int
    symbol: str
    quantity: float
    price: float
    fee: float
    reference: float | None
    half_spread: float | None = None

    @property
    def slippage(self) -> float | None:
        """How much worse than the close of the deciding bar it filled, as a fraction of that; better is negative."""
        if not self.reference:
            return None
        return (self.price - self.reference) / self.reference * (1.0 if self.quantity > 0.0 else -1.0)

    @property
    def spread(self) -> float | None:
        """The cost of the half spread as a fraction of the price; None where no quote was known."""
        return None if self.half_spread is None else self.half_spread / self.price


@dataclass(frozen=True, slots=True)
class Ticket:
    """An order, and how far it has come.

    Parameters
    ----------
    placed : Placed
        As it was decided.
    decided_ns : int
    reference : float or None
        Close of the bar on which it was decided.
    status : str
        ``"sent"``, ``"acknowledged"``, ``"unknown"``, ``"filled"``, ``"cancelled"``, ``"expired"``, ``"rejected"``,
        ``"replaced"``.
    acknowledged_ns, ended_ns : int or None
    filled, paid : float
        Units, and the sum of units times price.
    reason : str
    half_spread : float or None
        As of the fills.
    """

    placed: Placed
    decided_ns: int
    reference: float | None
    status: str = "sent"
    acknowledged_ns: int | None = None
    ended_ns: int | None = None
    filled: float = 0.0
    paid: float = 0.0
    reason: str = ""
    half_spread: float | None = None

    @property
    def average(self) -> float | None:
        """Average price of its fills; None before the first."""
        return self.paid / self.filled if self.filled else None

    @property
    def spread(self) -> float | None:
        """The cost of the half spread as a fraction of the average price; None where no quote was known."""
        return self.half_spread / self.average if self.half_spread is not None and self.average else None

    @property
    def is_open(self) -> bool:
        """Whether it may still fill."""
        return self.ended_ns is None


@dataclass(slots=True)
class OrderTickets:
    """All orders and fills of a session, in the order of the record.

    Parameters
    ----------
    is_simulated : bool
        Whether the simulated exchange fills, which has an order as soon as it is decided.
    """

    is_simulated: bool
    tickets: dict[int, Ticket] = field(default_factory=dict)
    executions: list[Execution] = field(default_factory=list)
    closes: dict[str, float] = field(default_factory=dict)

    def copy(self) -> OrderTickets:
        """The same, to go on with aside."""
        return OrderTickets(self.is_simulated, dict(self.tickets), list(self.executions), dict(self.closes))

    def take(self, given: Input, outputs: tuple[Output, ...]) -> None:
        """Take the next input with what the engine said to it."""
        if isinstance(given, Row):
            self.closes.update((bar.symbol, bar.close) for bar in given.bars)
        elif isinstance(given, Standing):
            self._stands(given)
        elif isinstance(given, Ended) and not given.leg:
            self._ends(given.order_id, given.status, given.reason, given.at_ns)
        for said in outputs:
            if isinstance(said, Happened) and said.event == "fill":
                self._fill(said, given.at_ns, given.half_spread if isinstance(given, Filled) else None)
            else:
                self._hear(said, given.at_ns, is_told=isinstance(given, Filled | Ended))

    def _stands(self, given: Standing) -> None:
        known = self.tickets.get(given.order_id)
        if known is None or not known.is_open:
            return
        status = "unknown" if given.status == "unknown" else "acknowledged"
        first = known.acknowledged_ns or (given.at_ns if status == "acknowledged" else None)
        self.tickets[given.order_id] = replace(known, status=status, acknowledged_ns=first)

    def _hear(self, said: Output, at_ns: int, *, is_told: bool) -> None:
        if isinstance(said, Placed):
            self._place(said, at_ns)
        elif isinstance(said, Replaced):
            self._place(said.order, at_ns)
        elif isinstance(said, Happened) and said.event in _ENDINGS and not is_told:
            self._ends(said.order_id, said.event, said.reason, at_ns)

    def _place(self, placed: Placed, at_ns: int) -> None:
        known = ("acknowledged", at_ns) if self.is_simulated else ("sent", None)
        reference = self.closes.get(placed.symbol)
        self.tickets[placed.order_id] = Ticket(placed, at_ns, reference, known[0], known[1])

    def _fill(self, said: Happened, at_ns: int, half: float | None) -> None:
        known = self.tickets.get(said.order_id)
        reference = None if known is None else known.reference
        self.executions.append(
            Execution(
                at_ns, said.order_id, said.strategy, said.symbol, said.quantity, said.price, said.fee, reference, half
            )
        )
        if known is None:
            return
        filled = known.filled + abs(said.quantity)
        paid = known.paid + abs(said.quantity) * said.price
        known = replace(
            known, filled=filled, paid=paid, half_spread=half, acknowledged_ns=known.acknowledged_ns or at_ns
        )
        if filled >= known.placed.quantity * (1.0 - 1e-9):
            known = replace(known, status="filled", ended_ns=at_ns)
        self.tickets[said.order_id] = known

    def _ends(self, order_id: int, status: str, reason: str, at_ns: int) -> None:
        known = self.tickets.get(order_id)
        if known is not None and known.is_open:
            self.tickets[order_id] = replace(known, status=status, reason=reason, ended_ns=at_ns)
