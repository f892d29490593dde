"""When practice is due: from shortly before a bar may close until it has come, or longer than bars take."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.domain.errors import StrategyHungError

from .far import opens_beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.ports.clock import Clock
    from tradewright.ports.session_core import SessionCore

    from .feed.live import LiveFeed
    from .practice import Practice
    from .runner import SessionRunner

__all__ = ["Poise", "Practising"]

NS = 1_000_000_000
_BEFORE_NS = 10_000_000
_LONGEST_NS = 3 * NS
"""Practice for a bar that does not come takes a fifth of a processor for as long."""
_EVERY_S = 0.002
"""Half of what practice gains is lost after 5 ms."""
_SLOW_NS = 2_000_000
"""A walk that takes longer takes a processor from others who want it: then it is left alone for a while."""
_LOOK_S = 0.05
_MOST_WALKS = 500
"""What a session decided stays in its memory; one that only practises begins anew."""


@dataclass(frozen=True, slots=True)
class Practising:
    """How a session practises.

    Parameters
    ----------
    make : callable
        Gives a practice, not yet opened, from what opens an engine where the session's own runs, if that is another
        process.
    has_room : callable
        Whether the machine has processors to spare: practice takes them from the session itself where it has none.
    """

    make: Callable[[Callable[[], SessionCore] | None], Practice]
    has_room: Callable[[], bool]


class Poise:
    """Lets a session practise.

    Parameters
    ----------
    practising : Practising
    feed : LiveFeed
        Says when a row is due.
    runner : SessionRunner
        Of the session: nothing is practised while it works.
    clock : Clock
        By which it is known how long a walk takes.
    """

    def __init__(self, practising: Practising, feed: LiveFeed, runner: SessionRunner, clock: Clock) -> None:
        self._practising = practising
        self._feed = feed
        self._runner = runner
        self._clock = clock
        self._practice: Practice | None = None
        self._walks = 0

    async def run(self) -> None:
        """Practise until cancelled."""
        try:
            while True:
                again_s = await self.turn()
                await asyncio.sleep(again_s)
        finally:
            self._close()

    async def turn(self) -> float:
        """Do what is due; after how many seconds to look again."""
        due_ns = self._feed.due_in_ns()
        if due_ns is None or self._runner.is_busy or due_ns < -_LONGEST_NS:
            return _LOOK_S
        if due_ns > _BEFORE_NS:
            if self._practice is None or self._walks >= _MOST_WALKS:
                await self._open()
            return min(due_ns / NS, _LOOK_S)
        if self._practice is None or not self._practising.has_room():
            return _LOOK_S
        return await self._walk(self._practice)

    async def _walk(self, practice: Practice) -> float:
        began_ns = self._clock.monotonic_ns()
        self._walks += 1
        try:
            await practice.walk()
        except StrategyHungError:
            # The process that it practised in is gone; the session replaces it, and practice begins anew there.
            self._close()
        return _EVERY_S if self._clock.monotonic_ns() - began_ns < _SLOW_NS else _LOOK_S

    async def _open(self) -> None:
        self._close()
        self._practice, self._walks = self._practising.make(opens_beside(self._runner.core)), 0
        await self._practice.open()

    def _close(self) -> None:
        if self._practice is not None:
            self._practice.close()
            self._practice = None
