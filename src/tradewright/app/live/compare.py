"""The journal of an account held against its venue, by questions alone: nothing is written, sent or taken over."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.app.orders.book import LiveBook
from tradewright.domain.live.order import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.live.ids import IdScope
    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.venue import VenueOrder
    from tradewright.ports.broker import Broker
    from tradewright.ports.seat import Seat

__all__ = ["AccountComparison", "ComparedOrder", "ComparedPosition", "compare"]

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ComparedOrder:
    """An order, as the journal and as the venue have it; None where one of them has not.

    Parameters
    ----------
    symbol, side, quantity : str
    cid, vid : str or None
    journal, venue : str or None
        State and units filled.
    difference : str
        Empty where they agree.
    """

    symbol: str
    side: str
    quantity: str
    cid: str | None
    vid: str | None
    journal: str | None
    venue: str | None
    difference: str = ""


@dataclass(frozen=True, slots=True)
class ComparedPosition:
    """Units of one symbol: by the journal, by the venue, and which of the journal's none of our orders made."""

    symbol: str
    journal: str
    venue: str
    strange: str
    difference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountComparison:
    """What the journal and the venue say of an account.

    Parameters
    ----------
    account : str
    process : int or None
        Who holds the account.
    orders : tuple of ComparedOrder
        Ours that are open on either side.
    positions : tuple of ComparedPosition
    foreign : tuple of ComparedOrder
        Open orders that others placed.
    frozen : dict of str to str
        Symbols that wait for a person, and why.
    latched : bool
    differences : tuple of str
        Seen in two looks, a settle window apart.
    """

    account: str
    process: int | None = None
    orders: tuple[ComparedOrder, ...] = ()
    positions: tuple[ComparedPosition, ...] = ()
    foreign: tuple[ComparedOrder, ...] = ()
    frozen: dict[str, str] = field(default_factory=dict)
    latched: bool = False
    differences: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON words."""
        return asdict(self)


async def compare(
    account: str, seat: Seat, broker: Broker, scope: IdScope, *, sleep: Callable[[float], Any] = asyncio.sleep
) -> AccountComparison:
    """Look twice, a settle window apart; what is different in both looks is a difference.

    Parameters
    ----------
    account : str
        For people.
    seat : Seat
        Its journal is read beside whoever writes it.
    broker : Broker
        A connection of its own, not connected.
    scope : IdScope
    sleep : callable, optional

    Raises
    ------
    BrokerError
        When the venue does not answer completely.
    JournalError
        When the journal cannot be read.
    """
    await broker.connect()
    try:
        first = await _look(account, seat, broker, scope)
        if not first.differences:
            return first
        await sleep(broker.capabilities.window_s)
        second = await _look(account, seat, broker, scope)
    finally:
        await broker.disconnect()
    both = tuple(each for each in second.differences if each in first.differences)
    return AccountComparison(**{**_fields(second), "differences": both})


def _fields(found: AccountComparison) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


async def _look(account: str, seat: Seat, broker: Broker, scope: IdScope) -> AccountComparison:
    opened = list(await broker.open_orders())
    held = await broker.positions()
    holder, book = seat.holder(), LiveBook()
    book.replay(seat.glance().entries)
    ours = [await _ours(order, opened, broker) for order in book.orders.values() if _is_asked_for(order, opened)]
    strays, foreign = _others(book, opened, scope)
    positions = tuple(_position(book, symbol, held) for symbol in sorted({*book.positions, *held}))
    orders = (*ours, *strays)
    frozen = [f"{symbol} is frozen: {reason}" for symbol, reason in book.frozen.items()]
    said = [each.difference for each in orders] + [each.difference for each in positions]
    return AccountComparison(
        account=account,
        process=None if holder is None else holder.pid,
        orders=orders,
        positions=tuple(each for each in positions if each.journal != "0" or each.venue != "0"),
        foreign=foreign,
        frozen=dict(book.frozen),
        latched=book.latch.is_set,
        differences=(*filter(None, said), *frozen),
    )


def _is_asked_for(order: LiveOrder, opened: list[VenueOrder]) -> bool:
    return order.is_open or any(seen.vid == order.vid or seen.cid == order.cid for seen in opened)


async def _ours(order: LiveOrder, opened: list[VenueOrder], broker: Broker) -> ComparedOrder:
    """An order of ours; one that is in no list is asked for by itself."""
    seen = next((each for each in opened if each.cid == order.cid or (order.vid and each.vid == order.vid)), None)
    if seen is None:
        seen = await _singly(order, broker)
    name = f"The order {order.wire.side.name.lower()} {order.wire.quantity.normalize():f} {order.symbol} ({order.cid})"
    journal = f"{order.state.name.lower()}, {order.filled.normalize():f} filled"
    venue = None if seen is None else f"{seen.status.value}, {seen.filled.normalize():f} filled"
    said = f"{name} is {journal} in the journal and {venue or 'unknown'} at the venue."
    return ComparedOrder(
        order.symbol, order.wire.side.name.lower(), f"{order.wire.quantity.normalize():f}", order.cid, order.vid,
        journal, venue, said if _difference(order, seen) else "",
    )  # fmt: skip


async def _singly(order: LiveOrder, broker: Broker) -> VenueOrder | None:
    if order.vid is not None:
        return await broker.order_by_vid(order.vid)
    return await broker.order_by_cid(order.cid) if broker.capabilities.lookup_by_cid else None


def _difference(order: LiveOrder, seen: VenueOrder | None) -> bool:
    if seen is None:
        return order.state in {Lifecycle.WORKING, Lifecycle.UNKNOWN}
    return seen.filled != order.filled or seen.status.is_terminal == order.is_open


def _others(
    book: LiveBook, opened: list[VenueOrder], scope: IdScope
) -> tuple[list[ComparedOrder], tuple[ComparedOrder, ...]]:
    """Open orders that the journal has not: with our tag, which is a difference, and those of others."""
    unknown = [seen for seen in opened if book.order_of(seen.cid, seen.vid) is None]
    strays = [
        _at_venue(seen, f"An order with our tag is open and in no journal: {seen.symbol} ({seen.vid}).")
        for seen in unknown
        if scope.is_ours(seen.cid)
    ]
    return strays, tuple(_at_venue(seen) for seen in unknown if not scope.is_ours(seen.cid))


def _at_venue(seen: VenueOrder, difference: str = "") -> ComparedOrder:
    venue = f"{seen.status.value}, {seen.filled.normalize():f} filled"
    quantity = f"{seen.quantity.normalize():f}"
    return ComparedOrder(seen.symbol, seen.side.name.lower(), quantity, seen.cid, seen.vid, None, venue, difference)


def _position(book: LiveBook, symbol: str, held: dict[str, Decimal]) -> ComparedPosition:
    journal, venue = book.positions.get(symbol, _ZERO), held.get(symbol, _ZERO)
    strange = book.strange.get(symbol, _ZERO)
    difference = (
        f"The journal holds {_text(journal)} {symbol} and the venue {_text(venue)}." if journal != venue else ""
    )
    return ComparedPosition(symbol, _text(journal), _text(venue), _text(strange), difference)


def _text(units: Decimal) -> str:
    return f"{units.normalize():f}" if units else "0"
