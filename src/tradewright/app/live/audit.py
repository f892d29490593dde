"""Whether a session's engine and its account's journal know the same: positions, and orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.app.orders.office import Alarm
from tradewright.domain.live.session import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from tradewright.app.orders.road import OrderRoad
    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.session import Input

    from .ledger import SessionLedger

__all__ = ["SessionAudit"]


class SessionAudit:
    """Tells a person where engine and journal differ, and lets nothing be opened on it.

    Parameters
    ----------
    session : str
    road : OrderRoad
    ledger : SessionLedger
    put : callable
        Takes the inputs that follow.
    """

    def __init__(self, session: str, road: OrderRoad, ledger: SessionLedger, put: Callable[[Input], None]) -> None:
        self._session = session
        self._road = road
        self._ledger = ledger
        self._put = put
        self._said: set[tuple[int, str, float, float]] = set()

    def compare(self, standings: Mapping[str, Any]) -> None:
        """Hold what the engine holds against the journal; where they differ, the strategy opens nothing more.

        The engine must have taken everything that it was given. A person looks, and resumes the strategy.
        """
        held = [(each["strategy"], each["symbol"], each["quantity"]) for each in standings["positions"]]
        found = {(*key, *both) for key, both in self._ledger.differences(held).items()}
        for number, symbol, here, there in sorted(found - self._said):
            what = f"{self._session}/{number} counts {here:g} {symbol}, and its orders have made {there:g}."
            self._road.office.alarm(Alarm.BREAK, symbol, what)
            self._put(Command("pause", "session", what, self._road.office.clock.now_ns(), number))
        self._said = found

    def end_strangers(self, known: Container[str]) -> None:
        """Cancel the session's orders that its record does not know, as after a loss of power: nobody manages them.

        What they filled is told to the engine, and what protects it stays.
        """
        for order in list(self._road.office.book.orders.values()):
            if order.is_open and order.cid not in known and self._is_own(order) and not order.cancel_wanted:
                self._road.office.alarm(Alarm.OWN_TAG, order.cid, f"The record of {self._session} does not know it.")
                self._road.office.spawn(self._road.canceller.cancel(order.cid))

    def _is_own(self, order: LiveOrder) -> bool:
        head, _, number = order.instance.rpartition("/")
        return head == self._session and number.isdecimal() and order.parent is None
