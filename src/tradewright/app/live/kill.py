"""The kill switch as a process of its own: whoever holds the account does the work, or is ended and it is done here.

The latch file stands before this begins. No strategy is imported and no database is asked; what was told is carried
out over the order road, under an approver that lets nothing pass but what reduces.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.app.live.alarms import AlarmWatcher
from tradewright.app.orders.book import LiveBook
from tradewright.app.orders.office import Office
from tradewright.app.orders.road import OrderRoad
from tradewright.domain.errors import BrokerError, StorageError, TradewrightError
from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.order import Lifecycle
from tradewright.risk.exits import ExitsOnly

from .kill_blind import end_at_venue
from .kill_way import KillReport

if TYPE_CHECKING:
    from tradewright.domain.live.ids import IdScope
    from tradewright.domain.live.order import LiveOrder
    from tradewright.domain.live.venue import VenueOrder
    from tradewright.ports.seat import Holder

    from .kill_way import KillWay

__all__ = ["carry_out", "is_worked", "told_by_book"]

_LOOK_S = 0.2
_TRIES = 3
_ZERO = Decimal(0)


def told_by_book(book: LiveBook) -> LatchOrder | None:
    """What the latch in a journal was told, or None."""
    latch = book.latch
    return LatchOrder(latch.reason, "", latch.flatten, latch.cancel_all, latch.foreign) if latch.is_set else None


def is_worked(book: LiveBook, told: LatchOrder) -> bool:
    """Whether a journal says that everything a latch ends has ended, and where told, that nothing of ours is held."""
    if _unended(book, told):
        return False
    return not told.flatten or not any(_ours(book, symbol) for symbol in _symbols(book))


def _unended(book: LiveBook, told: LatchOrder) -> list[LiveOrder]:
    """What the latch ends and has not been read to its end."""
    targets = (order for order in book.orders.values() if _is_target(order, told))
    return [order for order in targets if not (order.is_final or _rests(book, order))]


def _is_target(order: LiveOrder, told: LatchOrder) -> bool:
    return told.flatten or told.cancel_all or not order.role.protects


def _rests(book: LiveBook, order: LiveOrder) -> bool:
    """Whether it can come to no end by itself: a person was asked."""
    return order.state is Lifecycle.UNKNOWN and order.symbol in book.frozen


def _symbols(book: LiveBook) -> list[str]:
    return sorted({order.symbol for order in book.orders.values()})


def _ours(book: LiveBook, symbol: str) -> Decimal:
    return book.positions.get(symbol, _ZERO) - book.strange.get(symbol, _ZERO)


async def carry_out(way: KillWay, told: LatchOrder) -> KillReport:
    """Cancel, and where told close, whatever process holds the account and whatever it is doing.

    Where its journal cannot be had, what can be known for ours by its id alone is ended at the venue.

    Parameters
    ----------
    way : KillWay
    told : LatchOrder
        What stands in the latch file.
    """
    evicted: int | None = None
    for _ in range(_TRIES):
        try:
            holder = way.seat.holder()
            if holder is not None and await _by_holder(way, told, holder):
                return await _seen(way, told, by=f"process {holder.pid}", evicted=evicted)
            if holder is not None:
                way.tell(f"Process {holder.pid} does not carry it out and is ended.")
                way.seat.evict(holder, way.patience.acknowledge_s)
                evicted = holder.pid
            return await _by_itself(way, told, evicted)
        except StorageError as error:
            # A supervisor may have started the session again: it comes up latched, and is asked in its turn.
            refused = error
    return await end_at_venue(way, told, str(refused), evicted)


# Whoever holds the account.


async def _by_holder(way: KillWay, told: LatchOrder, holder: Holder) -> bool:
    """Whether the process that holds the account takes the latch down and comes to its end with it."""
    way.tell(f"Process {holder.pid} holds the account; waiting for it.")
    if not await _acknowledged(way, told):
        return False
    way.tell(f"Process {holder.pid} has taken the latch down.")
    return await _worked(way, told)


async def _acknowledged(way: KillWay, told: LatchOrder) -> bool:
    until = way.clock.monotonic_ns() + int(way.patience.acknowledge_s * 1e9)
    while True:
        known = told_by_book(_glanced(way))
        if known is not None and not told.asks_more_than(known):
            return True
        if way.clock.monotonic_ns() > until or way.seat.holder() is None:
            return False
        await asyncio.sleep(_LOOK_S)


async def _worked(way: KillWay, told: LatchOrder) -> bool:
    """Wait for the end of it, for as long as the journal grows."""
    start = grown = way.clock.monotonic_ns()
    known = 0
    while True:
        book, now = _glanced(way), way.clock.monotonic_ns()
        if is_worked(book, told):
            return True
        if book.sequence > known:
            known, grown = book.sequence, now
        is_stalled = now - grown > (way.patience.stalled_s + 2 * way.window_s) * 1e9
        if way.seat.holder() is None:
            return False
        if is_stalled or now - start > _most_s(way) * 1e9:
            return _waits_for_fills(way, book, told)
        await asyncio.sleep(_LOOK_S)


def _waits_for_fills(way: KillWay, book: LiveBook, told: LatchOrder) -> bool:
    """Whether everything is done but for the venue's part, as while a market is shut: nobody else could do more."""
    left = _unended(book, told)
    if not left or any(order.role is not IdRole.FLATTEN or order.state is not Lifecycle.WORKING for order in left):
        return False
    way.tell(f"What closes {', '.join(sorted({order.symbol for order in left}))} rests at the venue.")
    return True


def _most_s(way: KillWay) -> float:
    return way.patience.all_s + 20 * way.window_s


