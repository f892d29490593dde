"""What the kill switch of one account works with, how long it waits, and what it says in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.app.orders.office import RoadSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.live.ids import IdScope
    from tradewright.ports.broker import Broker
    from tradewright.ports.clock import Clock
    from tradewright.ports.journal import Journal
    from tradewright.ports.latch import LatchFile
    from tradewright.ports.lease import Lease
    from tradewright.ports.seat import Seat

__all__ = ["KillReport", "KillWay", "Patience"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the kill switch waits, in seconds.

    Parameters
    ----------
    acknowledge_s : float
        Until the process that holds the account has written LATCH; then it is ended.
    stalled_s : float
        Besides the settle window: until it writes something more on the way to its end; then it is ended.
    all_s : float
        For everything, besides twenty settle windows.
    connect_s : float
        For a connection of its own that only looks.
    """

    acknowledge_s: float = 5.0
    stalled_s: float = 15.0
    all_s: float = 300.0
    connect_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KillWay:
    """What the kill switch of one account works with.

    Parameters
    ----------
    account : str
    seat : Seat
    latch : LatchFile
        Set already.
    journal, lease : callable
        The journal to take over and the right to send, not opened yet.
    broker : Broker
        A connection of its own, not connected.
    clock : Clock
    scope : IdScope
    tell : callable
        ``tell(sentence)`` says how far it is.
    patience : Patience
    lease_wait_s : float
        How long a process that has ended may hold the right to send still.
    pause_is_bounded : bool
        Whether a former holder is certain to send nothing once its lease and the longest pause are over.
    """

    account: str
    seat: Seat
    latch: LatchFile
    journal: Callable[[], Journal]
    lease: Callable[[], Lease | None]
    broker: Broker
    clock: Clock
    scope: IdScope
    tell: Callable[[str], object]
    patience: Patience = Patience()
    lease_wait_s: float = 0.0
    pause_is_bounded: bool = True

    @property
    def window_s(self) -> float:
        """W of the venue."""
        return self.broker.capabilities.window_s

    @property
    def road(self) -> RoadSettings:
        """Reconciles as fast as the window makes sense of, and no faster than venues bear."""
        pace_s = min(max(self.window_s / 4.0, 0.1), 5.0)
        return RoadSettings(
            scope=self.scope, reconcile_s=pace_s, busy_s=pace_s, lease_wait_s=self.lease_wait_s,
            pause_is_bounded=self.pause_is_bounded,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KillReport:
    """What became of a kill.

    Parameters
    ----------
    account : str
    by : str
        Who carried it out.
    evicted : int or None
        Process that was ended because it did not answer or did not come to an end.
    ended : tuple of str
        Orders of ours that were cancelled, each by name.
    left : tuple of str
        What should be gone and is not, each by name; empty where the kill was carried out.
    stays : tuple of str
        What stands and was not to be ended: protecting orders, positions, orders of others.
    notes : tuple of str
    """

    account: str
    by: str
    evicted: int | None = None
    ended: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON words."""
        return {
            "account": self.account, "by": self.by, "evicted": self.evicted, "ended": list(self.ended),
            "left": list(self.left), "stays": list(self.stays), "notes": list(self.notes),
        }  # fmt: skip
