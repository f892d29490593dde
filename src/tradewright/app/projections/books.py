"""The books of one session: its record read on and on, and the rows that changed by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.control.trading import FillFact, OrderFact, SessionDay
from tradewright.domain.control.trading_changes import Changes
from tradewright.domain.live.session import (
    Command,
    Happened,
    Placed,
    Replaced,
    Row,
    Standing,
)
from tradewright.reporting.session.money import PAYMENTS, TRADES

from .wallet import Wallet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradewright.domain.live.session import Input, Output

    Entry = tuple[int, Input, tuple[Output, ...]]

__all__ = ["SessionBooks", "settled"]

_ENDINGS = frozenset({"cancelled", "expired", "rejected", "replaced"})
_NOTHING = 1e-9


def settled(entries: list[Entry], standing: Mapping[str, Any] | None) -> list[Entry]:
    """The entries that will not be answered otherwise any more.

    The last input may be worked on still; and a command that counts before another input was written while that one
    waited.

    Parameters
    ----------
    entries : list
    standing : mapping or None
        What the session had written down last before they were read: what it measured, it had answered.
    """
    if not entries or entries[-1][2]:
        return entries
    number, given, _ = entries[-1]
    said = standing or {}
    if said.get("why_ended") or (isinstance(given, Row) and (said.get("at_ns") or 0) >= given.close_ns):
        return entries
    stop = given.before if isinstance(given, Command) and given.before else number
    return [each for each in entries if each[0] < stop]


class SessionBooks:
    """Orders, fills, trades, positions and days of a session.

    Parameters
    ----------
    session : str
    about : mapping
        What it was started with.

    Attributes
    ----------
    read : int
        Inputs that the books contain.
    """

    def __init__(self, session: str, about: Mapping[str, Any]) -> None:
        self.read = 0
        self._session = session
        self._wallet = Wallet.of(session, about)
        self._at_broker = about.get("fills") == "venue"
        self._orders: dict[int, OrderFact] = {}
        self._filled = 0
        self._day: SessionDay | None = None
        self._changes = Changes()

    def advance(self, entries: Iterable[Entry]) -> Changes:
        """Take entries in, in their order and without a gap; what changed by them."""
        for number, given, outputs in entries:
            self._take(given, outputs)
            self.read = number
        changes, self._changes = self._changes, Changes()
        return changes

    def _take(self, given: Input, outputs: tuple[Output, ...]) -> None:
        at_ns = given.at_ns
        if isinstance(given, Row):
            self._row(given)
        elif isinstance(given, Standing):
            self._stand(given)
        for output in outputs:
            if isinstance(output, Placed):
                self._place(output, at_ns)
            elif isinstance(output, Replaced):
                self._place(output.order, at_ns, output.replaces)
            elif isinstance(output, Happened):
                self._happen(output, at_ns)
        self._value(at_ns)

    def _row(self, row: Row) -> None:
        for bar in row.bars:
            self._changes.take(*self._wallet.mark(bar.symbol, bar.close, row.close_ns))
        # History before the first row that acts is no day of the session.
        if row.acts and (self._day is None or row.day > self._day.day):
            began = self._wallet.equity if self._day is None else self._day.equity
            self._day = SessionDay(self._session, row.day, row.close_ns, began, began)

    def _value(self, at_ns: int) -> None:
        """How the day stands after an input."""
        if self._day is None:
            return
        self._day.at_ns = max(self._day.at_ns, at_ns)
        self._day.equity, self._day.exposure = self._wallet.equity, self._wallet.exposure
        self._changes.days[self._day.day] = self._day

    def _stand(self, said: Standing) -> None:
        order = self._orders.get(said.order_id)
        if order is not None and order.is_open:
            order.status = "partially_filled" if order.filled and said.status == "submitted" else said.status
            self._changes.orders[order.id] = order

    def _place(self, placed: Placed, at_ns: int, replaces: int | None = None) -> None:
        order = OrderFact(
            self._session, placed.order_id, self._wallet.name(placed.strategy), placed.symbol, placed.side,
            placed.order_type, placed.time_in_force, placed.quantity, placed.limit_price, placed.stop_price,
            "pending" if self._at_broker else "submitted", at_ns, replaces=replaces, tag=placed.tag,
        )  # fmt: skip
        self._orders[order.id] = self._changes.orders[order.id] = order
        if self._day is not None:
            self._day.placed += 1

    def _happen(self, event: Happened, at_ns: int) -> None:
        if event.event in TRADES:
            self._trade(event, at_ns)
        elif event.event in PAYMENTS:
            self._wallet.move(event.quantity)
        elif event.event == "split":
            self._changes.take(self._wallet.split(event))
        elif event.event in _ENDINGS and event.order_id:
            self._end(event, at_ns)

    def _trade(self, event: Happened, at_ns: int) -> None:
        self._filled += 1
        fill = FillFact(
            self._session, self._filled, event.order_id, self._wallet.name(event.strategy), event.symbol,
            event.quantity, event.price, event.fee, at_ns, event.event,
        )  # fmt: skip
        self._changes.fills.append(fill)
        is_first = event.order_id > 0 and self._fill_order(event, at_ns)
        held, trade = self._wallet.trade(event, at_ns)
        self._changes.take(held)
        if trade is not None:
            self._changes.trades.append(trade)
        if self._day is not None:
            self._day.traded += self._wallet.terms.worth(event)
            self._day.filled += is_first
            self._day.trades += trade is not None
            self._day.won += trade is not None and trade.net > 0

    def _fill_order(self, event: Happened, at_ns: int) -> bool:
        """Whether it is its first fill."""
        order = self._order(event, at_ns)
        before, order.filled = order.filled, order.filled + abs(event.quantity)
        # What its placing did not say is learned from its fills: protective legs are placed with their entry.
        order.quantity = max(order.quantity, order.filled)
        order.average_price = ((order.average_price or 0.0) * before + event.price * abs(event.quantity)) / order.filled
        order.fees += event.fee
        if order.is_open:
            is_done = order.type == "leg" or order.quantity - order.filled <= _NOTHING
            order.status, order.ended_ns = ("filled", at_ns) if is_done else ("partially_filled", None)
        return before == 0.0

    def _end(self, event: Happened, at_ns: int) -> None:
        order = self._order(event, at_ns)
        order.status = "cancelled" if event.event == "replaced" else event.event
        order.reason, order.ended_ns = event.reason, at_ns
        if self._day is not None and not order.filled:
            self._day.unfilled += 1

    def _order(self, event: Happened, at_ns: int) -> OrderFact:
        """The order of an event; one that was never placed by itself is a leg, or was refused at once."""
        found = self._orders.get(event.order_id)
        if found is None:
            found = OrderFact(
                self._session, event.order_id, self._wallet.name(event.strategy), event.symbol,
                1 if event.quantity >= 0 else -1, "leg", "", abs(event.quantity), None, None, "submitted", at_ns,
            )  # fmt: skip
            self._orders[event.order_id] = found
        self._changes.orders[found.id] = found
        return found
