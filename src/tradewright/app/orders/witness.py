"""The one door for evidence: answers, stream and look-ups come in here, meet the table, and become records."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import ENDED, Lifecycle
from tradewright.domain.live.venue import VenueFill, VenueStatus

from .gate import Shut
from .office import Alarm
from .table import Facts, Row, follow

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.venue import StreamEvent, VenueOrder
    from tradewright.domain.live.wire import WireOrder

    from .hearing import Hearing
    from .office import Office
    from .table import Step

    Sequel = Callable[[LiveOrder, Step], None]

__all__ = ["Witness"]

_ZERO = Decimal(0)
_END = {
    VenueStatus.FILLED: Lifecycle.FILLED,
    VenueStatus.CANCELLED: Lifecycle.CANCELLED,
    VenueStatus.EXPIRED: Lifecycle.EXPIRED,
    VenueStatus.REPLACED: Lifecycle.REPLACED,
    VenueStatus.REJECTED: Lifecycle.REJECTED,
}


class Witness:
    """Takes evidence down.

    Parameters
    ----------
    office : Office
    hearing : Hearing
    sequel : callable
        ``sequel(order, step)`` is called after each piece of evidence: who looks up, cancels and protects hears of it.
    """

    def __init__(self, office: Office, hearing: Hearing, sequel: Sequel) -> None:
        self.office = office
        self.hearing = hearing
        self.unheard: set[str] = set()
        """Orders that the stream told of before anybody knew that they are ours."""
        self._is_by_stream = False
        self.sequel = sequel

    def event(self, event: StreamEvent) -> bool:
        """Take a message of the stream; False where it is about no order of ours."""
        known, self._is_by_stream = True, True
        try:
            if event.fill is not None:
                known = self.fill_seen(event.fill)
            if event.order is not None:
                self.office.show(event.order, self.office.broker.session)
                known = self.order_seen(event.order, by_stream=True) and known
        finally:
            self._is_by_stream = False
        return known

    def order_seen(self, seen: VenueOrder, *, by_stream: bool = False, asked_ns: int | None = None) -> bool:
        """Take an order object; False where it is not ours.

        Parameters
        ----------
        seen : VenueOrder
        by_stream : bool
            Whether it came by itself; otherwise it was asked for, at `asked_ns` on the monotonic clock.
        asked_ns : int, optional
        """
        if not (seen.quantity.is_finite() and seen.filled.is_finite()):
            return self._no_number(seen.symbol, f"order {seen.vid} for {seen.quantity}, filled {seen.filled}")
        order = self.office.book.order_of(seen.cid, seen.vid)
        if order is None:
            return False
        order = self._in_place(order, seen)
        self._compare(order, seen)
        facts, before = self._facts(order, seen, asked_ns), order.state
        step = self.take(order, _row_of(seen, by_stream=by_stream), facts, vid=seen.vid)
        if facts.was_taken and step.to in ENDED and before not in ENDED:
            self._shown(order)
        if not self.office.abilities.has_execution_ids:
            self._book_cumulative(order, seen)
        return True

    def _facts(self, order: LiveOrder, seen: VenueOrder, asked_ns: int | None) -> Facts:
        ended = _END.get(seen.status)
        if ended is Lifecycle.REJECTED and order.fills:
            ended = Lifecycle.CANCELLED
        late = asked_ns is not None and bool(order.ended_seen_ns) and self.is_late_enough(order, asked_ns)
        has_more = order.vid == seen.vid and seen.filled > order.filled_there
        return Facts(
            ended=ended,
            has_fills=bool(order.fills),
            is_after_window=late,
            has_more=has_more,
            was_taken=order.vid is not None,
        )

    def is_late_enough(self, order: LiveOrder, asked_ns: int) -> bool:
        """Whether what was asked at an instant shows the end of an order for certain."""
        return asked_ns >= max(order.ended_seen_ns, order.last_bytes_ns) + self.office.window_ns

    def _compare(self, order: LiveOrder, seen: VenueOrder) -> None:
        """What stands under our id is what we sent; the quantity of a replacement is netted by the venue."""
        if (
            order.replaces is not None
            and seen.quantity < order.wire.quantity
            and not (order.is_netted or order.in_place)
        ):
            self.office.note(
                RecordKind.OUTCOME, cid=order.cid, row="netted", to=order.state.value, quantity=str(seen.quantity)
            )
        if not self._is_what_we_sent(order, seen) and not self._was_split(order, seen):
            self.office.alarm(Alarm.EVIDENCE, order.cid, "The venue shows another order under our id.")
            self.office.freeze(order.symbol, f"The venue shows another order under {order.cid}.")

    def _is_what_we_sent(self, order: LiveOrder, seen: VenueOrder) -> bool:
        """An index that lags shows an order that was changed in its place as it was before."""
        wires = [order.wire]
        while order.in_place and order.replaces is not None:
            order = self.office.book.orders[order.replaces]
            wires.append(order.wire)
        return any((seen.symbol, seen.side, seen.quantity) == (w.symbol, w.side, w.quantity) for w in wires)

    def _was_split(self, order: LiveOrder, seen: VenueOrder) -> bool:
        """The venue adjusted an order to splits that came while it rested; where it filled before, nobody knows how.

        An index that lags shows it as it was before.
        """
        known = self.office.book.splits.get(order.symbol, [])
        if known and order.splits == len(known) and _is_times(seen, order, 1 / known[-1]):
            return True
        if not known[order.splits :]:
            expected = self.office.expected_split(order.symbol)
            return expected is not None and _is_times(seen, order, expected.ratio)
        if self.office.book.old.had(order.symbol, order.cid):
            return True
        ratio = self._ratio_since(order)
        if not _is_times(seen, order, ratio):
            return False
        wire = replace(
            order.wire, quantity=seen.quantity, limit_price=_divided(seen.limit_price, order.wire.limit_price, ratio),
            stop_price=_divided(seen.stop_price, order.wire.stop_price, ratio),
        )  # fmt: skip
        self.office.note(RecordKind.OUTCOME, cid=order.cid, row="adjusted", to=order.state.value, wire=wire.plain())
        self.office.watcher.changed(order)
        return True

    # Orders that take another's place at the venue.

    def coming(self, order: LiveOrder) -> LiveOrder | None:
        """The order that the venue was asked to make of this one, while it is not known whether it did."""
        new = self.office.book.orders.get(order.replaced_by or "")
        return new if new is not None and new.in_place and new.is_open and new.vid is None else None

    def _in_place(self, order: LiveOrder, seen: VenueOrder) -> LiveOrder:
        """Whose evidence it is: the new order's where the venue shows what only that one asked for."""
        new = self.coming(order)
        if new is None or not _fits(seen, new.wire) or _fits(seen, order.wire):
            return order
        return self.took_place(order, new)

    def took_place(self, old: LiveOrder, new: LiveOrder) -> LiveOrder:
        """The venue changed an order: the new one stands under the old one's id there."""
        self.office.watcher.judged(Row.ACKNOWLEDGED, new.state)
        self.office.note(RecordKind.OUTCOME, cid=new.cid, row="in_place", to=Lifecycle.WORKING.value, vid=old.vid)
        self.office.watcher.changed(old)
        self.office.watcher.changed(new)
        return new

    def take(self, order: LiveOrder, row: Row, facts: Facts, *, vid: str | None = None, reason: str = "") -> Step:
        """Let a piece of evidence meet the table; what it changes is a record first."""
        before = order.state
        self.office.watcher.judged(row, before)
        self.office.touch(order.symbol)
        step = follow(before, row, facts)
        is_new_vid = vid is not None and order.vid != vid
        if is_new_vid:
            self._require_one(order, vid)
        if step.to is Lifecycle.SUBMITTED:
            order.state = step.to
        elif step.to is not before or is_new_vid or (step.unsettle and order.settled):
            self._note_outcome(order, row, step, vid if is_new_vid else None, reason)
        self._watch_end(order, before)
        self._ring(order, row, step)
        return step

    def _note_outcome(self, order: LiveOrder, row: Row, step: Step, vid: str | None, reason: str) -> None:
        body: dict[str, Any] = {"cid": order.cid, "row": row.value, "to": step.to.value}
        if vid is not None and order.vid is None:
            body["vid"] = vid
        if reason:
            body["reason"] = reason
        if step.unsettle:
            body["unsettle"] = True
        self.office.note(RecordKind.OUTCOME, **body)
        self.office.watcher.changed(order)

    def _watch_end(self, order: LiveOrder, before: Lifecycle) -> None:
        if order.state in ENDED and (before not in ENDED or not order.ended_seen_ns):
            order.ended_seen_ns = self.office.clock.monotonic_ns()

    def _require_one(self, order: LiveOrder, vid: str | None) -> None:
        if order.vid is not None:
            self.office.alarm(Alarm.TWO_ORDERS, order.cid, f"{order.vid} and {vid}")
            self.office.freeze(order.symbol, f"Two orders stand under {order.cid}.")

    def _ring(self, order: LiveOrder, row: Row, step: Step) -> None:
        if step.alarm:
            kind = Alarm.STRAY if step.stray else Alarm.OVER_FILL if step.freeze else Alarm.EVIDENCE
            self.office.alarm(kind, order.cid, f"{row.value} in {order.state.value}")
        if step.freeze:
            self.office.freeze(order.symbol, f"{row.value} on {order.cid}")
        self.sequel(order, step)

    # Fills.

    def fill_seen(self, fill: VenueFill) -> bool:
        """Take an execution; False where it is not ours. Its identity is booked once, whoever reports it how often."""
        book = self.office.book
        if not (fill.quantity.is_finite() and fill.price.is_finite()):
            return self._no_number(fill.symbol, f"fill {fill.identity} of {fill.quantity} at {fill.price}")
        order = book.order_of(fill.cid, fill.vid)
        if order is None:
            return False
        self.office.split_first(fill.symbol, fill.at_ns)
        fill = self.as_step(order, fill)
        known = book.fills.get(fill.identity)
        order = book.orders.get(known[0], order) if known is not None else self._filled_by(order, fill)
        if known is None and fill.quantity > 0:
            self._book(order, fill)
        elif known is not None and fill.is_correction and known[1] != fill.quantity:
            self._correct(order, fill)
        else:
            self.take(order, Row.FILL_KNOWN, Facts())
        return True

    def _filled_by(self, order: LiveOrder, fill: VenueFill) -> LiveOrder:
        """More than an order was for is filled: then the venue has made of it what it was asked to."""
        new = self.coming(order)
        is_more = new is not None and order.filled_there + fill.quantity > order.wire.quantity
        return self.took_place(order, new) if new is not None and is_more else order

    def _no_number(self, symbol: str, what: str) -> bool:
        """What the venue says is no evidence; the gate stays shut until a person has looked."""
        if self.office.gate.shut(Shut.NUMBERS, f"The venue shows {what}.", f"venue {symbol}"):
            self.office.alarm(Alarm.NUMBERS, symbol, f"The venue shows {what}.")
        return True

    def as_step(self, order: LiveOrder, fill: VenueFill) -> VenueFill:
        """Without execution ids a fill is what the cumulative quantity rises by, and it only rises."""
        if self.office.abilities.has_execution_ids:
            return fill
        return replace(fill, execution_id=None, quantity=max(fill.cumulative - order.filled_there, _ZERO))

    def _book(self, order: LiveOrder, fill: VenueFill) -> None:
        filled = order.filled_there + fill.quantity
        wanted = self._wanted(order)
        facts = Facts(is_full=filled >= wanted, is_over=filled > wanted, has_fills=True)
        self._write_fill(order, fill, facts)

    def _correct(self, order: LiveOrder, fill: VenueFill) -> None:
        """The venue takes back or changes a fill: the one evidence that may lower what was filled."""
        filled = order.filled_there - order.fills[fill.identity] + fill.quantity
        wanted = self._wanted(order)
        self._write_fill(order, fill, Facts(is_full=filled >= wanted, is_over=filled > wanted, has_fills=True))

    def _wanted(self, order: LiveOrder) -> Decimal:
        """What an order is for; one from before a split may have been adjusted to it, and be for more by now."""
        if not self.office.book.is_from_before_split(order):
            return order.wire.quantity
        return max(order.wire.quantity, _times(order.wire.quantity, self._ratio_since(order)))

    def _ratio_since(self, order: LiveOrder) -> Fraction:
        """What the splits since an order was sent come to."""
        return math.prod(self.office.book.splits.get(order.symbol, [])[order.splits :], start=Fraction(1))

    def _shown(self, order: LiveOrder) -> None:
        """What a question showed and the stream did not tell; an answer to a request is no question."""
        if not self._is_by_stream and order.cid not in self.unheard:
            self.hearing.shown()

    def _write_fill(self, order: LiveOrder, fill: VenueFill, facts: Facts) -> None:
        before = order.state
        self.office.watcher.judged(Row.FILL_NEW, before)
        self.office.touch(order.symbol)
        step = follow(before, Row.FILL_NEW, facts)
        self.office.note(RecordKind.FILL, **fill_body(fill), cid=order.cid, to=step.to.value, unsettle=step.unsettle)
        self._shown(order)
        self.office.watcher.filled(order, fill)
        self.office.watcher.changed(order)
        self._watch_end(order, before)
        self._ring(order, Row.FILL_NEW, step)

    def _book_cumulative(self, order: LiveOrder, seen: VenueOrder) -> None:
        if self.office.is_split_due(order.symbol) or self.office.book.is_from_before_split(order):
            return  # An order object does not say when it filled; the executions do.
        if seen.filled > order.filled_there:
            self.fill_seen(
                VenueFill(
                    execution_id=None,
                    vid=seen.vid,
                    cid=seen.cid,
                    symbol=seen.symbol,
                    side=seen.side,
                    quantity=seen.filled - order.filled_there,
                    price=order.wire.limit_price or _ZERO,
                    cumulative=seen.filled,
                    at_ns=self.office.now_ns(),
                )
            )


