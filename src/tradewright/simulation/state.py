"""The two state objects of the simulated exchange, and the order slots inside a book.

Interpreted, these slotted objects are what the rules work on; their fields are plain floats and integers, so that a
record type with the same names can stand in for them when the rules are compiled.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from operator import attrgetter

from .event_log import EventLog, OrderLog
from .rules.constants import INF, NAN

__all__ = ["Book", "Exchange", "OrderSlot"]


@dataclass(slots=True, eq=False, repr=False)
class OrderSlot:
    """One order while it works. A slot is reused, an order number never is.

    `quantity` of a protective leg grows with its entry's fills; a leg of quantity 0 sleeps. `stop` of a trailing order
    is its level. `weight` (a fraction of equity, NaN without) asks for sizing at the fill. `fees` is what the order has
    paid so far, `rated` the part of it that grows with every fill. `trigger_time`, `inside_time` and `tried_time` name
    the bar (by its close) in which it was triggered inside, filled inside, or tried on a walk.
    """

    slot: int
    id: int = 0
    open: int = 0
    kind: int = 0
    side: int = 0
    role: int = 0
    tif: int = 0
    quantity: float = 0.0
    filled: float = 0.0
    limit: float = NAN
    stop: float = NAN
    trail: float = NAN
    trail_fraction: float = NAN
    display: float = 0.0
    weight: float = NAN
    expires: int = 0
    active_time: int = 0
    triggered: int = 0
    trigger_time: int = -1
    inside_time: int = -1
    tried_time: int = -1
    reduce_only: int = 0
    clip: int = 0
    cut: int = 0
    reserved: float = 0.0
    fees: float = 0.0
    rated: float = 0.0
    entry: int = -1
    sibling: int = -1
    stop_leg: int = -1
    target_leg: int = -1
    previous: int = -1
    next: int = -1


@dataclass(slots=True, eq=False, repr=False)
class Book:
    """One symbol of one strategy: position, working orders, terms of trade, and the bar being worked.

    Money in account currency unless a field says price. `basis` is the signed cost of the position; `mark` the price
    the position was last valued at. `wake_above` and `wake_below` enclose the prices at which nothing can happen.
    """

    number: int
    slots: InitVar[int] = 4
    position: float = 0.0
    average_price: float = 0.0
    basis: float = 0.0
    realised: float = 0.0
    mark: float = 0.0
    fx: float = 1.0
    lot: float = 1.0
    multiplier: float = 1.0
    margined: float = 0.0
    margin: float = 0.0
    margin_maintenance: float = 0.0
    initial_rate: float = 1.0
    maintenance_rate: float = 0.0
    volume_known: int = 1
    slip_kind: int = 0
    slip_amount: float = 0.0
    fee_per_order: float = 0.0
    fee_per_unit: float = 0.0
    fee_taker_rate: float = 0.0
    fee_maker_rate: float = 0.0
    fee_at_least: float = 0.0
    fee_at_most: float = INF
    tier_above_1: float = INF
    tier_rate_1: float = 0.0
    tier_above_2: float = INF
    tier_rate_2: float = 0.0
    tax_buy_rate: float = 0.0
    tax_sell_rate: float = 0.0
    open_time: int = 0
    close_time: int = 0
    open: float = NAN
    high: float = NAN
    low: float = NAN
    close: float = NAN
    volume: float = 0.0
    room: float = 0.0
    tradable: int = 0
    filled_inside: int = 0
    wake_above: float = INF
    wake_below: float = -INF
    head: int = -1
    tail: int = -1
    n_open: int = 0
    free: int = 0
    orders: list[OrderSlot] = field(default_factory=list)

    def __post_init__(self, slots: int) -> None:
        self.add_slots(slots)

    def add_slots(self, more: int) -> None:
        """Give a book whose slots are all taken that many free ones."""
        first = len(self.orders)
        self.orders.extend(OrderSlot(slot) for slot in range(first, first + more))
        for order in self.orders[first:-1]:
            order.next = order.slot + 1
        self.free = first

    def with_number(self, number: int) -> Book:
        """A book like this one, in which nothing has happened yet, with another number and no slots."""
        twin = Book.__new__(Book)
        for name, value in zip(_TERMS, _terms(self), strict=True):
            setattr(twin, name, value)
        twin.number = number
        twin.orders = []
        twin.free = -1
        return twin


_TERMS = tuple(name for name in Book.__slots__ if name != "orders")
_terms = attrgetter(*_TERMS)


@dataclass(slots=True, eq=False, repr=False)
class Exchange:
    """The account and the policies that every book shares.

    `holdings` is the value of all positions at their marks and `required` the initial margin they bind; both are kept
    only where somebody needs them (`valued`), and are then computed afresh before orders are worked. `reserved` is what
    resting orders hold back. `log` is the event stream, one row of numbers per event; `placed` holds every order as it
    was placed.
    """

    cash: float
    holdings: float = 0.0
    required: float = 0.0
    reserved: float = 0.0
    traded: float = 0.0
    next_id: int = 1
    row: int = 0
    on_margin: int = 0
    valued: int = 0
    shorts: int = 0
    clip_unpaid: int = 0
    touch: int = 0
    intrabar: int = 0
    participation: float = INF
    log: EventLog = field(default_factory=EventLog)
    placed: OrderLog = field(default_factory=OrderLog)
