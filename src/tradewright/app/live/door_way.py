"""What a door to an account is built of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.app.orders.office import Watcher
    from tradewright.domain.bars import Bar
    from tradewright.domain.live.ids import IdScope
    from tradewright.domain.live.offer import Offer
    from tradewright.ports.broker_kind import VenueParts
    from tradewright.ports.clock import Clock
    from tradewright.ports.journal import Journal
    from tradewright.ports.latch import LatchFile
    from tradewright.ports.lease import Lease
    from tradewright.risk.collars import Collars
    from tradewright.risk.limits import LimitsChange

__all__ = ["DoorWay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorWay:
    """What a door is built of.

    Parameters
    ----------
    parts : VenueParts
    offer : Offer
    journal : Journal
        Of this account and mode alone.
    latch : LatchFile
    clock : Clock
    scope : IdScope
        Whose ids the orders carry.
    limits : LimitsChange or str
        What the account may risk.
    watcher : Watcher
        Who hears of alarms.
    lease : Lease, optional
    lease_wait_s : float
        How long the account is waited for while another process holds it.
    pause_is_bounded : bool
        Whether a former holder is certain to send nothing once its lease and the longest pause are over; a process on
        another host may sleep for any time between its last check and the socket.
    lease_clock : Clock, optional
        By which the lease runs, where `clock` is that of a venue with a time of its own.
    collars : Collars, optional
    trade : callable, optional
        ``trade(bars)`` of a venue that trades on the bars it is given.
    """

    parts: VenueParts
    offer: Offer
    journal: Journal
    latch: LatchFile
    clock: Clock
    scope: IdScope
    limits: LimitsChange | str
    watcher: Watcher
    lease: Lease | None = None
    lease_wait_s: float = float("inf")
    pause_is_bounded: bool = True
    lease_clock: Clock | None = None
    collars: Collars | None = None
    trade: Callable[[Sequence[Bar]], None] | None = None
