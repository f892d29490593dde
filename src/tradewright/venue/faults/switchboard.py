"""The switchboard: which faults are on, and which of them strike now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .kinds import EVENT_FAULTS, SOCKET_FAULTS, WIRE_FAULTS, Fault, FaultKind, RequestClass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tradewright.venue.account import VenueAccount
    from tradewright.venue.exchange import SandboxVenue
    from tradewright.venue.placed import Happening

__all__ = ["Switch", "Switchboard"]

_FILLS = ("fill", "partial_fill")
_OF_FILLS = (FaultKind.LOST_FILL, FaultKind.DUPLICATE_FILL)


class Switch:
    """One fault that is on: how often it could have struck, and how often it did.

    It draws from a generator of its own, so that it strikes the same calls whatever else is on.
    """

    def __init__(self, fault: Fault, number: int, seed: int) -> None:
        self.fault = fault
        self.number = number
        self.met = 0
        self.struck = 0
        self._chance = np.random.default_rng([seed, number])

    def strikes(self) -> bool:
        """Whether it happens this time."""
        self.met += 1
        if self.fault.count is not None and self.struck >= self.fault.count:
            return False
        if self.fault.rate < 1.0 and self._chance.random() >= self.fault.rate:
            return False
        self.struck += 1
        return True


class Switchboard:
    """Every fault that is on at a venue.

    Parameters
    ----------
    venue : SandboxVenue
        Whose seed decides what strikes.
    faults : iterable of Fault
    """

    def __init__(self, venue: SandboxVenue, faults: Iterable[Fault] = ()) -> None:
        self._venue = venue
        self._numbered = 0
        self.switches: dict[int, Switch] = {}
        venue.on_happening.append(self._delay_index)
        for fault in faults:
            self.switch_on(fault)

    def switch_on(self, fault: Fault) -> Switch:
        """Switch a fault on."""
        self._numbered += 1
        switch = Switch(fault, self._numbered, self._venue.terms.seed)
        self.switches[switch.number] = switch
        self._set_clock()
        return switch

    def switch_off(self, number: int | None = None) -> int:
        """Switch one fault off, or all of them; how many there were."""
        numbers = list(self.switches) if number is None else [each for each in (number,) if each in self.switches]
        for each in numbers:
            del self.switches[each]
        self._set_clock()
        return len(numbers)

    def for_request(self, about: RequestClass) -> list[Fault]:
        """What strikes a request, in the order in which it was switched on."""
        return self._striking(WIRE_FAULTS, about)

    def for_event(self, happening: Happening) -> set[FaultKind]:
        """What strikes an event of the trading stream."""
        meant = EVENT_FAULTS if happening.event in _FILLS else EVENT_FAULTS - set(_OF_FILLS)
        return {fault.kind for fault in self._striking(meant, RequestClass.ANY)}

    def for_bars(self) -> set[FaultKind]:
        """What strikes the sockets of the market-data stream as a bar is told."""
        about = [switch for switch in self.switches.values() if switch.fault.on is RequestClass.DATA]
        return {each.fault.kind for each in about if each.fault.kind in SOCKET_FAULTS and each.strikes()}

    def _striking(self, kinds: Collection[FaultKind], about: RequestClass) -> list[Fault]:
        found = []
        for switch in list(self.switches.values()):
            fault = switch.fault
            if fault.kind in kinds and fault.on in (about, RequestClass.ANY) and switch.strikes():
                found.append(fault)
        return found

    def _delay_index(self, account: VenueAccount, happening: Happening) -> None:
        if happening.event == "new" and happening.order.parent is None:
            for fault in self._striking((FaultKind.SLOW_INDEX,), RequestClass.ANY):
                account.orders.delay.hide(happening.order, fault.looks)

    def _set_clock(self) -> None:
        skews = [each.fault.ms or 0.0 for each in self.switches.values() if each.fault.kind is FaultKind.CLOCK_SKEW]
        self._venue.tape.skew_ns = int(sum(skews) * 1e6)
