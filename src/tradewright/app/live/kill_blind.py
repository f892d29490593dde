"""The kill switch where the journal cannot be had: orders are known for ours by their ids, and ended at the venue.

An id says whose it is and whether its order protects; so entries are ended and stops stay without a record being read.
Which part of a position is ours it does not say: nothing is closed.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError, TradewrightError
from tradewright.domain.live.ids import parse_id

from .kill_way import KillReport

if TYPE_CHECKING:
    from tradewright.domain.live.latch import LatchOrder
    from tradewright.domain.live.venue import VenueOrder

    from .kill_way import KillWay

__all__ = ["end_at_venue"]

_LATCHED = "The latch file stands: nothing new is sent."
_BLIND = "Without the journal nothing is closed, and a fill of an order that was being ended is not booked here."


@dataclass(slots=True)
class _Seen:
    """What the venue showed last, and the names of what it was asked to end."""

    left: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    asked: dict[str, str] | None = None


async def end_at_venue(way: KillWay, told: LatchOrder, why: str, evicted: int | None = None) -> KillReport:
    """Cancel what a latch ends until the venue shows none of it twice, W apart.

    Parameters
    ----------
    way : KillWay
    told : LatchOrder
    why : str
        Why there is no journal; it stays among what is left, so that a person looks.
    evicted : int, optional
    """
    seen = _Seen(asked={})
    notes = [_LATCHED, _BLIND]
    try:
        async with asyncio.timeout(way.patience.connect_s + 20 * way.window_s):
            await way.broker.connect()
            way.tell("The journal cannot be had; orders are ended at the venue by their ids.")
            await _ended(way, told, seen)
            await _positions(way, told, seen)
    except (BrokerError, TimeoutError) as error:
        notes.append(f"The venue did not show that all is over: {str(error) or 'no answer in time'}")
    finally:
        with suppress(TradewrightError, TimeoutError):
            async with asyncio.timeout(5.0):
                await way.broker.disconnect()
    ended = tuple(name for vid, name in (seen.asked or {}).items() if name not in seen.left)
    return KillReport(
        account=way.account, by="the kill switch, without the journal", evicted=evicted, ended=ended,
        left=(why, *seen.left), stays=seen.stays, notes=tuple(notes),
    )  # fmt: skip


async def _ended(way: KillWay, told: LatchOrder, seen: _Seen) -> None:
    quiet = 0
    while quiet < 2:
        opened = list(await way.broker.open_orders())
        targets = [each for each in opened if _is_target(way, each, told)]
        seen.left = tuple(map(_named, targets))
        seen.stays = tuple(_named(each) for each in opened if each not in targets)
        quiet = 0 if targets else quiet + 1
        for each in targets:
            if seen.asked is not None:
                seen.asked[each.vid] = _named(each)
            with suppress(TimeoutError):
                async with asyncio.timeout(way.road.answer_s):
                    await way.broker.cancel(each.cid or "", each.vid, lambda: True)
        await asyncio.sleep(way.window_s)


def _is_target(way: KillWay, order: VenueOrder, told: LatchOrder) -> bool:
    parts = parse_id(order.cid)
    if parts is None or parts.install != way.scope.install:
        return told.foreign
    return told.flatten or told.cancel_all or not parts.role.protects


async def _positions(way: KillWay, told: LatchOrder, seen: _Seen) -> None:
    held = sorted((await way.broker.positions()).items())
    names = tuple(f"position {units.normalize():f} {symbol}" for symbol, units in held if units)
    if told.flatten:
        seen.left += names
    else:
        seen.stays += names


def _named(order: VenueOrder) -> str:
    units = (order.quantity - order.filled).normalize()
    return f"order {order.side.name.lower()} {units:f} {order.symbol} ({order.vid})"