def _glanced(way: KillWay) -> LiveBook:
    book = LiveBook()
    book.replay(way.seat.glance().entries)
    return book


async def _seen(way: KillWay, told: LatchOrder, *, by: str, evicted: int | None) -> KillReport:
    """Look by a connection of its own at what another process did."""
    book = _glanced(way)
    try:
        async with asyncio.timeout(way.patience.connect_s + 2 * way.window_s):
            await way.broker.connect()
            found = await _look_twice(way, book, told)
    except (BrokerError, TimeoutError) as error:
        note = f"It could not be looked at by a second connection: {str(error) or 'no answer in time'}"
        return KillReport(
            account=way.account, by=by, evicted=evicted, ended=_ended(book), left=_unsettled(book, told), notes=(note,)
        )
    finally:
        await _disconnected(way)
    return _report(way, book, found, by=by, evicted=evicted)


# By itself.


async def _by_itself(way: KillWay, told: LatchOrder, evicted: int | None) -> KillReport:
    """K3 to K5 over a road of its own."""
    notes: list[str] = []
    office = Office(
        broker=way.broker, journal=way.journal(), clock=way.clock, latch=way.latch, approver=ExitsOnly(),
        watcher=AlarmWatcher(lambda alarm, subject, detail: notes.append(f"{alarm} {subject}: {detail}".strip())),
        settings=way.road,
    )  # fmt: skip
    road = OrderRoad(office, way.lease())
    try:
        async with asyncio.timeout(_most_s(way)):
            await road.start()
            way.tell("The account is taken over; its orders are being ended.")
            while not road.switch.is_done and office.stopped is None:  # noqa: ASYNC110 - it may also just stop
                await asyncio.sleep(_LOOK_S)
            found = await _look_twice(way, office.book, told)
    except TimeoutError:
        found = _Found((*_unsettled(office.book, told), "The venue did not answer to everything in time."), ())
    except BrokerError as error:
        found = _Found((*_unsettled(office.book, told), str(error)), ())
    finally:
        await _put_down(way, road)
    if office.stopped not in {None, _DONE}:
        notes.append(f"Sending stopped: {office.stopped}")
    return _report(way, office.book, found, by="the kill switch", evicted=evicted, notes=tuple(notes))


_DONE = "The kill switch has come to its end."


async def _put_down(way: KillWay, road: OrderRoad) -> None:
    office = road.office
    if office.stopped is None:
        office.stopped = _DONE
    tasks = list(office.tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await _disconnected(way)
    office.journal.close()
    await road.keeper.release()


async def _disconnected(way: KillWay) -> None:
    with suppress(TradewrightError, TimeoutError):
        async with asyncio.timeout(5.0):
            await way.broker.disconnect()


@dataclass(frozen=True, slots=True)
class _Found:
    left: tuple[str, ...]
    stays: tuple[str, ...]


async def _look_twice(way: KillWay, book: LiveBook, told: LatchOrder) -> _Found:
    """What the venue shows, the same in two looks W apart."""
    before: _Found | None = None
    while True:
        found = await _look(way, book, told)
        if found == before:
            return found
        if before is not None and found.left:
            return found
        before = found
        await asyncio.sleep(way.window_s)


async def _look(way: KillWay, book: LiveBook, told: LatchOrder) -> _Found:
    left = list(_unsettled(book, told))
    stays: list[str] = []
    for seen in await way.broker.open_orders():
        kind, is_left = _kind(book, seen, told, way.scope)
        (left if is_left else stays).append(f"{kind} {_named(seen)}")
    for symbol, held in sorted((await way.broker.positions()).items()):
        ours = held - book.strange.get(symbol, _ZERO) if symbol in _symbols(book) else _ZERO
        if told.flatten and ours:
            left.append(f"position {ours.normalize():f} {symbol}")
        elif held:
            stays.append(f"position {held.normalize():f} {symbol}")
    return _Found(tuple(left), tuple(stays))


def _kind(book: LiveBook, seen: VenueOrder, told: LatchOrder, scope: IdScope) -> tuple[str, bool]:
    """What an open order at the venue is, and whether it should be gone."""
    order = book.order_of(seen.cid, seen.vid)
    if order is None and not scope.is_ours(seen.cid):
        return "order of others", told.foreign
    if order is not None and not _is_target(order, told):
        return "protecting order", False
    return "order", True


def _named(seen: VenueOrder) -> str:
    return f"{seen.side.name.lower()} {(seen.quantity - seen.filled).normalize():f} {seen.symbol} ({seen.vid})"


def _unsettled(book: LiveBook, told: LatchOrder) -> tuple[str, ...]:
    """Orders of ours of which the journal does not know that they have ended, and that the venue need not show."""
    return tuple(
        f"order {order.wire.side.name.lower()} {order.leaves.normalize():f} {order.symbol} ({order.cid}), "
        f"{'unknown to the venue so far' if order.is_unknown else 'not ended yet'}"
        for order in book.orders.values()
        if order.is_open and _is_target(order, told) and order.role is not IdRole.FLATTEN
    )


def _ended(book: LiveBook) -> tuple[str, ...]:
    """Orders that were cancelled on the way, by name."""
    return tuple(
        f"{order.wire.side.name.lower()} {order.wire.quantity.normalize():f} {order.symbol} ({order.cid})"
        for order in book.orders.values()
        if order.cancel_wanted and not order.is_open and order.state is not Lifecycle.FILLED
    )


def _report(
    way: KillWay, book: LiveBook, found: _Found, *, by: str, evicted: int | None, notes: tuple[str, ...] = ()
) -> KillReport:
    return KillReport(
        account=way.account, by=by, evicted=evicted, ended=_ended(book), left=found.left, stays=found.stays, notes=notes
    )
