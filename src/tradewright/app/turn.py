"""Taking turns at a duty: one process has it, and when that one falls silent another takes it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.control.duties import Duty
from tradewright.domain.errors import StorageError
from tradewright.domain.timeframe import NS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.ports.clock import Clock
    from tradewright.ports.duties import Duties

__all__ = ["SILENT_S", "Turn"]

SILENT_S = 8.0
"""After how long without a sign of life a holder is taken for gone."""


class Turn:
    """One process's part in a duty.

    Clocks of hosts need not agree: a holder is silent when this process saw the same sign of life for so long on its
    own clock. Who holds a duty and cannot say so for as long holds it no more, before anybody else does.

    Parameters
    ----------
    duties : Duties
    name : str
    holder : str
        A name that no other process has or had.
    clock : Clock
    silent_s : float
    is_gone : callable, optional
        Whether a holder is certain to have died, by its name: then nobody waits for its silence.
    """

    def __init__(
        self,
        duties: Duties,
        name: str,
        holder: str,
        clock: Clock,
        silent_s: float = SILENT_S,
        is_gone: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._duties, self._name, self._holder, self._clock = duties, name, holder, clock
        self._silent_ns = int(silent_s * NS_PER_SECOND)
        self._is_gone = is_gone
        self._seen: Duty | None = None
        self._since_ns = 0
        self._own: Duty | None = None
        self._until_ns = 0

    @property
    def is_mine(self) -> bool:
        """Whether this process has the duty at this moment."""
        return self._own is not None and self._clock.monotonic_ns() < self._until_ns

    def look(self) -> None:
        """Give a sign of life, or take over from one that gives none. To be called every second or so.

        Raises
        ------
        StorageError
        """
        # Counted from before the store is asked: it may take a while, and others count from its answer.
        moment = self._clock.monotonic_ns()
        if self._own is not None:
            self._go_on(self._own, moment)
            return
        found = self._duties.get(self._name)
        if found != self._seen:
            self._seen, self._since_ns = found, moment
        if found is None or moment - self._since_ns >= self._silent_ns or self._is_gone(found.holder):
            self._take(found, moment)

    def leave(self) -> None:
        """Give the duty up: the next one takes it at once. A store that is away will see it as silence."""
        own, self._own = self._own, None
        if own is not None:
            try:
                self._duties.leave(own)
            except StorageError:
                self._seen = None

    def _go_on(self, own: Duty, moment: int) -> None:
        if not self._take(own, moment):
            self._own, self._seen = None, None

    def _take(self, seen: Duty | None, moment: int) -> bool:
        beat_ns = max(self._clock.now_ns(), 0 if seen is None else seen.beat_ns + 1)
        duty = Duty(self._name, self._holder, beat_ns)
        if not self._duties.move(seen, duty):
            return False
        self._own, self._until_ns = duty, moment + self._silent_ns
        return True
