"""What came of an act, order by order, as the venue said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.live.session import Happened, Placed

from .picture import state_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tradewright.app.orders.book import LiveBook
    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.session import Output

__all__ = ["ActOutcome", "OrderOutcome", "outcomes_in_book", "outcomes_of_session"]

_UNKNOWN = "Outcome unknown: the venue has not said what became of it; it is asked about, and never sent again."
_SENTENCES = {
    "decided": "It has not been sent yet.",
    "sent": "Sent; the venue has not answered yet.",
    "unknown": _UNKNOWN,
    "replaced": "Another order took its place.",
    "expired": "It expired.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOutcome:
    """One order.

    Parameters
    ----------
    order_id, symbol : str
    state : str
        ``decided``, ``sent``, ``working``, ``unknown``, ``filled``, ``cancelled``, ``expired``, ``rejected`` or
        ``replaced``.
    sentence : str
    """

    order_id: str
    symbol: str
    state: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOutcome:
    """What is known when the act is answered.

    Parameters
    ----------
    is_done : bool
        Whether everything came to its end; else it goes on.
    sentence : str
    orders : tuple of OrderOutcome
    left : tuple of str
        What should be gone and is not, each by name.
    notes : tuple of str
    """

    is_done: bool
    sentence: str
    orders: tuple[OrderOutcome, ...] = ()
    left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def outcomes_in_book(book: LiveBook, touched: Collection[str], known: Collection[str]) -> tuple[OrderOutcome, ...]:
    """The orders that an act touched, and those that came after it.

    Parameters
    ----------
    book : LiveBook
        As the journal has it now.
    touched : collection of str
        Orders that were open.
    known : collection of str
        All orders of the account before it; what is none of them came of the act.
    """
    found = [order for cid, order in book.orders.items() if cid in touched or cid not in known]
    return tuple(_outcome(order) for order in found)


def _outcome(order: LiveOrder) -> OrderOutcome:
    state = state_of(order)
    return OrderOutcome(order_id=order.cid, symbol=order.symbol, state=state, sentence=_sentence(order, state))


def _sentence(order: LiveOrder, state: str) -> str:
    did = "Bought" if order.wire.side.value > 0 else "Sold"
    if state == "filled":
        return f"{did} {order.filled_there.normalize():f} {order.symbol}."
    if state == "cancelled":
        filled = f" after {order.filled_there.normalize():f} filled" if order.filled_there else ""
        return f"It has ended{filled}."
    if state == "rejected":
        return f"It was refused. {order.reason}".rstrip()
    if state == "working":
        return "Its end was asked for; the venue has not said so yet." if order.cancel_wanted else "It works."
    return _SENTENCES[state]


def outcomes_of_session(session: str, touched: Collection[str], outputs: Iterable[Output]) -> tuple[OrderOutcome, ...]:
    """The orders of a session on simulated fills, by what its engine said since the act.

    Parameters
    ----------
    session : str
    touched : collection of str
        Ids of orders that were open.
    outputs : iterable of Output
        Everything since.
    """
    found: dict[str, OrderOutcome] = {}
    for order_id in touched:
        found[order_id] = OrderOutcome(order_id=order_id, symbol="", state="working", sentence="It works.")
    for output in outputs:
        if isinstance(output, Placed):
            order_id = f"{session}:{output.order_id}"
            said = "It fills with the next bar, as simulated orders do."
            found[order_id] = OrderOutcome(order_id=order_id, symbol=output.symbol, state="working", sentence=said)
        elif isinstance(output, Happened) and output.event in _ENDS and f"{session}:{output.order_id}" in found:
            order_id, state = f"{session}:{output.order_id}", _ENDS[output.event]
            found[order_id] = OrderOutcome(
                order_id=order_id, symbol=output.symbol, state=state, sentence=_happened(output)
            )
    return tuple(found.values())


_ENDS = {"fill": "filled", "cancelled": "cancelled", "expired": "expired", "rejected": "rejected"}


def _happened(output: Happened) -> str:
    if output.event == "fill":
        did = "Bought" if output.quantity > 0 else "Sold"
        return f"{did} {abs(output.quantity):g} {output.symbol} at {output.price:g}."
    return f"It was {output.event}. {output.reason}".rstrip()
