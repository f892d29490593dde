"""The promises of leases: one holder at a time, numbers that rise, and nobody taken over before its time is up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.ports.lease import Grant, Lease

__all__ = ["LeaseConformance", "SteppedTime"]

NS = 1_000_000_000


class SteppedTime:
    """A monotonic clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.ns = 10**15

    def __call__(self) -> int:
        """Nanoseconds."""
        return self.ns

    def pass_s(self, seconds: float) -> None:
        """Let time go by."""
        self.ns += int(seconds * NS)


class LeaseConformance(Conformance):
    """What every lease promises.

    Attributes
    ----------
    opened : callable
        ``opened(clock)`` gives the lease as one more process sees it, with its monotonic clock in nanoseconds; all that
        one check opens are over one account that nobody held before the check.
    is_taken_from_sleepers : bool
        Whether a holder that lives but does not renew loses it in time; a lock of the system is not lost so.
    """

    opened: ClassVar[Callable[[SteppedTime], Lease]]
    is_taken_from_sleepers: ClassVar[bool] = True

    def test_the_first_gets_it(self) -> None:
        """With a number, a time that it lasts, and nobody before."""
        grant = self._taken(self._lease(SteppedTime()))
        require(grant.epoch >= 1 and grant.ttl_s > 0, f"The first holder was given {grant}.")
        require(grant.former_ends_in_s == 0 and grant.former_is_dead, f"Nobody held it before, but: {grant}.")

    def test_another_waits_while_it_is_renewed(self) -> None:
        """However long; it is asked for again and again."""
        clock = SteppedTime()
        holder, other = self._lease(clock), self._lease(clock)
        grant = self._taken(holder)
        for _ in range(12):
            require(self._acquire(other) is None, "It was given to two.")
            clock.pass_s(grant.ttl_s / 3)
            require(asyncio.run(holder.renew(grant.epoch)), "The holder could not renew it.")

    def test_who_holds_it_does_not_get_it_again(self) -> None:
        """The same process asks a second time."""
        holder = self._lease(SteppedTime())
        self._taken(holder)
        require(self._acquire(holder) is None, "It was given twice to one process.")

    def test_what_was_given_up_is_free_at_once(self) -> None:
        """Under a higher number, and what the former holder had is over."""
        clock = SteppedTime()
        holder, other = self._lease(clock), self._lease(clock)
        first = self._taken(holder)
        require(self._acquire(other) is None, "It was given to two.")
        asyncio.run(holder.release(first.epoch))
        second = self._taken(other)
        require(second.epoch > first.epoch, f"Epoch {second.epoch} came after {first.epoch}.")
        require(second.former_ends_in_s == 0, f"A lease that was given up lasts {second.former_ends_in_s} s.")
        require(not asyncio.run(holder.renew(first.epoch)), "What was given up was renewed.")

    def test_another_number_changes_nothing(self) -> None:
        """Neither renewing nor giving up under a number that is not the holder's."""
        clock = SteppedTime()
        holder, other = self._lease(clock), self._lease(clock)
        grant = self._taken(holder)
        for epoch in (0, grant.epoch - 1, grant.epoch + 1):
            require(not asyncio.run(holder.renew(epoch)), f"Epoch {epoch} renewed what {grant.epoch} holds.")
        for lease, epoch in ((holder, grant.epoch + 1), (other, grant.epoch)):
            asyncio.run(lease.release(epoch))
        require(asyncio.run(holder.renew(grant.epoch)), "Somebody else gave it up.")
        require(self._acquire(other) is None, "Somebody else gave it up.")

    def test_numbers_rise_from_holder_to_holder(self) -> None:
        """None is given twice."""
        clock = SteppedTime()
        epochs = []
        for _ in range(4):
            lease = self._lease(clock)
            epochs.append(self._taken(lease).epoch)
            asyncio.run(lease.release(epochs[-1]))
        require(epochs == sorted(set(epochs)), f"The numbers were {epochs}.")

    def test_a_sleeper_keeps_it_until_its_time_is_up(self) -> None:
        """And not longer: then it is another's, and the sleeper finds out."""
        clock = SteppedTime()
        holder, other = self._lease(clock), self._lease(clock)
        grant = self._taken(holder)
        require(self._acquire(other) is None, "It was given to two.")
        clock.pass_s(grant.ttl_s - 0.001)
        require(self._acquire(other) is None, "It was taken before its time was up.")
        clock.pass_s(0.002)
        taken = self._acquire(other)
        if not type(self).is_taken_from_sleepers:
            require(taken is None, "It was taken from a process that lives.")
            return
        require(taken is not None and taken.epoch > grant.epoch, f"After its time another was given {taken}.")
        require(not asyncio.run(holder.renew(grant.epoch)), "The sleeper renewed what is another's.")
        if taken is not None:
            asyncio.run(holder.release(grant.epoch))
            require(asyncio.run(other.renew(taken.epoch)), "The sleeper gave up what is another's.")

    def test_who_comes_late_does_not_know_how_long_it_lasts(self) -> None:
        """It is counted from when it was first seen, for it may have been renewed a moment before."""
        clock = SteppedTime()
        grant = self._taken(self._lease(clock))
        clock.pass_s(10 * grant.ttl_s)
        require(self._acquire(self._lease(clock)) is None, "It was taken at first sight.")

    def _lease(self, clock: SteppedTime) -> Lease:
        return type(self).opened(clock)

    def _acquire(self, lease: Lease) -> Grant | None:
        return asyncio.run(lease.acquire())

    def _taken(self, lease: Lease) -> Grant:
        grant = self._acquire(lease)
        require(grant is not None, "A lease that nobody holds was not given.")
        return grant  # type: ignore[return-value]
