"""The desk: what a context needs from the engine to act, as protocols; and the reference an order call returns."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from tradewright.domain.errors import OrderError
from tradewright.domain.order import TERMINAL, OrderSide, OrderStatus, OrderType, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from tradewright.domain.order import Order
    from tradewright.domain.portfolio import Account, Position

__all__ = ["Desk", "OrderOptions", "OrderRef", "OrderWords", "Ticket", "fill_ticket"]


class OrderOptions(TypedDict, total=False):
    """The keywords of an order call; `Context.buy` says what each means."""

    order_type: OrderType | str
    limit_price: float
    stop_price: float
    trail_amount: float
    trail_percent: float
    time_in_force: TimeInForce | str
    expires: dt.datetime
    stop_loss: float
    take_profit: float
    display_quantity: float
    oco: OrderRef
    client_order_id: str
    tag: str


class OrderWords(OrderOptions, total=False):
    """Quantity and symbol besides, where they are given by name."""

    quantity: float
    symbol: str


class Ticket:
    """One order as a strategy asks for it, before sizing, rounding and the gate. Prices NaN where none is given."""

    __slots__ = (
        "client_order_id",
        "display_quantity",
        "expires_ns",
        "limit_price",
        "oco",
        "order_type",
        "quantity",
        "side",
        "stop_loss",
        "stop_price",
        "tag",
        "take_profit",
        "time_in_force",
        "trail_amount",
        "trail_percent",
    )

    def __init__(self, side: OrderSide, quantity: float | None) -> None:
        self.side = side
        self.quantity = quantity
        self.order_type = OrderType.MARKET
        self.time_in_force = TimeInForce.GTC
        self.limit_price: float | None = None
        self.stop_price: float | None = None
        self.trail_amount: float | None = None
        self.trail_percent: float | None = None
        self.expires_ns: int | None = None
        self.stop_loss: float | None = None
        self.take_profit: float | None = None
        self.display_quantity: float | None = None
        self.oco: OrderRef | None = None
        self.client_order_id: str | None = None
        self.tag: str | None = None


_PLAIN_OPTIONS = frozenset(OrderOptions.__optional_keys__ - {"order_type", "time_in_force", "expires"})


def fill_ticket(ticket: Ticket, options: OrderWords) -> None:
    """Write the keywords of an order call into a ticket.

    Raises
    ------
    OrderError
        For a keyword, order type or time in force that does not exist, or a naive time.
    """
    for name, value in options.items():
        if name in _PLAIN_OPTIONS:
            setattr(ticket, name, value)
        elif name == "time_in_force":
            ticket.time_in_force = _word(TimeInForce, value, "time in force")
        elif name == "expires":
            _set_expiry(ticket, value)
        elif name != "order_type":
            raise OrderError(f"An order has no '{name}'.", hint=f"It has {', '.join(OrderOptions.__annotations__)}.")
    asked = options.get("order_type")
    ticket.order_type = _implied_type(ticket) if asked is None else _word(OrderType, asked, "order type")


def _word(kind: Any, value: Any, what: str) -> Any:
    try:
        return kind(value.lower() if isinstance(value, str) else value)
    except ValueError:
        raise OrderError(f"'{value}' is not a {what}.", hint=f"Use {', '.join(kind)}.") from None


def _implied_type(ticket: Ticket) -> OrderType:
    """The order type that follows from the prices given."""
    if ticket.trail_amount is not None or ticket.trail_percent is not None:
        return OrderType.TRAILING_STOP
    if ticket.stop_price is not None:
        return OrderType.STOP if ticket.limit_price is None else OrderType.STOP_LIMIT
    return OrderType.MARKET if ticket.limit_price is None else OrderType.LIMIT


def _set_expiry(ticket: Ticket, moment: Any) -> None:
    if not isinstance(moment, dt.datetime) or moment.tzinfo is None:
        raise OrderError(f"An order cannot expire at {moment!r}.", hint="Give an aware datetime, such as one in UTC.")
    ticket.time_in_force = TimeInForce.GTD
    ticket.expires_ns = int(moment.timestamp() * 1_000_000) * 1000


class Desk(Protocol):
    """Where a context's calls go. Books are numbered by strategy and symbol; money is in account currency."""

    def submit(self, book: int, ticket: Ticket) -> OrderRef:
        """Size, round, gate and send one order."""

    def market(self, book: int, side: int, quantity: float) -> OrderRef:
        """The same for a plain market order."""

    def target_percent(self, book: int, weight: float, tag: str | None) -> OrderRef:
        """Bring a position to a fraction of equity."""

    def target_quantity(self, book: int, quantity: float, tag: str | None) -> OrderRef:
        """Bring a position to a signed quantity."""

    def close_position(self, book: int, tag: str | None) -> OrderRef:
        """Close a position with a market order."""

    def cancel(self, book: int, order_id: int) -> bool:
        """End a working order; False when it had ended."""

    def replace(self, book: int, order_id: int, changes: Mapping[str, float]) -> OrderRef:
        """End a working order and send its changed copy for what is left."""

    def order(self, order_id: int) -> Order:
        """An order as it stands."""

    def open_orders(self, book: int) -> list[Order]:
        """Working orders of a book, oldest first."""

    def quantity(self, book: int) -> float:
        """Signed units held."""

    def position(self, book: int) -> Position:
        """The position, marked at the last close."""

    def account(self) -> Account:
        """The account, marked at the last closes."""

    def cash(self) -> float:
        """Cash."""

    def equity(self) -> float:
        """Cash and positions at the last closes."""

    def log(self, strategy: int, message: str, fields: Mapping[str, Any]) -> None:
        """Keep a line at simulated time."""


class OrderRef:
    """What an order call returns: the order's number, and how it stands now.

    Awaiting it returns it at once: approval or refusal has already happened, a fill is never waited for. It is false
    when there was nothing to order.
    """

    __slots__ = ("__weakref__", "_desk", "book", "id")

    def __init__(self, order_id: int, book: int, desk: Desk) -> None:
        self.id = order_id
        self.book = book
        self._desk = desk

    @property
    def order(self) -> Order:
        """The order as it stands.

        Raises
        ------
        OrderError
            When there was nothing to order, so that there is none.
        """
        if not self.id:
            raise OrderError("There was nothing to order, so there is no order.", hint="Ask first: 'if ref:'.")
        return self._desk.order(self.id)

    @property
    def status(self) -> OrderStatus:
        """Where the order is in its life."""
        return self.order.status if self.id else OrderStatus.FILLED

    @property
    def filled(self) -> float:
        """Units filled so far."""
        return self.order.filled if self.id else 0.0

    @property
    def reason(self) -> str | None:
        """Why it ended without filling, or was refused; None otherwise."""
        return self.order.reason if self.id else "There was nothing to order."

    @property
    def is_open(self) -> bool:
        """Whether it is still working."""
        return self.status not in TERMINAL

    def cancel(self) -> bool:
        """End the order; False when it had ended already."""
        return bool(self.id) and self._desk.cancel(self.book, self.id)

    def __bool__(self) -> bool:
        return self.id != 0

    def __await__(self) -> Generator[None, None, OrderRef]:
        yield from ()  # makes this a generator, which never pauses
        return self

    def __repr__(self) -> str:
        return f"<OrderRef {self.id} {self.status}>"