def fill_body(fill: VenueFill) -> dict[str, Any]:
    """A fill as the journal keeps it."""
    return {
        "id": fill.identity,
        "vid": fill.vid,
        "symbol": fill.symbol,
        "side": fill.side.name,
        "quantity": str(fill.quantity),
        "price": str(fill.price),
        "at": fill.at_ns,
    }


def _fits(seen: VenueOrder, wire: WireOrder) -> bool:
    """Whether the venue shows this order, as far as it shows anything of it."""
    prices = ((seen.limit_price, wire.limit_price), (seen.stop_price, wire.stop_price))
    return seen.quantity == wire.quantity and all(shown is None or shown == price for shown, price in prices)


def _is_times(seen: VenueOrder, order: LiveOrder, ratio: Fraction) -> bool:
    return seen.quantity * ratio.denominator == order.wire.quantity * ratio.numerator


def _times(units: Decimal, ratio: Fraction) -> Decimal:
    return units * ratio.numerator / ratio.denominator


def _divided(shown: Decimal | None, price: Decimal | None, ratio: Fraction) -> Decimal | None:
    """A price after a split: what the venue shows, else what it must be."""
    if price is None or shown is not None:
        return shown
    return price * ratio.denominator / ratio.numerator


def _row_of(seen: VenueOrder, *, by_stream: bool) -> Row:
    if not seen.status.is_terminal:
        return Row.ACKNOWLEDGED
    if not by_stream or seen.status is VenueStatus.FILLED:
        return Row.FOUND_TERMINAL
    return Row.REFUSED if seen.status is VenueStatus.REJECTED else Row.ENDED
