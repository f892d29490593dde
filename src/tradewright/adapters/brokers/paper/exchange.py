"""The exchange of paper orders: the simulated venue over the bars of now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import DataError, SymbolNotFoundError
from tradewright.domain.events import Reason
from tradewright.domain.live.venue import StreamEvent, VenueAccount, VenueStatus
from tradewright.domain.order import OrderType, TimeInForce
from tradewright.simulation.rules.constants import (
    AT_OPEN,
    CANCELLED,
    DAY,
    DUST,
    EXPIRED,
    FILL,
    REJECTED,
    REPLACED,
    TIME_IN_FORCE,
)
from tradewright.simulation.rules.intents import admit
from tradewright.simulation.rules.orders import closing_part, end_order, expire_orders, new_order, sweep
from tradewright.simulation.venue import account_equity, build_book, build_exchange, value_account, work_together

from .orders import PaperOrder, decimal_units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from tradewright.domain.bars import Bar
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.live.wire import WireOrder
    from tradewright.ports.clock import Clock
    from tradewright.simulation.costs import Costs, Margin
    from tradewright.simulation.state import Book, OrderSlot

__all__ = ["PaperExchange", "PaperRefusalError"]

NS_PER_DAY = 86_400_000_000_000
_KINDS = list(OrderType)
_TIFS = list(TimeInForce)
_ENDS = {CANCELLED: VenueStatus.CANCELLED, EXPIRED: VenueStatus.EXPIRED, REJECTED: VenueStatus.REJECTED}


class PaperRefusalError(Exception):
    """Why the exchange does not take a request; it stays inside this room."""


class PaperExchange:
    """One account on the simulated exchange, in memory.

    An order works from the first bar that opens after it was placed. A DAY order ends before the first bar of a later
    day (UTC) than that of the last bar it worked in.

    Parameters
    ----------
    clock : Clock
        The time of orders; bars are of the same time.
    cash : float
    costs : Costs
    margin : Margin, optional
        A cash account without shorts where it is left out.
    """

    def __init__(self, clock: Clock, cash: float, costs: Costs, margin: Margin | None = None) -> None:
        self.clock = clock
        self.costs = costs
        self.margin = margin
        self.exchange = build_exchange(cash, costs, margin)
        self.exchange.valued = 0 if margin is None else 1
        self.instruments: dict[str, Instrument] = {}
        self.orders: dict[str, PaperOrder] = {}
        self.bars: list[Bar] = []
        self.listeners: list[Callable[[StreamEvent], None]] = []
        self._books: dict[str, Book] = {}
        self._by_cid: dict[str, PaperOrder] = {}
        self._by_number: dict[int, PaperOrder] = {}
        self._rows_told = 0

    # The market.

    def list_instrument(self, instrument: Instrument) -> None:
        """Let an instrument be traded; one that is listed stays as it is."""
        if instrument.symbol not in self.instruments:
            self.instruments[instrument.symbol] = instrument
            self._books[instrument.symbol] = build_book(len(self._books), instrument, self.costs, self.margin)

    def trade(self, bars: Sequence[Bar]) -> None:
        """Let the bars of one instant pass: orders fill, and the account is marked at their closes.

        Raises
        ------
        SymbolNotFoundError
            When one is of an instrument that is not listed.
        DataError
            When one does not come after the last one of its symbol.
        """
        books = [self._prepared(bar) for bar in bars]
        if self.exchange.valued:
            value_account(self.exchange, list(self._books.values()))
        self.exchange.row += 1
        work_together(self.exchange, books)
        for book in books:
            book.mark = book.close
        self.bars.extend(bars)
        self._take_in()

    def _prepared(self, bar: Bar) -> Book:
        book = self._books.get(bar.symbol)
        if book is None:
            raise SymbolNotFoundError(f"The paper exchange does not list {bar.symbol}.", hint="List it first.")
        if bar.open_time < book.close_time:
            raise DataError(f"A bar of {bar.symbol} opens at {bar.open_time}, before the last one has closed.")
        if bar.open_time // NS_PER_DAY > (book.close_time - 1) // NS_PER_DAY:
            expire_orders(self.exchange, book, DAY, book.close_time, TIME_IN_FORCE)
            sweep(book)
        book.open_time, book.close_time = bar.open_time, bar.close_time
        book.open, book.high, book.low, book.close, book.volume = bar.open, bar.high, bar.low, bar.close, bar.volume
        return book

    # What clients do.

    def submit(self, cid: str | None, wire: WireOrder, quantity: Decimal | None = None) -> PaperOrder:
        """Take an order; `quantity` where a replacement works for less than is wanted in all.

        Raises
        ------
        PaperRefusalError
            When it is impossible; nothing is done then.
        """
        units = wire.quantity if quantity is None else quantity
        book = self._require_possible(wire, units)
        slot = book.orders[new_order(self.exchange, book, _KINDS.index(wire.order_type), wire.side.value, float(units))]
        self._dress(slot, wire)
        admit(self.exchange, book, slot)
        order = PaperOrder(slot.id, cid, wire, units, self.clock.now_ns())
        self.orders[order.vid] = self._by_number[order.number] = order
        if cid is not None:
            self._by_cid[cid] = order
        self._tell(StreamEvent(order=order.shown()))
        return order

    def _dress(self, slot: OrderSlot, wire: WireOrder) -> None:
        slot.tif = _TIFS.index(wire.time_in_force)
        slot.active_time = self.clock.now_ns()
        slot.expires = wire.expires_ns or 0
        slot.reduce_only = 1 if wire.reduce_only else 0
        if wire.limit_price is not None:
            slot.limit = float(wire.limit_price)
        if wire.stop_price is not None:
            slot.stop = float(wire.stop_price)

    def _require_possible(self, wire: WireOrder, units: Decimal) -> Book:
        instrument = self.instruments.get(wire.symbol)
        if instrument is None:
            raise PaperRefusalError(f"{wire.symbol} is not listed.")
        if units % decimal_units(instrument.lot):
            raise PaperRefusalError(f"{units} units of {wire.symbol} are no whole lots of {instrument.lot}.")
        for price in (wire.limit_price, wire.stop_price):
            if price is not None and price % decimal_units(instrument.tick):
                raise PaperRefusalError(f"The price {price} of {wire.symbol} is not on the tick {instrument.tick}.")
        book = self._books[wire.symbol]
        if not self.exchange.shorts and not wire.reduce_only and wire.side.value < 0 and not book.margined:
            self._require_held(book, wire, units)
        return book

    @staticmethod
    def _require_held(book: Book, wire: WireOrder, units: Decimal) -> None:
        if closing_part(book, wire.side.value, float(units)) < float(units):
            raise PaperRefusalError(f"{units} units of {wire.symbol} are not held, and shorts are off.")

    def cancel(self, order: PaperOrder) -> None:
        """End a working order."""
        self._end(order, CANCELLED, Reason.BY_STRATEGY.value)

    def replace(self, old: PaperOrder, cid: str, wire: WireOrder) -> PaperOrder:
        """Put another order in the place of a working one, for the total that is wanted less what has filled.

        Raises
        ------
        PaperRefusalError
            When it is impossible; nothing is done then.
        """
        left = wire.quantity - old.filled
        if left <= 0:
            raise PaperRefusalError(f"{old.filled} units have filled, and {wire.quantity} are wanted.")
        self._require_possible(wire, left)
        self._end(old, CANCELLED, REPLACED)
        new = self.submit(cid, wire, left)
        old.replaced_by = new.vid
        return new

    def _end(self, order: PaperOrder, kind: int, reason: int) -> None:
        book = self._books[order.wire.symbol]
        slot = next(each for each in book.orders if each.open == 1 and each.id == order.number)
        end_order(self.exchange, book, slot, kind, reason)
        sweep(book)
        self._take_in()

    # What clients ask.

    def of_cid(self, cid: str) -> PaperOrder | None:
        """The order of an id."""
        return self._by_cid.get(cid)

    def positions(self) -> dict[str, Decimal]:
        """Signed units by symbol, without what is flat."""
        return {symbol: decimal_units(book.position) for symbol, book in self._books.items() if book.position}

    def account(self) -> VenueAccount:
        """Money at the last closes."""
        books = list(self._books.values())
        value_account(self.exchange, books)
        equity = account_equity(self.exchange, books)
        bound = self.exchange.required if self.margin is not None else self.exchange.holdings
        free = equity - bound - self.exchange.reserved
        power = free / (1.0 if self.margin is None else self.margin.initial)
        return VenueAccount(decimal_units(equity), decimal_units(self.exchange.cash), decimal_units(max(power, 0.0)))

    # What became of orders.

    def _take_in(self) -> None:
        """Tell what the exchange has logged since the last time."""
        log = self.exchange.log
        rows = [log.row(number) for number in range(self._rows_told, log.length)]
        self._rows_told = log.length
        for row in rows:
            order = self._by_number.get(int(row[3]))
            if order is not None and row[0] == FILL:
                self._filled(order, row)
            elif order is not None and row[0] in _ENDS:
                self._ended(order, _ENDS[int(row[0])], Reason(int(row[14])))

    def _filled(self, order: PaperOrder, row: tuple[float, ...]) -> None:
        book = self._books[order.wire.symbol]
        at_ns = book.open_time if row[4] == AT_OPEN else book.close_time
        units, left = decimal_units(abs(row[5])), order.quantity - order.filled
        # What a fraction lacks by rounding has filled: the exchange itself has closed the order.
        is_whole = abs(float(left - units)) <= book.lot * DUST
        fill = order.execute(left if is_whole else units, row[6], at_ns)
        if order.filled >= order.quantity:
            order.status, order.ended_ns = VenueStatus.FILLED, self.clock.now_ns()
        self._tell(StreamEvent(order=order.shown(), fill=fill))

    def _ended(self, order: PaperOrder, status: VenueStatus, reason: Reason) -> None:
        order.status = VenueStatus.REPLACED if reason is Reason.REPLACED else status
        order.reason, order.ended_ns = reason.sentence, self.clock.now_ns()
        self._tell(StreamEvent(order=order.shown()))

    def _tell(self, event: StreamEvent) -> None:
        for listener in list(self.listeners):
            listener(event)
