"""The two state objects of the simulated exchange, and the order slots inside a book.

Interpreted, these slotted objects are what the rules work on; their fields are plain floats and integers, so that a
record type with the same names can stand in for them when the rules are compiled.
"""

from __future__ import annotations

from operator import attrgetter

from .event_log import EventLog, OrderLog
from .rules.constants import INF, NAN

__all__ = ["Book", "Exchange", "OrderSlot"]


class OrderSlot:
    """One order while it works. A slot is reused, an order number never is.

    `quantity` of a protective leg grows with its entry's fills; a leg of quantity 0 sleeps. `stop` of a trailing order
    is its level. `weight` (a fraction of equity, NaN without) asks for sizing at the fill. `fees` is what the order has
    paid so far, `rated` the part of it that grows with every fill. `trigger_time`, `inside_time` and `tried_time` name
    the bar (by its close) in which it was triggered inside, filled inside, or tried on a walk.
    """

    __slots__ = (
        "active_time",
        "clip",
        "cut",
        "display",
        "entry",
        "expires",
        "fees",
        "filled",
        "id",
        "inside_time",
        "kind",
        "limit",
        "next",
        "open",
        "previous",
        "quantity",
        "rated",
        "reduce_only",
        "reserved",
        "role",
        "sibling",
        "side",
        "slot",
        "stop",
        "stop_leg",
        "target_leg",
        "tif",
        "trail",
        "trail_fraction",
        "tried_time",
        "trigger_time",
        "triggered",
        "weight",
    )

    def __init__(self, slot: int) -> None:
        self.slot = slot
        self.id = 0
        self.open = 0
        self.kind = 0
        self.side = 0
        self.role = 0
        self.tif = 0
        self.quantity = 0.0
        self.filled = 0.0
        self.limit = NAN
        self.stop = NAN
        self.trail = NAN
        self.trail_fraction = NAN
        self.display = 0.0
        self.weight = NAN
        self.expires = 0
        self.active_time = 0
        self.triggered = 0
        self.trigger_time = -1
        self.inside_time = -1
        self.tried_time = -1
        self.reduce_only = 0
        self.clip = 0
        self.cut = 0
        self.reserved = 0.0
        self.fees = 0.0
        self.rated = 0.0
        self.entry = -1
        self.sibling = -1
        self.stop_leg = -1
        self.target_leg = -1
        self.previous = -1
        self.next = -1


class Book:
    """One symbol of one strategy: position, working orders, terms of trade, and the bar being worked.

    Money in account currency unless a field says price. `basis` is the signed cost of the position; `mark` the price
    the position was last valued at. `wake_above` and `wake_below` enclose the prices at which nothing can happen.
    """

    __slots__ = (
        "average_price",
        "basis",
        "close",
        "close_time",
        "fee_at_least",
        "fee_at_most",
        "fee_maker_rate",
        "fee_per_order",
        "fee_per_unit",
        "fee_taker_rate",
        "filled_inside",
        "free",
        "fx",
        "head",
        "high",
        "initial_rate",
        "lot",
        "low",
        "maintenance_rate",
        "margin",
        "margin_maintenance",
        "mark",
        "margined",
        "multiplier",
        "n_open",
        "number",
        "open",
        "open_time",
        "orders",
        "position",
        "realised",
        "room",
        "slip_amount",
        "slip_kind",
        "tail",
        "tax_buy_rate",
        "tax_sell_rate",
        "tier_above_1",
        "tier_above_2",
        "tier_rate_1",
        "tier_rate_2",
        "tradable",
        "volume",
        "volume_known",
        "wake_above",
        "wake_below",
    )

    def __init__(self, number: int, slots: int = 4) -> None:  # noqa: PLR0915 - one statement per field
        self.number = number
        self.position = 0.0
        self.average_price = 0.0
        self.basis = 0.0
        self.realised = 0.0
        self.mark = 0.0
        self.fx = 1.0
        self.lot = 1.0
        self.multiplier = 1.0
        self.margined = 0.0
        self.margin = 0.0
        self.margin_maintenance = 0.0
        self.initial_rate = 1.0
        self.maintenance_rate = 0.0
        self.volume_known = 1
        self.slip_kind = 0
        self.slip_amount = 0.0
        self.fee_per_order = 0.0
        self.fee_per_unit = 0.0
        self.fee_taker_rate = 0.0
        self.fee_maker_rate = 0.0
        self.fee_at_least = 0.0
        self.fee_at_most = INF
        self.tier_above_1 = INF
        self.tier_rate_1 = 0.0
        self.tier_above_2 = INF
        self.tier_rate_2 = 0.0
        self.tax_buy_rate = 0.0
        self.tax_sell_rate = 0.0
        self.open_time = 0
        self.close_time = 0
        self.open = NAN
        self.high = NAN
        self.low = NAN
        self.close = NAN
        self.volume = 0.0
        self.room = 0.0
        self.tradable = 0
        self.filled_inside = 0
        self.wake_above = INF
        self.wake_below = -INF
        self.head = -1
        self.tail = -1
        self.n_open = 0
        self.free = 0
        self.orders: list[OrderSlot] = []
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


class Exchange:
    """The account and the policies that every book shares.

    `holdings` is the value of all positions at their marks and `required` the initial margin they bind; both are kept
    only where somebody needs them (`valued`), and are then computed afresh before orders are worked. `reserved` is what
    resting orders hold back. `log` is the event stream, one row of numbers per event; `placed` holds every order as it
    was placed.
    """

    __slots__ = (
        "cash",
        "clip_unpaid",
        "holdings",
        "intrabar",
        "log",
        "next_id",
        "on_margin",
        "participation",
        "placed",
        "required",
        "reserved",
        "row",
        "shorts",
        "touch",
        "traded",
        "valued",
    )

    def __init__(self, cash: float) -> None:
        self.cash = cash
        self.holdings = 0.0
        self.required = 0.0
        self.reserved = 0.0
        self.traded = 0.0
        self.next_id = 1
        self.row = 0
        self.on_margin = 0
        self.valued = 0
        self.shorts = 0
        self.clip_unpaid = 0
        self.touch = 0
        self.intrabar = 0
        self.participation = INF
        self.log = EventLog()
        self.placed = OrderLog()
